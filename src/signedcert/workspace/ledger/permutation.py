"""A keyed permutation of a range: order in, disorder out, and never the same number twice.

Positions in a status list are handed out in this order. Counted up, they would show to whoever
collects certificates how many were issued between two of them; drawn at random, each would have to
be compared with all the others.
"""

import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

KEY_SIZE = 32
SIZE_MAX = 2**40
#: Luby and Rackoff's proof asks for four; the rest is for the halves of small lists, which have few
#: bits. Frozen, like all else here: another number of rounds would hand out indices again.
_ROUNDS = 10
#: Outputs of the rounds are remembered where a half has so many bits: of ranges up to 2^32.
_TABLED_BITS = 16


@dataclass(frozen=True, slots=True)
class Permutation:
    """A bijection of ``range(size)``: a balanced Feistel network with BLAKE2b in its rounds.

    The network permutes the smallest range of 4^n that holds the size; a number that falls outside
    of the size is put through it again until it falls inside (cycle walking: Black and Rogaway,
    "Ciphers with arbitrary finite domains", 2002). The same key and size give the same permutation
    in every version of this library.

    :ivar key: 32 random bytes. Whoever has it can tell the order in which indices were handed out.
    :ivar size: from 2 to 2^40.
    :raises ValueError: for another length of the key, or another size.
    """

    key: bytes = field(repr=False)
    size: int

    def __post_init__(self) -> None:
        if not isinstance(self.key, bytes) or len(self.key) != KEY_SIZE:
            raise ValueError(f"the key of a permutation has {KEY_SIZE} bytes")
        if not 2 <= self.size <= SIZE_MAX:
            raise ValueError("a permutation has a size from 2 to 2^40")

    def index(self, counter: int) -> int:
        """Where the counter is sent.

        :raises ValueError: when the counter is not in ``range(size)``.
        """
        return self._walk(counter, range(_ROUNDS), self._round_function())

    def counter(self, index: int) -> int:
        """What is sent to the index: the inverse.

        :raises ValueError: when the index is not in ``range(size)``.
        """
        return self._walk(index, range(_ROUNDS - 1, -1, -1), self._round_function())

    def indices(self, counters: Iterable[int]) -> Iterator[int]:
        """Where each of the counters is sent; several times as fast as one by one.

        :raises ValueError: when a counter is not in ``range(size)``.
        """
        if self._half_bits > _TABLED_BITS:
            yield from map(self.index, counters)
            return
        bits, round_function, tables = self._half_bits, self._round_function(), _tables(self)
        mask = (1 << bits) - 1
        for counter in counters:
            number = self._checked(counter)
            while True:
                left, right = number >> bits, number & mask
                for each, table in enumerate(tables):
                    output = table[right]
                    if output is None:
                        output = table[right] = round_function(each, right)
                    left, right = right, left ^ output
                number = left << bits | right
                if number < self.size:
                    break
            yield number

    def _walk(self, number: int, rounds: range, round_function: Callable[[int, int], int]) -> int:
        number = self._checked(number)
        bits = self._half_bits
        mask = (1 << bits) - 1
        backwards = rounds.step < 0
        while True:
            left, right = number >> bits, number & mask
            if backwards:
                left, right = right, left
            for each in rounds:
                left, right = right, left ^ round_function(each, right)
            if backwards:
                left, right = right, left
            number = left << bits | right
            if number < self.size:
                return number

    def _checked(self, number: int) -> int:
        if not 0 <= number < self.size:
            raise ValueError(f"expected a number from 0 to {self.size - 1}")
        return number

    @property
    def _half_bits(self) -> int:
        return ((self.size - 1).bit_length() + 1) // 2

    def _round_function(self) -> Callable[[int, int], int]:
        # A copy of the keyed state costs less than keying it anew.
        keyed = hashlib.blake2b(key=self.key, digest_size=4, person=b"signedcert index")
        mask = (1 << self._half_bits) - 1

        def output(number: int, half: int) -> int:
            state = keyed.copy()
            state.update(number.to_bytes(1, "big") + half.to_bytes(4, "big"))
            return int.from_bytes(state.digest(), "big") & mask

        return output


@functools.lru_cache(4)
def _tables(permutation: Permutation) -> list[list[int | None]]:
    """For each round, its outputs as far as they were needed. At most 5 MB."""
    return [[None] * (1 << permutation._half_bits) for _ in range(_ROUNDS)]
