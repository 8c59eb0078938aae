"""Verification: the checks, one by one, and their order (docs/spec.md, section 9).

The steps are numbered there and cited here. Bytes and values in, a verdict out: nothing is read,
fetched, or asked of a clock.
"""

from datetime import datetime

from signedcert.codec.framing import Frame, parse_frame
from signedcert.codec.lift import lift
from signedcert.codec.text import frame_from_text
from signedcert.crypto.ed25519 import ed25519_verify
from signedcert.errors import DecodeError, Reason
from signedcert.model.kinds import MODELS
from signedcert.model.statement import Statement
from signedcert.trust.key_entry import KeyEntry, Revocation, distinct_keys
from signedcert.trust.trust import Trust
from signedcert.verify.freshness import SKEW, issuer_freshness, status_finding
from signedcert.verify.verdict import Check, Finding, Outcome, Policy, Status, Verdict

_NO_POLICY = Policy()
_CHECKS = tuple(Check)
_NOT_RUN = tuple(Finding(check, Outcome.NOT_RUN, Reason.NOT_REACHED) for check in _CHECKS)
_ALL_PASSED = tuple(Finding(check, Outcome.PASSED, Reason.OK) for check in _CHECKS)
_FORMAT, _THREE_TO_FIVE = _ALL_PASSED[0], _ALL_PASSED[2:5]
_KEY_PERIOD, _VALIDITY = _ALL_PASSED[5:7]
_UNKNOWN_KEY = Finding(Check.ISSUER_TRUSTED, Outcome.UNKNOWN, Reason.UNKNOWN_KEY)
_REFUSED = Finding(Check.ISSUER_TRUSTED, Outcome.UNKNOWN, Reason.ISSUER_DOCUMENT_REFUSED)
_MISMATCH = Finding(Check.SIGNATURE, Outcome.FAILED, Reason.SIGNATURE_MISMATCH)
_OTHER_ISSUER = Finding(Check.ISSUER_MATCHES_KEY, Outcome.FAILED, Reason.OTHER_ISSUER)
_NO_KEY_PERIOD = Finding(Check.KEY_PERIOD, Outcome.NOT_APPLICABLE, Reason.NO_KEY_PERIOD)

#: Reasons that a later version may not have: they leave a question open.
_OPEN = frozenset({Reason.NEWER_FORMAT, Reason.UNKNOWN_FIELD, Reason.UNKNOWN_VALUE})


def verify(
    token: bytes,
    trust: Trust,
    *,
    now: datetime,
    policy: Policy = _NO_POLICY,
) -> Verdict:
    """Checks a token. No input whatever makes it raise.

    :param token: a COSE_Sign1, as :func:`issue` returns it.
    :param trust: whose keys count.
    :param now: the moment of checking, with its time zone.
    :param policy: what the verifier decided beforehand.
    :returns: the verdict. Only ``verdict.status is Status.VALID`` means valid.
    :raises ValueError: when ``now`` has no time zone.
    :raises TypeError: when ``token`` is no byte string; text goes to :func:`verify_text`.
    """
    _check_caller(now, policy)
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
) -> Verdict:
    """Checks a verify URL, a link's fragment, or the text of a QR code.

    Whatever stands before ``#`` is ignored: it proves nothing. Otherwise like :func:`verify`.

    :raises ValueError: when ``now`` has no time zone.
    :raises TypeError: when ``text`` is no text; bytes go to :func:`verify`.
    """
    _check_caller(now, policy)
    if not isinstance(text, str):
        raise TypeError(f"text must be str, not {type(text).__name__}; see verify")
    try:
        frame = frame_from_text(text)
    except DecodeError as error:
        return _stopped(_refusal(Check.FORMAT, error))
    return _verify_frame(frame, trust, now, policy)


def _verify_frame(frame: Frame, trust: Trust, now: datetime, policy: Policy) -> Verdict:
    # Step 2, ISSUER_TRUSTED: is there a trusted key that the kid may mean?
    candidates = trust.keys_for(frame.kid)
    if not candidates:
        return _stopped(_REFUSED if trust.is_refused(frame.kid) else _UNKNOWN_KEY)
    # Step 3, SIGNATURE: over the bytes as received, before any of them is parsed.
    message = frame.to_be_signed()
    for key in distinct_keys(candidates):
        if ed25519_verify(key.raw, message, frame.signature):
            break
    else:
        # The key may be one of an issuer whose document cannot be used.
        return _stopped(_REFUSED if trust.is_refused(frame.kid) else _MISMATCH)
    # Step 4, SCHEMA: is the payload exactly what the format allows?
    try:
        statement = lift(frame.payload, MODELS[frame.media_type])
    except DecodeError as error:
        return _stopped(_refusal(Check.SCHEMA, error))
    # Step 5, ISSUER_MATCHES_KEY: does the issuer that is named list this very key?
    for entry in candidates:
        if entry.issuer == statement.issuer and entry.public_key == key:
            break
    else:
        # The index may hide the issuer that is named; what another one lists is no answer then.
        found = trust.key_of(statement.issuer, key)
        if found is None:
            return _stopped(_REFUSED if trust.is_unusable(statement.issuer) else _OTHER_ISSUER)
        entry = found
    # Now that the issuer is known, step 2 is asked again: are its keys still fresh?
    trusted = issuer_freshness(trust, entry.issuer, now, policy)
    vouched = entry.compromised and entry.vouches_for(frame.to_bytes())
    # Steps 6 to 8 are asked independently of one another.
    later = (
        _key_period(entry, statement.issued_at, vouched=vouched),
        _validity(statement, now),
        status_finding(trust, statement, now, policy),
    )
    findings = (_FORMAT, trusted, *_THREE_TO_FIVE, *later)
    shown = trusted.outcome is Outcome.PASSED and (vouched or not entry.compromised)
    return Verdict(
        _worst((trusted, *later)),
        findings,
        _oldest(trusted.as_of, later[2].as_of),
        statement if shown else None,
    )


def _key_period(entry: KeyEntry, issued_at: datetime, *, vouched: bool) -> Finding:
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


def _validity(statement: Statement, now: datetime) -> Finding:
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


def _oldest(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def _refusal(check: Check, error: DecodeError) -> Finding:
    outcome = Outcome.UNKNOWN if error.reason in _OPEN else Outcome.FAILED
    return Finding(check, outcome, error.reason)


def _stopped(finding: Finding) -> Verdict:
    """The verdict where the checks after this finding's have nothing to go on."""
    position = _CHECKS.index(finding.check)
    findings = (*_ALL_PASSED[:position], finding, *_NOT_RUN[position + 1 :])
    return Verdict(_worst(findings), findings, None, None)


def _worst(findings: tuple[Finding, ...]) -> Status:
    worst = Status.VALID
    for finding in findings:
        if finding.outcome is Outcome.FAILED:
            return Status.INVALID
        if finding.outcome is Outcome.UNKNOWN or finding.outcome is Outcome.NOT_RUN:
            worst = Status.INDETERMINATE
    return worst


def _check_caller(now: datetime, policy: Policy) -> None:
    if not isinstance(now, datetime) or now.utcoffset() is None:
        raise ValueError("now must be a datetime with a time zone, such as datetime.now(UTC)")
    if not isinstance(policy, Policy):
        raise TypeError("policy must be a Policy")
