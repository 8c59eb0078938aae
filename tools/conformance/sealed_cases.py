"""Section 15.8: the files of sealed shares, and the links that open them."""

import hmac
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cbor_oracle import Pairs, Raw, Tagged, dumps
from conformance.carriers import base64url, digits, form2, link
from conformance.expectations import VALID, Answer, fails, undecided
from conformance.frame_answers import NEWER, NOT_A_TOKEN, NOT_DETERMINISTIC, WRONG_TYPE
from conformance.layout import Case, topic_of
from conformance.record_tokens import COMPLETE, LEARNER, OF_SHARE, record, share
from conformance.tokens import ISSUER, OTHER_ISSUER, certificate, claims, header, sign1
from conformance.trust import in_document

SECRET, OTHER_SECRET = bytes(range(32)), bytes(range(1, 33))
PAGE = "https://learn.example.edu/r/"
LINK = link(b"\x04" + SECRET, PAGE)
SHARE = share()
SIZES = (4_096, 8_192, 16_384, 32_768, 65_536)


def derived(secret: bytes, label: str, size: int) -> bytes:
    """HKDF (RFC 5869) with SHA-256 and no salt, for one block of output."""
    key = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(key, f"signedcert sealed share {label}".encode() + b"\x01", "sha256")[:size]


def filled(token: bytes, size: int = 4_096) -> bytes:
    """A share with the mark and zeros."""
    return (token + b"\x80").ljust(size, b"\0")


def encrypted(
    plaintext: bytes,
    protected: Any = None,
    nonce: bytes = b"nonce nonce ",
    name: str | None = None,
) -> tuple[bytes, bytes]:
    """Protected header and ciphertext."""
    first = {1: 3, 15: {1: ISSUER}} if protected is None else protected
    first = first if isinstance(first, bytes) else dumps(first)
    bound = derived(SECRET, "name", 16).hex() if name is None else name
    structure = dumps(["Encrypt0", first, bound.encode()])
    key = derived(SECRET, "key", 32)
    return first, AESGCM(key).encrypt(nonce, plaintext, structure)


def sealed(plaintext: bytes, protected: Any = None, **options: Any) -> bytes:
    """A file made by hand."""
    first, ciphertext = encrypted(plaintext, protected, **options)
    nonce = options.get("nonce", b"nonce nonce ")
    return dumps(Tagged(16, [first, {5: nonce}, ciphertext]))


FILE = sealed(filled(SHARE))
Row = tuple[str, str, bytes, Answer]


def _layout() -> Iterator[tuple[str, str, bytes]]:
    """Files that are not laid out as they must be."""
    first, ciphertext = encrypted(filled(SHARE))
    nonce = {5: b"nonce nonce "}
    yield "empty", "no file", b""
    yield "text", "another file", b"<!doctype html><title>Not found</title>"
    yield "a token", "not encrypted", SHARE
    yield "cut off", "cut off", FILE[:-1]
    yield "byte more", "something after it", FILE + b"\0"
    yield "no tag", "no tag 16", FILE[1:]
    yield "tag 96", "another tag", b"\xd8\x60" + FILE[1:]
    yield "tag in two bytes", "a head longer than needed", b"\xd8\x10" + FILE[1:]
    for name, items in (
        ("array of 2", [first, nonce]),
        ("array of 4", [first, nonce, ciphertext, []]),
        ("header as a map", [{1: 3, 15: {1: ISSUER}}, nonce, ciphertext]),
        ("ciphertext as text", [first, nonce, "x"]),
        ("null ciphertext", [first, nonce, None]),
        ("no nonce", [first, {}, ciphertext]),
        ("more unprotected", [first, {**nonce, 4: b""}, ciphertext]),
        ("nonce of 11 bytes", [first, {5: bytes(11)}, ciphertext]),
        ("nonce of 13 bytes", [first, {5: bytes(13)}, ciphertext]),
        ("nonce as text", [first, {5: "nonce nonce "}, ciphertext]),
        ("partial IV", [first, {6: b"nonce nonce "}, ciphertext]),
    ):
        yield name, "not laid out as it must be", dumps(Tagged(16, items))
    for size in (0, 16, 4_095 + 16, 4_097 + 16):
        short = dumps(Tagged(16, [first, nonce, ciphertext.ljust(size, b"\0")[:size]]))
        yield f"ciphertext of {size} bytes", "none of the five sizes", short
    for name, protected in (
        ("no alg", {15: {1: ISSUER}}), ("A128GCM", {1: 1, 15: {1: ISSUER}}), ("no claims", {1: 3}),
        ("no issuer", {1: 3, 15: {}}), ("issuer no name", {1: 3, 15: {1: "Example"}}),
        ("issuer as bytes", {1: 3, 15: {1: ISSUER.encode()}}), ("more claims", {1: 3, 15: {1: (
            ISSUER
        ), 2: "x"}}), ("more labels", {1: 3, 4: b"", 15: {1: ISSUER}}),
        ("out of order", Pairs(((15, {1: ISSUER}), (1, 3)))), ("empty", b""),
        ("long head", Raw(b"\xa2\x01\x18\x03\x0f" + dumps({1: ISSUER}))),
    ):  # fmt: skip
        yield f"header: {name}", "not laid out as it must be", sealed(filled(SHARE), protected)


