"""Parquet files with a column of tokens or links: as ``bulk issue`` writes them, or anybody's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from signedcert.bulk.arrow_file import arrow_file
from signedcert.bulk.presented.column_choice import chosen_column, shown
from signedcert.bulk.presented.contract import PresentedBatch, PresentedError, UnreadableInput
from signedcert.bulk.presented.parquet_bounds import check_dictionaries, check_footer
from signedcert.bulk.presented.parquet_columns import (
    is_bytes,
    is_text,
    presented_rows,
    whole_text,
)

#: Rows in which links are looked for, where no column has a usual name.
_LOOKED_AT = 50
_COLUMNS_MAX = 2_000
_BUFFER = 1 << 20


class ParquetInput:
    """A Parquet file that is open; see :class:`PresentedInput`.

    :param column: the name of the column that is meant; None: it is looked for.
    :param batch_rows: rows of a batch.
    :param keeps: which of the input's own columns are wanted, by their types.
    :raises UnreadableInput: when it is damaged.
    :raises PresentedError: when it cannot be told which column is meant.
    :raises OSError: when it cannot be read.
    """

    is_list = False
    is_spreadsheet = False
    delimiter = ","
    place = pa.field("row", pa.int64())

    def __init__(
        self,
        path: Path,
        column: str | None,
        batch_rows: int,
        keeps: Callable[[pa.DataType], bool],
    ) -> None:
        self._path = path
        self._batch_rows = batch_rows
        self._rows_read = 0
        self.bytes_total = check_footer(path)
        self._source = arrow_file(path)
        try:
            with self._told():
                self._file = pq.ParquetFile(self._source, pre_buffer=False, buffer_size=_BUFFER)
                self._choose(column, keeps)
        except BaseException:
            self._source.close()
            raise

    @property
    def rows_total(self) -> int:
        """How many rows the file says that it has."""
        return int(self._file.metadata.num_rows)

    @property
    def bytes_read(self) -> int:
        """How far it has been read, going by the rows."""
        return self.bytes_total * self._rows_read // max(1, self.rows_total)

    def batches(self) -> Iterator[PresentedBatch]:
        """All rows; see :meth:`PresentedInput.batches`."""
        self._rows_read = 0
        wanted = list(dict.fromkeys([*self._own_names, self._column]))
        with self._told():
            for batch in self._file.iter_batches(self._batch_rows, columns=wanted):
                # A name with a dot may bring other columns with it.
                found = {name: batch.column(name) for name in wanted}
                first = self._rows_read + 1
                self._rows_read += batch.num_rows
                yield PresentedBatch(
                    pa.array(range(first, self._rows_read + 1), pa.int64()),
                    [whole_text(found[name]) for name in self._own_names],
                    presented_rows(found[self._column]),
                )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._source.close()

    def _choose(self, column: str | None, keeps: Callable[[pa.DataType], bool]) -> None:
        """Sees which column is meant, and what the others are."""
        schema = self._file.schema_arrow
        names = schema.names
        if len(names) > _COLUMNS_MAX:
            raise PresentedError(f"{self._path}: it has more than {_COLUMNS_MAX:,} columns")
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise PresentedError(f"{self._path}: it has two columns of the name {shown(twice)}")
        readable = [field.name for field in schema if is_text(field.type) or is_bytes(field.type)]
        kept = [field.name for field in schema if keeps(field.type)]
        check_dictionaries(self._path, list(dict.fromkeys(readable)), self._batch_rows)
        first = next(self._file.iter_batches(_LOOKED_AT, columns=readable), None)
        samples = {names.index(each): _sample(first, each) for each in readable}
        at = chosen_column(str(self._path), names, column, samples)
        self._column = names[at]
        self._own_names = kept
        empty = {name: pa.nulls(0, schema.field(name).type) for name in kept}
        self.own = pa.schema([(name, whole_text(empty[name]).type) for name in kept])

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Says of which file it is what the reader says of it.

        :raises UnreadableInput: in place of what Arrow raises.
        """
        try:
            yield
        except pa.ArrowMemoryError:
            raise
        except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
            # Arrow says of damaged files, too, that they cannot be read; it has no number for that.
            if isinstance(error, OSError) and error.errno is not None:
                raise
            said = shown(str(error).partition("\n")[0])
            raise UnreadableInput(f"{self._path}: the Parquet file is damaged: {said}") from error


def _sample(first: pa.RecordBatch | None, name: str) -> list[str | None]:
    """The first cells of a column as text; bytes are no links unless the column is named."""
    if first is None or is_bytes(first.schema.field(name).type):
        return []
    cells: list[str | None] = whole_text(first.column(name)).to_pylist()
    return cells
