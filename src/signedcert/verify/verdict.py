"""The verdict: what was checked, what came out, and what may be believed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, NoReturn

from signedcert.errors import Reason
from signedcert.model.certificate import Certificate
from signedcert.share.presenting import normalised_audience
from signedcert.share.shared_record import SharedRecord


class Status(StrEnum):
    """The verdict as a whole."""

    #: Every check passed or did not apply.
    VALID = "VALID"
    #: At least one check failed.
    INVALID = "INVALID"
    #: No check failed, but at least one could not be answered.
    INDETERMINATE = "INDETERMINATE"


class Check(StrEnum):
    """The checks, in the order in which findings stand.

    Every verdict has the first eight; that of a share or a course record has the next four, too.
    """

    FORMAT = "FORMAT"
    ISSUER_TRUSTED = "ISSUER_TRUSTED"
    SIGNATURE = "SIGNATURE"
    SCHEMA = "SCHEMA"
    ISSUER_MATCHES_KEY = "ISSUER_MATCHES_KEY"
    KEY_PERIOD = "KEY_PERIOD"
    VALIDITY = "VALIDITY"
    STATUS = "STATUS"
    # Of shares and course records
    AUDIENCE = "AUDIENCE"
    HOLDER = "HOLDER"
    SHARE_VALIDITY = "SHARE_VALIDITY"
    SHARE_STATUS = "SHARE_STATUS"
    # Of a certificate and a course record together (:func:`signedcert.record_link`)
    RECORD_LINK = "RECORD_LINK"


class Outcome(StrEnum):
    """What came out of one check."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    #: The question could not be answered with what is at hand.
    UNKNOWN = "UNKNOWN"
    #: The question does not arise.
    NOT_APPLICABLE = "NOT_APPLICABLE"
    #: An earlier check did not pass, so there was nothing to ask.
    NOT_RUN = "NOT_RUN"


class Finding(NamedTuple):
    """One check, its outcome, and the reason from a closed set.

    :ivar as_of: the date of the list, document or bundle that the answer comes from, where it
        comes from one: ISSUER_TRUSTED with an issuer document or dated key set, STATUS and
        SHARE_STATUS.
    """

    check: Check
    outcome: Outcome
    reason: Reason
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What the verifier decides beforehand.

    :ivar max_staleness: how far past its announced end a published document or list may be and
        still count. Zero: not at all.
    :ivar audience: who the verifier is, for shares made out to somebody: compared as a whole, in
        NFC and without white space around it. None: it is not compared.
    """

    max_staleness: timedelta = timedelta(0)
    audience: str | None = None

    def __post_init__(self) -> None:
        if self.max_staleness < timedelta(0):
            raise ValueError("max_staleness is negative")
        if self.audience is not None:
            object.__setattr__(self, "audience", normalised_audience(self.audience))
            if not self.audience:
                raise ValueError("the audience is blank; None compares nothing")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found.

    :ivar status: VALID, INVALID or INDETERMINATE.
    :ivar findings: one for each check, always all of them, always in the order of :class:`Check`:
        eight; twelve once it is known to be a share or a course record.
    :ivar as_of: the moment up to which the knowledge behind the verdict reaches: when the oldest
        key set, document or list that was used was published. None where it says no date, or none
        was used.
    :ivar statement: what the issuer signed; None unless FORMAT, ISSUER_TRUSTED, SIGNATURE, SCHEMA
        and ISSUER_MATCHES_KEY passed, and the key is not compromised or the issuer vouches for
        this very token. Of a share or course record, a SharedRecord.
    """

    status: Status
    findings: tuple[Finding, ...]
    as_of: datetime | None
    statement: Certificate | SharedRecord | None

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a verdict has three states and no truth value; compare verdict.status with "
            "Status.VALID"
        )

    def finding(self, check: Check) -> Finding:
        """The finding of one check.

        :raises KeyError: for a check that this kind of token does not have.
        """
        for finding in self.findings:
            if finding.check is check:
                return finding
        raise KeyError(check)
