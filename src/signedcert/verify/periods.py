"""Steps 6 and 7: whether the key was good on the day of signing, and the statement now."""

from datetime import datetime
from typing import Protocol

from signedcert.errors import Reason
from signedcert.trust.key_entry import KeyEntry, Revocation
from signedcert.verify.freshness import SKEW
from signedcert.verify.verdict import Check, Finding, Outcome

_KEY_PERIOD = Finding(Check.KEY_PERIOD, Outcome.PASSED, Reason.OK)
_VALIDITY = Finding(Check.VALIDITY, Outcome.PASSED, Reason.OK)
_NO_KEY_PERIOD = Finding(Check.KEY_PERIOD, Outcome.NOT_APPLICABLE, Reason.NO_KEY_PERIOD)


def key_period(entry: KeyEntry, issued_at: datetime, *, vouched: bool) -> Finding:
    """Step 6: whether the key was good on the day of signing."""
    reason = None
    if vouched:
        # The issuer's own ledger says that it signed this, so no date has to be believed.
        return Finding(Check.KEY_PERIOD, Outcome.PASSED, Reason.KEY_COMPROMISED_VOUCHED)
    if entry.revocation is Revocation.COMPROMISED:
        # The date in a statement is its signer's word, so a thief can write any.
        reason = Reason.KEY_COMPROMISED
    elif entry.revocation is Revocation.UNSPECIFIED:
        reason = Reason.KEY_REVOKED
    elif entry.not_before is not None and issued_at < entry.not_before:
        reason = Reason.BEFORE_KEY_PERIOD
    elif entry.not_after is not None and issued_at >= entry.not_after:
        reason = Reason.AFTER_KEY_PERIOD
    elif entry.revoked_at is not None and issued_at >= entry.revoked_at:
        reason = Reason.KEY_RETIRED
    if reason is not None:
        return Finding(Check.KEY_PERIOD, Outcome.FAILED, reason)
    if entry.not_before is entry.not_after is entry.revoked_at is None:
        return _NO_KEY_PERIOD
    return _KEY_PERIOD


class Dated(Protocol):
    """What states its period: a certificate, a course record, or what was read of one."""

    @property
    def issued_at(self) -> datetime:
        """The moment of signing."""

    @property
    def valid_from(self) -> datetime | None:
        """The moment from which on it is valid, or None."""

    @property
    def expires_at(self) -> datetime | None:
        """The moment from which on it is valid no more, or None."""


def validity(statement: Dated, now: datetime) -> Finding:
    """Step 7: whether the moment of checking is within the statement's own period."""
    if statement.issued_at - SKEW > now:
        reason = Reason.ISSUED_IN_FUTURE
    elif statement.valid_from is not None and statement.valid_from - SKEW > now:
        reason = Reason.NOT_YET_VALID
    elif statement.expires_at is not None and now >= statement.expires_at:
        reason = Reason.EXPIRED
    else:
        return _VALIDITY
    return Finding(Check.VALIDITY, Outcome.FAILED, reason)
