"""What a roster's file is to its reader: columns, and rows as fields' values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from signedcert.bulk.roster.errors import RowErrors


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of the file.

    :ivar lines: where in the file each row is.
    :ivar values: of each field that has a column.
    :ivar bytes_read: how far into the file the reading has come with them.
    """

    lines: pa.Array
    values: Mapping[str, pa.Array]
    errors: RowErrors
    bytes_read: int


class Source(Protocol):
    """A file whose header was read and found to have what is needed."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The paths of the fields that have a column."""

    @property
    def rows_total(self) -> int | None:
        """How many rows there are, where the file says so."""

    def slices(self, rows_max: int) -> Iterator[Slice]:
        """All rows, from the first, in order.

        :raises RosterError: when the file cannot be read any further.
        """

    def close(self) -> None:
        """Closes the file."""
