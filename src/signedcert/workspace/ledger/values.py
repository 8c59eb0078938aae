"""What goes into the issuer's ledger and what comes out of it: values, and what can go wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, NamedTuple, Self

from signedcert.errors import SignedCertError
from signedcert.model.issued_record import SHARE_PLACES
from signedcert.model.times import Moment
from signedcert.workspace.ledger.permutation import Permutation

ID_SIZE = 10
KID_SIZE = 8
#: How many shares of a record have a place in a status list: 16 consecutive indices.
SLOTS = SHARE_PLACES


class LedgerError(SignedCertError):
    """The ledger cannot be used, or what was asked of it contradicts what it holds."""


class DuplicateIdError(LedgerError):
    """An id that was asked for has been used for another statement already.

    :ivar id: the id.
    """

    def __init__(self, identifier: bytes, message: str) -> None:
        super().__init__(message)
        self.id = identifier


@dataclass(frozen=True, slots=True, order=True)
class StatusIndex:
    """A certificate's place in a status list: what it carries as ``[list number, index]``."""

    list: int
    index: int


class StatusValue(IntEnum):
    """What a status list says of an index (Token Status List, draft 21, section 7.1)."""

    VALID = 0
    REVOKED = 1
    SUSPENDED = 2


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive counters of one list, taken for good. Pure and picklable, for other processes.

    :ivar list: the number of the list.
    :ivar first_counter: the first of the counters.
    :ivar count: how many there are, at least one.
    :ivar permutation: what makes indices of them.
    :ivar grain: how many consecutive indices each counter stands for; the first of them is its.
    """

    list: int
    first_counter: int
    count: int
    permutation: Permutation
    grain: int = 1

    def index(self, position: int) -> StatusIndex:
        """The index at a position of the block, counted from 0.

        :raises IndexError: when the block has no such position.
        """
        if not 0 <= position < self.count:
            raise IndexError(f"the block has {self.count} indices")
        index = self.permutation.index(self.first_counter + position)
        return StatusIndex(self.list, self.grain * index)

    def indices(self) -> Iterator[StatusIndex]:
        """All of its indices, in order; several times as fast as one by one."""
        counters = range(self.first_counter, self.first_counter + self.count)
        for index in self.permutation.indices(counters):
            yield StatusIndex(self.list, self.grain * index)


class StatusList(NamedTuple):
    """A list as the ledger knows it.

    :ivar size: how many indices it has.
    :ivar allocated: how many of them were handed out.
    :ivar closed: whether none is handed out any more although some are left, because the ledger
        does not know which of them were handed out.
    :ivar grain: how many consecutive indices are handed out together: 1 to statements, 16 to the
        shares of a record. 1 also of a list that lost history opened.
    """

    number: int
    size: int
    allocated: int
    closed: bool
    grain: int


class ListContent(NamedTuple):
    """What a status list has to say.

    :ivar listed: which list.
    :ivar changed: its indices that are revoked or suspended, ascending.
    """

    listed: StatusList
    changed: list[tuple[int, StatusValue]]


class Recording(NamedTuple):
    """An issued statement, about to be recorded.

    :ivar id: its 10 bytes.
    :ivar token: the COSE_Sign1.
    :ivar kid: the 8 bytes that name the key which signed it.
    :ivar reference: what the statement carries, or None where it cannot be withdrawn.
    """

    id: bytes
    token: bytes
    kid: bytes
    media_type: str
    issued_at: datetime
    reference: StatusIndex | None


class Issued(NamedTuple):
    """A statement in the ledger. One that was only reserved has no kid, type, moment or digest.

    :ivar token: the COSE_Sign1, or None where it was not kept.
    :ivar digest: the 16 bytes that name the token in lists of vouched tokens.
    :ivar supersedes: the id of the statement in whose place it was issued.
    :ivar superseded_by: the id of the statement that took its place.
    """

    id: bytes
    reference: StatusIndex | None
    kid: bytes | None
    media_type: str | None
    issued_at: datetime | None
    digest: bytes | None
    supersedes: bytes | None
    superseded_by: bytes | None
    token: bytes | None

    @classmethod
    def from_row(cls, row: tuple[Any, ...]) -> Self:
        """Of the columns of the table, in the order of the attributes."""
        identifier, number, index, kid, media_type, issued_at, *rest = row
        reference = None if number is None else StatusIndex(number, index)
        at = None if issued_at is None else moment(issued_at)
        return cls(identifier, reference, kid, media_type, at, *rest)


class CurrentStatus(NamedTuple):
    """What holds of an index now; since when and why, where anything was ever said of it."""

    value: StatusValue
    at: datetime | None
    reason: str | None


class Event(NamedTuple):
    """One change of status.

    :ivar id: the statement's, where it was known.
    :ivar action: ``revoke``, ``suspend`` or ``reinstate``.
    """

    at: datetime
    reference: StatusIndex
    id: bytes | None
    action: str
    reason: str


class Restore(NamedTuple):
    """A break in the ledger's history, after which other lists are used.

    :ivar at: when it was noticed, where that was said.
    :ivar evidence: what showed it.
    """

    at: datetime | None
    evidence: str


class Counts(NamedTuple):
    """How much is in the ledger.

    :ivar issued: statements with a token.
    :ivar reserved: ids whose token never came.
    :ivar events: changes of status.
    """

    issued: int
    reserved: int
    events: int


def seconds(at: datetime) -> int:
    """The moment as the ledger keeps it: seconds since 1970, floored.

    :raises ValueError: when it has no time zone, or is not in the years 1970 to 9999.
    """
    return int(Moment().check(at).timestamp())


def moment(at: int) -> datetime:
    """The moment of such seconds."""
    return datetime.fromtimestamp(at, UTC)


def place(reference: StatusIndex) -> tuple[int, int]:
    """The two numbers of a reference, as they stand in a row."""
    return reference.list, reference.index
