"""The smallest raw DEFLATE stream we can find (RFC 1951), with a preset dictionary.

Promise: `deflate_smallest` returns a stream that any inflater holding the same dictionary turns
back into the input, that is never longer than what zlib's level 9 makes, and that is the
shortest possible among single blocks of the fixed code. Equal inputs give equal outputs.

Why not zlib alone: it parses lazily for speed; in a QR code each byte saved counts.
"""

import zlib
from collections import Counter
from operator import mul

from signedcert.codec.huffman import (
    CODE_LIMIT,
    END_OF_BLOCK,
    FIXED_DISTANCE_LENGTHS,
    FIXED_LITERAL_LENGTHS,
    BitWriter,
    Header,
    canonical_codes,
    code_lengths,
    dynamic_header,
    smoothed,
)
from signedcert.codec.lz77 import (
    LENGTH_CODES,
    Token,
    cheapest_parse,
    distance_code,
    estimated_costs,
    find_matches,
    fixed_costs,
)

_ROUNDS = 4
# How much neighbouring frequencies may differ to be made alike for a shorter header.
_SLACKS = (0, 2)


def _frequencies(tokens: list[Token]) -> tuple[list[int], list[int]]:
    literals = [0] * 286
    distances = [0] * 30
    literals[END_OF_BLOCK] = 1
    for (value, distance), count in Counter(tokens).items():
        literals[LENGTH_CODES[value][0] if distance else value] += count
        if distance:
            distances[distance_code(distance)[0]] += count
    return literals, distances


def _write(tokens: list[Token], header: Header | None) -> bytes:
    """Return one final block: of the codes in `header`, or of the fixed code."""
    writer = BitWriter()
    # Section 3.2.3: BFINAL, then BTYPE.
    writer.put(1, 1)
    writer.put(2 if header else 1, 2)
    if header:
        header.write(writer)
    literal_lengths = header.literal_lengths if header else FIXED_LITERAL_LENGTHS
    distance_lengths = header.distance_lengths if header else FIXED_DISTANCE_LENGTHS
    literal_codes = canonical_codes(literal_lengths)
    distance_codes = canonical_codes(distance_lengths)
    for value, distance in tokens:
        if not distance:
            writer.put(literal_codes[value], literal_lengths[value])
            continue
        symbol, bits, extra = LENGTH_CODES[value]
        writer.put(literal_codes[symbol], literal_lengths[symbol])
        writer.put(extra, bits)
        symbol, bits, extra = distance_code(distance)
        writer.put(distance_codes[symbol], distance_lengths[symbol])
        writer.put(extra, bits)
    writer.put(literal_codes[END_OF_BLOCK], literal_lengths[END_OF_BLOCK])
    return writer.getvalue()


def _cheapest_header(literals: list[int], distances: list[int]) -> tuple[int, Header]:
    """Return the best codes found for these frequencies, and the bits they take with the header."""
    options: list[tuple[int, Header]] = []
    for slack in _SLACKS:
        header = dynamic_header(
            code_lengths(smoothed(literals, slack), CODE_LIMIT),
            code_lengths(smoothed(distances, slack), CODE_LIMIT),
        )
        bits = header.bits
        for counts, lengths in (
            (literals, header.literal_lengths),
            (distances, header.distance_lengths),
        ):
            bits += sum(count * length for count, length in zip(counts, lengths, strict=False))
        options.append((bits, header))
    return min(options, key=lambda option: option[0])


def _dynamic_block(data: bytes, matches: list[list[Token]], tokens: list[Token]) -> bytes:
    """Return the best of some blocks of dynamic codes, each parsed at the prices of the last.

    `tokens` is the fixed code's parse, where the search starts.
    """
    tried: list[tuple[int, list[Token], Header]] = []
    for _ in range(_ROUNDS):
        literals, distances = _frequencies(tokens)
        bits, header = _cheapest_header(literals, distances)
        extra_bits = sum(
            LENGTH_CODES[value][1] + distance_code(distance)[1]
            for value, distance in tokens
            if distance
        )
        tried.append((bits + extra_bits, tokens, header))
        fixed_bits = sum(map(mul, literals, FIXED_LITERAL_LENGTHS)) + 5 * sum(distances)
        # Short texts never repay the header, and parsing again gains a few per cent at most.
        if bits + extra_bits > (fixed_bits + extra_bits) * 9 // 8:
            break
        tokens, _ = cheapest_parse(
            data, matches, estimated_costs(literals), estimated_costs(distances)
        )
    _, tokens, header = min(tried, key=lambda option: option[0])
    return _write(tokens, header)


def _zlib_stream(data: bytes, dictionary: bytes) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=dictionary)
    return compressor.compress(data) + compressor.flush()


def deflate_smallest(data: bytes, dictionary: bytes) -> bytes:
    """Return the smallest raw DEFLATE stream found for `data`, after the preset `dictionary`.

    Meant for inputs of some hundred bytes: it takes milliseconds where zlib takes microseconds.
    """
    matches = find_matches(data, dictionary)
    tokens, _ = cheapest_parse(data, matches, *fixed_costs())
    streams = [_write(tokens, None), _zlib_stream(data, dictionary)]
    if data:
        streams.append(_dynamic_block(data, matches, tokens))
    return min(streams, key=len)
