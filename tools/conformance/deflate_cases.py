"""Section 7.2: DEFLATE streams, whole and faulty, in form 01."""

from collections.abc import Iterator

from cbor_oracle import dumps
from conformance.bits import Stream
from conformance.carriers import DICTIONARY, PAYLOAD, base64url, form1_of, link
from conformance.deflate_codes import (
    COMPLETE,
    LITERALS,
    NONE,
    dynamic,
    faulty,
    fixed,
)
from conformance.expectations import VALID, fails
from conformance.layout import Case, Topic
from conformance.tokens import with_claims
from conformance.trust import in_document

#: A payload in which a run of 258 equal bytes stands; one that has the dictionary's beginning.
RUN = b"x" * 259
RUN_PAYLOAD = dumps(with_claims({128: RUN}))
FIRST = DICTIONARY[:3]
FIRST_PAYLOAD = dumps(with_claims({128: FIRST}))


def _run(symbol: int, extra: int) -> bytes:
    before, _, after = RUN_PAYLOAD.partition(RUN)
    stream = Stream().fixed().literals(before + b"x").symbol(symbol)
    width = 0 if symbol == 285 else 5
    stream.bits(extra, width).distance(1)
    return stream.literals(after).end().to_bytes()


def _from_dictionary(more: int) -> bytes:
    """The dictionary's first bytes, taken from so many bytes before it."""
    before, _, after = FIRST_PAYLOAD.rpartition(FIRST)
    stream = Stream().fixed().literals(before)
    stream.three_from(len(DICTIONARY) + len(before) + more)
    return stream.literals(after).end().to_bytes()


def _one_distance() -> bytes:
    before, _, after = RUN_PAYLOAD.partition(RUN)
    # Symbol 257 as well: two codes of 8 bits for the end and for it.
    literals = (*LITERALS, 8, 8)
    stream = Stream().dynamic(literals, (1,)).literals(before + b"x")
    stream.three_from(1)
    return stream.literals(b"x" * 255 + after).end().to_bytes()


def whole() -> Iterator[tuple[str, str, bytes, bytes]]:
    """Streams that are read: name, what is special, payload and stream."""
    half = len(PAYLOAD) // 2
    one, other = PAYLOAD[:half], PAYLOAD[half:]
    empty = Stream().stored(b"", final=False)
    for name, fault, stream in (
        ("fixed block", "literals alone", fixed().end()),
        ("stored block", "no compression", Stream().stored(PAYLOAD)),
        ("stored block, bits", "bits before a stored block", Stream().stored(PAYLOAD, unused=1)),
        ("dynamic block", "codes of its own", dynamic().literals(PAYLOAD).end()),
        ("empty stored block", "an empty block", empty.fixed().literals(PAYLOAD).end()),
        (
            "empty fixed block",
            "an empty block",
            Stream().fixed(final=False).end().fixed().literals(PAYLOAD).end(),
        ),
        (
            "two fixed blocks",
            "data divided into blocks",
            Stream().fixed(final=False).literals(one).end().fixed().literals(other).end(),
        ),
        (
            "three kinds of blocks",
            "data divided into blocks",
            Stream()
            .stored(one, final=False)
            .dynamic(COMPLETE, NONE, final=False)
            .literals(other)
            .end()
            .fixed()
            .end(),
        ),
        (
            "empty last block",
            "the last block is empty",
            Stream().stored(PAYLOAD, final=False).stored(b""),
        ),
        (
            "distances without a symbol",
            "a distance code with no symbol, of two lengths",
            dynamic(distances=(0, 0)).literals(PAYLOAD).end(),
        ),
        (
            "repeats across both codes",
            "a repeat of lengths that goes on from literals to distances",
            Stream()
            .dynamic(
                (8,) * 255 + (0, 8) + (0,) * 29,
                (0,) * 30,
                spelled=[*[(8, 0)] * 255, (0, 0), (8, 0), (18, 48)],
            )
            .literals(PAYLOAD)
            .end(),
        ),
    ):
        yield name, fault, PAYLOAD, stream.to_bytes()
    yield "bits after the end", "unused bits set", PAYLOAD, fixed().end().to_bytes(1)
    yield "length 258 as 285", "the longest match", RUN_PAYLOAD, _run(285, 0)
    yield "length 258 as 284", "symbol 284 with 31 extra", RUN_PAYLOAD, _run(284, 31)
    yield "one distance", "a distance code of one symbol", RUN_PAYLOAD, _one_distance()
    yield "first byte of the dictionary", "the longest reach", FIRST_PAYLOAD, _from_dictionary(0)


def _faults() -> Iterator[tuple[str, str, bytes]]:
    for name, fault, stream in faulty():
        yield name, fault, stream.to_bytes()
    yield "one byte before the dictionary", "a distance too far", _from_dictionary(1)
    yield (
        "distance 32,768",
        "the farthest distance there is, too far here",
        fixed(PAYLOAD[:40]).three_from(32_768).literals(PAYLOAD[43:]).end().to_bytes(),
    )
    good = fixed().end().to_bytes()
    yield "no end", "no end of the block", fixed().to_bytes()
    yield "last byte missing", "cut off within the last byte", good[:-1]
    yield "header alone", "cut off after three bits", good[:1]
    yield "stored block cut off", "fewer bytes than LEN", Stream().stored(PAYLOAD).to_bytes()[:-1]
    yield "stored block without a length", "cut off before LEN", b"\x01"
    yield "stored block without NLEN", "cut off before NLEN", b"\x01\x05\x00"
    yield (
        "no final block",
        "the last block is not final",
        Stream().fixed(final=False).literals(PAYLOAD).end().to_bytes(),
    )
    yield "codes cut off", "cut off within the codes", dynamic().to_bytes()[:20]
    yield "one byte after", "a byte after the final block", good + b"\0"
    yield "many bytes after", "another stream after the final block", good + good
    yield (
        "empty block after",
        "an empty block after the final one",
        good + Stream().stored(b"").to_bytes(),
    )
    yield "zlib stream", "a stream with zlib's header", b"\x78\xda" + good


def _cases() -> Iterator[Case]:
    for name, fault, payload, stream in whole():
        shown = VALID
        if payload != PAYLOAD:
            data = base64url(RUN if payload == RUN_PAYLOAD else FIRST)
            shown = VALID.showing({"additional_claims": {"128": {"base64url": data}}})
        yield Case(name, fault, link(form1_of(stream, payload)), shown)
    damaged = VALID.but(fails("FORMAT", "damaged_compression"))
    for name, fault, stream in _faults():
        yield Case(name, fault, link(form1_of(stream)), damaged)


TOPIC = Topic(
    "deflate",
    "Section 7.2: streams in form 01, built bit by bit.",
    {"document": in_document()},
    tuple(_cases()),
)
