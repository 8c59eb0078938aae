"""Steps 9 to 12: for whom a share is, who made it, until when it is good, whether it was reset.

The holder's signature comes first: what a share says is not read before (docs/spec.md, section
15.6).
"""

from datetime import datetime
from typing import NamedTuple

from signedcert.codec.lift import lift
from signedcert.codec.record_framing import RecordFrame, ShareFrame
from signedcert.crypto.ed25519 import ed25519_verify
from signedcert.errors import DecodeError, Reason
from signedcert.model.issued_record import ShareClaims, VisibleRecord
from signedcert.trust.trust import Trust
from signedcert.verify.freshness import SKEW, look_up
from signedcert.verify.verdict import Check, Finding, Outcome, Policy

SHARE_CHECKS = (Check.AUDIENCE, Check.HOLDER, Check.SHARE_VALIDITY, Check.SHARE_STATUS)

_PASSED = {check: Finding(check, Outcome.PASSED, Reason.OK) for check in SHARE_CHECKS}
_NOT_RUN = {check: Finding(check, Outcome.NOT_RUN, Reason.NOT_REACHED) for check in SHARE_CHECKS}
_NOT_ASKED = Finding(Check.AUDIENCE, Outcome.NOT_APPLICABLE, Reason.AUDIENCE_NOT_ASKED)
_OTHER_AUDIENCE = Finding(Check.AUDIENCE, Outcome.FAILED, Reason.OTHER_AUDIENCE)
_MISMATCH = Finding(Check.HOLDER, Outcome.FAILED, Reason.HOLDER_MISMATCH)
_NO_PLACES = Finding(Check.SHARE_STATUS, Outcome.NOT_APPLICABLE, Reason.NO_STATUS_REFERENCE)
#: A record that its holder did not put into a share: nobody says that he is the holder.
_NOT_PRESENTED = tuple(
    Finding(check, Outcome.UNKNOWN, Reason.NOT_PRESENTED)
    if check is Check.HOLDER
    else Finding(check, Outcome.NOT_APPLICABLE, Reason.NO_SHARE)
    for check in SHARE_CHECKS
)
#: What only a later version can know.
_OPEN = frozenset({Reason.UNKNOWN_FIELD, Reason.UNKNOWN_VALUE})


class Shared(NamedTuple):
    """What came of the four checks.

    :ivar claims: what the holder signed; None where that was not verified.
    :ivar findings: one for each check.
    """

    claims: ShareClaims | None
    findings: tuple[Finding, ...]


def check_share(
    frame: RecordFrame | ShareFrame,
    record: VisibleRecord,
    trust: Trust,
    now: datetime,
    policy: Policy,
) -> Shared:
    """Steps 9 to 12.

    :param record: what the issuer signed.
    """
    if isinstance(frame, RecordFrame):
        return Shared(None, _NOT_PRESENTED)
    # Step 10, HOLDER, before the others: over the bytes as received.
    if not ed25519_verify(record.holder_key, frame.to_be_signed(), frame.signature):
        return Shared(None, _stopped(_MISMATCH))
    try:
        claims = lift(frame.payload, ShareClaims)
    except DecodeError as error:
        outcome = Outcome.UNKNOWN if error.reason in _OPEN else Outcome.FAILED
        return Shared(None, _stopped(Finding(Check.HOLDER, outcome, error.reason)))
    findings = (
        _audience(claims, policy),
        _PASSED[Check.HOLDER],
        _validity(claims, record, now),
        _status(claims, record, trust, now, policy),
    )
    return Shared(claims, findings)


def _audience(claims: ShareClaims, policy: Policy) -> Finding:
    """Step 9: whether the share was made for whoever checks it."""
    if policy.audience is None:
        return _NOT_ASKED
    # What is signed is compared as it is: holders write it in NFC, as the policy has its own.
    return _PASSED[Check.AUDIENCE] if claims.audience == policy.audience else _OTHER_AUDIENCE


def _validity(claims: ShareClaims, record: VisibleRecord, now: datetime) -> Finding:
    """Step 11: whether the share is good at the moment of checking, within the record's period."""
    if _is_outside(claims, record):
        reason = Reason.SHARE_OUTSIDE_RECORD
    elif claims.issued_at - SKEW > now:
        reason = Reason.SHARE_ISSUED_IN_FUTURE
    elif now >= claims.expires_at:
        reason = Reason.SHARE_EXPIRED
    else:
        return _PASSED[Check.SHARE_VALIDITY]
    return Finding(Check.SHARE_VALIDITY, Outcome.FAILED, reason)


def _is_outside(claims: ShareClaims, record: VisibleRecord) -> bool:
    return (
        claims.issued_at < record.issued_at
        or (record.valid_from is not None and claims.issued_at < record.valid_from)
        or (record.expires_at is not None and claims.expires_at > record.expires_at)
    )


def _status(
    claims: ShareClaims, record: VisibleRecord, trust: Trust, now: datetime, policy: Policy
) -> Finding:
    """Step 12: whether the share was reset."""
    places = record.share_places
    if places is None:
        return _NO_PLACES
    place = (places.list, places.first + claims.slot)
    return look_up(Check.SHARE_STATUS, trust, record.issuer, place, now, policy)


def _stopped(finding: Finding) -> tuple[Finding, ...]:
    """The findings where what the holder states cannot be relied on."""
    return tuple(finding if check is Check.HOLDER else _NOT_RUN[check] for check in SHARE_CHECKS)
