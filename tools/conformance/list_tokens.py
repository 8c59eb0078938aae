"""Section 12.2 to 12.5: status lists that are read, and those that are refused."""

import struct
import zlib
from typing import Any

from cbor_oracle import Pairs, Raw, Simple, Tagged, dumps, head
from conformance.bits import Stream
from conformance.carriers import DICTIONARY
from conformance.layout import table
from conformance.list_frames import CLAIMS, GOOD, HEADER, KID, Rows, with_header
from conformance.tokens import ISSUER, MOMENT_MAX, SIGNER, to_be_signed
from conformance.trust import (
    ENTRIES,
    LIST_END,
    PUBLISHED_AT,
    STATUS_LIST,
    STATUS_SIGNER,
    list_claims,
    packed_entries,
    status_list,
)

URI = f"https://{ISSUER}/status/1.cwt"


def with_claims(changed: dict[Any, Any]) -> bytes:
    """The list with other claims."""
    return status_list(list_claims(changed=changed))


def with_stream(stream: bytes, bits: int = 4) -> bytes:
    """The list with another compressed array."""
    return with_claims({65533: {"bits": bits, "lst": stream}})


def zlib_of(data: bytes, stream: bytes, cmf: int = 0x78, flg: int | None = None) -> bytes:
    """A ZLIB stream around DEFLATE."""
    check = 31 - (cmf << 8) % 31 if flg is None else flg
    return bytes([cmf, check]) + stream + zlib.adler32(data).to_bytes(4, "big")


def wrong_claims() -> Rows:
    """Step 10, and sections 12.3 and 12.5."""
    body = dumps(CLAIMS)
    for name, fault, payload in (
        ("empty payload", "no item", b""),
        ("payload with more", "something after it", body + b"\0"),
        ("payload: array", "no map", dumps([CLAIMS])),
        ("payload: indefinite map", "no length", b"\xbf" + body[1:] + b"\xff"),
        ("payload: key twice", "a repeat", b"\xa6\x06\x00" + body[1:]),
        ("payload: tag", "a tag", dumps({**CLAIMS, 99: Tagged(1, 0)})),
        ("payload: byte string as a key", "a key of another type", dumps({**CLAIMS, b"x": 0})),
        ("payload: not UTF-8", "text that is not UTF-8", dumps({**CLAIMS, 99: "\ud800"})),
    ):
        yield name, fault, status_list(payload)
    for number in (0, *range(20, 32)):
        simple = Raw(bytes([0xF8, number]))
        fault = "a simple value below 32 in two bytes: no CBOR at all"
        yield f"payload: simple({number}) in two bytes", fault, with_claims({99: simple})
    listed = CLAIMS[65533]
    null, lst = Raw(b"\xf6"), listed["lst"]
    for label, name in ((2, "sub"), (6, "iat"), (65533, "status_list")):
        yield f"no {name}", "a claim is missing", with_claims({label: None})
        yield f"{name}: null", "null is not absence", with_claims({label: null})
    for label, name in ((4, "exp"), (5, "nbf"), (6, "iat"), (65534, "ttl")):
        for title, value in (
            ("null", null), ("text", "0"), ("float", Raw(b"\xf9\x3c\x00")), ("true", True),
            ("-1", -1), ("too large", MOMENT_MAX + 1), ("2^64 - 1", 2**64 - 1),
        ):  # fmt: skip
            if (label, title) != (6, "null"):
                yield f"{name}: {title}", "no moment", with_claims({label: value})
    yield "ttl: 0", "not positive", with_claims({65534: 0})
    most = MOMENT_MAX - PUBLISHED_AT
    yield "ttl: beyond 9999", "a second too many", with_claims({65534: most + 1})
    for title, value in table(
        ("bits: 3", {"bits": 3, "lst": lst}), ("bits: 0", {"bits": 0, "lst": lst}),
        ("bits: 16", {"bits": 16, "lst": lst}), ("bits: true", {"bits": True, "lst": lst}),
        ("bits: float", {"bits": 4.0, "lst": lst}), ("no bits", {"lst": lst}),
        ("no lst", {"bits": 4}), ("lst: text", {"bits": 4, "lst": "eNrb"}),
        ("lst: null", {"bits": 4, "lst": null}), ("lst: empty", {"bits": 4, "lst": b""}),
        ("aggregation_uri: bytes", {**listed, "aggregation_uri": b"x"}),
        ("aggregation_uri: null", {**listed, "aggregation_uri": null}),
        ("status_list: array", [4, lst]), ("status_list: empty", {}),
        ("bits under an integer", {1: 4, "lst": lst}),
    ):  # fmt: skip
        yield title, "no list", with_claims({65533: value})
    for title, value in table(
        ("number 2", URI.replace("/1.", "/2.")), ("leading zero", URI.replace("/1.", "/01.")),
        ("upper case", URI.replace("learn", "Learn")), ("http", URI.replace("https", "http")),
        ("port", URI.replace(".edu", ".edu:443")), ("percent-encoded", URI.replace("1", "%31")),
        ("slash", f"{URI}/"), ("space", f"{URI} "), ("fragment", f"{URI}#"), ("empty", ""),
        ("another host", URI.replace(ISSUER, "other.example.org")), ("bytes", URI.encode()),
        ("no number", URI.replace("1", "")), ("template", URI.replace("1", "{number}")),
        ("fullwidth", URI.replace("1", "\uff11")),
    ):  # fmt: skip
        yield f"sub: {title}", "the URI of another list", with_claims({2: value})


