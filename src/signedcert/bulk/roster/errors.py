"""What is wrong with a roster: with all of it, which stops the reading, or with one row of it."""

from collections.abc import Iterable

import pyarrow as pa

from signedcert.errors import SignedCertError

#: Characters of a refused value that a message shows.
_SHOWN = 60


class RosterError(SignedCertError):
    """A roster or a mapping that cannot be read as asked.

    The message names the file and the place in it, and says what to do. Text of the file stands in
    it bounded, and with characters that steer a terminal written out.
    """


class EmptyFileError(RosterError):
    """There is nothing in the file."""


class ChangedFileError(RosterError):
    """The file was changed while it was read."""


def shown(value: str, most: int = _SHOWN) -> str:
    """A value in one line, bounded, with what is not printable written out."""
    cut = value[:most] + ("…" if len(value) > most else "")
    return "".join(each if each.isprintable() else f"\\u{{{ord(each):04X}}}" for each in cut)


def listed(names: Iterable[str], most: int = 30) -> str:
    """Names in one line, bounded."""
    every = [shown(each) for each in names]
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


class RowErrors:
    """Why rows of a batch could not be read. A row may have several reasons."""

    __slots__ = ("_reasons",)

    def __init__(self) -> None:
        self._reasons: dict[int, str] = {}

    def add(self, row: int, reason: str) -> None:
        """One more reason for a row, counted from 0 in the batch."""
        earlier = self._reasons.get(row)
        self._reasons[row] = reason if earlier is None else f"{earlier}; {reason}"

    def __contains__(self, row: int) -> bool:
        """Whether a row has a reason already."""
        return row in self._reasons

    def column(self, rows: int) -> pa.Array:
        """The column ``reading_error``."""
        if not self._reasons:
            return pa.nulls(rows, pa.string())
        return pa.array([self._reasons.get(row) for row in range(rows)], pa.string())
