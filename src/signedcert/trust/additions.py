"""The rules by which a trust store takes something in (docs/spec.md, section 13.2)."""

from datetime import datetime

from signedcert.errors import DecodeError, Reason, TrustError
from signedcert.model.issuer_document import IssuerDocument
from signedcert.trust.bundle import Bundle
from signedcert.trust.chain import first_pin, look_into, open_document
from signedcert.trust.holding import Holding, Opened, kids_of, open_holding, opened
from signedcert.trust.status_at_hand import number_of, open_list
from signedcert.trust.status_token import parse_envelope


def with_holding(bundle: Bundle, holding: Holding) -> Bundle:
    """The bundle with what is held of one issuer added, or put in place of what was held.

    :raises TrustError: when it does not prove itself.
    """
    return _indexed(bundle, holding, kids_of(open_holding(holding)))


def with_document(bundle: Bundle, data: bytes, root: bytes | None) -> Bundle:
    """The bundle with an issuer document taken in.

    :param root: a root key or its thumbprint; None for an issuer that is pinned already.
    :raises TrustError: as :meth:`Trust.with_issuer_document` says.
    """
    # The name decides only against whose pins the document has to prove itself.
    known = bundle.holdings.get(look_into(data).issuer)
    if known is None:
        if root is None:
            raise TrustError(
                "the issuer is not known yet: say which root key of it you trust (pinned_root)",
                Reason.UNTRUSTED_ROOT,
            )
        document, pin = open_document(data, first_pin(data, root))
        return _indexed(bundle, Holding(document.issuer, pin, data), kids_of(opened(document)))
    if known.pin is None:
        raise TrustError(f"{known.issuer} is trusted by its key set already; remove it first")
    if root is not None:
        _check_same_root(known, data, root)
    document, pin = open_document(data, known.pin)
    if data == known.published:
        return bundle  # nothing changes: docs/spec.md, section 11.4
    _check_version(known, document)
    changed = known._replace(pin=pin, published=data)
    return _indexed(bundle, changed, kids_of(opened(document)))


def with_list(bundle: Bundle, token: bytes, issuer: str | None = None) -> Bundle:
    """The bundle with a status list taken in, for every issuer whose list it is.

    Each issuer is asked for itself: what another one's document says of its keys or its URIs
    decides nothing.

    :param issuer: the only issuer to ask; None: every one that may have signed it.
    :raises TrustError: as :meth:`Trust.with_status_list` says.
    """
    try:
        kid = parse_envelope(token).kid
    except DecodeError as error:
        raise TrustError(f"the status list: {error}", error.reason) from error
    refusal = TrustError(
        "the status list is not signed by a key of a trusted issuer that signs lists",
        Reason.STATUS_LIST_REFUSED,
    )
    taken = False
    for name in () if kid is None else _asked(bundle, kid, issuer):
        try:
            changed = _with_own_list(bundle.holdings[name], token)
        except TrustError as error:
            refusal = error
            continue
        taken = True
        bundle = bundle._replace(holdings={**bundle.holdings, name: changed})
    if not taken:
        raise refusal
    return bundle


def _asked(bundle: Bundle, kid: bytes, issuer: str | None) -> tuple[str, ...]:
    """Those that the index names, or the one that the caller names."""
    if issuer is None:
        return bundle.kids.get(kid, ())
    return (issuer,) if issuer in bundle.holdings else ()


def _with_own_list(holding: Holding, token: bytes) -> Holding:
    owner = open_holding(holding)
    number, issued_at = number_of(token, owner)
    lists = dict(holding.lists)
    if number in lists:
        _check_newer(lists[number], number, token, issued_at, owner)
    # One that cannot be unpacked must not take the place of one that can.
    open_list(token, owner, number)
    lists[number] = token
    return holding._replace(lists=tuple(sorted(lists.items())))


def without(bundle: Bundle, issuer: str) -> Bundle:
    """The bundle without one issuer.

    :raises TrustError: when it is not in it.
    """
    if issuer not in bundle.holdings:
        raise TrustError(f"{issuer} is not among the trusted issuers")
    holdings = {name: each for name, each in bundle.holdings.items() if name != issuer}
    kids = {
        kid: left
        for kid, names in bundle.kids.items()
        if (left := tuple(name for name in names if name != issuer))
    }
    return bundle._replace(holdings=holdings, kids=kids)


def _check_same_root(known: Holding, data: bytes, root: bytes) -> None:
    """A root given again must lead to the document, and so must those that are pinned."""
    assert known.pin is not None
    open_document(data, first_pin(data, root))
    try:
        open_document(data, known.pin)
    except TrustError as error:
        if error.reason is Reason.ROLLBACK:
            raise
        raise TrustError(
            f"{known.issuer} is pinned to another root already; nothing was changed",
            Reason.UNTRUSTED_ROOT,
        ) from error


def _check_version(known: Holding, document: IssuerDocument) -> None:
    try:
        present = open_holding(known).document
    except TrustError:
        return  # what is there is of no use any more
    assert present is not None  # it has a pin
    if document.version < present.version:
        raise TrustError(
            f"the issuer document has version {document.version}; version {present.version} is "
            "known already",
            Reason.ROLLBACK,
        )
    if document.version == present.version or present.final:
        raise TrustError(
            f"there is another issuer document of {known.issuer} with version "
            f"{present.version}{' that is final' if present.final else ''}: ask the issuer which "
            "one is right",
            Reason.FORK,
        )


def _check_newer(
    known: bytes, number: int, token: bytes, issued_at: datetime, opened: Opened
) -> None:
    try:
        present_number, present = number_of(known, opened)
    except TrustError:
        return  # what is there is of no use any more
    if present_number != number:
        return  # a bundle holds another list in its place
    if issued_at < present:
        raise TrustError(
            f"the status list is of {issued_at:%Y-%m-%d %H:%M:%S} UTC; one of "
            f"{present:%Y-%m-%d %H:%M:%S} UTC is known already",
            Reason.ROLLBACK,
        )
    if issued_at == present and token != known:
        raise TrustError(
            f"there are two different status lists of {issued_at:%Y-%m-%d %H:%M:%S} UTC: ask the "
            "issuer for a newer one",
            Reason.FORK,
        )


def _indexed(bundle: Bundle, holding: Holding, kids: frozenset[bytes]) -> Bundle:
    index = dict(bundle.kids)
    if holding.issuer in bundle.holdings:
        for kid, names in bundle.kids.items():
            if holding.issuer in names and kid not in kids:
                left = tuple(name for name in names if name != holding.issuer)
                index.pop(kid) if not left else index.update({kid: left})
    for kid in kids:
        index[kid] = tuple(sorted({*index.get(kid, ()), holding.issuer}))
    return bundle._replace(holdings={**bundle.holdings, holding.issuer: holding}, kids=index)
