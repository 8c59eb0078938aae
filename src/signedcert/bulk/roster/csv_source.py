"""A roster as CSV."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from signedcert.bulk.roster.cells import trimmed, typed
from signedcert.bulk.roster.columns import columns_of
from signedcert.bulk.roster.csv_rows import CsvReading, CsvRows
from signedcert.bulk.roster.errors import RowErrors, shown
from signedcert.bulk.roster.fields import FIELDS
from signedcert.bulk.roster.mapping import RosterMapping
from signedcert.bulk.roster.sources import Slice
from signedcert.bulk.roster.text_lines import TextLines, encoding_of

#: Enough of a file to see what it is.
_HEAD = 4096
_NAMELESS = "column {} has no name in the header, but this row has {} in it"


class CsvSource:
    """An open CSV file."""

    def __init__(self, name: str, path: Path, mapping: RosterMapping) -> None:
        """Reads as far as the header.

        :raises RosterError: when it is no CSV file, or its columns do not fit.
        """
        self._name = name
        self._mapping = mapping
        self._file = path.open("rb")
        try:
            self._encoding, self._mark = encoding_of(
                name, self._file.read(_HEAD), mapping.csv.encoding
            )
            header = self._from_the_start().dialect.header
            self._columns = columns_of(name, header, mapping)
            self._nameless = [
                index for index, each in enumerate(header) if not each and not mapping.ignore_all
            ]
        except BaseException:
            self._file.close()
            raise

    @property
    def columns(self) -> tuple[str, ...]:
        """The paths of the fields that have a column."""
        return tuple(self._columns)

    @property
    def rows_total(self) -> None:
        """Unknown until they are read."""

    def slices(self, rows_max: int) -> Iterator[Slice]:
        """All rows, as :class:`~signedcert.bulk.roster.sources.Source` says."""
        for rows in self._from_the_start().batches(rows_max):
            yield self._slice(rows, self._file.tell())

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def _from_the_start(self) -> CsvReading:
        self._file.seek(self._mark)
        lines = TextLines(self._name, self._file, self._encoding)
        return CsvReading(self._name, lines, self._mapping)

    def _slice(self, rows: CsvRows, bytes_read: int) -> Slice:
        errors = RowErrors()
        for row, reason in rows.errors.items():
            errors.add(row, reason)
        for index in self._nameless:
            for row, cells in enumerate(rows.cells):
                if cells[index].strip():
                    errors.add(row, _NAMELESS.format(index + 1, shown(cells[index])))
        values = {}
        for path, index in self._columns.items():
            texts = pa.array([row[index] for row in rows.cells], pa.string())
            texts = trimmed(texts, path, errors)
            field = FIELDS.get(path)
            if field is not None:
                texts = typed(texts, field, self._mapping.csv.list_separator, errors)
            values[path] = texts
        return Slice(pa.array(rows.lines, pa.int64()), values, errors, bytes_read)
