"""Section 4.1: the profile of CBOR in payloads, which are rightly signed, so that it is reached."""

import struct
from collections.abc import Iterator
from typing import Any

from cbor_oracle import Pairs, Raw, Simple, Tagged, dumps, head
from conformance.expectations import VALID, fails
from conformance.layout import Case, Topic
from conformance.tokens import (
    BODY,
    CERTIFICATE_ID,
    INTEGER_MAX,
    ISSUED_AT,
    ISSUER,
    claims,
    sign1,
    with_body,
    with_claims,
)
from conformance.trust import in_document

#: Where anything of the profile may stand (section 4.4).
FREE = 200
PAYLOAD = dumps(claims())


def _nested(levels: int, innermost: Any = 0) -> Any:
    for _ in range(levels):
        innermost = [innermost]
    return innermost


def _maps(levels: int) -> Any:
    content: Any = {}
    for _ in range(levels - 1):
        content = {0: content}
    return content


def free(value: Any) -> bytes:
    """The certificate with any value among its claims."""
    return sign1(with_claims({FREE: value}))


def faulty_values() -> Iterator[tuple[str, str, Any]]:
    """Values outside the profile, as bytes where no encoder would write them."""
    for name, width in (("1 byte", 1), ("2 bytes", 2), ("4 bytes", 4), ("8 bytes", 8)):
        yield f"0 in {name}", "a head longer than needed", Raw(head(0, 0, width))
        yield f"-1 in {name}", "likewise", Raw(head(1, 0, width))
    for number, width in ((23, 1), (255, 2), (65_535, 4), (2**32 - 1, 8)):
        yield f"{number} in {width}", "a head longer than needed", Raw(head(0, number, width))
    for major, name, content in (
        (2, "byte string", b"x"), (3, "text", b"x"), (4, "array", b"\0"), (5, "map", b"\0\0"),
    ):  # fmt: skip
        yield (
            f"{name} with a long head",
            "a head longer than needed",
            Raw(head(major, 1, 1) + content),
        )
        start, end = bytes([major << 5 | 31]), b"\xff"
        piece = head(major, 1) + content if major < 4 else content
        yield f"indefinite {name}", "no length", Raw(start + piece + end)
        for bits in (28, 29, 30):
            yield f"{name} with head {bits}", "a reserved head", Raw(bytes([major << 5 | bits]))
        huge = Raw(head(major, 2**62))
        yield f"{name} of 2^62", "a length that the bytes do not have", huge
    yield "integer with head 28", "a reserved head", Raw(b"\x1c")
    yield "indefinite integer", "a reserved head", Raw(b"\x1f")
    yield "2^53", "an integer too large", 2**53
    yield "-2^53", "an integer too small", -(2**53)
    yield "2^64 - 1", "the largest of CBOR", 2**64 - 1
    yield "-2^64", "the smallest of CBOR", -(2**64)
    yield "bignum", "a tag", Tagged(2, b"\1")
    for tag in (0, 1, 18, 24, 32, 37, 55_799):
        tagged: Any = {0: "2026-11-02T10:00:00Z", 24: b"\0"}.get(tag, 0)
        yield f"tag {tag}", "a tag", Tagged(tag, tagged)
    yield "half float", "a float", Raw(b"\xf9" + struct.pack(">e", 1.5))
    yield "single float", "a float", Raw(b"\xfa" + struct.pack(">f", 0.1))
    yield "double float", "a float", Raw(b"\xfb" + struct.pack(">d", 0.1))
    yield "float of an integer", "a float", Raw(b"\xf9" + struct.pack(">e", 1.0))
    yield "NaN", "a float", Raw(b"\xf9\x7e\x00")
    yield "infinity", "a float", Raw(b"\xf9\x7c\x00")
    yield "null", "null", Raw(b"\xf6")
    yield "undefined", "undefined", Raw(b"\xf7")
    for number in (0, 16, 19, 32, 59, 255):
        yield f"simple({number})", "a simple value", Simple(number)
    yield "simple(20) in two bytes", "no CBOR at all", Raw(b"\xf8\x14")
    yield "simple(31) in two bytes", "no CBOR at all", Raw(b"\xf8\x1f")
    yield "break alone", "the end of nothing", Raw(b"\xff")
    for name, key in (
        ("text", "x"), ("byte string", b"x"), ("array", [1]), ("map", {}), ("true", True),
        ("null", None), ("float", 1.0), ("2^53", 2**53), ("-2^53", -(2**53)),
        ("simple(59)", Simple(59)),
    ):  # fmt: skip
        yield f"key: {name}", "a key that is no integer of the profile", Pairs(((key, 0),))
    yield "keys 1, 0", "keys out of order", Pairs(((1, 0), (0, 0)))
    yield "keys -1, 0", "negative keys stand last", Pairs(((-1, 0), (0, 0)))
    yield "keys -2, -1", "-1 stands before -2", Pairs(((-2, 0), (-1, 0)))
    yield "keys 24, 23", "keys out of order", Pairs(((24, 0), (23, 0)))
    yield "keys 1, 1", "a key twice", Pairs(((1, 0), (1, 0)))
    yield "key 1 in two ways", "a key twice, with a long head", Raw(b"\xa2\x01\x00\x18\x01\x00")
    for name, octets in (
        ("80", b"\x80"), ("ff", b"\xff"), ("cut off", b"\xc3"), ("overlong slash", b"\xc0\xaf"),
        ("overlong NUL", b"\xc0\x80"), ("overlong in three", b"\xe0\x80\xaf"),
        ("overlong in four", b"\xf0\x80\x80\xaf"), ("high surrogate", b"\xed\xa0\x80"),
        ("low surrogate", b"\xed\xbf\xbf"), ("surrogate pair", b"\xed\xa0\xb5\xed\xb4\xb8"),
        ("above U+10FFFF", b"\xf4\x90\x80\x80"), ("five bytes", b"\xf8\x88\x80\x80\x80"),
        ("Latin-1", "é".encode("latin-1")),
    ):  # fmt: skip
        yield f"UTF-8: {name}", "text that is not UTF-8", Raw(head(3, len(octets)) + octets)
    yield "9 levels of arrays", "an empty array within eight and the map", _nested(8, [])
    yield "9 levels of maps", "a level too many", _maps(9)
    yield "integer in 9", "an integer within nine", _nested(8)


