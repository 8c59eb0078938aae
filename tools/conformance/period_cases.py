"""Steps 6 and 7 of section 9.2: whether the key was good then, and whether the statement is now."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from conformance.expectations import (
    BY_KEY_SET,
    VALID,
    Answer,
    Finding,
    fails,
    passes,
    undecided,
    utc,
)
from conformance.layout import MICROSECONDS, Case, topic_of
from conformance.tokens import (
    DAY,
    ISSUED_AT,
    MOMENT_MAX,
    NOW,
    OTHER_SIGNER,
    certificate,
    certificate_body,
)
from conformance.trust import PUBLISHED_AT, in_document, in_key_set, in_keys, jwk, jwks, key

TOKEN = certificate()
_PERIOD = passes("KEY_PERIOD")
_BEFORE, _AFTER = fails("KEY_PERIOD", "before_key_period"), fails("KEY_PERIOD", "after_key_period")
_RETIRED = fails("KEY_PERIOD", "key_retired")
_COMPROMISED, _REVOKED = fails("KEY_PERIOD", "key_compromised"), fails("KEY_PERIOD", "key_revoked")
_VOUCHED = passes("KEY_PERIOD", "key_compromised_vouched")


def digest(token: bytes) -> bytes:
    """What vouches for a token (section 11.6)."""
    return sha256(token).digest()[:16]


def _jwk(**members: Any) -> dict[str, str]:
    return in_key_set(jwks(jwk(**members)))


def _revoked(**members: Any) -> dict[str, str]:
    return _jwk(revoked=members)


def _ended(end: int, since: int) -> dict[str, str]:
    return in_keys(key(revocation={0: end, 1: since}))


def _vouching(*digests: bytes, **options: Any) -> dict[str, str]:
    return in_keys(key(revocation={0: 1, 1: 0, 3: b"".join(sorted(digests))}, **options))


def _by_document() -> Iterator[tuple[str, str, dict[str, str], Finding]]:
    at = ISSUED_AT
    yield "first second", "signed when the key begins", in_keys(key(since=at)), _PERIOD
    yield "a second early", "signed a second before", in_keys(key(since=at + 1)), _BEFORE
    yield "last second", "signed a second before the end", in_keys(key(until=at + 1)), _PERIOD
    yield "at the end", "signed when the key ends", in_keys(key(until=at)), _AFTER
    for name, since, finding in (
        ("before it was retired", at + 1, _PERIOD),
        ("when it was retired", at, _RETIRED),
        ("after it was retired", at - 1, _RETIRED),
        ("retired long ago", 0, _RETIRED),
    ):
        yield name, "a key that is retired", _ended(0, since), finding
    retired = {0: 0, 1: at}
    late = in_keys(key(since=at + 1, revocation=retired))
    yield "early and retired", "two reasons: the period comes first", late, _BEFORE
    ended = in_keys(key(until=at, revocation=retired))
    yield "ended and retired", "two reasons: the period comes first", ended, _AFTER
    for name, since in (("before", at + DAY), ("after", 0), ("long after", MOMENT_MAX)):
        fault = "a key that somebody else may have"
        yield f"compromised {name}", fault, _ended(1, since), _COMPROMISED
    out = in_keys(key(since=at + 1, revocation={0: 1, 1: 0}))
    yield "compromised and early", "compromise comes first", out, _COMPROMISED
    others = [digest(bytes([number])) for number in range(20)]
    mine = digest(TOKEN)
    yield "vouched", "the issuer names the token", _vouching(mine), _VOUCHED
    yield "vouched among many", "one of 21", _vouching(mine, *others), _VOUCHED
    first, last = bytes(16), b"\xff" * 16
    yield "vouched, last", "the last digest", _vouching(first, mine), _VOUCHED
    yield "vouched, first", "the first digest", _vouching(mine, last), _VOUCHED
    yield "vouched, not in its period", "its date need not be believed", (
        _vouching(mine, since=at + 1)
    ), _VOUCHED  # fmt: skip
    yield "others vouched", "digests of other tokens", _vouching(*others), _COMPROMISED
    changed = bytes([mine[0], *mine[1:15], mine[15] ^ 1])
    yield "one bit beside it", "a digest that differs in a bit", _vouching(changed), _COMPROMISED
    shifted = b"\0" * 8 + mine + b"\xff" * 8
    yield "across two digests", "bytes that stand across two", _vouching(
        shifted[:16], shifted[16:]
    ), _COMPROMISED  # fmt: skip
    whole = sha256(TOKEN).digest()
    yield "last half of the digest", "not its first 16 bytes", _vouching(whole[16:]), _COMPROMISED
    both = in_keys(
        key(OTHER_SIGNER, revocation={0: 1, 1: 0, 3: mine}), key(revocation={0: 1, 1: 0})
    )
    yield "vouched by another key", "only the key that verified counts", both, _COMPROMISED


def _by_key_set() -> Iterator[tuple[str, str, dict[str, str], Finding]]:
    at = ISSUED_AT
    yield "nbf reached", "signed at nbf", _jwk(nbf=at), _PERIOD
    yield "before nbf", "signed a second before nbf", _jwk(nbf=at + 1), _BEFORE
    yield "nbf with a fraction", "fractions are cut off", _jwk(nbf=at + 0.9), _PERIOD
    yield "before exp", "signed a second before exp", _jwk(exp=at + 1), _PERIOD
    yield "at exp", "signed at exp", _jwk(exp=at), _AFTER
    yield "exp with a fraction", "fractions are cut off", _jwk(exp=at + 0.9), _AFTER
    yield "exp as a float", "1.5e3 and the like", _jwk(exp=float(at + 1)), _PERIOD
    yield (
        "null members",
        "null is absent",
        _jwk(nbf=None, exp=None, revoked=None),
        Finding("KEY_PERIOD", "NOT_APPLICABLE", "no_key_period"),
    )
    for name, moment, finding in (
        ("before", at + 1, _PERIOD), ("at", at, _RETIRED), ("after", at - 1, _RETIRED),
    ):  # fmt: skip
        held = _revoked(revoked_at=moment, reason="superseded")
        yield f"superseded: signed {name}", "a key that was replaced", held, finding
    held = _revoked(revoked_at=at + DAY, reason="compromised")
    yield "compromised in a key set", "whatever the date", held, _COMPROMISED
    for name, reason in (
        ("unspecified", "unspecified"), ("unknown", "keyCompromise"), ("upper case", "Superseded"),
        ("number", 1), ("null", None), ("array", ["superseded"]),
    ):  # fmt: skip
        held = _revoked(revoked_at=at + DAY, reason=reason)
        yield f"revoked: {name}", "a reason that is none of the two", held, _REVOKED
    yield "revoked without a reason", "no reason", _revoked(revoked_at=MOMENT_MAX), _REVOKED
    early = _jwk(nbf=at + 1, revoked={"revoked_at": 0, "reason": "superseded"})
    yield "before nbf and superseded", "the period comes first", early, _BEFORE
    out = _jwk(exp=at, revoked={"revoked_at": 0})
    yield "at exp and revoked", "revocation comes first", out, _REVOKED


def _validity() -> Iterator[tuple[str, str, bytes, int, Answer]]:
    """Name, fault, token, now in microseconds, and the answer."""
    second, now = MICROSECONDS, NOW * MICROSECONDS
    skew = 300 * second
    future = VALID.but(fails("VALIDITY", "issued_in_future"))
    early = VALID.but(fails("VALIDITY", "not_yet_valid"))
    expired = VALID.but(fails("VALIDITY", "expired"))
    at = ISSUED_AT * second
    yield "issued now", "no time has passed", TOKEN, at, VALID
    yield "issued in 300 s", "the allowance itself", TOKEN, at - skew, VALID
    yield "issued in 300 s and more", "a microsecond more", TOKEN, at - skew - 1, future
    yield "issued in 300.5 s", "half a second more", TOKEN, at - skew - second // 2, future
    starts = certificate({5: NOW})
    shown = {"valid_from": utc(NOW)}
    yield "begins now", "valid_from itself", starts, now, VALID.showing(shown)
    yield "begins in 300 s", "the allowance itself", starts, now - skew, VALID.showing(shown)
    yield "begins in more", "a microsecond", starts, now - skew - 1, early.showing(shown)
    ends = certificate({4: NOW})
    shown = {"expires_at": utc(NOW)}
    yield "ends in a microsecond", "just before", ends, now - 1, VALID.showing(shown)
    yield "ends now", "the end itself: no allowance", ends, now, expired.showing(shown)
    yield "ended a microsecond ago", "just after", ends, now + 1, expired.showing(shown)
    both = certificate({4: NOW + 900, 5: NOW})
    shown = {"valid_from": utc(NOW), "expires_at": utc(NOW + 900)}
    yield "within both", "between beginning and end", both, now, VALID.showing(shown)
    yield "before both", "not begun", both, now - skew - 1, early.showing(shown)
    late = certificate({4: ISSUED_AT + 1, 5: ISSUED_AT})
    shown = {"valid_from": utc(ISSUED_AT), "expires_at": utc(ISSUED_AT + 1)}
    yield "future before valid_from", "both ahead", late, at - skew - 1, future.showing(shown)
    odd = certificate({4: 1000, 5: 0})
    shown = {"valid_from": utc(0), "expires_at": utc(1000)}
    yield "future and expired", "the first row decides", odd, at - skew - 1, future.showing(shown)
    yield "far future", "the clock is wrong by years", TOKEN, 0, future.but(*_ahead(0))
    yield "before 1970", "a clock before 1970", TOKEN, -second, future.but(*_ahead(-second))
    first = -62135596800 * second
    yield "first moment", "the year 1", TOKEN, first, future.but(*_ahead(first))


def _ahead(now: int) -> tuple[Finding, ...]:
    assert now < PUBLISHED_AT * MICROSECONDS
    return (undecided("ISSUER_TRUSTED", "dated_in_future", PUBLISHED_AT),)


def _together() -> Case:
    """Steps 6 to 8 are all run, whatever comes of the others."""
    token = certificate_body({12: [7, 1]})
    moment = ISSUED_AT * MICROSECONDS - 300 * MICROSECONDS - 1
    missing = undecided("STATUS", "status_list_missing")
    expected = VALID.but(_RETIRED, fails("VALIDITY", "issued_in_future"), missing)
    shown = {"status": {"list": 7, "index": 1}}
    fault = "a key that is retired, a date ahead, no list"
    return Case("three faults", fault, token, expected.showing(shown), now=moment)


def _cases() -> Iterator[tuple[Case, dict[str, str]]]:
    for rows, base in ((_by_document, VALID), (_by_key_set, BY_KEY_SET)):
        for name, fault, trust, finding in rows():
            yield Case(name, fault, TOKEN, base.but(finding)), trust
    for name, fault, token, now, expected in _validity():
        yield Case(name, fault, token, expected, now=now), in_document()
    yield _together(), _ended(0, 0)


TOPIC = topic_of(
    "periods",
    "Steps 6 and 7: whether the key was good on the day of signing, and the statement is now.",
    _cases(),
)
