"""Sections 12.3 and 12.4: until when lists count, and who may sign them."""

from collections.abc import Iterator

from conformance.expectations import Finding, passes, undecided
from conformance.layout import MICROSECONDS
from conformance.list_frames import GOOD
from conformance.list_tokens import (
    with_claims,
)
from conformance.tokens import (
    ISSUED_AT,
    MOMENT_MAX,
    NOW,
    SIGNER,
)
from conformance.trust import (
    LIST_END,
    PUBLISHED_AT,
    ROOT,
    ROOTS,
    STATUS_SIGNER,
    STRANGER,
    WITH_LIST,
    Held,
    document,
    in_list,
    key,
    list_claims,
    status_list,
    trusting,
)

MISSING = undecided("STATUS", "status_list_missing")
REFUSED = undecided("STATUS", "status_list_refused")
OK = passes("STATUS", as_of=PUBLISHED_AT)
STALE = undecided("STATUS", "status_list_stale", PUBLISHED_AT)


Row = tuple[str, str, dict[str, str], int, int, Finding]


def ends() -> Iterator[Row]:
    """Until when a list counts: name, fault, trust, now in microseconds, staleness, finding."""
    second, end = MICROSECONDS, LIST_END * MICROSECONDS
    yield "before exp", "a microsecond before", WITH_LIST, end - 1, 0, OK
    yield "at exp", "the end itself", WITH_LIST, end, 0, STALE
    yield "within staleness", "a microsecond", WITH_LIST, end + 60 * second - 1, 60, OK
    yield "at the end of staleness", "the end", WITH_LIST, end + 60 * second, 60, STALE
    for name, changed, last in (
        ("ttl without exp", {4: None}, PUBLISHED_AT + 43_200),
        ("neither ttl nor exp", {4: None, 65534: None}, PUBLISHED_AT + 604_800),
        ("exp before its ttl", {4: PUBLISHED_AT + 60}, PUBLISHED_AT + 60),
        ("exp after its ttl", {4: LIST_END, 65534: 1}, LIST_END),
        ("exp before iat", {4: 0}, 0),
    ):  # fmt: skip
        held = in_list(with_claims(changed))
        if last:
            early = max(last * second - 1, ISSUED_AT * second)
            if last * second > early:
                yield f"{name}: before", "a microsecond before the end", held, early, 0, OK
        at = max(last, ISSUED_AT) * second
        yield f"{name}: at the end", "the end itself", held, at, 0, STALE
    late = MOMENT_MAX - 604_799
    for name, iat, finding in (
        ("a week before 10000", late, undecided("STATUS", "dated_in_future", late)),
    ):
        held = in_list(with_claims({4: None, 6: iat, 65534: None}), document_=document(
            {8: [key(), key(STATUS_SIGNER, 1, 0, MOMENT_MAX)]}
        ))  # fmt: skip
        yield name, "a list of the last week there is", held, NOW * second, 0, finding
        stale = undecided("STATUS", "status_list_stale", iat)
        at = (MOMENT_MAX - 100) * second
        yield f"{name}, then", "its end would lie beyond 9999: it is iat", held, at, 0, stale
    ahead = in_list(with_claims({6: NOW + 1000}))
    future = undecided("STATUS", "dated_in_future", NOW + 1000)
    edge = (NOW + 700) * second
    yield (
        "dated 300 s ahead",
        "the allowance itself",
        ahead,
        edge,
        0,
        passes("STATUS", as_of=NOW + 1000),
    )
    yield "dated more ahead", "a microsecond more", ahead, edge - 1, 0, future
    soon = in_list(with_claims({5: NOW}))
    refused = undecided("STATUS", "status_list_refused", PUBLISHED_AT)
    yield "nbf in 300 s", "the allowance itself", soon, (NOW - 300) * second, 0, OK
    yield "nbf in more", "a microsecond more", soon, (NOW - 300) * second - 1, 0, refused
    both = in_list(with_claims({5: NOW, 6: NOW + 1000}))
    yield "nbf and iat ahead", "iat comes first", both, (NOW - 300) * second - 1, 0, future
    over = in_list(with_claims({4: ISSUED_AT, 5: NOW + 1000}))
    yield "nbf ahead and expired", "nbf comes first", over, NOW * second, 0, refused


def keys() -> Iterator[Row]:
    """Who may sign a list: name, fault, trust, now, staleness, finding."""
    now = NOW * MICROSECONDS

    def by(*keys: dict[int, object], token: bytes = GOOD) -> dict[str, str]:
        return in_list(token, document_=document({8: [key(), *keys]}))

    at = PUBLISHED_AT
    for name, held, finding in (
        ("first second of its key", by(key(STATUS_SIGNER, 1, at)), OK),
        ("before its key", by(key(STATUS_SIGNER, 1, at + 1)), REFUSED),
        ("last second of its key", by(key(STATUS_SIGNER, 1, 0, at + 1)), OK),
        ("at the end of its key", by(key(STATUS_SIGNER, 1, 0, at)), REFUSED),
        ("before its key was retired", by(key(STATUS_SIGNER, 1, revocation={0: 0, 1: at + 1})), OK),
        ("when its key was retired", by(key(STATUS_SIGNER, 1, revocation={0: 0, 1: at})), REFUSED),
        ("key compromised later", by(key(STATUS_SIGNER, 1, revocation={0: 1, 1: NOW})), REFUSED),
        ("key for statements", by(key(STATUS_SIGNER, 0)), REFUSED),
        ("second key for lists", by(key(STRANGER, 1), key(STATUS_SIGNER, 1)), OK),
        ("key of another kind", by({0: {1: 2}, 1: 1, 2: 0, 3: 1}, key(STATUS_SIGNER, 1)), OK),
        ("no key for lists", by(), REFUSED),
    ):  # fmt: skip
        yield f"list: {name}", "the day of the list and its key's period", held, now, 0, finding
    final = {1: None, 2: True}
    closing = status_list(list_claims(changed={4: None, 65534: None}), ROOT)
    for name, fault, token, finding in (
        ("by the root", "a final list", closing, OK),
        ("by the root, with a ttl", "a final list", status_list(
            list_claims(changed={4: None, 65534: 1}), ROOT
        ), OK),
        ("by the root, with exp", "exp counts all the same", status_list(
            list_claims(changed={4: ISSUED_AT}), ROOT
        ), STALE),
        ("by its key for lists", "roots alone sign final lists", GOOD, REFUSED),
        ("by a former root", "a root of another epoch", status_list(None, ROOTS[1]), REFUSED),
        ("by the root, dated long ago", "a root has no period", status_list(
            list_claims(changed={4: None, 6: 0}), ROOT
        ), passes("STATUS", as_of=0)),
    ):  # fmt: skip
        held = in_list(token, document_=document(final))
        yield f"final: {name}", fault, held, now, 0, finding
    much = 253402300000 * MICROSECONDS
    held = in_list(closing, document_=document(final))
    yield "final: in 9999", "it never grows stale", held, much, 0, OK
    kept = in_list(closing)
    yield (
        "by the root, not final",
        "roots sign lists of final documents alone",
        kept,
        now,
        0,
        REFUSED,
    )
    two = document({1: None, 2: True, 8: None}, epoch=2)
    held = trusting(Held(two, roots=[ROOTS[1].public_key.raw], epoch=2, lists=[(1, status_list(
        list_claims(changed={4: None}), ROOTS[1]
    ))], kids=(SIGNER.public_key.kid,)))  # fmt: skip
    unknown = undecided("ISSUER_TRUSTED", "unknown_key")
    yield "final, without keys", "no key for statements is left", held, now, 0, unknown
