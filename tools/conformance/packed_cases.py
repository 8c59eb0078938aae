"""Section 7.1, and the limits of section 7.2: the forms, and how much may come out."""

from collections.abc import Iterator

from cbor_oracle import dumps
from conformance.bits import Stream
from conformance.carriers import (
    PAYLOAD,
    base64url,
    deflated,
    digits,
    form1,
    form1_of,
    form2,
    link,
)
from conformance.expectations import VALID, Finding, fails, undecided
from conformance.layout import Case, Topic
from conformance.tokens import OTHER_SIGNER, certificate, with_claims
from conformance.trust import in_document

LIMIT = 16_384
#: A payload as large as any may be; what is added to it is zeros.
_FRAME = len(dumps(with_claims({128: bytes(10_000)}))) - 10_000
LARGEST = dumps(with_claims({128: bytes(LIMIT - _FRAME)}))
_DAMAGED = fails("FORMAT", "damaged_compression")
_TOO_LARGE = fails("FORMAT", "too_large")
assert len(LARGEST) == LIMIT


def zeros(count: int, *, final: bool = True) -> Stream:
    """A block, not ended yet, out of which so many zeros come."""
    stream = Stream().fixed(final=final)
    return more_zeros(stream.literals(b"\0"), count - 1)


def more_zeros(stream: Stream, count: int) -> Stream:
    """So many zeros more, after a zero."""
    for _ in range(count // 258):
        stream.symbol(285).distance(1)
    return stream.literals(bytes(count % 258))


def _ends() -> Iterator[tuple[str, str, Finding, bytes]]:
    """What comes when so many bytes have come out, and what that is."""
    over = LIMIT + 1
    one = "at limit + 1: "
    yield f"{one}end", "one byte more than the limit", _TOO_LARGE, zeros(over).end().to_bytes()
    yield f"{one}cut off", "cut off", _TOO_LARGE, zeros(over).to_bytes()
    after = zeros(over).end().to_bytes() + b"\0\0"
    yield f"{one}bytes after", "bytes after the stream", _TOO_LARGE, after
    for name, fault, finding, stream in (
        ("literal", "one byte more", _TOO_LARGE, zeros(over).literals(b"\0").end()),
        ("match", "a match", _TOO_LARGE, zeros(over).three_from(1).end()),
        ("match from too far", "a distance that is looked at too late", _TOO_LARGE, (
            zeros(over).three_from(32_768).end()
        )),
        ("symbol 286", "a symbol that stands for nothing", _DAMAGED, zeros(over).symbol(286)),
        ("distance symbol 30", "likewise", _DAMAGED, (
            zeros(over).symbol(257).distance_symbol(30).bits(0, 32)
        )),
        ("length alone", "cut off before the distance", _TOO_LARGE, zeros(over).symbol(257)),
        ("block type 3", "a fault in the next block", _DAMAGED, (
            zeros(over, final=False).end().bits(7, 3).bits(0, 13)
        )),
        ("NLEN", "a fault in the next block", _DAMAGED, (
            zeros(over, final=False).end().stored(b"", nlen=0)
        )),
        ("NLEN of data", "a fault before more data", _DAMAGED, (
            zeros(over, final=False).end().stored(b"more", nlen=0)
        )),
        ("over-subscribed code", "a fault in the next block", _DAMAGED, (
            zeros(over, final=False).end().dynamic((8,) * 257, (0,)).end()
        )),
        ("no end of block", "symbol 256 has length 0 in the next block", _DAMAGED, (
            zeros(over, final=False).end().dynamic((8,) * 256 + (0,), (0,))
        )),
        ("empty block", "nothing more", _TOO_LARGE, (
            zeros(over, final=False).end().stored(b"")
        )),
        ("no more block", "cut off before the next block", _TOO_LARGE, (
            zeros(over, final=False).end()
        )),
        ("stored block", "more data", _TOO_LARGE, zeros(over, final=False).end().stored(b"more")),
    ):  # fmt: skip
        yield f"{one}{name}", fault, finding, stream.to_bytes()
    cut = zeros(over, final=False).end().stored(b"more").to_bytes()
    yield f"{one}stored block cut off", "cut off before more data", _TOO_LARGE, cut[:-4]
    yield f"{one}stored header cut off", "cut off before NLEN", _TOO_LARGE, cut[:-6]
    for name, fault, finding, stream in (
        ("cut off", "the limit is kept", _DAMAGED, zeros(LIMIT)),
        ("match", "a match that goes on beyond the limit", _TOO_LARGE, (
            zeros(LIMIT).three_from(1).end()
        )),
        ("match from too far", "a distance that is still looked at", _DAMAGED, (
            zeros(LIMIT).three_from(32_768).end()
        )),
        ("stored block", "two bytes more", _TOO_LARGE, (
            zeros(LIMIT, final=False).end().stored(b"ab")
        )),
    ):  # fmt: skip
        yield f"at the limit: {name}", fault, finding, stream.to_bytes()
    whole = zeros(LIMIT).end().to_bytes()
    yield "at the limit: byte after", "a byte after the stream", _DAMAGED, whole + b"\0"
    bomb = more_zeros(zeros(LIMIT), 200_000)
    yield "bomb", "far more than the limit", _TOO_LARGE, bomb.end().to_bytes()
    yield "bomb with a fault", "a fault that is not reached", _TOO_LARGE, bomb.to_bytes()[:-1]


def _next_blocks() -> Iterator[tuple[str, str, Finding, bytes]]:
    """The header of a dynamic block after limit + 1 bytes, from a new byte on."""
    none = "a code-length code without any symbol, "
    # 3 + 14 + 4 · 3 bits; those after them are one length each, of which 258 are to be read.
    for name, fault, finding, data in (
        ("no code lengths, cut off", f"{none}cut off", _TOO_LARGE, "05000000"),
        ("no code lengths, not final", f"{none}cut off", _TOO_LARGE, "04000000"),
        ("no code lengths, 243 bits", f"{none}cut off", _TOO_LARGE, "05000000" + "00" * 30),
        ("no code lengths, 251 bits", f"{none}cut off", _TOO_LARGE, "050000e0" + "ff" * 31),
        ("no code lengths, 259 bits", "symbol 256 has length 0", _DAMAGED, (
            "05000000" + "00" * 32
        )),
        ("no code lengths, 259 bits set", "whatever the bits", _DAMAGED, "050000e0" + "ff" * 32),
        ("one code length, cut off", "a code-length code of one symbol", _DAMAGED, "05000004"),
        ("HLIT 30, 13 bits", "HLIT is judged with HDIST and HCLEN", _TOO_LARGE, "f500"),
        ("HLIT 30, 14 bits", "287 literal/length codes", _DAMAGED, "f50000"),
        ("HDIST 30, 13 bits", "cut off before the last bit of HCLEN", _TOO_LARGE, "051e"),
        ("HDIST 30, 14 bits", "31 distance codes", _DAMAGED, "051e00"),
    ):  # fmt: skip
        yield name, fault, finding, bytes.fromhex(data)
    # 3 + 14 + 3 bits for each length of the code-length code, and then to the end of a byte.
    for lengths, bits, fault, finding in (
        (10, 257, f"{none}one bit too short", _TOO_LARGE),
        (7, 258, "symbol 256 has length 0", _DAMAGED),
    ):
        header = Stream().bits(5, 3).bits(lengths - 4 << 10, 14).bits(0, 3 * lengths)
        yield f"no code lengths, {bits} bits", fault, finding, header.bits(0, bits).to_bytes()


def _headers() -> Iterator[Case]:
    """These in both forms."""
    for form, most in (("form 01", LIMIT), ("form 02", 41_216)):
        before = zeros(most + 1, final=False).end().stored(b"", final=False).to_bytes()
        for name, fault, finding, header in _next_blocks():
            stream = before + header
            packed = form1_of(stream) if form == "form 01" else b"\x02" + stream
            title = f"{form}: at limit + 1: {name}"
            yield Case(title, fault, link(packed), VALID.but(finding))


def _forms() -> Iterator[tuple[str, str, Finding, bytes]]:
    """Packed forms that are refused."""
    for first in (3, 5, 9, 15):
        fault = "the first byte of a later form"
        yield f"form {first:02x}", fault, undecided("FORMAT", "newer_format"), bytes([first, 1])
    yield "form 03 alone", "nothing after it", undecided("FORMAT", "newer_format"), b"\x03"
    for first in (0, 0x10, 0x42, 0x80, 0xD2, 0xFF):
        fault = "the first byte of no form"
        yield f"form {first:02x}", fault, fails("FORMAT", "unknown_format"), bytes([first, 1])
    token = certificate()
    yield "token unpacked", "a token in a link", fails("FORMAT", "unknown_format"), token
    packed = form1()
    yield "form 01 alone", "cut off", _DAMAGED, b"\x01"
    yield "form 01 without a stream", "73 bytes", _DAMAGED, packed[:73]
    yield "form 01 without a signature", "cut off", _DAMAGED, packed[:40]
    nothing = fails("FORMAT", "not_a_token")
    yield "form 01, nothing in it", "an empty payload", nothing, form1_of(b"\x03\x00", b"")
    yield "form 02 alone", "cut off", _DAMAGED, b"\x02"
    yield "form 02, nothing in it", "an empty token", fails("FORMAT", "empty_input"), form2(b"")
    wrong = fails("FORMAT", "wrong_packing")
    yield "certificate in form 02", "a certificate in the other form", wrong, form2(token)
    cut = form2(token)[:-3]
    yield "certificate in form 02, cut off", "the stream comes first", _DAMAGED, cut
    damaged = form2(token[:-1])
    fault = "the frame comes before the form"
    yield "damaged certificate in form 02", fault, fails("FORMAT", "not_deterministic"), damaged
    yield "no token in form 02", "text", fails("FORMAT", "not_a_token"), form2(b"certificate")
    most = 41_232
    yield "41,233 bytes", "one byte too many", _TOO_LARGE, b"\x07".ljust(most + 1, b"\0")
    newer = undecided("FORMAT", "newer_format")
    yield "41,232 bytes", "as long as a packed form may be", newer, b"\x07".ljust(most, b"\0")
    over = zeros(41_217).end().to_bytes()
    yield "form 02: limit + 1", "one byte more than the limit", _TOO_LARGE, b"\x02" + over
    within = zeros(41_216).end().to_bytes()
    yield "form 02: limit", "zeros are no token", fails("FORMAT", "not_a_token"), b"\x02" + within
    at_end = zeros(41_217).symbol(286).to_bytes()
    yield "form 02: limit + 1: symbol 286", "a fault before the limit", _DAMAGED, b"\x02" + at_end


def _cases() -> Iterator[Case]:
    yield Case("form 01", "a link", link(form1()), VALID)
    yield Case("form 01 as digits", "digits", digits(form1()), VALID)
    data = {"additional_claims": {"128": {"base64url": base64url(bytes(LIMIT - _FRAME))}}}
    large = link(form1(LARGEST))
    yield Case("largest payload", "16,384 bytes", large, VALID.showing(data))
    other = b"\x01" + OTHER_SIGNER.public_key.kid + form1()[9:]
    unknown = VALID.but(undecided("ISSUER_TRUSTED", "unknown_key"))
    yield Case("form 01, other kid", "the kid of another key", link(other), unknown)
    changed = form1()[:73] + deflated(PAYLOAD.replace(b"Ada", b"Eve"))
    mismatch = VALID.but(fails("SIGNATURE", "signature_mismatch"))
    yield Case("form 01, other payload", "another name", link(changed), mismatch)
    broken = form1()[:40] + bytes([form1()[40] ^ 1]) + form1()[41:]
    yield Case("form 01, other signature", "one bit of the signature", link(broken), mismatch)
    for name, fault, finding, packed in _forms():
        yield Case(name, fault, link(packed), VALID.but(finding))
    for name, fault, finding, stream in _ends():
        yield Case(name, fault, link(form1_of(stream)), VALID.but(finding))
    yield from _headers()


TOPIC = Topic(
    "packed",
    "Section 7.1, the forms, and the limits of section 7.2.",
    {"document": in_document()},
    tuple(_cases()),
)
