"""What a site has, fetched and taken into the trust store: never what is dated later than now."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from signedcert.cli.screen import error_screen, visible
from signedcert.errors import Reason, SignedCertError, TrustError
from signedcert.trust.chain import look_into
from signedcert.trust.holding import Opened
from signedcert.trust.status_at_hand import number_of
from signedcert.trust.trust import Trust
from signedcert.verify.freshness import SKEW

if TYPE_CHECKING:
    from signedcert.fetch.published import Site


class Taken(NamedTuple):
    """What came of fetching status lists.

    :ivar trust: the trust with every list that was good.
    :ivar problems: what was wrong with the others, for people.
    """

    trust: Trust
    problems: tuple[str, ...]


def clock() -> datetime:
    """The moment that this machine's clock shows, against which dates are held."""
    return datetime.now(UTC)


def document_of(issuer: str, site: "Site") -> bytes:
    """The issuer document that a site has. It proves nothing before it was verified.

    :raises FetchError: when it cannot be read.
    :raises TrustError: when it is none, or another issuer's.
    """
    from signedcert.fetch.published import read_document

    data = read_document(site)
    if (named := look_into(data).issuer) != issuer:
        raise TrustError(f"the site has {named}'s document, not {issuer}'s", Reason.OTHER_ISSUER)
    return data


def with_document(trust: Trust, issuer: str, data: bytes, root: bytes | None = None) -> Trust:
    """The trust with the issuer's document; ``root`` as :meth:`Trust.with_issuer_document` has it.

    :raises TrustError: as there, and when it is dated later than now: it would bar all that the
        issuer publishes until then.
    """
    changed = trust.with_issuer_document(data, root)
    issued_at = _opened(changed, issuer).issued_at
    assert issued_at is not None  # a document says when
    _refuse_ahead("the issuer document", issued_at)
    return changed


def with_lists(trust: Trust, issuer: str, site: "Site") -> Taken:
    """The trust with the status lists that the site has of an issuer, whose document is present.

    Each is verified before the next one is fetched. One that cannot be had, is not genuine, is
    dated later than now, or is older than the one that is known, is left out and told as a problem,
    and so is one that is known and does not come: they may hide what was withdrawn.

    :raises FetchError: when it cannot be found out which there are.
    """
    from signedcert.fetch.published import LISTS_PATH, fetched_lists, named_lists

    opened, holding = _opened(trust, issuer), trust.holding(issuer)
    assert opened.document is not None
    assert holding is not None
    known = {number for number, _ in holding.lists}
    named = named_lists(site, opened.document)
    if named.strangers:
        _note(
            f"{issuer}: {LISTS_PATH} has URIs that are none of its status lists; they are not "
            f"fetched: {named.strangers} in number"
        )
    if not named.numbers and not known:
        _note(
            f"{issuer} has no status lists on its site: whether a certificate was withdrawn will "
            "not be known"
        )
    problems: list[str] = []
    with _told(problems):
        lists = fetched_lists(site, opened.document, named.numbers, _elsewhere(site))
        for number, token in lists:
            known.discard(number)
            with _told(problems, f"status list {number}: "):
                if not isinstance(token, bytes):
                    raise token
                trust = _with_list(trust, opened, number, token)
    if known:
        numbers = ", ".join(map(str, sorted(known)))
        problems.append(f"status lists that are known already did not come: {numbers}")
    return Taken(trust, tuple(problems))


def _with_list(trust: Trust, opened: Opened, number: int, token: bytes) -> Trust:
    assert opened.document is not None
    found, issued_at = number_of(token, opened)
    if found != number:
        raise TrustError(f"the site has status list {found} in its place")
    _refuse_ahead("it", issued_at)
    try:
        return trust.with_status_list(token, opened.document.issuer)
    except TrustError as error:
        if error.reason is not Reason.ROLLBACK:
            raise
        raise TrustError(f"{error}; the newer one stays", error.reason) from error


def _refuse_ahead(what: str, issued_at: datetime) -> None:
    # Asked for each anew: fetching all lists takes a while, and meanwhile they may be renewed.
    if issued_at - clock() > SKEW:
        raise TrustError(
            f"{what} is dated {issued_at:%Y-%m-%d %H:%M:%S} UTC, later than now; check the clocks, "
            "and tell the issuer",
            Reason.DATED_IN_FUTURE,
        )


def _opened(trust: Trust, issuer: str) -> Opened:
    opened = trust.open_issuer(issuer)
    if isinstance(opened, TrustError):
        raise opened
    return opened


def _elsewhere(site: "Site") -> Callable[[str], bytes] | None:
    from signedcert.fetch.published import WebSite
    from signedcert.trust.status_token import TOKEN_MAX

    if not isinstance(site, WebSite):
        return None
    fetcher = site.fetcher
    return lambda uri: fetcher.get(uri, limit=TOKEN_MAX)


@contextmanager
def _told(problems: list[str], prefix: str = "") -> Iterator[None]:
    """Puts an error among the problems."""
    try:
        yield
    except SignedCertError as error:
        problems.append(f"{prefix}{error}")


def _note(text: str) -> None:
    error_screen().print(visible(f"signedcert: {text}"))
