"""Section 12.2, steps 1 to 9: the frames of status lists that are refused."""

from collections.abc import Iterator
from typing import Any

from cbor_oracle import Pairs, Tagged, dumps
from conformance.tokens import OTHER_SIGNER, SIGNER, header, sign1, to_be_signed
from conformance.trust import (
    ROOT,
    STATUS_LIST,
    STATUS_SIGNER,
    list_claims,
    status_list,
)

GOOD = status_list()
HEADER = header(STATUS_SIGNER, STATUS_LIST)
KID = STATUS_SIGNER.public_key.kid
CLAIMS = list_claims()
Rows = Iterator[tuple[str, str, bytes]]


def with_header(protected: Any, unprotected: Any = None, payload: Any = None) -> bytes:
    """The list under another header, rightly signed."""
    return status_list(
        CLAIMS if payload is None else payload, STATUS_SIGNER, protected, unprotected
    )


def wrong_frames() -> Rows:
    """Steps 1 to 9 of section 12.2."""
    yield "no bytes", "no token", b""
    yield "no tag", "an untagged COSE_Sign1", GOOD[1:]
    yield "tag 61 around", "a CWT tag", b"\xd8\x3d" + GOOD
    yield "tag 17", "another tag", b"\xd1" + GOOD[1:]
    yield "a byte more", "something after it", GOOD + b"\0"
    yield "cut off", "cut off", GOOD[:-1]
    yield "bit of the signature", "an altered list", GOOD[:-1] + bytes([GOOD[-1] ^ 1])
    yield "JSON", "another format", b'{"status_list": {"bits": 1}}'
    body = dumps(CLAIMS)
    signature = STATUS_SIGNER.sign(to_be_signed(dumps(HEADER), body))
    items: list[Any] = [dumps(HEADER), {}, body, signature]
    yield "array of 3", "an element too few", dumps(Tagged(18, items[:3]))
    yield "array of 5", "an element too many", dumps(Tagged(18, [*items, 0]))
    yield "unprotected header as an array", "no map", dumps(Tagged(18, [items[0], [], *items[2:]]))
    yield "payload as a map", "no byte string", dumps(Tagged(18, [*items[:2], CLAIMS, signature]))
    yield "tag within", "a tag", dumps(Tagged(18, [Tagged(24, items[0]), *items[1:]]))
    yield "indefinite array", "no length", b"\xd2\x9f" + GOOD[2:] + b"\xff"
    for name, fault, protected in (
        ("empty header", "no algorithm", b""),
        ("header as an array", "no map", dumps([1])),
        ("header with more", "something after it", dumps(HEADER) + b"\0"),
        ("header cut off", "cut off", dumps(HEADER)[:-1]),
        ("header with a label twice", "a repeat", dumps(
            Pairs(((1, -19), (1, -19), (4, KID), (16, STATUS_LIST)))
        )),
        ("header with a label twice, once long", "a repeat in two encodings", (
            b"\xa4\x01\x32\x18\x01\x32" + dumps(HEADER)[3:]
        )),
        ("header with a float key", "a key that is no integer and no text", dumps(
            {**HEADER, 1.5: 0}
        )),
        ("header with a tag", "a tag", dumps({**HEADER, 99: Tagged(1, 0)})),
        ("header with a surrogate", "text that is not UTF-8", dumps({**HEADER, 99: "\ud800"})),
        ("no alg", "no algorithm", {4: KID, 16: STATUS_LIST}),
        ("alg as text", "no number", {**HEADER, 1: "Ed25519"}),
        ("alg as a float", "no number", {**HEADER, 1: -19.0}),
        ("alg EdDSA", "another algorithm", {**HEADER, 1: -8}),
        ("alg ES256", "another algorithm", {**HEADER, 1: -7}),
        ("no typ", "no type", {1: -19, 4: KID}),
        ("typ as a number", "a CoAP number", {**HEADER, 16: 65_000}),
        ("typ of a JWT", "another type", {**HEADER, 16: "statuslist+jwt"}),
        ("typ without application", "another type", {**HEADER, 16: "statuslist+cwt"}),
        ("crit", "a header that must be understood", {**HEADER, 2: [99]}),
        ("crit, null", "likewise", {**HEADER, 2: None}),
        ("no kid", "no key is tried without a kid", {1: -19, 16: STATUS_LIST}),
        ("kid as text", "no byte string", {**HEADER, 4: "kid"}),
        ("kid null", "no byte string", {**HEADER, 4: None}),
        ("kid of 9 bytes", "the kid of no key", {**HEADER, 4: KID + b"\0"}),
        ("kid of another key", "the kid of another key", {**HEADER, 4: SIGNER.public_key.kid}),
    ):  # fmt: skip
        yield name, fault, with_header(protected)
    yield "crit, unprotected", "a header that must be understood", with_header(HEADER, {2: [99]})
    split = with_header({1: -19, 16: STATUS_LIST}, {4: "kid"})
    yield "kid as text, unprotected", "no byte string", split
    yield "alg unprotected", "not protected", with_header({4: KID, 16: STATUS_LIST}, {1: -19})
    yield "typ unprotected", "not protected", with_header({1: -19, 4: KID}, {16: STATUS_LIST})
    wrong = with_header({**HEADER, 4: SIGNER.public_key.kid}, {4: KID})
    yield "kid in both headers", "the protected one counts", wrong
    yield (
        "unprotected header with a float key",
        "a key of another type",
        with_header(HEADER, {1.5: 0}),
    )
    yield (
        "unprotected header with a key twice",
        "a repeat",
        with_header(HEADER, Pairs(((99, 0), (99, 0)))),
    )
    for name, signer in (("the key for statements", SIGNER), ("the root", ROOT)):
        yield f"by {name}", "a key that signs no lists", status_list(CLAIMS, signer)
    forged = sign1(CLAIMS, HEADER, signer=OTHER_SIGNER)
    yield "by another key under the kid", "not signed by the key", forged
    deep: Any = 0
    for _ in range(7):
        deep = [deep]
    yield "9 levels", "a level too many", with_header({**HEADER, 99: [deep]})
    yield "4,097 items", "an item too many", with_header({**HEADER, 99: [0] * 4_088})
