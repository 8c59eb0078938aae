"""The rows of a Parquet file, in slices of bounded size, whatever its row groups are."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as pt

from signedcert.bulk.arrow_file import arrow_file
from signedcert.bulk.roster.errors import RosterError, shown

MAGIC = b"PAR1"
#: How a file with an encrypted footer begins and ends.
ENCRYPTED = b"PARE"
#: Bytes that are read at once of each column.
_BUFFER = 2**18
#: Rows that are decoded at once. Few, for a small file can stand for much text: what is said once
#: in a dictionary is written out for each of them.
_STEP = 256
#: Bytes after which a slice ends although more rows would fit.
_SLICE_BYTES = 2**23
#: A column of the file: its name, and the names of structs around it before.
Place = tuple[str, ...]


class ParquetRows:
    """An open Parquet file.

    :ivar columns: what each column is called, with dots after structs, and its type.
    """

    def __init__(self, name: str, path: Path) -> None:
        """Reads the footer.

        :raises RosterError: when it is damaged or encrypted.
        """
        self._name = name
        self._source = arrow_file(path)
        try:
            self._read_footer()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Closes the file."""
        self._source.close()

    def _read_footer(self) -> None:
        with self._telling():
            file = pq.ParquetFile(self._source)
            self._metadata = file.metadata
            # Here, because names of columns may be no UTF-8.
            places = list(_places(file.schema_arrow))
        self._places = {".".join(place): place for place, _ in places}
        self.columns = {".".join(place): kind for place, kind in places}
        if len(self.columns) < len(places):
            raise RosterError(f"{self._name}: two columns have one name; rename one of them")

    @property
    def rows(self) -> int:
        """How many rows the file says it has."""
        return int(self._metadata.num_rows)

    def slices(self, wanted: Iterable[str], rows_max: int) -> Iterator[Mapping[str, pa.Array]]:
        """The wanted columns of the rows, in order, at most ``rows_max`` at once.

        :raises RosterError: when the file is damaged.
        """
        names = list(dict.fromkeys(wanted))
        for batch in _gathered(self._decoded(names, min(rows_max, _STEP)), rows_max):
            yield {name: self._column(batch, name) for name in names}

    def _decoded(self, names: list[str], rows: int) -> Iterator[pa.RecordBatch]:
        with self._telling():
            file = pq.ParquetFile(
                self._source,
                metadata=self._metadata,
                buffer_size=_BUFFER,
                pre_buffer=False,
                page_checksum_verification=True,
            )
            batches = file.iter_batches(rows, columns=names, use_threads=False)
        while True:
            with self._telling():
                batch = next(batches, None)
            if batch is None:
                return
            yield batch

    def _column(self, batch: pa.RecordBatch, name: str) -> pa.Array:
        place = self._places[name]
        column = batch.column(place[0])
        return pc.struct_field(column, list(place[1:])) if place[1:] else column

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """What Arrow says of a file becomes one error with the file's name."""
        try:
            yield
        except (pa.ArrowException, OSError, ValueError, KeyError) as error:
            raise RosterError(
                f"{self._name}: the Parquet file cannot be read; it is damaged, cut off or "
                f"encrypted ({shown(str(error), 200)})"
            ) from None


def _places(fields: Iterable[pa.Field], before: Place = ()) -> Iterator[tuple[Place, pa.DataType]]:
    for each in fields:
        place = (*before, each.name)
        if pt.is_struct(each.type):
            yield from _places(each.type, place)
        else:
            yield place, each.type


def _gathered(batches: Iterable[pa.RecordBatch], rows_max: int) -> Iterator[pa.RecordBatch]:
    """The same rows, in batches of ``rows_max``, or of fewer where they are large."""
    held: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        room = rows_max - rows
        held.append(batch.slice(0, room))
        rows += min(room, batch.num_rows)
        size += batch.nbytes
        if rows == rows_max or size > _SLICE_BYTES:
            whole = pa.concat_batches(held)
            # Before the batch is handed out, for what is held takes as much memory once more.
            held = [batch.slice(room)] if batch.num_rows > room else []
            rows = size = 0
            if held:
                rows, size = held[0].num_rows, held[0].nbytes
            yield whole
    if held:
        yield pa.concat_batches(held)
