"""DEFLATE streams built bit by bit (RFC 1951), so that every rule of section 7.2 can be broken."""

from collections.abc import Iterable, Sequence
from typing import Self

#: RFC 1951, section 3.2.7: the order in which the lengths of the code-length code stand.
ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
#: A complete code for code lengths in which each symbol has its own: 13 of 4 bits, 6 of 5.
SPELLING = (4,) * 13 + (5,) * 6
FIXED_LITERALS = (8,) * 144 + (9,) * 112 + (7,) * 24 + (8,) * 8
FIXED_DISTANCES = (5,) * 32
END = 256
#: The first distance of each symbol, and how many more bits it has.
_DISTANCES = [1, 2, 3, 4] + [(base << bits) + 1 for bits in range(1, 14) for base in (2, 3)]


class Stream:
    """A DEFLATE stream, from its first bit on."""

    def __init__(self) -> None:
        self._bits: list[int] = []
        self._literals: Sequence[int] = FIXED_LITERALS
        self._distances: Sequence[int] = FIXED_DISTANCES

    def bits(self, value: int, width: int) -> Self:
        """Bits from the least significant on."""
        self._bits += [value >> place & 1 for place in range(width)]
        return self

    def stored(
        self, data: bytes, *, final: bool = True, nlen: int | None = None, unused: int = 0
    ) -> Self:
        """A stored block."""
        self.bits(final, 1).bits(0, 2)
        while len(self._bits) % 8:
            self.bits(unused, 1)
        complement = len(data) ^ 0xFFFF if nlen is None else nlen
        self.bits(len(data), 16).bits(complement, 16)
        for byte in data:
            self.bits(byte, 8)
        return self

    def fixed(self, *, final: bool = True) -> Self:
        """The beginning of a block with the fixed codes."""
        self._literals, self._distances = FIXED_LITERALS, FIXED_DISTANCES
        return self.bits(final, 1).bits(1, 2)

    def dynamic(
        self,
        literals: Sequence[int],
        distances: Sequence[int],
        *,
        final: bool = True,
        spelled: Iterable[tuple[int, int]] | None = None,
        spelling: Sequence[int] = SPELLING,
    ) -> Self:
        """The beginning of a block with codes of its own.

        :param spelled: symbols of the code-length code and their extra; unless given, each length
            by itself.
        :param spelling: the lengths of the code-length code.
        """
        self.bits(final, 1).bits(2, 2)
        self.bits(len(literals) - 257, 5).bits(len(distances) - 1, 5).bits(15, 4)
        for symbol in ORDER:
            self.bits(spelling[symbol] if symbol < len(spelling) else 0, 3)
        lengths = [(each, 0) for each in (*literals, *distances)]
        for symbol, extra in lengths if spelled is None else spelled:
            self._put(spelling, symbol)
            self.bits(extra, {16: 2, 17: 3, 18: 7}.get(symbol, 0))
        self._literals, self._distances = literals, distances
        return self

    def symbol(self, *symbols: int) -> Self:
        """Literals, ends, or the symbols of lengths."""
        for symbol in symbols:
            self._put(self._literals, symbol)
        return self

    def literals(self, data: bytes) -> Self:
        """Bytes as they are."""
        return self.symbol(*data)

    def three_from(self, distance: int) -> Self:
        """A match of length 3."""
        return self.symbol(257).distance(distance)

    def distance(self, distance: int) -> Self:
        """What follows the symbol of a length."""
        symbol = max(place for place, base in enumerate(_DISTANCES) if base <= distance)
        self._put(self._distances, symbol)
        return self.bits(distance - _DISTANCES[symbol], max(0, symbol // 2 - 1))

    def distance_symbol(self, symbol: int) -> Self:
        """The symbol of a distance, without its extra bits."""
        self._put(self._distances, symbol)
        return self

    def end(self) -> Self:
        """The end of a block."""
        return self.symbol(END)

    def to_bytes(self, unused: int = 0) -> bytes:
        """The stream, its last byte filled up."""
        bits = list(self._bits)
        while len(bits) % 8:
            bits.append(unused)
        places = range(0, len(bits), 8)
        return bytes(sum(bits[at + bit] << bit for bit in range(8)) for at in places)

    def _put(self, lengths: Sequence[int], symbol: int) -> None:
        code, width = codes(lengths)[symbol]
        for place in reversed(range(width)):
            self._bits.append(code >> place & 1)


def codes(lengths: Sequence[int]) -> dict[int, tuple[int, int]]:
    """The code word of each symbol, and its length (RFC 1951, section 3.2.2)."""
    found, code = {}, 0
    for width in range(1, 16):
        code <<= 1
        for symbol, length in enumerate(lengths):
            if length == width:
                found[symbol] = (code, width)
                code += 1
    return found
