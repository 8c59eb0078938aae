"""Section 7.2: blocks of DEFLATE with codes of their own, whole and faulty."""

from collections.abc import Iterator
from typing import Any

from conformance.bits import Stream
from conformance.carriers import PAYLOAD

#: Of all literals 8 bits but for six of 9: a complete code of 257 symbols. Its distances: none.
_SPARE = (250, 251, 252, 253)
LITERALS = [9 if byte in _SPARE else 8 for byte in range(256)]
#: 252 of 8 bits, 4 of 9, and the end with 7: 252/256 + 4/512 + 1/128 = 1.
COMPLETE = (*LITERALS, 7)
NONE = (0,)


def fixed(data: bytes = PAYLOAD) -> Stream:
    """A final block of literals, not ended yet."""
    return Stream().fixed().literals(data)


def dynamic(literals: tuple[int, ...] = COMPLETE, distances: tuple[int, ...] = NONE) -> Stream:
    """The beginning of a final block with codes of its own."""
    return Stream().dynamic(literals, distances)


def _then_the_rest(stream: Stream) -> Stream:
    """A block that holds nothing, then the payload: whoever does not see the fault reads it."""
    return stream.end().fixed().literals(PAYLOAD).end()


def _codes(literals: tuple[int, ...], distances: tuple[int, ...], **options: Any) -> Stream:
    """An empty block with faulty codes, then the payload."""
    return _then_the_rest(Stream().dynamic(literals, distances, final=False, **options))


def faulty() -> Iterator[tuple[str, str, Stream]]:
    """Streams with one fault each."""
    yield "block type 3", "a block of type 3", Stream().bits(1, 1).bits(3, 2).bits(0, 13)
    yield "NLEN", "NLEN is not the complement", Stream().stored(PAYLOAD, nlen=len(PAYLOAD))
    yield "NLEN, one bit", "likewise", Stream().stored(PAYLOAD, nlen=len(PAYLOAD) ^ 0xFFFE)
    for name, fault, literals, distances in (
        ("HLIT 30", "287 literal/length codes", COMPLETE + (0,) * 30, NONE),
        ("HLIT 31", "288 literal/length codes", COMPLETE + (0,) * 31, NONE),
        ("HDIST 30", "31 distance codes", COMPLETE, (0,) * 31),
        ("HDIST 31", "32 distance codes", COMPLETE, (0,) * 32),
        ("literals over-subscribed", "one literal code too many", (8,) * 257, NONE),
        ("literals incomplete", "a literal code too few", (8,) * 254 + (0, 0, 8), NONE),
        ("literals of two", "an incomplete code of two symbols", (2, *(0,) * 255, 2), NONE),
        ("end of two bits", "a code of one symbol of length 2", (0,) * 256 + (2,), NONE),
        ("distances over-subscribed", "one distance code too many", COMPLETE, (1, 1, 1)),
        ("distances incomplete", "a distance code too few", COMPLETE, (2, 2, 2)),
        ("distance of two bits", "a code of one symbol of length 2", COMPLETE, (2,)),
        ("distances of two", "an incomplete code of two symbols", COMPLETE, (1, 2)),
    ):
        yield name, fault, _codes(literals, distances)
    for name, fault, spelling in (
        ("code lengths over-subscribed", "a code-length code with too many", (4,) * 17 + (5,) * 2),
        ("code lengths incomplete", "a code-length code with too few", (4,) * 13 + (5,) * 5),
        ("code lengths none", "a code-length code without any symbol: 256 has none", ()),
        ("code lengths one", "a code-length code of one symbol", (0,) * 8 + (1,)),
    ):
        spelled = None if len(spelling) == 18 else ()
        yield name, fault, _codes(COMPLETE, NONE, spelling=spelling, spelled=spelled)
    two = (1, *(0,) * 255, 1)
    yield (
        "repeat of nothing",
        "symbol 16 at the beginning",
        _codes(
            (0,) * 255 + (1, 1),
            NONE,
            spelled=[(16, 0), *[(0, 0)] * 252, (1, 0), (1, 0), (0, 0)],
        ),
    )
    to_end = [(1, 0), *[(0, 0)] * 255, (1, 0)]
    for symbol, extra, name in (
        (16, 0, "repeat beyond the end"),
        (17, 0, "zeros beyond the end"),
        (18, 0, "many zeros beyond the end"),
    ):
        fault = f"symbol {symbol} where one code is left"
        yield name, fault, _codes(two, NONE, spelled=[*to_end, (symbol, extra)])
    yield (
        "no end of block",
        "symbol 256 has length 0",
        dynamic((8,) * 256 + (0,)).literals(PAYLOAD).bits(0, 32),
    )
    yield from _uses()


def _uses() -> Iterator[tuple[str, str, Stream]]:
    """Code words that do not exist, distances too far, streams that end too soon or late."""
    literals = (*LITERALS, 8, 8)
    before = PAYLOAD[:40]
    yield (
        "other word of a code of one",
        "the second word of a distance code of one symbol",
        Stream().dynamic(literals, (1,)).literals(before).symbol(257).bits(1, 1).bits(0, 32),
    )
    yield (
        "length without distances",
        "a match where there is no distance code",
        Stream().dynamic(literals, NONE).literals(before).symbol(257).bits(0, 32),
    )
    yield (
        "literal code of one symbol",
        "the second word of a literal code of one symbol",
        dynamic((0,) * 256 + (1,)).bits(1, 1).bits(0, 32),
    )
    for symbol in (286, 287):
        used = fixed(before).symbol(symbol).bits(0, 48)
        yield f"length symbol {symbol}", "a symbol that stands for nothing", used
    for symbol in (30, 31):
        used = fixed(before).symbol(257).distance_symbol(symbol).bits(0, 48)
        yield f"distance symbol {symbol}", "a symbol that stands for nothing", used
