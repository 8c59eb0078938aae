"""What every kind of input gives a bulk verification."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import pyarrow as pa

from signedcert.errors import SignedCertError


class PresentedError(SignedCertError):
    """An input that cannot be read, or that does not say which of its columns is meant.

    The message names the file and says what to do. Text of the file stands in it bounded, and with
    characters that steer a terminal written out.
    """


class UnreadableInput(PresentedError):
    """An input of which nothing can be read: empty, damaged, or no file."""


@dataclass(frozen=True, slots=True)
class PresentedBatch:
    """Some rows. Nothing in them is verified.

    :ivar place: the line or row of each, from 1.
    :ivar own: all columns of the input, as it has them.
    :ivar rows: what is to be verified: a column ``token`` of bytes or ``link`` of text, and perhaps
        ``reading_error``, with why a row could not be read.
    """

    place: pa.Array
    own: list[pa.Array]
    rows: pa.RecordBatch


class PresentedInput(Protocol):
    """An input that is open. To be used in a ``with`` statement.

    :ivar place: what tells where a row is: ``line`` or ``row``.
    :ivar own: the input's own columns; names may be empty or come twice.
    :ivar is_list: whether it is no table, but one link a line.
    :ivar is_spreadsheet: whether its text has been in a spreadsheet as it is.
    :ivar delimiter: between its cells, where it is text; else a comma.
    :ivar rows_total: how many rows there are, where that is known beforehand.
    :ivar bytes_total: its size.
    :ivar bytes_read: how far it has been read.
    """

    @property
    def place(self) -> pa.Field: ...
    @property
    def own(self) -> pa.Schema: ...
    @property
    def is_list(self) -> bool: ...
    @property
    def is_spreadsheet(self) -> bool: ...
    @property
    def delimiter(self) -> str: ...
    @property
    def rows_total(self) -> int | None: ...
    @property
    def bytes_total(self) -> int: ...
    @property
    def bytes_read(self) -> int: ...

    def batches(self) -> Iterator[PresentedBatch]:
        """All rows. Where batches end depends on the file and the rows of a batch alone.

        :raises PresentedError: when the rest cannot be read.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None: ...
