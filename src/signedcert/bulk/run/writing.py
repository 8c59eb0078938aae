"""Files that are written little by little."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Names the file that cannot be written: neither the system nor Arrow says it of an open one.

    :raises OSError: with the file's name, in the system's own words.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename is not None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from error


def closing_of(
    path: Path, under_way: type[BaseException] | None
) -> contextlib.AbstractContextManager[None]:
    """For the end of a file: an error is named, unless another one is under way, which is told."""
    return naming(path) if under_way is None else contextlib.suppress(OSError)


class RowGroups:
    """What a Parquet file is given, gathered until there is enough to be compressed together.

    :param path: the file's, for errors.
    :param rows: of a group, at the least.
    """

    def __init__(self, path: Path, writer: parquet.ParquetWriter, schema: pa.Schema, rows: int):
        self._path, self._writer, self._schema, self._rows = path, writer, schema, rows
        self._waiting: list[pa.RecordBatch] = []

    def add(self, batch: pa.RecordBatch) -> None:
        """Takes some rows.

        :raises OSError: when they cannot be written.
        """
        if batch.num_rows:
            self._waiting.append(batch)
        if sum(each.num_rows for each in self._waiting) >= self._rows:
            self.flush()

    def flush(self) -> None:
        """Writes what waits.

        :raises OSError: when it cannot be written.
        """
        if self._waiting:
            with naming(self._path):
                self._writer.write_table(pa.Table.from_batches(self._waiting, self._schema))
            self._waiting.clear()