def _of_size(more: int) -> bytes:
    """A share whose record has so many bytes more than it needs."""
    return share(COMPLETE.with_claims({128: bytes(more)}).token())


def _contents() -> Iterator[Row]:
    refused = VALID.but(fails("FORMAT", "sealed_file_refused"))
    for place, name in ((-1, "tag"), (-2_000, "ciphertext"), (40, "nonce")):
        changed = bytearray(FILE)
        changed[place] ^= 1
        yield f"bit of the {name}", "it does not decrypt", bytes(changed), refused
    other = sealed(filled(SHARE), name=derived(OTHER_SECRET, "name", 16).hex())
    yield "another name", "encrypted for another file", other, refused
    yield "no name", "no external data", sealed(filled(SHARE), name=""), refused
    for name, plaintext in (
        ("no mark", SHARE.ljust(4_096, b"\0")),
        ("mark 0x81", (SHARE + b"\x81").ljust(4_096, b"\0")),
        ("not zeros", filled(SHARE)[:-1] + b"\1"),
        ("zeros alone", bytes(4_096)),
        ("size too large", filled(SHARE, 8_192)),
        ("a certificate", filled(certificate())),
        ("a record", filled(COMPLETE.token())),
    ):
        yield name, "what comes out is not as it must be", sealed(plaintext), refused
    for name, plaintext, finding in (
        ("nothing", filled(b""), fails("FORMAT", "empty_input")),
        ("text", filled(b"text"), NOT_A_TOKEN),
        ("share cut off", filled(SHARE[:-1]), NOT_DETERMINISTIC),
        ("share in a share", filled(share(share(record(LEARNER).token()))), WRONG_TYPE),
        ("certificate in a share", filled(share(certificate())), WRONG_TYPE),
        ("later statement", filled(sign1(claims(), {
            **header(), 16: "application/vnd.signedcert.badge",
        })), NEWER),
    ):  # fmt: skip
        fault = "what comes out is refused by itself"
        yield f"content: {name}", fault, sealed(plaintext), VALID.but(finding)
    short = len(_of_size(1_000)) - 1_000
    for size, plain in ((4_095, 4_096), (4_096, 8_192)):
        token = _of_size(size - short)
        assert len(token) == size
        later = {"128": {"base64url": base64url(bytes(size - short))}}
        expected = OF_SHARE.showing({"additional_claims": later})
        fault = "the least size that is longer"
        yield f"share of {size} bytes", fault, sealed(filled(token, plain)), expected
    stranger = sealed(filled(SHARE), {1: 3, 15: {1: OTHER_ISSUER}})
    yield "another issuer", "the file names another issuer", stranger, refused
    unknown = OF_SHARE.but(undecided("SCHEMA", "unknown_field"))
    made = share(COMPLETE.with_claims({9: 0}).token())
    wrong = sealed(filled(made), {1: 3, 15: {1: OTHER_ISSUER}})
    yield "another issuer, unknown claim", "it is compared after step 4", wrong, unknown


def _cases() -> Iterator[Case]:
    refused = VALID.but(fails("FORMAT", "sealed_file_refused"))
    missing = VALID.but(undecided("FORMAT", "sealed_file_missing"))
    damaged = VALID.but(fails("FORMAT", "damaged_text"))
    yield Case("sealed", "a sealed share", LINK, OF_SHARE, sealed_file=FILE)
    text = PAGE + "#" + digits(b"\x04" + SECRET)
    yield Case("as digits", "the text of a QR code", text, OF_SHARE, sealed_file=FILE)
    zero = sealed(filled(SHARE), nonce=bytes(12))
    yield Case("another nonce", "how it was made is not checked", LINK, OF_SHARE, sealed_file=zero)
    yield Case("no file", "the file is not at hand", LINK, missing)
    for size in (0, 31, 33, 65):
        given = link(b"\x04" + bytes(size), PAGE)
        fault = "the link has not 33 bytes"
        yield Case(f"secret of {size} bytes", fault, given, damaged)
        if size == 31:
            name = f"secret of {size} bytes, with a file"
            yield Case(name, fault, given, damaged, sealed_file=FILE)
    other = link(b"\x04" + OTHER_SECRET, PAGE)
    yield Case("another's link", "the file of another link", other, refused, sealed_file=FILE)
    plain = link(form2(SHARE), PAGE)
    fault = "of other links, the file is not looked at"
    yield Case("share and a file", fault, plain, OF_SHARE, sealed_file=b"\xff")
    for name, fault, file in _layout():
        yield Case(f"file: {name}", fault, LINK, refused, sealed_file=file)
    for name, fault, file, expected in _contents():
        yield Case(name, fault, LINK, expected, sealed_file=file)


TOPIC = topic_of(
    "sealed",
    "Section 15.8: the files of sealed shares, and the links that open them.",
    ((case, in_document()) for case in _cases()),
)
