"""Section 5.2: the frame of a certificate, each row of the table, and their order."""

from collections.abc import Iterator
from typing import Any

from cbor_oracle import Raw, Tagged, dumps, head
from conformance.carriers import carried
from conformance.expectations import VALID, undecided
from conformance.frame_answers import (
    EMPTY,
    EXTRA,
    MISSING,
    NEWER,
    NOT_A_TOKEN,
    NOT_DETERMINISTIC,
    TOO_LARGE,
    UNPROTECTED,
    WRONG_ALGORITHM,
    WRONG_TYPE,
)
from conformance.frame_headers import FAMILY, HEADER, KID, Rows, headers, with_header
from conformance.layout import Case, Topic
from conformance.tokens import CERTIFICATE, certificate, claims, sign1, with_claims
from conformance.trust import in_document

TOKEN = certificate()
PAYLOAD = dumps(claims())


def parts(*items: Any) -> bytes:
    """Anything under tag 18."""
    return dumps(Tagged(18, list(items)))


def _outside() -> Rows:
    """Steps 1 to 6."""
    signature = bytes(64)
    head_, rest = dumps(HEADER), (PAYLOAD, signature)
    yield "nothing", "no bytes", EMPTY, b""
    yield "41,217 bytes", "size comes before content", TOO_LARGE, b"x" * 41_217
    yield (
        "41,216 bytes",
        "as long as a token may be",
        NOT_DETERMINISTIC,
        (b"\xd2".ljust(41_216, b"\0")),
    )
    yield "text", "no token", NOT_A_TOKEN, b"application/vnd.signedcert.certificate"
    yield "PDF", "a file of another kind", NOT_A_TOKEN, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    yield "no tag", "an untagged COSE_Sign1", NOT_A_TOKEN, TOKEN[1:]
    yield "tag 61 around", "a CWT tag", NOT_A_TOKEN, b"\xd8\x3d" + TOKEN
    yield "tag 98", "COSE_Sign", NOT_A_TOKEN, b"\xd8\x62" + TOKEN[1:]
    yield "tag 17", "COSE_Mac0", NOT_A_TOKEN, b"\xd1" + TOKEN[1:]
    yield "tag 18 in two bytes", "a head longer than needed", NOT_A_TOKEN, b"\xd8\x12" + TOKEN[1:]
    yield "tag alone", "cut off", NOT_DETERMINISTIC, b"\xd2"
    yield "cut off", "cut off by one byte", NOT_DETERMINISTIC, TOKEN[:-1]
    yield "one byte more", "something after it", NOT_DETERMINISTIC, TOKEN + b"\0"
    yield "two tokens", "another token after it", NOT_DETERMINISTIC, TOKEN + TOKEN
    yield "tag within", "a tag where none may be", NOT_DETERMINISTIC, b"\xd2" + TOKEN
    yield (
        "long head of the array",
        "a head longer than needed",
        NOT_DETERMINISTIC,
        (b"\xd2\x98\x04" + TOKEN[2:]),
    )
    yield "indefinite array", "no length", NOT_DETERMINISTIC, b"\xd2\x9f" + TOKEN[2:] + b"\xff"
    yield (
        "long head of the payload",
        "a head longer than needed",
        NOT_DETERMINISTIC,
        parts(head_, {}, Raw(head(2, len(PAYLOAD), 2) + PAYLOAD), signature),
    )
    yield (
        "indefinite payload",
        "a byte string in pieces",
        NOT_DETERMINISTIC,
        parts(head_, {}, Raw(b"\x5f" + dumps(PAYLOAD) + b"\xff"), signature),
    )
    yield "detached payload", "null", NOT_DETERMINISTIC, parts(head_, {}, None, signature)
    yield (
        "declared length of 2^63",
        "no such bytes",
        NOT_DETERMINISTIC,
        (b"\xd2\x84" + dumps(head_) + b"\xa0\x5b" + (2**63).to_bytes(8, "big")),
    )
    deep: Any = 0
    for _ in range(6):
        deep = [deep]
    yield (
        "8 levels in the unprotected header",
        "as deep as anything may be",
        UNPROTECTED,
        parts(head_, {0: deep}, *rest),
    )
    yield (
        "9 levels in the unprotected header",
        "a level too many",
        NOT_DETERMINISTIC,
        parts(head_, {0: [deep]}, *rest),
    )
    yield (
        "4,097 items in the unprotected header",
        "too many items",
        NOT_DETERMINISTIC,
        parts(head_, {0: [0] * 4_090}, *rest),
    )
    yield (
        "4,096 items in all",
        "as many items as there may be",
        UNPROTECTED,
        parts(head_, {0: [0] * 4_089}, *rest),
    )
    for name, item in (
        ("map", {0: 1}), ("integer", 5), ("byte string", b"x"), ("text", "x"), ("true", True),
    ):  # fmt: skip
        yield f"{name} under the tag", "no array", NOT_A_TOKEN, dumps(Tagged(18, item))
    yield "array of 3", "one element too few", NOT_A_TOKEN, parts(head_, {}, PAYLOAD)
    yield "array of 5", "one element too many", NOT_A_TOKEN, parts(head_, {}, *rest, b"")
    yield "empty array", "no element", NOT_A_TOKEN, parts()
    yield (
        "header as a map",
        "a header that is no byte string",
        NOT_A_TOKEN,
        parts(HEADER, {}, *rest),
    )
    yield (
        "payload as text",
        "a payload that is no byte string",
        NOT_A_TOKEN,
        parts(head_, {}, "payload", signature),
    )
    yield "payload as a map", "likewise", NOT_A_TOKEN, parts(head_, {}, claims(), signature)
    yield (
        "signature as an array",
        "a signature that is no byte string",
        NOT_A_TOKEN,
        parts(head_, {}, PAYLOAD, [signature]),
    )


