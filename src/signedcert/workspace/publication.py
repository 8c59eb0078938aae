"""Publishing: the issuer document, fresh status lists, and what is made of them, as one site."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Self

from signedcert.model.issuer_document import IssuerDocument, KeyUse
from signedcert.trust.status_list import inflate_list
from signedcert.trust.status_token import parse_claims, parse_envelope
from signedcert.trust.trust import Trust
from signedcert.workspace.adoption import (
    UNANSWERED,
    Answers,
    adopt_published,
    check_doubtful,
    check_final,
    check_restore,
)
from signedcert.workspace.by_code_pages import by_code_pages, by_code_pages_of_closed
from signedcert.workspace.document_file import changing
from signedcert.workspace.key_ends import take_back_ends
from signedcert.workspace.key_file import AskPassphrase
from signedcert.workspace.ledger import Ledger, PublishedList
from signedcert.workspace.list_signing import LIST_LIFETIME, LIST_TTL, list_dates, signed_lists
from signedcert.workspace.published_site import is_own_site
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.site.files import site_files
from signedcert.workspace.site.folder import publish_folder
from signedcert.workspace.site.page import verify_page
from signedcert.workspace.site.paths import is_by_code_path, is_sealed_path
from signedcert.workspace.site.place import check_place
from signedcert.workspace.site.sealed import read_sealed, sealed_file
from signedcert.workspace.site_lists import Tell, keep_quiet, read_site_lists
from signedcert.workspace.workspace import Workspace


class Published(NamedTuple):
    """What was published.

    :ivar document: the issuer document.
    :ivar lists: the numbers of the status lists.
    :ivar lists_until: when they grow stale; None where they never do.
    :ivar files: the relative paths of all files.
    :ivar adopted: how many withdrawals the ledger had lost and took over from the site before.
    :ivar sealed: how many of the files are sealed shares.
    :ivar by_code: how many certificates can be opened by their printed codes.
    """

    document: IssuerDocument
    lists: tuple[int, ...]
    lists_until: datetime | None
    files: tuple[str, ...]
    adopted: int
    sealed: int
    by_code: int


class PageChoice(NamedTuple):
    """What of the verify page is published.

    :ivar whole: whether the page is.
    :ivar retire_worker: whether the service workers of earlier visits are removed.
    """

    whole: bool = True
    retire_worker: bool = False


WHOLE_PAGE = PageChoice()


def publish(  # noqa: PLR0913 - what a site is made of
    owner: Workspace,
    out: Path,
    ask: AskPassphrase,
    now: datetime,
    *,
    lifetime: timedelta = LIST_LIFETIME,
    ttl: timedelta = LIST_TTL,
    page: PageChoice = WHOLE_PAGE,
    answers: Answers = UNANSWERED,
    tell: Tell = keep_quiet,
) -> Published:
    """Writes the site into a folder. Readers see the old site or the new one.

    Sealed shares that were reset or have expired are left out, and removed from the workspace.
    Certificates can be opened by their printed codes where their learners agreed.

    :param out: the folder; files in it that are not ours stay.
    :param ask: for the passphrase of the key that signs status lists.
    :param lifetime: how long the status lists count.
    :param ttl: how often they should be fetched; caches keep files no longer.
    :param page: what of the verify page is in the site.
    :param answers: to what this would otherwise refuse to decide.
    :param tell: is told what in the old site, or of sealed shares and certificates, cannot be used.
    :raises InTheWayError: when a file of the user's is where one of the site's belongs.
    :raises WorkspaceError: when the site there is newer than this workspace, or another issuer's,
        or no key may sign status lists, or another process is publishing or changing keys; or when
        something withdrawn might become valid again.
    """
    check_place(out, owner.folder)
    pages = verify_page(**page._asdict())
    verify = None if page.whole else owner.page
    # One at a time: of two, the one that read the ledger first must not publish last.
    with changing(owner) as document:
        token = owner.document_file.read_bytes()
        there = out if is_own_site(out, document, token) else None
        if document.final:
            tokens = kept_lists(owner)
            lists = read_site_lists(document, out, lambda _: {}, tell)
            check_final(owner, _read(tokens), lists, out, answers)
            sealed = _Sealed.of_closed(owner, now, tell)
            pages |= by_code_pages_of_closed(owner, out, verify, now, tell)
            files = site_files(document, token, tokens, ttl=ttl, sealed=sealed.files, pages=pages)
            publish_folder(out, files)
            sealed.remove_ended(tell)
            return _published(document, tokens, None, files)
        until = _after(now, lifetime)
        with owner.open_ledger(now) as ledger:
            check_restore(ledger, there, answers, "--out")
            # No other process is changing keys now: what the document does not say was broken off.
            take_back_ends(ledger, document)
            lists = read_site_lists(document, out, ledger.published, tell)
            check_doubtful(ledger, lists, out, answers)
            dates = list_dates(ledger, ledger.contents(), lists.dates, now)
            signer = owner.signer(KeyUse.STATUS, max((now, *dates.values())), ask)
            adopted = adopt_published(ledger, lists, answers, now, tell)
            contents = ledger.contents()
            dates = list_dates(ledger, contents, lists.dates, now)
            tokens = signed_lists(document, contents, dates, signer, until=until, ttl=ttl)
            sealed = _Sealed.of(owner, ledger, now, tell)
            pages |= by_code_pages(owner, ledger, out, verify, tell)
            files = site_files(document, token, tokens, ttl=ttl, sealed=sealed.files, pages=pages)
            # Before they are out, so that nothing out is ever unknown.
            ledger.note_publication({n: (dates[n], each) for n, each in tokens.items()})
            publish_folder(out, files)
            ledger.settle_restores()
            sealed.remove_ended(tell)
    return _published(document, tokens, until, files)._replace(adopted=adopted)


def _published(
    document: IssuerDocument,
    tokens: Mapping[int, bytes],
    until: datetime | None,
    files: Mapping[str, bytes],
) -> Published:
    sealed, by_code = (sum(map(each, files)) for each in (is_sealed_path, is_by_code_path))
    return Published(document, tuple(tokens), until, tuple(sorted(files)), 0, sealed, by_code)


class _Sealed(NamedTuple):
    """The sealed shares of a workspace.

    :ivar files: name → content, of those to be published.
    :ivar ended: where those are that were reset or have expired.
    """

    files: dict[str, bytes]
    ended: list[Path]

    @classmethod
    def of(cls, owner: Workspace, ledger: Ledger | None, now: datetime, tell: Tell) -> Self:
        """Sorted by what the ledger says of them; one that it does not know is published."""
        files = read_sealed(owner.sealed_folder, tell)
        # Asked after they were read: what was reset meanwhile is not published.
        names = frozenset() if ledger is None else ledger.ended_sealed_names(now)
        ended = [sealed_file(owner.sealed_folder, name) for name in files if name in names]
        return cls({name: data for name, data in files.items() if name not in names}, ended)

    @classmethod
    def of_closed(cls, owner: Workspace, now: datetime, tell: Tell) -> Self:
        """Those of a closed issuer, which publishes without its ledger if it must."""
        if not owner.sealed_folder.exists() or not owner.ledger_file.exists():
            return cls.of(owner, None, now, tell)
        with owner.open_ledger(now) as ledger:
            return cls.of(owner, ledger, now, tell)

    def remove_ended(self, tell: Tell) -> None:
        """Removes what ended; says what it cannot remove, which is not published anyway."""
        for path in self.ended:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                tell(f"{path} has ended and cannot be removed: {error.strerror}")


def own_trust(owner: Workspace, ask: AskPassphrase, now: datetime) -> Trust:
    """What a verifier has who fetched everything at this moment."""
    trust, document = owner.trust(), owner.document()
    if document.final:
        tokens = kept_lists(owner)
    else:
        signer = owner.signer(KeyUse.STATUS, now, ask)
        with owner.open_ledger(now) as ledger:
            contents = ledger.contents()
        dates = {each.listed.number: now for each in contents}
        until = _after(now, LIST_LIFETIME)
        tokens = signed_lists(document, contents, dates, signer, until=until, ttl=LIST_TTL)
    for token in tokens.values():
        trust = trust.with_status_list(token)
    return trust


def kept_lists(owner: Workspace) -> dict[int, bytes]:
    """The final status lists, as they were signed when the issuer was closed; by number."""
    return {
        int(path.stem): path.read_bytes()
        for path in sorted(owner.final_lists_folder.glob("[0-9]*.cwt"))
    }


def _read(tokens: dict[int, bytes]) -> list[PublishedList]:
    """What our own lists say."""
    lists = []
    for number, token in tokens.items():
        claims = parse_claims(parse_envelope(token).payload)
        statuses = inflate_list(claims.lst, claims.bits)
        lists.append(PublishedList(number, claims.issued_at, statuses))
    return lists


def _after(now: datetime, lifetime: timedelta) -> datetime:
    try:
        return now + lifetime
    except OverflowError:
        raise WorkspaceError(
            "the status lists would end after the year 9999; give them less time"
        ) from None
