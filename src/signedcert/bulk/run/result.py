"""The two files that a run makes: certificates as Parquet, and the rows without one as CSV."""

import csv
import json
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from signedcert.bulk.arrow_file import arrow_file
from signedcert.bulk.formulas import guarded_text
from signedcert.bulk.run.columns import ISSUED_NOW, RESULT
from signedcert.bulk.run.errors import RunError
from signedcert.bulk.run.writing import RowGroups, naming
from signedcert.model.text import CODE
from signedcert.workspace.atomic_files import move_new, replace_from

#: Where a result says which run made it, in the metadata of the Parquet file.
_NOTE = b"signedcert.run"
_ERRORS_HEADER = ("line", "key", "learner", "reason")
#: For spreadsheets, which take CSV for another encoding without it.
_BOM = "\ufeff"
_MODE = 0o600
#: Rows that are compressed together, where there are as many.
_ROW_GROUP = 8192
#: Reasons that are counted one by one. A roster can have as many as it has rows.
REASONS_MAX = 1000
#: What stands for any code in reasons that are counted: else each has a reason of its own.
_CODE, _ANY_CODE = re.compile(rf"\b{CODE}\b"), "CODE"


@dataclass(slots=True)
class Counted:
    """How many rows came to what.

    :ivar issued: were signed in this run.
    :ivar known: had their certificate before: from an earlier run, or from an earlier row.
    :ivar repeats: of these, those whose certificate was issued since this run began.
    :ivar failed: have no certificate.
    :ivar unprinted: have one that could not be printed.
    :ivar reasons: how many rows each reason has, with CODE for every code; not all, where there are
        very many.
    """

    rows: int = 0
    issued: int = 0
    known: int = 0
    repeats: int = 0
    failed: int = 0
    unprinted: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


class ResultFiles:
    """The files while they are made, in the folder of the run. They take its parts in order."""

    def __init__(self, folder: Path) -> None:
        """:param folder: what an earlier process left there of them is made anew.

        :raises OSError: when they cannot be written.
        """
        self.counted = Counted()
        self._parquet = folder / "result.parquet"
        self._csv = folder / "errors.csv"
        self._sink = arrow_file(self._parquet, "wb")
        self._parquet.chmod(_MODE)
        self._writer = parquet.ParquetWriter(
            self._sink,
            RESULT,
            compression="zstd",
            use_dictionary=["outcome", "status_list", "course"],
            write_statistics=["line", "key", "code", "status_list", "status_index"],
        )
        self._groups = RowGroups(self._parquet, self._writer, RESULT, _ROW_GROUP)
        self._errors = self._csv.open("w", encoding="utf-8", newline="")
        self._csv.chmod(_MODE)
        self._rows = csv.writer(self._errors)
        self._errors.write(_BOM)
        self._rows.writerow(_ERRORS_HEADER)

    def add(self, part: pa.RecordBatch) -> None:
        """Takes the next part.

        :raises OSError: when it cannot be written.
        """
        counted, errors = self.counted, part.column("error")
        failed = part.num_rows - errors.null_count
        unprinted = part.num_rows - part.column("unprinted").null_count
        if failed or unprinted:
            self._add_errors(part)
        if failed:
            part = part.filter(errors.is_null())
        counted.rows += part.num_rows + failed
        counted.failed += failed
        counted.unprinted += unprinted
        issued = part.column("outcome").to_pylist().count(ISSUED_NOW)
        counted.issued += issued
        counted.known += part.num_rows - issued
        counted.repeats += part.column("repeats").to_pylist().count(True)
        self._groups.add(part.select(RESULT.names))

    def _add_errors(self, part: pa.RecordBatch) -> None:
        texts = [_texts(part.column(name)) for name in ("key", "learner", "unprinted", "error")]
        lines = part.column("line").to_pylist()
        for line, key, learner, unprinted, error in zip(lines, *texts, strict=True):
            reason = error or unprinted
            if not reason:
                continue
            with naming(self._csv):
                self._rows.writerow(
                    [line, *(guarded_text(each) for each in (key, learner, reason))]
                )
            reason = _CODE.sub(_ANY_CODE, reason)
            if reason in self.counted.reasons or len(self.counted.reasons) < REASONS_MAX:
                self.counted.reasons[reason] += 1

    def finish(self, out: Path, errors: Path, note: Mapping[str, Any]) -> None:
        """Gives the files their names: the errors first, where there are any; OUT last.

        :param note: what :func:`finished_by` finds again.
        :raises FileExistsError: when there is an OUT meanwhile.
        :raises OSError: when they cannot be written.
        """
        self._groups.flush()
        self._writer.add_key_value_metadata({_NOTE: json.dumps(dict(note)).encode()})
        self.close()
        check_errors_file(errors)
        if self.counted.failed or self.counted.unprinted:
            with self._csv.open("rb") as file:
                replace_from(errors, lambda to: shutil.copyfileobj(file, to), mode=_MODE)
        else:
            errors.unlink(missing_ok=True)
        move_new(self._parquet, out)

    def close(self) -> None:
        """Closes the files, whether or not they are finished."""
        with (
            naming(self._csv),
            closing(self._errors),
            naming(self._parquet),
            closing(self._sink),
        ):
            self._writer.close()


def finished_by(out: Path) -> dict[str, Any] | None:
    """What a result says of the run that made it; None for any other file."""
    try:
        with arrow_file(out) as file:
            metadata = parquet.read_metadata(file).metadata or {}
        note = json.loads(metadata.get(_NOTE, b"null"))
    except (pa.ArrowException, OSError, ValueError):
        return None
    return note if isinstance(note, dict) else None


def check_errors_file(path: Path) -> None:
    """Refuses to write over a file that is no list of errors of a run.

    :raises RunError: when it is another file.
    """
    first = f"{_BOM}{','.join(_ERRORS_HEADER)}\r\n".encode()
    try:
        with path.open("rb") as file:
            ours = file.read(len(first)) == first
    except FileNotFoundError:
        return
    except OSError as error:
        raise RunError(f"{path}: {error.strerror or error}") from None
    if not ours:
        raise RunError(
            f"{path} is there, and is no list of errors of a bulk run; name another --errors FILE"
        )


def _texts(column: pa.Array) -> list[str]:
    # A roster may have what is no UTF-8, and it is an error like any other.
    raw = column.cast(pa.binary()).to_pylist()
    return ["" if each is None else each.decode(errors="replace") for each in raw]