def _inside() -> Rows:
    """Steps 17 to 19."""
    for name, unprotected in (
        ("kid", {4: KID}), ("alg", {1: -19}), ("label 17", {17: [b"x"]}), ("array", []),
        ("byte string", b""), ("integer", 0), ("false", False), ("text", ""),
    ):  # fmt: skip
        made = sign1(claims(), None, Raw(dumps(unprotected)))
        yield f"unprotected: {name}", "not the empty map", UNPROTECTED, made
    frame = len(dumps(with_claims({128: bytes(10_000)}))) - 10_000
    yield (
        "payload of 16,385 bytes",
        "one byte too many",
        TOO_LARGE,
        certificate({128: bytes(16_385 - frame)}),
    )
    yield "empty payload", "no payload", NOT_A_TOKEN, sign1(b"")
    for size in (0, 63, 65, 128):
        yield (
            f"signature of {size} bytes",
            "another length",
            NOT_A_TOKEN,
            sign1(claims(), signature=bytes(size)),
        )


def _order() -> Rows:
    """Two faults each: the earlier row decides."""
    both = "two faults: the earlier row decides"
    huge = bytes(16_385)
    yield "3 and 4", both, NOT_A_TOKEN, b"\x84" + TOKEN[2:-1]
    yield "4 and 5", both, NOT_DETERMINISTIC, parts(1.5)
    yield "4 and 6", both, NOT_DETERMINISTIC, parts(0, {}, None, b"")
    yield "5 and 6", both, NOT_A_TOKEN, parts(0, {}, 0)
    yield "6 and 7", both, NOT_A_TOKEN, parts(b"\xff", {}, 0, b"")
    yield "7 and 17", both, NOT_DETERMINISTIC, sign1(claims(), b"\xff", {4: KID})
    yield "8 and 9", both, NOT_A_TOKEN, with_header(dumps([]))
    yield "9 and 12", both, MISSING, with_header({4: KID, 16: "x"})
    yield "10 and 11", both, WRONG_ALGORITHM, with_header({1: -8})
    yield "11 and 13", both, MISSING, with_header({1: -7, 16: CERTIFICATE})
    yield "11 and 12", both, MISSING, with_header({1: -19, 16: "x"})
    yield "12 and 13", both, WRONG_TYPE, with_header({1: -7, 4: KID, 16: "x"})
    yield "12 and 14", both, WRONG_TYPE, with_header({**HEADER, 2: 0, 16: "x"})
    yield "12 and 15", both, WRONG_TYPE, with_header({1: -19, 4: 0, 16: "x"})
    yield "13 and 14", both, NEWER, with_header({**HEADER, 1: -7, 2: 0})
    yield "13 and 15", both, NEWER, with_header({1: -7, 4: 0, 16: CERTIFICATE})
    yield "14 and 15", both, EXTRA, with_header({**HEADER, 4: 0, 5: 0})
    yield "14 and 16", both, EXTRA, with_header({**HEADER, 5: 0, 16: f"{FAMILY}x"})
    yield "15 and 16", both, NOT_A_TOKEN, with_header({1: -19, 4: 0, 16: f"{FAMILY}x"})
    yield "15 and 17", both, NOT_A_TOKEN, sign1(claims(), {**HEADER, 4: 0}, {4: KID})
    yield "16 and 17", both, NEWER, sign1(claims(), {**HEADER, 16: f"{FAMILY}x"}, {4: KID})
    yield "16 and 18", both, NEWER, sign1(huge, {**HEADER, 16: f"{FAMILY}x"})
    yield "17 and 18", both, UNPROTECTED, sign1(huge, None, {4: KID})
    yield "17 and 19", both, UNPROTECTED, sign1(b"", None, {4: KID})
    yield "18 and 19", both, TOO_LARGE, sign1(huge, signature=b"")
    stranger = undecided("ISSUER_TRUSTED", "unknown_key")
    yield "19 and the kid", both, NOT_A_TOKEN, sign1(b"", {**HEADER, 4: bytes(8)})
    yield (
        "kid and payload",
        "the payload is not looked at before the key",
        stranger,
        sign1(b"\xff", {**HEADER, 4: bytes(8)}),
    )


def _cases() -> Iterator[Case]:
    yield Case("token", "a token", TOKEN, VALID)
    for rows in (_outside(), headers(), _inside(), _order()):
        for name, fault, finding, token in rows:
            yield Case(name, fault, carried(token), VALID.but(finding))


TOPIC = Topic(
    "frames",
    "Section 5.2: the frame of a certificate, and in which order its faults count.",
    {"document": in_document()},
    tuple(_cases()),
)
