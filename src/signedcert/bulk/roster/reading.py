"""Opening a roster: its columns, its batches, its fingerprint."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from signedcert.bulk.roster.assembling import Assembly
from signedcert.bulk.roster.csv_source import CsvSource
from signedcert.bulk.roster.errors import ChangedFileError, EmptyFileError, RosterError, shown
from signedcert.bulk.roster.mapping import NO_MAPPING, RosterMapping
from signedcert.bulk.roster.parquet_rows import ENCRYPTED, MAGIC
from signedcert.bulk.roster.parquet_source import ParquetSource
from signedcert.bulk.roster.sources import Source

#: Bytes that are hashed at once.
_CHUNK = 2**20
_PARQUET_NAMES = frozenset({".parquet", ".pq"})


class Roster:
    """An open roster that was found to have what is needed. One reading at a time.

    :ivar columns: the paths of the fields that have a column.
    :ivar schema: the columns of every batch.
    :ivar bytes_total: the file's size.
    :ivar bytes_read: how far into it the present reading has come.
    :ivar rows_read: how many rows the present reading has given.
    :ivar rows_total: how many rows there are; None where only reading tells.
    """

    def __init__(
        self, path: Path, source: Source, mapping: RosterMapping, state: os.stat_result, rows: int
    ) -> None:
        """Takes what :func:`open_roster` found.

        :param rows: how many rows a batch may have.
        """
        self._path = path
        self._source = source
        self._mapping = mapping
        self._state = state
        self._batch_rows = rows
        self._assembly = Assembly(source.columns, mapping)
        self.columns = source.columns
        self.schema: pa.Schema = self._assembly.schema
        self.bytes_total: int = state.st_size
        self.bytes_read = self.rows_read = 0
        self.rows_total = source.rows_total

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows, from the first, in order.

        Where a batch ends depends only on the file and on how many rows it may have. A row that
        cannot be read has its reason in ``reading_error``.

        :raises RosterError: when the file cannot be read any further, or was changed meanwhile.
        """
        self.bytes_read = self.rows_read = 0
        with _telling(self._path):
            for part in self._source.slices(self._batch_rows):
                self.bytes_read = part.bytes_read
                self.rows_read += len(part.lines)
                yield self._assembly.batch(part.lines, part.values, part.errors)
        self._check_unchanged()
        self.bytes_read = self.bytes_total

    def share(self, rows: int) -> float:
        """Which share of the roster its first rows are, from 0 to 1, as far as can be told.

        :param rows: how many; no more than were read, because reading runs ahead of other work.
        """
        if self.rows_total is not None:
            return rows / max(1, self.rows_total)
        return rows / max(1, self.rows_read) * self.bytes_read / max(1, self.bytes_total)

    def fingerprint(self) -> str:
        """SHA-256 of the file and the mapping together, in hexadecimal.

        :raises RosterError: when the file cannot be read, or was changed since it was opened.
        """
        content = hashlib.sha256()
        with _telling(self._path), self._path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                content.update(chunk)
        self._check_unchanged()
        both = f"{content.hexdigest()} {self._mapping.digest}"
        return hashlib.sha256(both.encode()).hexdigest()

    def _check_unchanged(self) -> None:
        with _telling(self._path):
            now = self._path.stat()
        if _identity(now) != _identity(self._state):
            raise ChangedFileError(
                f"{self._path}: the file was changed while it was read; start again"
            )

    def close(self) -> None:
        """Closes the file. There is no reading after that."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the file."""
        self.close()


def open_roster(
    path: Path, mapping: RosterMapping = NO_MAPPING, *, batch_rows: int = 8192
) -> Roster:
    """Opens a roster and checks its columns. What kind of file it is, its first bytes say.

    :param batch_rows: how many rows a batch may have. One whose text is large has fewer.
    :raises RosterError: when there is no such file, when it is neither CSV nor Parquet, and when
        its columns do not fit: the message says what to do.
    """
    if batch_rows < 1:
        raise ValueError("a batch has at least one row")
    with _telling(path):
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            what = "a folder" if stat.S_ISDIR(state.st_mode) else "no ordinary file"
            raise RosterError(f"{path}: it is {what}; expected a file, CSV or Parquet")
        with path.open("rb") as file:
            magic = file.read(4)
        name = str(path)
        if not magic:
            raise EmptyFileError(
                f"{name}: it is empty; expected a first line with the columns' names"
            )
        if magic == ENCRYPTED:
            raise RosterError(f"{name}: the Parquet file is encrypted; write it without encryption")
        source: Source
        if magic == MAGIC:
            source = ParquetSource(name, path, mapping)
        elif path.suffix.lower() in _PARQUET_NAMES:
            raise RosterError(f"{name}: it is no Parquet file, whatever its name says")
        else:
            source = CsvSource(name, path, mapping)
    return Roster(path, source, mapping, state, batch_rows)


@contextlib.contextmanager
def _telling(path: Path) -> Iterator[None]:
    """What the operating system says becomes an error with the file's name."""
    try:
        yield
    except OSError as error:
        raise RosterError(f"{path}: {error.strerror or shown(str(error))}") from None


def _identity(state: os.stat_result) -> tuple[int, ...]:
    return (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)
