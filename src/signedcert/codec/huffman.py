"""Huffman codes and block headers of DEFLATE (RFC 1951, sections 3.2.2, 3.2.6 and 3.2.7).

Promise: every code built here is complete where RFC 1951 demands it, no longer than the limit
it demands, and as short as that limit allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

# RFC 1951, section 3.2.7: the order in which the lengths of the code length code are sent.
_HEADER_ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
_HEADER_EXTRA_BITS = (0,) * 16 + (2, 3, 7)
_HEADER_LIMIT = 7
CODE_LIMIT = 15
END_OF_BLOCK = 256

FIXED_LITERAL_LENGTHS = (8,) * 144 + (9,) * 112 + (7,) * 24 + (8,) * 8
FIXED_DISTANCE_LENGTHS = (5,) * 30


class BitWriter:
    """Pack bits into bytes from the least significant bit up (RFC 1951, section 3.1.1)."""

    def __init__(self) -> None:
        self._out = bytearray()
        self._pending = 0
        self._count = 0

    def put(self, value: int, width: int) -> None:
        """Append the `width` low bits of `value`."""
        self._pending |= value << self._count
        self._count += width
        # A bounded integer keeps each append cheap, whatever the length of the stream.
        if self._count >= 512:
            self._out += (self._pending & ((1 << 512) - 1)).to_bytes(64, "little")
            self._pending >>= 512
            self._count -= 512

    def getvalue(self) -> bytes:
        """Return the bytes, the last one padded with zero bits."""
        return bytes(self._out) + self._pending.to_bytes((self._count + 7) // 8, "little")


def code_lengths(frequencies: Sequence[int], limit: int) -> list[int]:
    """Return optimal code lengths of at most `limit` bits (package-merge, Larmore-Hirschberg).

    A symbol that never occurs gets length 0; a lone symbol gets length 1, as section 3.2.7 asks.
    """
    leaves = sorted((count, symbol) for symbol, count in enumerate(frequencies) if count)
    lengths = [0] * len(frequencies)
    if len(leaves) == 1:
        lengths[leaves[0][1]] = 1
    if len(leaves) <= 1:
        return lengths
    coins = [(count, (symbol,)) for count, symbol in leaves]
    packages: list[tuple[int, tuple[int, ...]]] = []
    for _ in range(limit):
        # Sorting by weight alone is stable, so equal weights never make the result vary.
        row = sorted(coins + packages, key=itemgetter(0))
        packages = [
            (row[i][0] + row[i + 1][0], row[i][1] + row[i + 1][1])
            for i in range(0, len(row) - 1, 2)
        ]
    for _, symbols in packages[: len(leaves) - 1]:
        for symbol in symbols:
            lengths[symbol] += 1
    return lengths


@lru_cache(maxsize=16)
def canonical_codes(lengths: tuple[int, ...]) -> tuple[int, ...]:
    """Return the code of each symbol (section 3.2.2), bit-reversed to suit `BitWriter`."""
    codes = [0] * len(lengths)
    code = 0
    for width in range(1, CODE_LIMIT + 1):
        code <<= 1
        for symbol, length in enumerate(lengths):
            if length == width:
                # Section 3.1.1: Huffman codes alone are sent most significant bit first.
                codes[symbol] = int(f"{code:0{width}b}"[::-1], 2)
                code += 1
    return tuple(codes)


@dataclass(frozen=True)
class Header:
    """The description of two dynamic codes, ready to be written (section 3.2.7)."""

    literal_lengths: tuple[int, ...]
    distance_lengths: tuple[int, ...]
    symbols: tuple[tuple[int, int], ...]
    symbol_lengths: tuple[int, ...]

    @property
    def sent(self) -> int:
        """Return how many lengths of the code length code must be sent (HCLEN + 4)."""
        last = max(i for i, symbol in enumerate(_HEADER_ORDER) if self.symbol_lengths[symbol])
        return max(4, last + 1)

    @property
    def bits(self) -> int:
        """Return the size of the header, without the three bits that open every block."""
        lengths = self.symbol_lengths
        body = sum(lengths[symbol] + _HEADER_EXTRA_BITS[symbol] for symbol, _ in self.symbols)
        return 14 + 3 * self.sent + body

    def write(self, writer: BitWriter) -> None:
        """Write HLIT, HDIST, HCLEN and the code lengths."""
        writer.put(len(self.literal_lengths) - 257, 5)
        writer.put(len(self.distance_lengths) - 1, 5)
        writer.put(self.sent - 4, 4)
        for symbol in _HEADER_ORDER[: self.sent]:
            writer.put(self.symbol_lengths[symbol], 3)
        codes = canonical_codes(self.symbol_lengths)
        for symbol, extra in self.symbols:
            writer.put(codes[symbol], self.symbol_lengths[symbol])
            writer.put(extra, _HEADER_EXTRA_BITS[symbol])


def dynamic_header(literal_lengths: Sequence[int], distance_lengths: Sequence[int]) -> Header:
    """Return the shortest header found for these code lengths.

    The best run-length coding depends on the code that codes it, so the two are improved in
    turn until nothing changes.
    """
    literals = _trimmed(literal_lengths, END_OF_BLOCK + 1)
    distances = _trimmed(distance_lengths, 1)
    best: Header | None = None
    costs: list[int] = [4] * 19
    runs = [(value, len(tuple(group))) for value, group in groupby(literals + distances)]
    while True:
        symbols = _run_lengths(runs, costs)
        frequencies = [0] * 19
        for symbol, _ in symbols:
            frequencies[symbol] += 1
        # The end of block is always coded, so two lengths (one of them 0 or another one) always
        # occur and this code is complete, as decoders demand.
        lengths = code_lengths(frequencies, _HEADER_LIMIT)
        header = Header(literals, distances, symbols, tuple(lengths))
        if best is not None and header.bits >= best.bits:
            return best
        best = header
        costs = [length or _HEADER_LIMIT for length in lengths]


def _trimmed(lengths: Sequence[int], least: int) -> tuple[int, ...]:
    used = max((i + 1 for i, length in enumerate(lengths) if length), default=0)
    return tuple(lengths[: max(used, least)])


def _run_lengths(
    runs: Sequence[tuple[int, int]], costs: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Return a cheap sequence of (symbol, extra bits) that spells out runs of (length, count)."""
    symbols: list[tuple[int, int]] = []
    for value, run in runs:
        count = run
        if value:
            symbols.append((value, 0))
            count -= 1
        # One long repeat costs no more than any other, so only what it leaves is optimised.
        while value == 0 and count > 10:
            taken = min(count, 138)
            symbols.append((18, taken - 11))
            count -= taken
        repeat, most = (16, 6) if value else (17, 10)
        repeat_cost = costs[repeat] + _HEADER_EXTRA_BITS[repeat]
        symbols += (
            (repeat, taken - 3) if taken else (value, 0)
            for taken in _short_run(count, most, costs[value], repeat_cost)
        )
    return tuple(symbols)