def wrong_arrays() -> Rows:
    """Section 12.5: what cannot be unpacked."""
    good = zlib.compress(ENTRIES, 9)
    fixed = Stream().fixed().literals(ENTRIES).end().to_bytes()
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = raw.compress(ENTRIES) + raw.flush()
    with_dictionary = zlib.compressobj(9, zlib.DEFLATED, 15, zdict=DICTIONARY)
    preset = with_dictionary.compress(ENTRIES) + with_dictionary.flush()
    reach = Stream().fixed().literals(b"a").three_from(2).end().to_bytes()
    for name, fault, stream in (
        ("no checksum", "cut off", good[:-4]),
        ("checksum cut off", "cut off", good[:-1]),
        ("wrong checksum", "another Adler-32", good[:-1] + bytes([good[-1] ^ 1])),
        ("byte after", "a byte after the checksum", good + b"\0"),
        ("two streams", "another stream after it", good + good),
        ("header alone", "cut off", good[:2]),
        ("one byte", "cut off", good[:1]),
        ("method 7", "another method", zlib_of(ENTRIES, fixed, 0x77)),
        ("method 15", "another method", zlib_of(ENTRIES, fixed, 0x7F)),
        ("window of 64 KiB", "a window too large", zlib_of(ENTRIES, fixed, 0x88)),
        ("wrong header check", "not divisible by 31", zlib_of(ENTRIES, fixed, 0x78, 0)),
        ("preset dictionary", "a dictionary", preset),
        ("preset dictionary, none used", "its bit alone", zlib_of(ENTRIES, fixed, 0x78, 0x20)),
        ("raw DEFLATE", "no header", deflated),
        ("gzip", "another wrapper", b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + deflated + bytes(8)),
        ("distance too far", "before the first byte", zlib_of(b"aaaa", reach)),
        ("block type 3", "a fault of DEFLATE", zlib_of(b"", b"\x07")),
        ("no end", "a fault of DEFLATE", zlib_of(ENTRIES, fixed[:-1])),
        ("nothing in it", "no byte comes out", zlib.compress(b"")),
        ("33,554,433 bytes", "a byte too many", zlib.compress(bytes(33_554_433), 9)),
    ):
        yield name, fault, with_stream(stream)


