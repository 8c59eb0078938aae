"""The array of a Token Status List: packing, compressing, and looking up.

draft-ietf-oauth-status-list-21, section "Compressed Byte Array": entries of 1, 2, 4 or 8 bits, the
first in the least significant bits of the first byte, compressed with DEFLATE in ZLIB's format.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from signedcert.errors import DecodeError, Reason

#: How many bytes an array may have, inflated: 268 million entries of one bit.
LIST_MAX: Final = 32 << 20
#: How many bits an entry may have.
BITS: Final = frozenset((1, 2, 4, 8))


@dataclass(frozen=True, slots=True)
class StatusList:
    """The statuses of many certificates, by index. It takes the memory of its array.

    :ivar bits: 1, 2, 4 or 8 for each entry.
    :ivar array: the entries, packed; at least one byte.
    :raises ValueError: for other bits, or an empty array.
    """

    bits: int
    array: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check_bits(self.bits)
        if not isinstance(self.array, bytes) or not self.array:
            raise ValueError("the array of a status list must be bytes, at least one")

    @property
    def size(self) -> int:
        """How many entries there are: whole bytes of them, so perhaps some more than are in use."""
        return len(self.array) * 8 // self.bits

    def value(self, index: int) -> int:
        """The status at an index, from 0 to ``2**bits - 1``.

        :raises IndexError: for an index that is negative, or not below :attr:`size`. The list says
            nothing about it, least of all that it is valid.
        """
        if not 0 <= index < self.size:
            raise IndexError("the status list has no entry at this index")
        byte, shift = divmod(index * self.bits, 8)
        return self.array[byte] >> shift & (1 << self.bits) - 1


def inflate_list(lst: bytes, bits: int, *, limit: int = LIST_MAX) -> StatusList:
    """The list in a compressed array.

    Never takes more memory than about twice the limit, whatever the stream claims.

    :param lst: one ZLIB stream (RFC 1950), whole, and nothing after it.
    :param bits: 1, 2, 4 or 8.
    :param limit: the most bytes that the array may have.
    :raises DecodeError: with ``too_large`` beyond the limit; with ``damaged_compression`` for a
        stream that is malformed, cut off, of another checksum, needs a dictionary, or has bytes
        after it; with ``schema_violation`` for an array without entries.
    :raises ValueError: for other bits.
    """
    _check_bits(bits)
    stream = zlib.decompressobj()
    try:
        array = stream.decompress(lst, limit + 1)
    except zlib.error as error:
        raise _damaged() from error
    if len(array) > limit:
        raise DecodeError(Reason.TOO_LARGE, f"the status list unpacks to more than {limit} bytes")
    if not stream.eof or stream.unused_data:
        raise _damaged()
    if not array:
        raise DecodeError(Reason.SCHEMA_VIOLATION, "the status list has no entries")
    return StatusList(bits, array)


def deflate_list(array: bytes) -> bytes:
    """The array compressed as far as ZLIB goes (level 9), as the draft recommends.

    One version of zlib always makes the same of it; others may make other bytes of the same array.
    """
    return zlib.compress(array, 9)


def pack_statuses(size: int, bits: int, values: Iterable[tuple[int, int]]) -> bytes:
    """The array of a list, zero everywhere but where a value is given.

    :param size: how many entries; zeros fill the last byte.
    :param bits: 1, 2, 4 or 8 for each entry.
    :param values: pairs of index and value, in any order. Only these cost time.
    :raises ValueError: for other bits, a size below 1 or of more than 32 MiB, an index or a value
        out of range, or an index given again after a value other than zero.
    """
    _check_bits(bits)
    if not 0 < size <= LIST_MAX * 8 // bits:
        raise ValueError(
            f"a status list has from 1 to {LIST_MAX * 8 // bits} entries of {bits} bits"
        )
    array = bytearray((size * bits + 7) // 8)
    largest = (1 << bits) - 1
    for index, value in values:
        if not 0 <= index < size:
            raise ValueError(f"index {index} is not in a status list of {size} entries")
        if not 0 <= value <= largest:
            raise ValueError(f"status {value} does not fit into {bits} bits")
        byte, shift = divmod(index * bits, 8)
        # The second value would silently undo the first, perhaps a revocation.
        if array[byte] >> shift & largest:
            raise ValueError(f"index {index} is given twice")
        array[byte] |= value << shift
    return bytes(array)


def _check_bits(bits: int) -> None:
    if bits not in BITS:
        raise ValueError("a status list has entries of 1, 2, 4 or 8 bits")


def _damaged() -> DecodeError:
    return DecodeError(
        Reason.DAMAGED_COMPRESSION,
        "the compressed status list is damaged, cut off or has bytes after it",
    )
