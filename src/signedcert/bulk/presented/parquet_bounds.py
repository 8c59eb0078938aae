"""What a Parquet file may make its reader hold, looked at before anything is read."""

import struct
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from signedcert.bulk.arrow_file import arrow_file
from signedcert.bulk.presented.contract import UnreadableInput

_MAGIC = b"PAR1"
_ENCRYPTED = b"PARE"
#: What describes the columns and row groups, at the end of the file. Bytes.
_FOOTER_MAX = 64_000_000
#: Of all text and bytes in a batch, if every row had the longest that its columns repeat.
_BATCH_MAX = 1_000_000_000


def check_footer(path: Path) -> int:
    """Sees that the file ends as Parquet files do, with a description that can be held.

    :returns: the size of the file in bytes.
    :raises UnreadableInput: when it does not.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 8))
        end = file.read(8)
    if end.endswith(_ENCRYPTED):
        raise UnreadableInput(f"{path}: the Parquet file is encrypted")
    if size < 12 or not end.endswith(_MAGIC):
        raise UnreadableInput(f"{path}: the Parquet file is cut off: its end is missing")
    (footer,) = struct.unpack_from("<I", end)
    if footer > min(_FOOTER_MAX, size - 12):
        raise UnreadableInput(f"{path}: the Parquet file is damaged, or describes too much")
    return size


def check_dictionaries(path: Path, columns: list[str], batch_rows: int) -> None:
    """Sees that no small file becomes a large batch by naming one long value again and again.

    :param columns: the names of those of text or bytes that are to be read.
    :raises UnreadableInput: when it could.
    :raises pa.ArrowException: when the file is damaged.
    """
    with (
        arrow_file(path) as source,
        pq.ParquetFile(
            source, read_dictionary=columns, pre_buffer=False, buffer_size=1 << 20
        ) as file,
    ):
        groups = file.metadata.num_row_groups
        for group in range(groups if columns else 0):
            # Of one row, the dictionary is read as well, and nothing is repeated.
            first = next(file.iter_batches(1, row_groups=[group], columns=columns), None)
            longest = 0 if first is None else sum(_longest(each) for each in first.columns)
            if longest * batch_rows > _BATCH_MAX:
                raise UnreadableInput(
                    f"{path}: its rows may be too large to be held: values of {longest:,} bytes"
                )


def _longest(column: pa.Array) -> int:
    if not pa.types.is_dictionary(column.type) or not len(column.dictionary):
        return 0
    return pc.max(pc.binary_length(column.dictionary)).as_py() or 0
