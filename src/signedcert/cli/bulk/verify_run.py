"""A bulk verification from its beginning, or from where it was killed, to its sheet."""

import contextlib
import os
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from signedcert.bulk.run.finished import is_left_empty
from signedcert.bulk.run.parts import Parts, partial_folder
from signedcert.cli.bulk.duplicates import DuplicateCount, Duplicates
from signedcert.cli.bulk.progress import Show
from signedcert.cli.bulk.sheet_file import sheet_file
from signedcert.cli.bulk.verify_asked import Asked, fingerprint, opened
from signedcert.cli.bulk.verify_rows import Question
from signedcert.cli.bulk.verify_tally import Tally
from signedcert.cli.failures import CommandError
from signedcert.workspace.atomic_files import move_new

_SHEET, _PLACED, _CODES = "sheet", "sheet-placed", "codes"


@dataclass(frozen=True, slots=True)
class Done:
    """What a bulk verification came to.

    :ivar place: what rows are told by: line, row or file.
    :ivar now: the moment of checking, one for all rows.
    :ivar resumed: whether an earlier start had begun it.
    :ivar kept: rows that it had verified.
    :ivar seconds: how long this start took.
    """

    tally: Tally
    duplicates: Duplicates
    place: str
    now: datetime
    resumed: bool
    kept: int
    seconds: float


def verify_all(asked: Asked, show: Show) -> Done:
    """Verifies everything, writes the sheet, and removes what was kept for another start.

    :param show: called after every part.
    :raises CommandError: when there is nothing to check, or there is a file of the sheet's name.
    :raises SignedCertError: when the input cannot be read, or what an unfinished run depended on
        has changed.
    :raises OSError: when something cannot be read or written.
    """
    began = time.monotonic()
    temporary = partial_folder(asked.out) / _SHEET
    is_written = _is_written(asked.out, temporary)
    with contextlib.ExitStack() as stack:
        source = opened(asked, stack)
        begin = {"now": asked.now.isoformat()}
        depends_on = fingerprint(asked, source.digest)
        parts = stack.enter_context(Parts.open(asked.out, depends_on, begin))
        if is_left_empty(asked.out):
            asked.out.unlink()
        now = datetime.fromisoformat(parts.begun["now"])
        question = Question(asked.bundle, now, asked.policy, asked.details, asked.workers)
        tally, kept_parts, kept = Tally(), parts.count(), 0
        # What stands there may be the finished sheet, under its other name.
        temporary.unlink(missing_ok=True)
        with (
            sheet_file(temporary, source.layout, as_parquet=asked.as_parquet) as sheet,
            DuplicateCount(parts.folder / _CODES) as codes,
        ):
            for number, batch in enumerate(source.batches(parts, question)):
                sheet.write(batch)
                tally.add(batch)
                codes.add(batch.column("code"))
                kept = tally.rows if number < kept_parts else kept
                show(rows=tally.rows, share=source.share(tally.rows), skipped=kept)
            source.check()
            duplicates = codes.found()
        if not is_written:
            _place(temporary, asked.out)
        parts.discard()
    seconds = time.monotonic() - began
    return Done(tally, duplicates, source.layout.place.name, now, parts.resumed, kept, seconds)


def _is_written(out: Path, temporary: Path) -> bool:
    """Whether the sheet was finished already by a run that was killed while it cleaned up.

    :raises CommandError: when the file is anything else.
    """
    if (not out.is_symlink() and not out.exists()) or is_left_empty(out):
        return False
    if temporary.exists() and out.samefile(temporary):
        return True
    raise CommandError(f"{out} is there already; write to another file, with --out")


def _place(temporary: Path, out: Path) -> None:
    """Gives the finished sheet its name, where nothing has it.

    It keeps its own name, too, where the file system can do that, until the parts are removed.

    :raises CommandError: when something has the name by now; the sheet stays among the parts.
    """
    other = temporary.with_name(_PLACED)
    other.unlink(missing_ok=True)
    try:
        os.link(temporary, other)
    except OSError:
        other = temporary
    try:
        move_new(other, out)
    except FileExistsError:
        raise CommandError(
            f"{out} is there by now; move it away and run the same command again"
        ) from None
