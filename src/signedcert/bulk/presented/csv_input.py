"""A table as CSV with a column of links: any spreadsheet that was saved so."""

from collections.abc import Iterator
from types import TracebackType
from typing import Self

import pyarrow as pa

from signedcert.bulk.presented.column_choice import chosen_column, looks_like_link, shown
from signedcert.bulk.presented.contract import PresentedBatch, PresentedError
from signedcert.bulk.presented.text_file import TextFile
from signedcert.bulk.roster.csv_rows import CsvReading, CsvRows
from signedcert.bulk.roster.mapping import RosterMapping

#: Rows in which links are looked for, where no column has a usual name.
_LOOKED_AT = 50


class CsvInput:
    """A CSV file that is open; see :class:`PresentedInput`. Blank rows are left out.

    :param column: the name of the column that is meant; None: it is looked for.
    :raises PresentedError: when it cannot be told which column is meant.
    :raises RosterError: when the header cannot be read.
    """

    is_list = False
    is_spreadsheet = True
    rows_total = None
    place = pa.field("line", pa.int64())

    def __init__(
        self, file: TextFile, column: str | None, batch_rows: int, mapping: RosterMapping
    ) -> None:
        self._file = file
        self._batch_rows = batch_rows
        self._mapping = mapping
        self.bytes_total = file.size
        reading = self._reading()
        header = reading.dialect.header
        for name in header:
            if looks_like_link(name):
                raise PresentedError(
                    f"{file.name}: the first line has a link in it, {shown(name)}; give the "
                    "columns names in a first line, or leave the links alone, one a line"
                )
        first = next(reading.batches(_LOOKED_AT), CsvRows()).cells
        samples = {at: [row[at] for row in first] for at in range(len(header))}
        self._column = chosen_column(file.name, header, column, samples)
        self.delimiter = reading.dialect.delimiter
        self.own = pa.schema([pa.field(name, pa.string()) for name in header])

    @property
    def bytes_read(self) -> int:
        """How far it has been read."""
        return self._file.bytes_read

    def batches(self) -> Iterator[PresentedBatch]:
        """All rows; see :meth:`PresentedInput.batches`.

        :raises RosterError: when the rest cannot be read.
        """
        for rows in self._reading().batches(self._batch_rows):
            # Of a row with an error, nothing is checked, for its cells may be in other columns.
            cells = [rows.unread.get(row, each) for row, each in enumerate(rows.cells)]
            own = [pa.array(column, pa.string()) for column in zip(*cells, strict=True)]
            links = [each[self._column] for each in rows.cells]
            presented, names = [pa.array(links, pa.string())], ["link"]
            if rows.errors:
                errors = [rows.errors.get(row) for row in range(len(rows.lines))]
                presented.append(pa.array(errors, pa.string()))
                names.append("reading_error")
            yield PresentedBatch(
                pa.array(rows.lines, pa.int64()), own, pa.record_batch(presented, names=names)
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()

    def _reading(self) -> CsvReading:
        return CsvReading(self._file.name, self._file.lines(), self._mapping)
