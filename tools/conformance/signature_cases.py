"""Sections 5.3 and 5.4: which signatures are accepted."""

from collections.abc import Iterator

from cbor_oracle import dumps
from conformance.carriers import base64url
from conformance.edwards import L, P
from conformance.expectations import BY_KEY_SET, fails, undecided
from conformance.layout import Case, Topic
from conformance.tokens import (
    CERTIFICATE,
    CERTIFICATE_ID,
    OTHER_SIGNER,
    SIGNER,
    certificate,
    claims,
    header,
    sign1,
    to_be_signed,
    with_claims,
)
from conformance.torsion_cases import torsion
from conformance.trust import in_key_set, jwk, jwks
from signedcert import PublicKey

#: The x of the points of small order with y < p, and again with the top bit set (section 5.4).
SMALL_ORDER = [
    bytes.fromhex(each)[:31] + bytes([bytes.fromhex(each)[31] | top])
    for each in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    )
    for top in (0, 0x80)
]
PAYLOAD, PROTECTED = dumps(claims()), dumps(header())
GOOD = SIGNER.sign(to_be_signed(PROTECTED, PAYLOAD))
MISMATCH = BY_KEY_SET.but(fails("SIGNATURE", "signature_mismatch"))


def _by(x: bytes, signature: bytes) -> bytes:
    """The certificate under the kid of any key, with any signature."""
    return sign1(claims(), {**header(), 4: PublicKey(x).kid}, signature=signature)


def _trust(x: bytes) -> dict[str, str]:
    return in_key_set(jwks(jwk() | {"x": base64url(x)}))


def _number(value: int) -> bytes:
    return value.to_bytes(32, "little")


def _odd_keys() -> Iterator[tuple[str, str, bytes]]:
    for place, x in enumerate(SMALL_ORDER):
        yield f"key of small order {place}", "A has small order", x
    for name, y in (("p", P), ("p + 1", P + 1), ("2^255 - 1", 2**255 - 1)):
        yield f"key with y = {name}", "the y of A is not less than p", _number(y)
    yield "key that is no point", "A is not on the curve", _number(2)


def _signatures() -> Iterator[tuple[str, str, bytes]]:
    r, s = GOOD[:32], int.from_bytes(GOOD[32:], "little")
    yield "S + L", "S is not less than L", r + _number(s + L)
    yield "S = L", "S is not less than L", r + _number(L)
    yield "S = 2^256 - 1", "S is not less than L", r + b"\xff" * 32
    yield "S = 0", "S is 0", r + bytes(32)
    yield "S, top bit", "the top bit of S", r + GOOD[32:63] + bytes([GOOD[63] | 0x80])
    yield "R, top bit", "the sign of R", r[:31] + bytes([r[31] ^ 0x80]) + GOOD[32:]
    yield "R = p", "the y of R is not less than p", _number(P) + GOOD[32:]
    yield "R that is no point", "R is not on the curve", _number(2) + GOOD[32:]
    for place, small in enumerate(SMALL_ORDER):
        fault = "R has small order; the equation does not hold either"
        if place in (3, 5):
            fault = "R has small order, and is no encoding by which any equation could hold"
        yield f"R of small order {place}", fault, small + GOOD[32:]
    for bit in (0, 255, 256, 511):
        flipped = bytearray(GOOD)
        flipped[bit // 8] ^= 1 << bit % 8
        yield f"bit {bit}", "a bit of the signature", bytes(flipped)
    yield "zeros", "no signature", bytes(64)
    yield "R and S exchanged", "in the wrong order", GOOD[32:] + r
    yield "another's", "signed by another key", OTHER_SIGNER.sign(to_be_signed(PROTECTED, PAYLOAD))
    other = dumps(with_claims({7: bytes(10)}))
    yield "of another payload", "copied", SIGNER.sign(to_be_signed(PROTECTED, other))
    yield "of the payload alone", "no Sig_structure", SIGNER.sign(PAYLOAD)
    for name, structure in (
        ("CounterSignature", ["CounterSignature", PROTECTED, b"", PAYLOAD]),
        ("Signature", ["Signature", PROTECTED, b"", b"", PAYLOAD]),
        ("external data", ["Signature1", PROTECTED, b"x", PAYLOAD]),
        ("no header", ["Signature1", b"", b"", PAYLOAD]),
        ("header as a map", ["Signature1", header(), b"", PAYLOAD]),
    ):
        yield f"of {name}", "another Sig_structure", SIGNER.sign(dumps(structure))
    long = b"\x84\x6aSignature1" + dumps(PROTECTED) + b"\x40\x59" + len(PAYLOAD).to_bytes(2, "big")
    yield "of long heads", "heads longer than needed", SIGNER.sign(long + PAYLOAD)


def _cases() -> Iterator[Case]:
    yield Case("good", "nothing", certificate(), BY_KEY_SET, "signer")
    for name, fault, signature in _signatures():
        given = sign1(claims(), signature=signature)
        yield Case(name, fault, given, MISMATCH, "signer")
    for name, fault, x in _odd_keys():
        # With A of order 1, S = 0 and R = A satisfy the equation: the checks before it refuse.
        yield Case(name, fault, _by(x, x + bytes(32)), MISMATCH, name)
    neutral = SMALL_ORDER[2]
    base = bytes.fromhex("58" + "66" * 31)
    both = "the neutral point as A, and the base point as R: the equation holds"
    given = _by(neutral, base + _number(1))
    yield Case("neutral key, base point", both, given, MISMATCH, "key of small order 2")
    for each in torsion():
        expected = BY_KEY_SET if each.accepted else MISMATCH
        yield Case(each.name, each.fault, each.token, expected, _NAMES[each.x])
    renamed = sign1(claims(), {**header(OTHER_SIGNER), 16: CERTIFICATE})
    unknown = BY_KEY_SET.but(undecided("ISSUER_TRUSTED", "unknown_key"))
    yield Case("kid of a key unknown", "another kid, rightly signed", renamed, unknown, "signer")
    both_listed = sign1(claims(), header(OTHER_SIGNER))
    yield Case(
        "kid of another key", "the key of the kid decides", both_listed, MISMATCH, "two keys"
    )
    by_other = certificate({7: CERTIFICATE_ID}, OTHER_SIGNER)
    yield Case("second key", "signed by the second key", by_other, BY_KEY_SET, "two keys")


def _keys() -> dict[bytes, str]:
    """The names under which keys are trusted."""
    named = {SIGNER.public_key.raw: "signer"} | {x: name for name, _, x in _odd_keys()}
    for each in torsion():
        named.setdefault(each.x, each.name)
    return named


_NAMES = _keys()
TOPIC = Topic(
    "signatures",
    "Sections 5.3 and 5.4: what is signed, and when a signature is accepted.",
    {
        "two keys": in_key_set(jwks(jwk(), jwk(OTHER_SIGNER))),
        **{name: _trust(x) for x, name in _NAMES.items()},
        "signer": in_key_set(),
    },
    tuple(_cases()),
)
