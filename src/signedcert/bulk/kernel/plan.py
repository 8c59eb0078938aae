"""What all certificates of a run have in common."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from itertools import accumulate

from signedcert.codec.text import checked_page
from signedcert.crypto.signer import Signer
from signedcert.model.leaf import ISSUER
from signedcert.model.times import Moment
from signedcert.workspace.ledger import Block, StatusIndex

ID_KEY_SIZE = 32
_ID_SIZE = 10
#: What is hashed begins with what it is, so that no key stands for the content of another row.
_OF_KEY, _OF_CONTENT = b"k", b"r"

#: Makes the signer in each process that signs. It is picklable: it holds where a key is, never the
#: key.
SignerFactory = Callable[[], Signer]


@dataclass(frozen=True, slots=True)
class IssuePlan:
    """All that certificates of a run depend on besides their rows. Picklable; has no signing key.

    :ivar issuer: host and optional path, as in :attr:`signedcert.Certificate.issuer`.
    :ivar issued_at: the moment of signing that all of them state, floored to the second.
    :ivar id_key: 32 bytes, with which ids are made of rows. Not for everybody: with it, the code
        of a certificate can be told from a row.
    :ivar blocks: places in status lists that were reserved for the run, one for each position from
        0 on; none: certificates that cannot be withdrawn.
    :ivar page: URL of the verify page, for links; None: without links.
    :raises ValueError: for a field that is not what it should be.
    :raises EncodeError: for a page that is no URL of a page.
    """

    issuer: str
    issued_at: datetime
    id_key: bytes = field(repr=False)
    blocks: tuple[Block, ...] = ()
    page: str | None = None

    def __post_init__(self) -> None:
        ISSUER.check(self.issuer)
        object.__setattr__(self, "issued_at", Moment().check(self.issued_at))
        object.__setattr__(self, "blocks", tuple(self.blocks))
        if not isinstance(self.id_key, bytes) or len(self.id_key) != ID_KEY_SIZE:
            raise ValueError(f"the key of ids has {ID_KEY_SIZE} bytes")
        if self.page is not None:
            checked_page(self.page)

    @property
    def capacity(self) -> int:
        """How many positions there are."""
        return sum(block.count for block in self.blocks)

    def place(self, position: int) -> StatusIndex:
        """The place in a status list at a position.

        :raises IndexError: when the blocks have no such position.
        """
        return self.places([position])[0]

    def places(self, positions: Sequence[int]) -> list[StatusIndex]:
        """The place at each of the positions; many are several times as fast together.

        :raises IndexError: when the blocks have no such position.
        """
        ends = list(accumulate(block.count for block in self.blocks))
        within: dict[int, list[int]] = {}
        for position in positions:
            found = bisect_right(ends, position)
            if position < 0 or found == len(ends):
                raise IndexError(f"there is no position {position} in {self.capacity} places")
            within.setdefault(found, []).append(position)
        places: dict[int, StatusIndex] = {}
        for found, taken in within.items():
            block = self.blocks[found]
            first = block.first_counter - (ends[found] - block.count)
            indices = block.permutation.indices(first + position for position in taken)
            for position, index in zip(taken, indices, strict=True):
                places[position] = StatusIndex(block.list, block.grain * index)
        return [places[position] for position in positions]

    @property
    def last_place(self) -> StatusIndex | None:
        """A place that no place of the run is longer than; None where there are no blocks."""
        if not self.blocks:
            return None
        return StatusIndex(
            max(block.list for block in self.blocks),
            max(block.grain * (block.permutation.size - 1) for block in self.blocks),
        )


def ids_by_key(id_key: bytes) -> Callable[[bytes], bytes]:
    """What makes the id of a row that has a key of its own, from the key in UTF-8."""
    return _ids(id_key, _OF_KEY)


def ids_by_content(id_key: bytes) -> Callable[[bytes], bytes]:
    """What makes the id of any other row, from its certificate's encoding.

    That is the encoding without the id, the moment of signing and the place in a status list, so
    that the same row has the same id in another run.
    """
    return _ids(id_key, _OF_CONTENT)


def _ids(id_key: bytes, what: bytes) -> Callable[[bytes], bytes]:
    # A copy of the keyed state costs less than keying it anew.
    keyed = blake2b(what, key=id_key, digest_size=_ID_SIZE, person=b"signedcert id")

    def identifier(data: bytes) -> bytes:
        state = keyed.copy()
        state.update(data)
        return state.digest()

    return identifier
