"""What a bulk verification is asked for, and its input, opened."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

import signedcert
from signedcert.bulk.presented.contract import PresentedInput
from signedcert.bulk.presented.reading import BATCH_ROWS, content_digest, open_presented
from signedcert.bulk.roster.mapping import RosterMapping
from signedcert.bulk.run.parts import Parts, partial_folder
from signedcert.cli.bulk.sheet_layout import Layout
from signedcert.cli.bulk.sheet_text import has_text
from signedcert.cli.bulk.verify_files import FILES, folder_layout, listing, verified_files
from signedcert.cli.bulk.verify_rows import Question, layout_of, verified_rows
from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError
from signedcert.verify.verdict import Policy


@dataclass(frozen=True, slots=True)
class Asked:
    """What a bulk verification is asked for.

    :ivar given: a Parquet file, CSV file, list of links, or folder.
    :ivar out: the sheet, as CSV or Parquet.
    :ivar column: which column of the input it is about; None: it is looked for.
    :ivar mapping: how a CSV file is written.
    :ivar bundle: whom to trust, as :meth:`Trust.to_bundle` writes it.
    :ivar now: the moment of checking.
    :ivar now_given: whether somebody said which moment it is; else the run's first start counts.
    """

    given: Path
    out: Path
    column: str | None
    mapping: RosterMapping
    bundle: bytes
    now: datetime
    now_given: bool
    policy: Policy
    details: bool
    workers: int

    @property
    def as_parquet(self) -> bool:
        """Whether the sheet is Parquet; else it is CSV."""
        return self.out.suffix.lower() == ".parquet"


@dataclass(frozen=True, slots=True)
class OpenedInput:
    """An input, ready to be verified.

    :ivar digest: of all that it holds.
    :ivar batches: its rows with their verdicts.
    :ivar check: sees that it is what it was when it was opened.
    :ivar share: how much of it has been done when so many rows are, from 0 to 1.
    """

    layout: Layout
    digest: str
    batches: Callable[[Parts, Question], Iterator[pa.RecordBatch]]
    check: Callable[[], None]
    share: Callable[[int], float]


def opened(asked: Asked, stack: ExitStack) -> OpenedInput:
    """Opens the input.

    :param stack: what is open is closed with it.
    :raises CommandError: when there is nothing to check.
    :raises SignedCertError: when it cannot be read as asked.
    :raises OSError: when it cannot be read.
    """
    if asked.given.is_dir():
        return _folder(asked)
    source = stack.enter_context(
        open_presented(
            asked.given,
            asked.column,
            mapping=asked.mapping,
            keeps=_everything if asked.as_parquet else has_text,
        )
    )
    layout = layout_of(source, details=asked.details)
    state = _state(asked.given)
    return OpenedInput(
        layout,
        content_digest(asked.given),
        lambda parts, question: verified_rows(source, layout, parts, question),
        lambda: _check_unchanged(asked, state),
        lambda rows: _share(source, rows),
    )


def fingerprint(asked: Asked, digest: str) -> dict[str, str]:
    """All that the verdicts depend on, by names that people understand.

    :param digest: of the input.
    """
    on = {
        "the input": digest,
        "--column": asked.column or "",
        "--mapping": asked.mapping.digest,
        "the trust store": hashlib.sha256(asked.bundle).hexdigest(),
        "--max-staleness": str(asked.policy.max_staleness),
        "--audience": asked.policy.audience or "",
        "--details": str(asked.details),
        "the version of signedcert": signedcert.__version__,
        "rows of a part": f"{BATCH_ROWS}, {FILES}",
    }
    return on | ({"--now": asked.now.isoformat()} if asked.now_given else {})


def _folder(asked: Asked) -> OpenedInput:
    folder = asked.given
    if asked.column is not None:
        raise CommandError("--column: a folder has no columns")
    own = frozenset({asked.out, partial_folder(asked.out)})
    listed = listing(folder, own)
    if not listed.count:
        raise CommandError(f"{folder}: there are no files in it", ExitCode.NOTHING_READ)
    layout = folder_layout(details=asked.details)
    return OpenedInput(
        layout,
        listed.digest,
        lambda parts, question: verified_files(folder, own, layout, parts, question),
        lambda: None,  # a file that was changed meanwhile was read as it was then
        lambda rows: rows / listed.count,
    )


def _state(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _check_unchanged(asked: Asked, state: tuple[int, int, int]) -> None:
    if _state(asked.given) != state:
        raise CommandError(
            f"{asked.given} was changed while it was read; remove {partial_folder(asked.out)} and "
            "run the same command again"
        )


def _share(source: PresentedInput, rows: int) -> float:
    if source.rows_total is not None:
        return rows / max(1, source.rows_total)
    return source.bytes_read / max(1, source.bytes_total)


def _everything(_kind: pa.DataType) -> bool:
    return True
