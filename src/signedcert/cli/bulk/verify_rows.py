"""Verifying the rows of a table or list, in processes, part by part."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import pyarrow as pa

from signedcert.bulk.presented.contract import PresentedBatch, PresentedInput
from signedcert.bulk.run.parts import Parts
from signedcert.bulk.run.pool import in_processes
from signedcert.cli.bulk.sheet_columns import sheet_schema
from signedcert.cli.bulk.sheet_layout import Layout
from signedcert.cli.bulk.verdict_work import start, verdict_work, work_on
from signedcert.verify.verdict import Policy


@dataclass(frozen=True, slots=True)
class Question:
    """What every row of a run is asked.

    :ivar bundle: whom to trust, as :meth:`Trust.to_bundle` writes it.
    :ivar now: the moment of checking.
    :ivar details: whether all that certificates say is wanted.
    :ivar workers: how many processes answer it.
    """

    bundle: bytes
    now: datetime
    policy: Policy
    details: bool
    workers: int


def layout_of(source: PresentedInput, *, details: bool) -> Layout:
    """What stands where in the sheet of a table or list."""
    return Layout(
        place=source.place,
        own=source.own,
        verdict=sheet_schema(of_documents=False, details=details),
        shows_place=source.is_list,
        guards_own=not source.is_spreadsheet,
        says_lines=source.is_spreadsheet and not source.is_list,
        delimiter=source.delimiter,
    )


def verified_rows(
    source: PresentedInput, layout: Layout, parts: Parts, question: Question
) -> Iterator[pa.RecordBatch]:
    """The rows with their verdicts, in order: those that were kept before, then the others.

    Each part is kept before it is given out.

    :raises SignedCertError: when the input cannot be read any further, or a process died.
    """
    done = parts.count()
    batches = source.batches()
    for number, _ in enumerate(islice(batches, done)):
        yield parts.read(number)
    waiting: deque[PresentedBatch] = deque()

    def rows() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            waiting.append(batch)
            yield batch.rows

    for number, verdict in enumerate(_answers(rows(), question), done):
        presented = waiting.popleft()
        batch = layout.batch(presented.place, presented.own, verdict)
        parts.write(number, batch)
        yield batch


def _answers(rows: Iterator[pa.RecordBatch], question: Question) -> Iterator[pa.RecordBatch]:
    first = list(islice(rows, 2))
    if len(first) < 2 or question.workers == 1:
        # For so few, no process is started.
        work = verdict_work(
            question.bundle, question.now, question.policy, details=question.details
        )
        for batch in (*first, *rows):
            yield work(batch)
        return
    arguments = (question.bundle, question.now, question.policy, question.details)
    yield from in_processes(
        work_on,
        _followed(first, rows),
        workers=question.workers,
        start=start,
        start_args=arguments,
    )


def _followed(
    first: list[pa.RecordBatch], rows: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    yield from first
    yield from rows
