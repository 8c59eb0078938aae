"""Verification: the checks, one by one, and their order (docs/spec.md, section 9).

The steps are numbered there and cited here. Bytes and values in, a verdict out: nothing is read,
fetched, or asked of a clock.
"""

from datetime import datetime

from signedcert.codec.frames import AnyFrame, parse_frame
from signedcert.codec.framing import Frame
from signedcert.codec.lift import lift
from signedcert.codec.record_framing import RecordFrame, ShareFrame
from signedcert.codec.text import frame_from_text, secret_from_text
from signedcert.crypto.ed25519 import ed25519_verify
from signedcert.errors import DecodeError, Reason
from signedcert.model.certificate import Certificate
from signedcert.model.issued_record import VisibleRecord
from signedcert.share.record_payload import lift_payload
from signedcert.share.revealing import Revealed, reveal
from signedcert.share.sealing import open_sealed
from signedcert.share.shared_record import SharedRecord, shared_record
from signedcert.trust.key_entry import distinct_keys
from signedcert.trust.trust import Trust
from signedcert.verify.freshness import issuer_freshness, status_finding
from signedcert.verify.periods import key_period, validity
from signedcert.verify.share_checks import SHARE_CHECKS, check_share
from signedcert.verify.verdict import Check, Finding, Outcome, Policy, Status, Verdict

_NO_POLICY = Policy()
_COMMON = (
    Check.FORMAT,
    Check.ISSUER_TRUSTED,
    Check.SIGNATURE,
    Check.SCHEMA,
    Check.ISSUER_MATCHES_KEY,
    Check.KEY_PERIOD,
    Check.VALIDITY,
    Check.STATUS,
)
_CHECKS = (*_COMMON, *SHARE_CHECKS)
_NOT_RUN = tuple(Finding(check, Outcome.NOT_RUN, Reason.NOT_REACHED) for check in _CHECKS)
_ALL_PASSED = tuple(Finding(check, Outcome.PASSED, Reason.OK) for check in _CHECKS)
_FORMAT, _THREE_TO_FIVE = _ALL_PASSED[0], _ALL_PASSED[2:5]
_OTHER_SEALED = Finding(Check.FORMAT, Outcome.FAILED, Reason.SEALED_FILE_REFUSED)
_UNKNOWN_KEY = Finding(Check.ISSUER_TRUSTED, Outcome.UNKNOWN, Reason.UNKNOWN_KEY)
_REFUSED = Finding(Check.ISSUER_TRUSTED, Outcome.UNKNOWN, Reason.ISSUER_DOCUMENT_REFUSED)
_MISMATCH = Finding(Check.SIGNATURE, Outcome.FAILED, Reason.SIGNATURE_MISMATCH)
_OTHER_ISSUER = Finding(Check.ISSUER_MATCHES_KEY, Outcome.FAILED, Reason.OTHER_ISSUER)

#: Reasons that a later version may not have, or that a file may answer: they leave a question open.
_OPEN = frozenset(
    {
        Reason.NEWER_FORMAT,
        Reason.SEALED_FILE_MISSING,
        Reason.UNKNOWN_FIELD,
        Reason.UNKNOWN_VALUE,
    }
)


def verify(
    token: bytes,
    trust: Trust,
    *,
    now: datetime,
    policy: Policy = _NO_POLICY,
) -> Verdict:
    """Checks a token. No input whatever makes it raise.

    :param token: a COSE_Sign1, as :func:`issue` returns it; or a share or a course record, as
        :func:`signedcert.share.create` and :func:`signedcert.share.issue_record` do.
    :param trust: whose keys count.
    :param now: the moment of checking, with its time zone.
    :param policy: what the verifier decided beforehand.
    :returns: the verdict. Only ``verdict.status is Status.VALID`` means valid.
    :raises ValueError: when ``now`` has no time zone.
    :raises TypeError: when ``token`` is no byte string; text goes to :func:`verify_text`.
    """
    check_caller(now, policy)
    if not isinstance(token, bytes | bytearray | memoryview):
        raise TypeError(f"token must be bytes, not {type(token).__name__}; see verify_text")
    try:
        frame = parse_frame(bytes(token))
    except DecodeError as error:
        return _stopped(_refusal(Check.FORMAT, error))
    return _verify_frame(frame, trust, now, policy)


def verify_text(
    text: str,
    trust: Trust,
    *,
    now: datetime,
    policy: Policy = _NO_POLICY,
    sealed_file: bytes | None = None,
) -> Verdict:
    """Checks a verify URL, a link's fragment, or the text of a QR code.

    Whatever stands before ``#`` is ignored: it proves nothing. Otherwise like :func:`verify`.

    :param sealed_file: the file that the link of a sealed share names
        (:func:`signedcert.share.sealed_name`); without it, such a link is INDETERMINATE. Of other
        links it is not looked at.
    :raises ValueError: when ``now`` has no time zone.
    :raises TypeError: when ``text`` is no text; bytes go to :func:`verify`.
    """
    check_caller(now, policy)
    if not isinstance(text, str):
        raise TypeError(f"text must be str, not {type(text).__name__}; see verify")
    if not isinstance(sealed_file, bytes | None):
        raise TypeError("sealed_file must be bytes")
    try:
        frame = frame_from_text(text)
    except DecodeError as error:
        if error.reason is not Reason.SEALED_FILE_MISSING or sealed_file is None:
            return _stopped(_refusal(Check.FORMAT, error))
    else:
        return _verify_frame(frame, trust, now, policy)
    try:
        opened = open_sealed(secret_from_text(text), sealed_file)
    except DecodeError as error:
        return _stopped(_refusal(Check.FORMAT, error))
    return _verify_frame(opened.share, trust, now, policy, sealed_for=opened.issuer)