def lenient() -> Rows:
    """Lists of other software, which are read."""
    body = dumps(CLAIMS)
    signed = to_be_signed(dumps(HEADER), body)
    signature = STATUS_SIGNER.sign(signed)
    for width, tag in ((1, b"\xd8\x12"), (2, b"\xd9\0\x12"), (4, b"\xda\0\0\0\x12")):
        yield f"tag in {width}", "a head longer than needed", tag + GOOD[1:]
    yield "tag in 8", "likewise", b"\xdb" + bytes(7) + b"\x12" + GOOD[1:]
    items = [Raw(head(2, len(each), 4) + each) for each in (dumps(HEADER), body, signature)]
    long = b"\xd2\x98\x04" + dumps(items[0]) + b"\xb8\0" + dumps(items[1]) + dumps(items[2])
    yield "long heads", "heads longer than needed", long
    order = Pairs(((16, STATUS_LIST), (4, KID), (1, -19)))
    yield "header in another order", "keys in any order", with_header(order)
    yield (
        "kid unprotected",
        "where the protected one has none",
        with_header({1: -19, 16: STATUS_LIST}, {4: KID}),
    )
    other = with_header(HEADER, {4: SIGNER.public_key.kid})
    yield "another kid unprotected", "the protected one counts", other
    odd = {99: None, "x": 1.5, -99: [None, Simple(99)], "4": 0}
    yield "more headers", "headers that are ignored", with_header({**HEADER, **odd}, odd)
    yield "two text keys", "text keys", with_header({**HEADER, "1": 0, "alg": "none"})
    pairs = Pairs(tuple(reversed(list(CLAIMS.items()))))
    yield "claims in another order", "keys in any order", status_list(pairs)
    yield "more claims", "claims that are ignored", with_claims({1: ISSUER, 65_535: None, **odd})
    simple = {99: Simple(0), 98: Simple(19), 97: Simple(32), 96: Simple(255)}
    yield "simple values", "the first and last that there are", with_claims(simple)
    nan = {99: Raw(b"\xf9\x7e\0"), 98: Raw(b"\xfb" + struct.pack(">d", 1e300)), 97: Simple(23)}
    yield "floats and undefined", "values of any type", with_claims(nan)
    big = {99: 2**64 - 1, 98: -(2**64), 2**64 - 1: 0}
    yield "integers of 64 bits", "values of any size", with_claims(big)
    shown = {**CLAIMS[65533], "aggregation_uri": "https://a/", "more": None, 5: 0}
    yield "aggregation_uri", "members that are ignored", with_claims({65533: shown})
    yield (
        "iat in eight bytes",
        "a head longer than needed",
        with_claims({6: Raw(head(0, PUBLISHED_AT, 8))}),
    )
    deep: Any = 0
    for _ in range(7):
        deep = [deep]
    yield "8 levels", "as deep as it may be", with_header({**HEADER, 99: deep})
    yield "4,096 items", "as many as there may be", with_header({**HEADER, 99: [0] * 4_087})
    yield "no ttl", "no ttl", with_claims({65534: None})
    yield "ttl up to 9999", "as long as it may be", with_claims({65534: MOMENT_MAX - PUBLISHED_AT})
    yield "exp in 9999", "the last moment", with_claims({4: MOMENT_MAX})
    yield "exp and nbf", "nbf reached", with_claims({4: LIST_END, 5: 0})
    fixed = Stream().fixed().literals(ENTRIES).end().to_bytes()
    for cmf in (0x08, 0x18, 0x68):
        yield f"window {cmf:02x}", "a small window", with_stream(zlib_of(ENTRIES, fixed, cmf))
    spread = b"ab" + bytes(998) + ENTRIES
    yield "level 1", "another compression", with_stream(zlib.compress(ENTRIES, 1))
    yield "stored", "no compression", with_stream(zlib.compress(ENTRIES, 0))
    small = zlib.compressobj(9, zlib.DEFLATED, 15)
    far = small.compress(ENTRIES + spread) + small.flush()
    yield (
        "beyond its window",
        "a distance beyond the window that is declared",
        with_stream(b"\x08\x1d" + far[2:]),
    )


#: For each number of bits: entries, and the last index that there is.
WIDTHS = {
    bits: packed_entries(
        {0: 0, 1: 1, 2: min(2, 2**bits - 1), 3: 2**bits - 1, 8 * size // bits - 1: 1}, bits, size
    )
    for bits, size in ((1, 3), (2, 3), (4, 3), (8, 10))
}