def whole_values() -> Iterator[tuple[str, str, Any, Any]]:
    """Values at the bounds of the profile, and what they are in JSON."""
    yield "largest integer", "2^53 - 1", INTEGER_MAX, INTEGER_MAX
    yield "smallest integer", "-(2^53 - 1)", -INTEGER_MAX, -INTEGER_MAX
    for number in (0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32):
        yield f"integer {number}", "shortest heads", number, number
        yield f"integer {-1 - number}", "shortest heads", -1 - number, -1 - number
    yield "false", "false", False, False
    yield "true", "true", True, True
    yield "empty array", "an empty array", [], []
    yield "empty map", "an empty map", {}, {}
    yield "empty text", "an empty text", "", ""
    yield "empty byte string", "an empty byte string", b"", {"base64url": ""}
    yield "integer in eight", "as deep as it may be", _nested(7), _nested(7)
    yield "empty array in eight", "as deep as it may be", _nested(7, []), _nested(7, [])
    yield (
        "keys at the bounds",
        "the largest and the smallest key",
        {0: 0, INTEGER_MAX: 1, -1: 2, -INTEGER_MAX: 3},
        {"0": 0, str(INTEGER_MAX): 1, "-1": 2, str(-INTEGER_MAX): 3},
    )
    for size in (23, 24, 255, 256):
        text = "x" * size
        yield f"text of {size} bytes", "shortest heads", text, text
    text = "\x0a\u0020\u007e\u00a0\ud7ff\ue000\ufdd0\ufffe\uffff\U00010000\U0010fffd\U0010ffff"
    yield "ends of planes", "code points that are allowed", text, text
    # The payload has 20 items besides the array and what it holds.
    yield "4,096 items", "as many as there may be", [0] * (4_096 - 21), [0] * (4_096 - 21)


def _payloads() -> Iterator[tuple[str, str, bytes]]:
    yield "cut off", "the payload lacks its last byte", PAYLOAD[:-1]
    yield "one byte more", "something after it", PAYLOAD + b"\0"
    yield "two payloads", "another item after it", PAYLOAD + PAYLOAD
    yield "text of the payload", "JSON", b'{"iss": "learn.example.edu"}'
    yield "tag 61", "a tag around it", b"\xd8\x3d" + PAYLOAD
    yield "4,097 items", "an item too many", dumps(with_claims({FREE: [0] * (4_096 - 20)}))
    yield "long head of the map", "a head longer than needed", b"\xb8\x04" + PAYLOAD[1:]
    body = claims()[BODY]
    pairs = ((6, ISSUED_AT), (1, ISSUER), (7, CERTIFICATE_ID), (BODY, body))
    yield "claims out of order", "keys out of order", dumps(Pairs(pairs))
    yield (
        "body before the claims",
        "negative keys stand last",
        dumps(Pairs((pairs[3], pairs[1], pairs[0], pairs[2]))),
    )
    yield "issuer twice", "a key twice", dumps(Pairs((pairs[1], pairs[1], *pairs[2:])))
    yield (
        "body out of order",
        "keys out of order",
        dumps(with_claims({BODY: Pairs(((1, body[1]), (0, body[0]), (2, body[2])))})),
    )
    yield (
        "null in a field",
        "null is not absence",
        dumps(with_claims({BODY: {**body, 10: Raw(b"\xf6")}})),
    )
    yield "float in a field", "a float", dumps(with_body({4: {0: Raw(b"\xf9\x3e\x00")}}))
    yield "date under tag 100", "a tag", dumps(with_body({2: Tagged(100, 20759)}))
    yield (
        "simple(59) in the body",
        "what only records may have",
        dumps(with_claims({BODY: {**body, Simple(59): [bytes(32)] * 4}})),
    )
    yield "surrogate in the name", "text that is not UTF-8", dumps(with_body({0: "Ada \ud800"}))


def _cases() -> Iterator[Case]:
    broken = VALID.but(fails("SCHEMA", "not_deterministic"))
    for name, fault, value in faulty_values():
        yield Case(name, fault, free(value), broken)
    for name, fault, payload in _payloads():
        yield Case(f"payload: {name}", fault, sign1(payload), broken)
    for name, fault, value, shown in whole_values():
        expected = VALID.showing({"additional_claims": {str(FREE): shown}})
        yield Case(name, fault, free(value), expected)


TOPIC = Topic(
    "cbor",
    "Section 4.1: what is no CBOR of the profile, in payloads that are rightly signed.",
    {"document": in_document()},
    tuple(_cases()),
)
