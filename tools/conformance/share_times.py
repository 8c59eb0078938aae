"""Section 15.6, step 11: when a share is good."""

from collections.abc import Iterator
from typing import Any

from conformance.expectations import Answer, fails, utc
from conformance.layout import MICROSECONDS
from conformance.record_tokens import (
    COMPLETE,
    OF_SHARE,
    SHARE_END,
    SHARED,
    SHARED_AT,
    share,
    share_claims,
)
from conformance.tokens import (
    ISSUED_AT,
    MOMENT_MAX,
    NOW,
)

SHARE = share()


def times() -> Iterator[tuple[str, str, bytes, int, Answer]]:
    """Step 11."""
    second, skew = MICROSECONDS, 300 * MICROSECONDS
    expired = fails("SHARE_VALIDITY", "share_expired")
    ahead = fails("SHARE_VALIDITY", "share_issued_in_future")
    outside = fails("SHARE_VALIDITY", "share_outside_record")
    end, begin = SHARE_END * second, SHARED_AT * second
    yield "ends in a microsecond", "just before", SHARE, end - 1, OF_SHARE
    yield "ends now", "the end itself: no allowance", SHARE, end, OF_SHARE.but(expired)
    yield "begins in 300 s", "the allowance itself", SHARE, begin - skew, OF_SHARE
    yield "begins in more", "a microsecond", SHARE, begin - skew - 1, OF_SHARE.but(ahead)
    now = NOW * second
    for name, fault, claims, more, finding in (
        ("dated with the record", "the record's own second", {6: ISSUED_AT}, {}, None),
        ("dated before the record", "a second before", {6: ISSUED_AT - 1}, {}, outside),
        ("dated with valid_from", "its second", {}, {5: SHARED_AT}, None),
        ("dated before valid_from", "a second before", {}, {5: SHARED_AT + 1}, outside),
        ("ends with the record", "its second", {}, {4: SHARE_END}, None),
        ("ends after the record", "a second after", {}, {4: SHARE_END - 1}, outside),
        ("ends long before the record", "within it", {}, {4: MOMENT_MAX}, None),
    ):
        token = share(COMPLETE.with_claims(more).token(), share_claims(claims))
        shown: dict[str, Any] = {"share": {**SHARED, **_moments(claims)}, **_moments(more)}
        expected = OF_SHARE if finding is None else OF_SHARE.but(finding)
        yield name, fault, token, now, expected.showing(shown)
    late = share(COMPLETE.with_claims({4: SHARE_END - 1}).token())
    expected = OF_SHARE.but(outside, fails("VALIDITY", "expired"))
    shown = _moments({4: SHARE_END - 1})
    yield "outside and expired", "the first row decides", late, end, expected.showing(shown)
    early = share(claims=share_claims({6: ISSUED_AT - 1}))
    expected = OF_SHARE.but(outside).showing({"share": {**SHARED, **_moments({6: ISSUED_AT - 1})}})
    yield "outside and ended", "the first row decides", early, end, expected
    ends = {4: SHARED_AT + 1}
    both = share(claims=share_claims(ends))
    expected = OF_SHARE.but(ahead).showing({"share": {**SHARED, **_moments(ends)}})
    yield "ahead, and short", "not begun", both, begin - skew - 1, expected


def _moments(changed: dict[int, Any]) -> dict[str, str]:
    names = {4: "expires_at", 5: "valid_from", 6: "issued_at"}
    return {names[label]: utc(moment) for label, moment in changed.items()}
