"""Two trust stores in one (docs/spec.md, section 13.2, "another store")."""

from contextlib import suppress

from signedcert.errors import Reason, TrustError
from signedcert.trust.additions import with_document, with_list
from signedcert.trust.bundle import Bundle
from signedcert.trust.chain import look_into, open_document
from signedcert.trust.holding import Holding, earlier


def merged(one: Bundle, other: Bundle) -> Bundle:
    """Both bundles in one.

    :raises TrustError: as :meth:`Trust.with_trust` says.
    """
    ours, theirs = _stamped(one), _stamped(other)
    new = {name: each for name, each in theirs.items() if name not in ours}
    kids = dict(one.kids)
    for kid, names in other.kids.items():
        # Where both hold the same, what one index hides the other shows.
        if added := [name for name in names if name in new or _same(ours, theirs, name)]:
            kids[kid] = tuple(sorted({*kids.get(kid, ()), *added}))
    result = Bundle({**ours, **new}, kids, None, None)
    for name, holding in theirs.items():
        if name not in new and holding != ours[name]:
            result = _with_newer(result, ours[name], holding)
    return result


def _same(ours: dict[str, Holding], theirs: dict[str, Holding], name: str) -> bool:
    return name in theirs and ours[name].published == theirs[name].published


def _stamped(bundle: Bundle) -> dict[str, Holding]:
    """What a bundle holds, each with the end that the bundle as a whole has."""
    return {
        name: each._replace(listed=earlier(each.listed, bundle.listed))
        for name, each in bundle.holdings.items()
    }


def _with_newer(bundle: Bundle, known: Holding, other: Holding) -> Bundle:
    if (known.pin, known.published) == (None, other.published) and other.pin is None:
        return _relisted(bundle, known, other)
    if known.pin is None or other.pin is None:
        raise TrustError(f"{known.issuer} is trusted already, with other keys perhaps")
    try:
        if known.published != other.published:
            bundle = _with_newer_document(bundle, known, other)
        elif known.pin != other.pin:
            _check_both_lead_there(known, other)
    except TrustError as error:
        raise TrustError(f"{known.issuer}: {error}", error.reason) from error
    for _, token in other.lists:
        # A list that is older, or whose key the newer document ended, adds nothing.
        with suppress(TrustError):
            bundle = with_list(bundle, token, known.issuer)
    return _relisted(bundle, known, other)


def _relisted(bundle: Bundle, known: Holding, other: Holding) -> Bundle:
    """The bundle where the longer word counts: two say that the issuer belongs into the store."""
    listed = None
    if known.listed is not None and other.listed is not None:
        listed = max(known.listed, other.listed, key=lambda listing: listing.next_update)
    changed = bundle.holdings[known.issuer]._replace(listed=listed)
    return bundle._replace(holdings={**bundle.holdings, known.issuer: changed})


def _check_both_lead_there(known: Holding, other: Holding) -> None:
    assert known.pin is not None
    assert other.pin is not None
    try:
        open_document(known.published, known.pin)
    except TrustError as error:
        if error.reason is not Reason.ROLLBACK:
            raise
    open_document(known.published, other.pin)


def _with_newer_document(bundle: Bundle, known: Holding, other: Holding) -> Bundle:
    assert other.pin is not None
    if (named := look_into(other.published).issuer) != other.issuer:
        raise TrustError(
            f"the issuer document is {named}'s, not {other.issuer}'s", Reason.OTHER_ISSUER
        )
    try:
        return with_document(bundle, other.published, None)
    except TrustError as error:
        if error.reason is not Reason.ROLLBACK:
            raise
    # What is older adds nothing; but its roots must be those that led here, not others.
    open_document(known.published, other.pin)
    return bundle
