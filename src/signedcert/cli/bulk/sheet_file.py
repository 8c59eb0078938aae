"""The file of a sheet, written batch by batch under a name of its own until it is whole."""

import csv
import os
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import pyarrow as pa
import pyarrow.parquet as pq

from signedcert.bulk.formulas import guarded
from signedcert.bulk.presented.parquet_columns import is_text
from signedcert.bulk.run.writing import RowGroups, closing_of, naming
from signedcert.cli.bulk.sheet_layout import Layout
from signedcert.cli.bulk.sheet_text import cells, has_text, rows_of

#: Rows that are held until they are compressed together, some 900 bytes each.
_ROW_GROUP = 16_384
#: It says who learned what.
_MODE = 0o600


class SheetFile(Protocol):
    """A sheet that is being written. To be used in a ``with`` statement.

    When that ends without an exception, everything is on the disk.
    """

    def write(self, batch: pa.RecordBatch) -> None:
        """Adds rows, with the columns that the layout says."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None: ...


def sheet_file(path: Path, layout: Layout, *, as_parquet: bool) -> SheetFile:
    """Begins a sheet.

    :param path: written anew.
    :raises OSError: when it cannot be written.
    """
    return ParquetSheet(path, layout) if as_parquet else CsvSheet(path, layout)


class CsvSheet:
    """CSV for spreadsheets: RFC 4180 in UTF-8 with a byte order mark.

    Text is guarded against being taken for a formula, but for the own text of a spreadsheet.
    Columns whose values have no text are left out.

    :param path: written anew.
    :raises OSError: when it cannot be written.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self._path, self._layout = path, layout
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        path.chmod(_MODE)
        self._writer = csv.writer(self._file, delimiter=layout.delimiter)
        types = layout.columns(pa.RecordBatch.from_pylist([], schema=layout.part))
        self._shown = [has_text(column.type) for column in types]
        first = 1 if layout.shows_place else 0
        own = range(first, first + len(layout.own))
        self._guarded = [
            is_text(column.type) and (layout.guards_own or at not in own)
            for at, column in enumerate(types)
        ]
        names = layout.names(unique=False)
        header = pa.array(names, pa.string())
        if layout.guards_own:
            header = guarded(header)
        self._writer.writerow(
            [name for name, shown in zip(header.to_pylist(), self._shown, strict=True) if shown]
        )

    def write(self, batch: pa.RecordBatch) -> None:
        """Adds rows."""
        columns = []
        for column, shown, may_be_formula in zip(
            self._layout.columns(batch), self._shown, self._guarded, strict=True
        ):
            if shown:
                text = cells(column)
                columns.append(guarded(text) if may_be_formula else text)
        with naming(self._path):
            self._writer.writerows(rows_of(columns))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with closing_of(self._path, kind), self._file:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())


class ParquetSheet:
    """Parquet, with all columns as they are.

    :param path: written anew.
    :raises OSError: when it cannot be written.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self._path, self._layout = path, layout
        names = layout.names(unique=True)
        first = 0 if layout.shows_place else 1
        fields = [layout.part.field(at + first) for at in range(len(names))]
        self._schema = pa.schema(
            [each.with_name(name) for each, name in zip(fields, names, strict=True)]
        )
        self._file = path.open("wb")
        path.chmod(_MODE)
        self._writer = pq.ParquetWriter(self._file, self._schema, compression="zstd")
        self._groups = RowGroups(path, self._writer, self._schema, _ROW_GROUP)

    def write(self, batch: pa.RecordBatch) -> None:
        """Adds rows."""
        self._groups.add(pa.record_batch(self._layout.columns(batch), schema=self._schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with closing_of(self._path, kind), self._file:
            if kind is None:
                self._groups.flush()
            self._writer.close()
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())
