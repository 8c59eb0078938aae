"""What published keys and status lists say, and whether they still may be relied on.

What is past its announced end never becomes "fine": its finding is UNKNOWN, with its date.
"""

from datetime import datetime, timedelta

from signedcert.errors import Reason, TrustError
from signedcert.model.certificate import Certificate
from signedcert.model.issued_record import VisibleRecord
from signedcert.trust.holding import Opened
from signedcert.trust.status_at_hand import StatusAtHand
from signedcert.trust.trust import Trust
from signedcert.verify.verdict import Check, Finding, Outcome, Policy

#: How far the clocks of issuer and verifier may differ. Applies to beginnings alone.
SKEW = timedelta(minutes=5)

_NO_STATUS = Finding(Check.STATUS, Outcome.NOT_APPLICABLE, Reason.NO_STATUS_REFERENCE)
#: Values of a status list (draft-ietf-oauth-status-list, section 7.1); all others are UNKNOWN.
_VALUES = {
    0: (Outcome.PASSED, Reason.OK),
    1: (Outcome.FAILED, Reason.REVOKED),
    2: (Outcome.FAILED, Reason.SUSPENDED),
}


def issuer_freshness(trust: Trust, issuer: str, now: datetime, policy: Policy) -> Finding:
    """Step 2, once the issuer is known: whether what is known of it is not past its end."""
    opened = trust.open_issuer(issuer)
    assert isinstance(opened, Opened)  # its key has just verified a signature
    listed = opened.listed
    if listed is not None and _is_stale(listed.next_update, now, policy):
        return _unknown(Reason.BUNDLE_STALE, listed.issued_at)
    if opened.document is not None and opened.document.issued_at - SKEW > now:
        return _unknown(Reason.DATED_IN_FUTURE, opened.issued_at)
    if _is_stale(opened.next_update, now, policy):
        return _unknown(Reason.ISSUER_DOCUMENT_STALE, opened.issued_at)
    return Finding(Check.ISSUER_TRUSTED, Outcome.PASSED, Reason.OK, opened.issued_at)


def status_finding(
    trust: Trust, statement: Certificate | VisibleRecord, now: datetime, policy: Policy
) -> Finding:
    """Step 8: whether the statement was withdrawn."""
    reference = statement.status
    if reference is None:
        return _NO_STATUS
    place = (reference.list, reference.index)
    return look_up(Check.STATUS, trust, statement.issuer, place, now, policy)


def look_up(  # noqa: PLR0913, PLR0917  # what is asked, of whom, and when
    check: Check,
    trust: Trust,
    issuer: str,
    place: tuple[int, int],
    now: datetime,
    policy: Policy,
) -> Finding:
    """What an issuer's status list says of a place in it.

    :param place: number of the list, and index.
    """
    number, index = place
    found = trust.status_list(issuer, number)
    if found is None:
        return Finding(check, Outcome.UNKNOWN, Reason.STATUS_LIST_MISSING)
    if isinstance(found, TrustError):
        return Finding(check, Outcome.UNKNOWN, Reason.STATUS_LIST_REFUSED)
    outcome, reason = _look_up(found, index, now, policy)
    return Finding(check, outcome, reason, found.issued_at)


def _look_up(
    found: StatusAtHand, index: int, now: datetime, policy: Policy
) -> tuple[Outcome, Reason]:
    if found.issued_at - SKEW > now:
        return Outcome.UNKNOWN, Reason.DATED_IN_FUTURE
    if found.not_before is not None and found.not_before - SKEW > now:
        return Outcome.UNKNOWN, Reason.STATUS_LIST_REFUSED
    if _is_stale(found.fresh_until, now, policy):
        return Outcome.UNKNOWN, Reason.STATUS_LIST_STALE
    if index >= found.statuses.size:
        return Outcome.FAILED, Reason.STATUS_OUT_OF_RANGE
    value = found.statuses.value(index)
    return _VALUES.get(value, (Outcome.UNKNOWN, Reason.STATUS_UNKNOWN))


def _is_stale(end: datetime | None, now: datetime, policy: Policy) -> bool:
    """Whether a published end lies behind, by more than the verifier puts up with."""
    return end is not None and now >= end and now - end >= policy.max_staleness


def _unknown(reason: Reason, as_of: datetime | None) -> Finding:
    return Finding(Check.ISSUER_TRUSTED, Outcome.UNKNOWN, reason, as_of)