@lru_cache(maxsize=4096)
def _short_run(count: int, most: int, cost_of_one: int, cost_of_repeat: int) -> tuple[int, ...]:
    """Return the cheapest way to spell a value `count` times.

    Each item is how often a repeat repeats it, 3 to `most` times, or 0 for the value by itself.
    """
    best: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    for total in range(1, count + 1):
        cost, parts = best[total - 1]
        option = (cost + cost_of_one, (*parts, 0))
        for taken in range(3, min(total, most) + 1):
            cost, parts = best[total - taken]
            if cost + cost_of_repeat < option[0]:
                option = (cost + cost_of_repeat, (*parts, taken))
        best.append(option)
    return best[count][1]


def smoothed(frequencies: Sequence[int], slack: int) -> list[int]:
    """Return frequencies made alike among neighbours, so that their code lengths repeat.

    Each stretch of used symbols whose frequencies differ by at most `slack` from its first gets
    their rounded mean. Data cost rises a little, the header's falls: section 3.2.7 codes runs.
    """
    result = list(frequencies)
    i = 0
    while i < len(result):
        j = i + 1
        while j < len(result) and result[j] and abs(result[j] - result[i]) <= slack:
            j += 1
        if result[i]:
            mean = max(1, round(sum(result[i:j]) / (j - i)))
            result[i:j] = [mean] * (j - i)
        i = j
    return result
