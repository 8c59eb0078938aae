"""Section 15.2: what stands in the visible part of a record, right and wrong."""

from collections.abc import Iterator
from typing import Any

from cbor_oracle import Pairs, Raw, Simple, Tagged, dumps
from conformance.record_answers import BROKEN, UNKNOWN_FIELD, UNKNOWN_VALUE, VIOLATION, Row
from conformance.record_tokens import (
    ALL_WITHHELD,
    COMPLETE,
    COURSE,
    HOLDER,
    LEARNER,
    OF_RECORD,
    RECORD_CODE,
    REDACTED,
    decoy,
    digest,
    disclosure,
    record,
)
from conformance.tokens import BODY, ISSUED_AT, header, sign1, with_entries
from conformance.trust import P256, cose_key


def payloads() -> Iterator[Row]:
    """The visible part, and what stands under simple(59)."""
    good = COMPLETE
    hidden = list(good.redacted)
    for name, redacted in (
        ("none", None), ("three digests", hidden[:3]), ("no digest", []),
        ("digest of 31 bytes", [*hidden[:3], b"\xff" * 31]), ("text", [*hidden[:3], "x" * 32]),
        ("digest twice", sorted([*hidden, hidden[0]])), ("out of order", hidden[::-1]),
        ("map", {0: hidden}), ("byte string", b"".join(hidden)), ("true", True),
        ("65 digests", sorted(digest(decoy(number)) for number in range(65))),
        ("nested", [hidden]),
    ):  # fmt: skip
        made = record(LEARNER, redacted=hidden if redacted is None else redacted).showing()
        if redacted is None:
            made = type(made)(made.claims, None, ())
        yield f"digests: {name}", "not as section 15.2 says", made.token(), VIOLATION
    most = sorted(digest(decoy(number)) for number in range(64))
    yield (
        "digests: 64",
        "as many as there may be",
        record(redacted=most).showing().token(),
        OF_RECORD.showing(ALL_WITHHELD),
    )
    tagged = record(redacted=[Tagged(60, each) for each in hidden]).showing()
    yield "digests: under tag 60", "a tag", tagged.token(), BROKEN
    body = good.claims[BODY]
    course: dict[Any, Any] = {**COURSE, REDACTED: hidden}
    for name, changed in (
        ("simple(59) twice", Pairs(((1, COURSE), (REDACTED, hidden), (REDACTED, hidden)))),
        ("simple(59) first", Pairs(((REDACTED, hidden), (1, COURSE)))),
        ("simple(60)", {**body, REDACTED: hidden, Simple(60): 0}),
        ("simple(59) in the course", {1: course, REDACTED: hidden}),
        ("simple(59) as a value", {1: COURSE, 128: REDACTED, REDACTED: hidden}),
        ("simple(59) and 59", {1: COURSE, 59: hidden, REDACTED: hidden}),
        ("simple(59) before a negative label", Pairs(
            ((1, COURSE), (REDACTED, hidden), (Raw(b"\xf8\x3c"), 0))
        )),
        ("null", {1: COURSE, 2: None, REDACTED: hidden}),
        ("text key", {1: COURSE, "x": 0, REDACTED: hidden}),
    ):  # fmt: skip
        payload = dumps({**good.claims, BODY: changed})
        token = sign1(payload, header(media_type="application/vnd.signedcert.record+sd-cwt"))
        yield f"body: {name}", "outside the profile", token, BROKEN
    claims = dumps({**good.claims, BODY: {**body, REDACTED: hidden}, REDACTED: hidden})
    token = sign1(claims, header(media_type="application/vnd.signedcert.record+sd-cwt"))
    yield "claims: simple(59)", "only the body may have it", token, BROKEN
    key = cose_key(HOLDER)
    for name, changed_claims in (
        ("no subject", {2: None}), ("subject: another code", {2: "0000-0000-0000-0000"}),
        ("subject: lower case", {2: RECORD_CODE.lower()}),
        ("subject: without hyphens", {2: RECORD_CODE.replace("-", "")}),
        ("subject: bytes", {2: bytes(range(10, 20))}),
        ("subject: O for 0", {2: "OOOO" + RECORD_CODE[4:]}),
        ("no holder_key", {8: None}), ("holder_key: bytes", {8: HOLDER.public_key.raw}),
        ("holder_key: bare", {8: key}), ("holder_key: of another kind", {8: {1: P256}}),
        ("holder_key: more beside it", {8: {1: key, 2: 0}}), ("holder_key: empty", {8: {}}),
        ("holder_key: more in it", {8: {1: {**key, 2: b"x"}}}),
        ("holder_key: 31 bytes", {8: {1: {**key, -2: bytes(31)}}}),
        ("no id", {7: None}), ("no issued_at", {6: None}), ("no issuer", {1: None}),
        ("no body", {BODY: None}), ("expires before", {4: ISSUED_AT}),
    ):  # fmt: skip
        # Without a body there is no place for the digests.
        payload = (
            dumps(with_entries(good.claims, changed_claims))
            if BODY in changed_claims
            else good.with_claims(changed_claims).payload()
        )
        token = sign1(payload, header(media_type="application/vnd.signedcert.record+sd-cwt"))
        yield name, "no such claim", token, VIOLATION
    yield from _bodies()


