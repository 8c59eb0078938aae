"""Checks of an issuer's signing keys: one signs now, and the next one is ready in time."""

from datetime import datetime, timedelta

from signedcert.crypto.keys import PublicKey
from signedcert.fetch.doctor.findings import PUBLISH, Finding, Level, when
from signedcert.model.issuer_document import (
    DIGEST_SIZE,
    IssuerDocument,
    KeyEnd,
    KeyUse,
    SigningKey,
)

#: How long before the last key's end its successor should be listed.
ROTATE_BEFORE = timedelta(days=30)
_CHECKS = {KeyUse.STATEMENTS: "statement_keys", KeyUse.STATUS: "status_keys"}
_WHAT = {KeyUse.STATEMENTS: "certificates", KeyUse.STATUS: "status lists"}
_ROTATE = {
    KeyUse.STATEMENTS: f"signedcert rotate --workspace DIR; then {PUBLISH}",
    KeyUse.STATUS: f"signedcert rotate --status --workspace DIR; then {PUBLISH}",
}


def check_keys(document: IssuerDocument, now: datetime) -> list[Finding]:
    """Whether keys of both uses cover the time from now on, and what became of earlier ones."""
    findings: list[Finding] = []
    if document.final:
        says = "The issuer is closed: no key has to sign any more."
        findings.append(Finding(Level.OK, "statement_keys", says))
    else:
        for use in KeyUse:
            findings += _succession(document, use, now)
    for each in document.keys:
        findings += _compromised(each)
    unknown = sum(not isinstance(each.key, bytes) for each in document.keys)
    if unknown:
        says = f"Keys of a kind that this version does not know were left out: {unknown} in number."
        advice = "Check with the newest version of signedcert"
        findings.append(Finding(Level.NOTE, "statement_keys", says, advice))
    return findings


def _succession(document: IssuerDocument, use: KeyUse, now: datetime) -> list[Finding]:
    check, what, rotate = _CHECKS[use], _WHAT[use], _ROTATE[use]
    keys = sorted(
        (
            each
            for each in document.keys
            if each.use is use and isinstance(each.key, bytes) and each.revocation is None
        ),
        key=lambda each: each.valid_from,
    )
    end = _covered_until(keys, now)
    later = [each for each in keys if each.valid_from > end]
    if end == now:
        return [_nothing_signs(check, what, rotate, keys, later)]
    findings = []
    if later:
        says = (
            f"From {when(end)} until {when(later[0].valid_from)} no key signs {what}: the next key "
            "begins only after the last one has ended."
        )
        soon = end - now <= ROTATE_BEFORE
        level = Level.FAULT if soon else Level.WARNING
        findings.append(Finding(level, check, says, f"Before {when(end)}: {rotate}"))
    elif end - now <= ROTATE_BEFORE:
        says = f"The last key that signs {what} ends on {when(end)}, and no other follows it."
        findings.append(Finding(Level.WARNING, check, says, f"Before that: {rotate}"))
    else:
        says = f"A key signs {what} now, and until {when(end)}."
        findings.append(Finding(Level.OK, check, says))
    if keys[-1].valid_from > now:
        says = (
            f"The newest key for {what}, {_kid(keys[-1])}, begins on {when(keys[-1].valid_from)}."
        )
        findings.append(Finding(Level.NOTE, check, says))
    return findings


def _covered_until(keys: list[SigningKey], now: datetime) -> datetime:
    """Until when there is a key at every moment from now on; now where none is.

    :param keys: by the beginnings of their periods.
    """
    end = now
    for each in keys:
        if each.valid_from <= end < each.valid_until:
            end = each.valid_until
    return end


def _nothing_signs(
    check: str, what: str, rotate: str, keys: list[SigningKey], later: list[SigningKey]
) -> Finding:
    if later:
        says = f"No key may sign {what} now; the next one begins on {when(later[0].valid_from)}."
        advice = f"If that is too late, or the clock is wrong, set the clock right, or: {rotate}"
    elif keys:
        end = max(each.valid_until for each in keys)
        says, advice = f"No key may sign {what} any more, since {when(end)}.", f"Now: {rotate}"
    else:
        says, advice = f"The issuer document lists no key that may sign {what}.", f"Now: {rotate}"
    return Finding(Level.FAULT, check, says, advice)


def _compromised(listed: SigningKey) -> list[Finding]:
    ended = listed.revocation
    if ended is None or ended.end is not KeyEnd.COMPROMISED or not isinstance(listed.key, bytes):
        return []
    kid = _kid(listed)
    begin = f"Somebody else may have the key {kid}, says the issuer since {when(ended.since)}"
    if listed.use is KeyUse.STATUS:
        says, advice = f"{begin}: status lists signed with it are refused.", ""
    elif ended.vouched is None:
        says = f"{begin}: nothing that it signed is accepted."
        advice = (
            f"If good certificates were signed with it: signedcert compromise {kid} --vouch-ledger "
            f"--workspace DIR, or sign them anew: signedcert reissue --key {kid} --workspace DIR"
        )
    else:
        count = len(ended.vouched) // DIGEST_SIZE
        says = f"{begin}: only what the issuer vouches for is accepted, {count} in number."
        advice = ""
    return [Finding(Level.NOTE, "compromised_keys", says, advice)]


def _kid(listed: SigningKey) -> str:
    assert isinstance(listed.key, bytes)  # its callers left other kinds out
    return PublicKey(listed.key).kid.hex()