def _verify_frame(
    presented: AnyFrame,
    trust: Trust,
    now: datetime,
    policy: Policy,
    *,
    sealed_for: str | None = None,
) -> Verdict:
    share = None if isinstance(presented, Frame) else presented
    frame = presented if isinstance(presented, Frame) else presented.signed
    # Step 2, ISSUER_TRUSTED: is there a trusted key that the kid may mean?
    candidates = trust.keys_for(frame.kid)
    if not candidates:
        return _stopped(_REFUSED if trust.is_refused(frame.kid) else _UNKNOWN_KEY, share)
    # Step 3, SIGNATURE: over the bytes as received, before any of them is parsed.
    message = frame.to_be_signed()
    for key in distinct_keys(candidates):
        if ed25519_verify(key.raw, message, frame.signature):
            break
    else:
        # The key may be one of an issuer whose document cannot be used.
        return _stopped(_REFUSED if trust.is_refused(frame.kid) else _MISMATCH, share)
    # Step 4, SCHEMA: is the payload exactly what the format allows, and what is disclosed?
    statement: Certificate | VisibleRecord
    revealed: Revealed | None = None
    try:
        if share is None:
            statement = lift(frame.payload, Certificate)
        else:
            signed = lift_payload(frame.payload)
            revealed = reveal(signed, _disclosures(share))
            statement = signed.visible
    except DecodeError as error:
        return _stopped(_refusal(Check.SCHEMA, error), share)
    # A sealed file says in the open whose share it is; what was signed has to say the same.
    if sealed_for is not None and sealed_for != statement.issuer:
        return _stopped(_OTHER_SEALED)
    # Step 5, ISSUER_MATCHES_KEY: does the issuer that is named list this very key?
    for entry in candidates:
        if entry.issuer == statement.issuer and entry.public_key == key:
            break
    else:
        # The index may hide the issuer that is named; what another one lists is no answer then.
        found = trust.key_of(statement.issuer, key)
        if found is None:
            refused = trust.is_unusable(statement.issuer)
            return _stopped(_REFUSED if refused else _OTHER_ISSUER, share)
        entry = found
    # Now that the issuer is known, step 2 is asked again: are its keys still fresh?
    trusted = issuer_freshness(trust, entry.issuer, now, policy)
    vouched = entry.compromised and entry.vouches_for(presented.to_bytes())
    # Steps 6 to 8 are asked independently of one another.
    status = status_finding(trust, statement, now, policy)
    later: tuple[Finding, ...] = (
        key_period(entry, statement.issued_at, vouched=vouched),
        validity(statement, now),
        status,
    )
    may_be_shown = trusted.outcome is Outcome.PASSED and (vouched or not entry.compromised)
    as_of = _oldest(trusted.as_of, status.as_of)
    shown: Certificate | SharedRecord | None = None
    if share is not None and revealed is not None and isinstance(statement, VisibleRecord):
        # Steps 9 to 12.
        checked = check_share(share, statement, trust, now, policy)
        later += checked.findings
        as_of = _oldest(as_of, checked.findings[-1].as_of)
        if may_be_shown:
            shown = shared_record(statement, revealed, checked.claims)
    elif may_be_shown and isinstance(statement, Certificate):
        shown = statement
    return Verdict(
        _worst((trusted, *later)), (_FORMAT, trusted, *_THREE_TO_FIVE, *later), as_of, shown
    )


def _disclosures(share: RecordFrame | ShareFrame) -> tuple[bytes, ...]:
    return share.disclosures if isinstance(share, RecordFrame) else share.record.disclosures


def _oldest(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def _refusal(check: Check, error: DecodeError) -> Finding:
    outcome = Outcome.UNKNOWN if error.reason in _OPEN else Outcome.FAILED
    return Finding(check, outcome, error.reason)


def _stopped(finding: Finding, share: RecordFrame | ShareFrame | None = None) -> Verdict:
    """The verdict where the checks after this finding's have nothing to go on.

    :param share: the share or record, where it is known to be one.
    """
    position = _CHECKS.index(finding.check)
    end = len(_COMMON if share is None else _CHECKS)
    findings = (*_ALL_PASSED[:position], finding, *_NOT_RUN[position + 1 : end])
    return Verdict(_worst(findings), findings, None, None)


def _worst(findings: tuple[Finding, ...]) -> Status:
    worst = Status.VALID
    for finding in findings:
        if finding.outcome is Outcome.FAILED:
            return Status.INVALID
        if finding.outcome is Outcome.UNKNOWN or finding.outcome is Outcome.NOT_RUN:
            worst = Status.INDETERMINATE
    return worst


def check_caller(now: datetime, policy: Policy) -> None:
    """Sees that a moment and a policy are some.

    :raises ValueError: when ``now`` has no time zone.
    :raises TypeError: when the policy is none.
    """
    if not isinstance(now, datetime) or now.utcoffset() is None:
        raise ValueError("now must be a datetime with a time zone, such as datetime.now(UTC)")
    if not isinstance(policy, Policy):
        raise TypeError("policy must be a Policy")
