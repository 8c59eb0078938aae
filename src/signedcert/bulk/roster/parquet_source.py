"""A roster as Parquet."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.types as pt

from signedcert.bulk.roster.cells import trimmed
from signedcert.bulk.roster.columns import columns_of
from signedcert.bulk.roster.errors import RosterError, RowErrors, shown
from signedcert.bulk.roster.fields import FIELDS
from signedcert.bulk.roster.mapping import RosterMapping
from signedcert.bulk.roster.parquet_rows import ParquetRows
from signedcert.bulk.roster.parquet_types import is_text, misfit
from signedcert.bulk.roster.parquet_values import field_values, sound
from signedcert.bulk.roster.sources import Slice


class ParquetSource:
    """A Parquet file. It is opened anew for every reading."""

    def __init__(self, name: str, path: Path, mapping: RosterMapping) -> None:
        """Reads the footer.

        :raises RosterError: when it is damaged, or its columns do not fit.
        """
        self._mapping = mapping
        self._size = path.stat().st_size
        self._file = ParquetRows(name, path)
        try:
            self._columns = self._checked(name)
        except BaseException:
            self.close()
            raise

    def _checked(self, name: str) -> dict[str, str]:
        """The name of the column of each field."""
        found = list(self._file.columns)
        if not all(each.strip() for each in found):
            raise RosterError(f"{name}: a column has no name; give it one, or leave it out")
        columns = {
            target: found[index] for target, index in columns_of(name, found, self._mapping).items()
        }
        for target, column in columns.items():
            kind = self._file.columns[column]
            if why := _misfit(kind, target):
                raise RosterError(f"{name}: the column {shown(column)} cannot be {target}: {why}")
        return columns

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    @property
    def columns(self) -> tuple[str, ...]:
        """The paths of the fields that have a column."""
        return tuple(self._columns)

    @property
    def rows_total(self) -> int:
        """How many rows the file says it has."""
        return self._file.rows

    def slices(self, rows_max: int) -> Iterator[Slice]:
        """All rows, as :class:`~signedcert.bulk.roster.sources.Source` says."""
        done = 0
        for columns in self._file.slices(self._columns.values(), rows_max):
            rows = len(next(iter(columns.values())))
            lines = pa.array(range(done + 1, done + rows + 1), pa.int64())
            done += rows
            yield self._slice(lines, columns, self._size * done // max(self.rows_total, done))

    def _slice(self, lines: pa.Array, columns: Mapping[str, pa.Array], bytes_read: int) -> Slice:
        errors = RowErrors()
        values = {}
        for target, column in self._columns.items():
            array = sound(columns[column], target, errors)
            field = FIELDS.get(target)
            if field is None:
                values[target] = trimmed(array.cast(pa.string()), target, errors)
            else:
                separator = self._mapping.csv.list_separator
                values[target] = field_values(array, field, separator, errors)
        return Slice(lines, values, errors, bytes_read)


def _misfit(kind: pa.DataType, target: str) -> str | None:
    field = FIELDS.get(target)
    if is_text(kind) or (field is None and (pt.is_integer(kind) or pt.is_null(kind))):
        return None
    if field is None:
        return f"expected text or integers; the column has the type {shown(str(kind))}"
    return misfit(kind, field.shape)
