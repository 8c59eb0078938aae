"""Opening what a bulk verification reads, whatever kind of file it is."""

import hashlib
import stat
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from signedcert.bulk.presented.contract import PresentedError, PresentedInput, UnreadableInput
from signedcert.bulk.presented.csv_input import CsvInput
from signedcert.bulk.presented.list_input import ListInput, is_list
from signedcert.bulk.presented.parquet import ParquetInput
from signedcert.bulk.presented.text_file import TextFile
from signedcert.bulk.roster.mapping import NO_MAPPING, RosterMapping

#: Rows of a batch.
BATCH_ROWS = 4_096
_PARQUET = (b"PAR1", b"PARE")
#: How tokens, PDFs, PNG and JPEG pictures begin.
_DOCUMENTS = (b"\xd2", b"%PDF", b"\x89PNG", b"\xff\xd8\xff")


def _everything(_kind: pa.DataType) -> bool:
    return True


def open_presented(
    path: Path,
    column: str | None = None,
    *,
    batch_rows: int = BATCH_ROWS,
    mapping: RosterMapping = NO_MAPPING,
    keeps: Callable[[pa.DataType], bool] = _everything,
) -> PresentedInput:
    """Opens a Parquet file, a table as CSV, or a list of links.

    :param column: the column that has the links or tokens; None: it is looked for.
    :param batch_rows: rows of a batch, at the most.
    :param mapping: how a CSV file is written, as far as that has to be said.
    :param keeps: which of the input's own columns are wanted, by their types.
    :raises UnreadableInput: when nothing of it can be read.
    :raises PresentedError: when it cannot be told which column is meant.
    :raises RosterError: when a text file cannot be read.
    :raises OSError: when the file cannot be read.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise UnreadableInput(f"{path}: it is neither a file nor a folder")
    with path.open("rb") as file:
        head = file.read(4)
    if not head:
        raise UnreadableInput(f"{path}: it is empty, there is nothing to check")
    if head in _PARQUET:
        return ParquetInput(path, column, batch_rows, keeps)
    if head.startswith(_DOCUMENTS):
        raise PresentedError(
            f"{path}: this is one document, no table of many: check it with signedcert verify, or "
            "give the folder that it is in"
        )
    text = TextFile(path, mapping)
    try:
        first = next(text.lines().blocks(), [])
        if is_list(first):
            if column is not None:
                raise PresentedError(
                    f"{path}: it has no columns, but one link a line; leave --column out"
                )
            return ListInput(text, batch_rows)
        return CsvInput(text, column, batch_rows, mapping)
    except BaseException:
        text.close()
        raise


def content_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal.

    :raises OSError: when it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
