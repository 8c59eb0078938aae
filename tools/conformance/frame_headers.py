"""Section 5.2, steps 7 to 16: protected headers, right and wrong."""

from collections.abc import Iterator
from typing import Any

from cbor_oracle import Pairs, Simple, Tagged, dumps
from conformance.expectations import Finding
from conformance.frame_answers import (
    EXTRA,
    MISSING,
    NEWER,
    NOT_A_TOKEN,
    NOT_DETERMINISTIC,
    WRONG_ALGORITHM,
    WRONG_TYPE,
)
from conformance.layout import table
from conformance.tokens import CERTIFICATE, SIGNER, claims, header, sign1

HEADER = header()
KID = SIGNER.public_key.kid
FAMILY = "application/vnd.signedcert."
Rows = Iterator[tuple[str, str, Finding, bytes]]


def with_header(protected: Any) -> bytes:
    """The certificate under another protected header, rightly signed."""
    return sign1(claims(), protected)


def headers() -> Rows:
    """Steps 7 to 16."""
    for name, fault, protected in (
        ("cut off", "no whole item", dumps(HEADER)[:-1]),
        ("with more", "something after it", dumps(HEADER) + b"\0"),
        ("out of order", "keys in another order", Pairs(((4, KID), (1, -19), (16, CERTIFICATE)))),
        ("with a label twice", "a repeat", Pairs(((1, -19), (1, -19), (4, KID)))),
        ("with a long head", "a head longer than needed", b"\xa3\x18\x01" + dumps(HEADER)[2:]),
        ("with null", "null", {**HEADER, 5: None}),
        ("with a float", "a float", {**HEADER, 5: 1.5}),
        ("with a tag", "a tag", {**HEADER, 5: Tagged(1, 0)}),
        ("with a text label", "a key that is no integer", {**HEADER, "x": 0}),
        ("with a surrogate", "text that is not UTF-8", {**HEADER, 16: "\ud800"}),
        ("with simple(59)", "a simple value as a key", {**HEADER, Simple(59): 0}),
    ):
        made = protected if isinstance(protected, bytes) else dumps(protected)
        yield f"header {name}", fault, NOT_DETERMINISTIC, with_header(made)
    for name, protected in table(("array", [1]), ("integer", 7), ("text", "x"), ("false", False)):
        yield f"header: {name}", "no map", NOT_A_TOKEN, with_header(dumps(protected))
    yield "empty header", "counts as the empty map", MISSING, with_header(b"")
    yield "empty map", "nothing in the header", MISSING, with_header({})
    for label, name in ((1, "alg"), (4, "kid"), (16, "typ")):
        without = {key: value for key, value in HEADER.items() if key != label}
        yield f"no {name}", "a label is missing", MISSING, with_header(without)
    for name, algorithm in (("EdDSA", -8), ("text", "Ed25519"), ("bytes", b"\x32"), ("true", True)):
        made = with_header({**HEADER, 1: algorithm})
        yield f"alg: {name}", "an algorithm that is refused", WRONG_ALGORITHM, made
    for name, algorithm in (("ES256", -7), ("18", 18), ("Ed448", -53), ("0", 0), ("-18", -18)):
        made = with_header({**HEADER, 1: algorithm})
        yield f"alg: {name}", "an algorithm of a later version", NEWER, made
    for name, typ in (
        ("number", 294),
        ("byte string", CERTIFICATE.encode()),
        ("empty text", ""),
        ("another media type", "application/cwt"),
        ("family without the point", FAMILY[:-1]),
        ("upper case", CERTIFICATE.upper()),
        ("space before", f" {CERTIFICATE}"),
        ("status list", "application/statuslist+cwt"),
        ("issuer", f"{FAMILY}issuer"),
        ("handover", f"{FAMILY}handover"),
        ("bundle", f"{FAMILY}bundle"),
        ("key binding", "application/kb+cwt"),
    ):
        yield (
            f"typ: {name}",
            "no type of a statement",
            WRONG_TYPE,
            with_header({**HEADER, 16: typ}),
        )
    for name, typ in (
        ("family alone", FAMILY),
        ("other statement", f"{FAMILY}badge"),
        ("certificate with more", f"{CERTIFICATE}2"),
        ("record with more", f"{FAMILY}record+sd-cwt+x"),
        ("bundle with more", f"{FAMILY}bundles"),
        ("certificate with a parameter", f"{CERTIFICATE}; v=2"),
    ):
        yield f"typ: {name}", "a type of a later version", NEWER, with_header({**HEADER, 16: typ})
    for label, value in ((2, [1]), (3, "x"), (5, b"x"), (33, b"x"), (-1, 0), (170, -16)):
        yield (
            f"label {label} more",
            "a header too many",
            EXTRA,
            with_header({**HEADER, label: value}),
        )
    for name, kid in (
        ("7 bytes", KID[:7]), ("9 bytes", KID + b"\0"), ("none", b""), ("text", KID.hex()[:8]),
        ("integer", 8), ("array", [KID]),
    ):  # fmt: skip
        yield f"kid: {name}", "no kid", NOT_A_TOKEN, with_header({**HEADER, 4: kid})
