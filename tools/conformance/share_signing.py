"""Section 15.6, step 10: what holders sign, right and wrong."""

from collections.abc import Iterator
from typing import Any

from cbor_oracle import Pairs, Raw, Tagged, dumps
from conformance.carriers import base64url
from conformance.expectations import Answer, fails, undecided
from conformance.layout import table
from conformance.record_tokens import (
    ASSESSMENTS,
    BY_NOBODY,
    COMPLETE,
    HOLDER,
    OF_SHARE,
    SHARE_END,
    SHARED,
    SHARED_AT,
    share,
    share_claims,
    share_header,
)
from conformance.tokens import (
    BODY,
    MOMENT_MAX,
    OTHER_SIGNER,
    SIGNER,
    sign1,
    to_be_signed,
)

TOKEN, SHARE = COMPLETE.token(), share()


def signed_claims() -> Iterator[tuple[str, str, Any, Answer]]:
    """What the holder signs: step 10."""
    violation = BY_NOBODY.but(fails("HOLDER", "schema_violation"))
    broken = BY_NOBODY.but(fails("HOLDER", "not_deterministic"))
    unknown = BY_NOBODY.but(undecided("HOLDER", "unknown_field"))
    for name, changed in (
        ("no audience", {3: None}), ("audience: empty", {3: ""}), ("audience: 201", {3: "x" * 201}),
        ("audience: line feed", {3: "a\nb"}), ("audience: bytes", {3: b"Acme"}),
        ("audience: refused", {3: "a\u202eb"}), ("no end", {4: None}), ("end: -1", {4: -1}),
        ("end: text", {4: "2026"}), ("end: too late", {4: MOMENT_MAX + 1}),
        ("no issued_at", {6: None}), ("issued_at: true", {6: True}), ("no id", {7: None}),
        ("id: 9 bytes", {7: bytes(9)}), ("id: 11 bytes", {7: bytes(11)}), ("no body", {BODY: None}),
        ("body: empty", {BODY: {}}), ("body: array", {BODY: [0]}), ("no slot", {BODY: {128: 0}}),
        ("slot: 16", {BODY: {0: 16}}), ("slot: -1", {BODY: {0: -1}}),
        ("slot: true", {BODY: {0: True}}),
        ("ends at the beginning", {4: SHARED_AT}), ("ends before", {4: SHARED_AT - 1}),
        ("refused text in a later claim", {200: "\0"}), ("end before, unknown claim", {4: 1, 9: 0}),
    ):  # fmt: skip
        yield name, "no such claim", share_claims(changed), violation
    for name, changed in (
        ("issuer", {1: "learn.example.edu"}), ("nonce", {39: b"x"}), ("not before", {5: 0}),
        ("claim 127", {127: 0}), ("claim -1", {-1: 0}), ("label 1", {BODY: {0: 0, 1: 0}}),
    ):  # fmt: skip
        yield name, "a claim that the table does not list", share_claims(changed), unknown
    for name, payload in (
        ("float", share_claims({200: 1.5})), ("tag", share_claims({200: Tagged(1, 0)})),
        ("with more", dumps(share_claims()) + b"\0"), ("cut off", dumps(share_claims())[:-1]),
        ("out of order", Pairs(tuple(reversed(list(share_claims().items()))))),
        ("null", share_claims({200: Raw(b"\xf6")})),
        ("simple(59)", share_claims({200: Raw(b"\xf8\x3b")})),
        ("float and no audience", share_claims({200: 1.5, 3: None})),
    ):  # fmt: skip
        yield name, "outside the profile", payload, broken
    for name, payload in table(("text", "x"), ("array", []), ("empty map", {})):
        yield f"payload: {name}", "no claims", payload, violation
    last = 2_048 - len(dumps(share_claims({128: bytes(1_000)}))) + 1_000
    for name, changed, shown in table(
        ("audience: 200", {3: "𝔸" * 200}, {"audience": "𝔸" * 200}),
        ("slot: 15", {BODY: {0: 15}}, {"slot": 15}),
        ("id: ones", {7: b"\xff" * 10}, {"id": "ZZZZ-ZZZZ-ZZZZ-ZZZZ"}),
        ("later claim", {200: "x"}, {"additional_claims": {"200": "x"}}),
        ("later label", {BODY: {0: 0, 128: "x"}}, {"additional": {"128": "x"}}),
        ("end in 9999", {4: MOMENT_MAX}, {"expires_at": "9999-12-31T23:59:59Z"}),
        ("payload of 2,048 bytes", {128: bytes(last)}, {
            "additional_claims": {"128": {"base64url": base64url(bytes(last))}},
        }),
    ):  # fmt: skip
        expected = OF_SHARE.showing({"share": {**SHARED, **shown}})
        yield name, "at its bounds", share_claims(changed), expected


def signatures() -> Iterator[tuple[str, str, bytes]]:
    """What the holder did not sign."""
    header, payload = dumps(share_header(TOKEN)), dumps(share_claims())
    less = dumps(share_header(COMPLETE.showing(ASSESSMENTS).token()))
    yield "by the issuer", "signed by the issuer's key", share(holder=SIGNER)
    yield "by another", "signed by another key", share(holder=OTHER_SIGNER)
    yield "bit of the signature", "an altered signature", SHARE[:-1] + bytes([SHARE[-1] ^ 1])
    mine = HOLDER.sign(to_be_signed(header, payload))
    late = dumps(share_claims({4: SHARE_END + 1}))
    yield "later end", "an altered claim", sign1(late, header, signature=mine)
    yield "less disclosed", "a disclosure taken away", sign1(payload, less, signature=mine)
    more = HOLDER.sign(to_be_signed(less, payload))
    yield "more disclosed", "a disclosure added", sign1(payload, header, signature=more)
    small = bytes([1]) + bytes(63)
    yield "R of small order", "section 5.4 holds here, too", sign1(payload, header, signature=small)
    bare = HOLDER.sign(payload)
    yield "of the payload alone", "no Sig_structure", sign1(payload, header, signature=bare)
    garbage = sign1(b"\xff", header, signature=mine)
    yield "garbage, not signed", "the payload is not read before", garbage