def _bodies() -> Iterator[Row]:
    good = COMPLETE
    for name, fault, changed, expected in (
        ("no course", "a field is missing", {1: None}, VIOLATION),
        ("started_on: text", "no date", {2: "2026-09-07"}, VIOLATION),
        ("course_format: empty", "an empty map", {4: {}}, VIOLATION),
        ("component without a kind", "a field is missing", {4: {0: [{1: 1}]}}, VIOLATION),
        ("component: count 0", "below 1", {4: {0: [{0: 0, 1: 0}]}}, VIOLATION),
        ("component: count 1,001", "above 1,000", {4: {0: [{0: 0, 1: 1001}]}}, VIOLATION),
        ("component: kind 9", "a number of no name", {4: {0: [{0: 9}]}}, UNKNOWN_VALUE),
        ("21 components", "one too many", {4: {0: [{0: 0}] * 21}}, VIOLATION),
        ("passing_rule: too long", "1,001", {4: {2: "x" * 1001}}, VIOLATION),
        ("share_places: one number", "no pair", {10: [1]}, VIOLATION),
        ("share_places: too far", "no room for 16", {10: [1, 2**53 - 16]}, VIOLATION),
        ("share_places: map", "no pair", {10: {0: 1, 1: 0}}, VIOLATION),
        ("learner visible", "what may be withheld is not in the body", {0: "Ada"}, UNKNOWN_FIELD),
        ("assessments visible", "likewise", {6: [{0: "T", 1: 0}]}, UNKNOWN_FIELD),
        ("label 11", "a label that the table does not list", {11: 0}, UNKNOWN_FIELD),
        ("label -1", "likewise", {-1: 0}, UNKNOWN_FIELD),
    ):
        yield name, fault, good.with_body(changed).token(), expected
    full = {
        2: 20_000, 3: 20_100, 4: {0: [{0: 0, 1: 8, 2: [625, 1]}, {0: "P"}], 1: 60, 2: "No."},
        8: "en", 10: [4, 2**53 - 17], 130: 1,
    }  # fmt: skip
    shown = {
        "started_on": "2024-10-04",
        "ended_on": "2025-01-12",
        "course_format": {
            "components": [{"kind": "quiz", "count": 8, "weight": 62.5}, {"kind": "P"}],
            "passing_score": 60,
            "passing_rule": "No.",
        },
        "language": "en",
        "share_places": {"list": 4, "first": 2**53 - 17},
        "additional": {"130": 1},
    }
    yield (
        "every field of the body",
        "all that is visible",
        good.with_body(full).token(),
        OF_RECORD.showing(shown),
    )
    unseen = good.with_claims({9: 0}).showing(disclosure("not this record's", 0))
    fault = "where the payload is refused, disclosures are not looked at"
    yield "unknown claim, foreign disclosure", fault, unseen.token(), UNKNOWN_FIELD
    later = good.with_claims({200: -1}).with_body({128: "x"})
    yield (
        "later claims and labels",
        "kept",
        later.token(),
        OF_RECORD.showing({"additional": {"128": "x"}, "additional_claims": {"200": -1}}),
    )
