"""Verifying the files of a folder, part by part."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa

from signedcert.bulk.kernel.verifying import verify_batch
from signedcert.bulk.run.parts import Parts
from signedcert.cli.bulk.folder import FoundFile, files_in
from signedcert.cli.bulk.folder_workers import FolderWorkers
from signedcert.cli.bulk.looked import Looked
from signedcert.cli.bulk.sheet_columns import PRINTED_TEXT, sheet_batch, sheet_schema
from signedcert.cli.bulk.sheet_layout import Layout
from signedcert.cli.bulk.verify_rows import Question
from signedcert.cli.screen import visible
from signedcert.trust.trust import Trust

#: Files of a part: at most some seconds' work is done twice after a kill.
FILES = 200


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds, all of it together.

    :ivar count: how many files.
    :ivar digest: changes when a file comes, goes or is changed.
    """

    count: int
    digest: str


def listing(folder: Path, leave_out: frozenset[Path]) -> Listing:
    """Looks through a folder once.

    :raises OSError: when it cannot be read.
    """
    digest = hashlib.sha256()
    count = 0
    for count, each in enumerate(files_in(folder, leave_out), 1):  # noqa: B007  # the last counts
        name = os.fsencode(each.name)
        digest.update(b"%d %d %d " % (len(name), each.size, each.changed) + name)
    return Listing(count, digest.hexdigest())


def folder_layout(*, details: bool) -> Layout:
    """What stands where in the sheet of a folder."""
    return Layout(
        place=pa.field("file", pa.string()),
        own=pa.schema([]),
        verdict=sheet_schema(of_documents=True, details=details),
        shows_place=True,
    )


def verified_files(
    folder: Path, leave_out: frozenset[Path], layout: Layout, parts: Parts, question: Question
) -> Iterator[pa.RecordBatch]:
    """A row for each file, in order: those that were kept before, then the others.

    :raises CommandError: when no process can be started.
    :raises OSError: when the folder cannot be read.
    """
    done = parts.count()
    files = files_in(folder, leave_out)
    for number in range(done):
        yield parts.read(number)
    trust = Trust.from_bundle(question.bundle)
    with FolderWorkers(
        folder,
        question.workers,
        bundle=question.bundle,
        now=question.now,
        policy=question.policy,
    ) as workers:
        looked = workers.looked(islice(files, done * FILES, None))
        while some := list(islice(looked, FILES)):
            batch = _batch(some, layout, trust, question)
            parts.write(done, batch)
            done += 1
            yield batch


def _batch(
    some: Iterable[tuple[FoundFile, Looked]], layout: Layout, trust: Trust, question: Question
) -> pa.RecordBatch:
    files, looked = zip(*some, strict=True)
    presented = pa.record_batch(
        [
            pa.array([each.token for each in looked], pa.binary()),
            pa.array([_encodable(each.link) for each in looked], pa.string()),
        ],
        names=["token", "link"],
    )
    # What a process says of a file counts against the file only: the verdict is formed here.
    verdicts = verify_batch(
        presented, trust, question.now, question.policy, details=question.details
    )
    faults = [each.faults[0] if each.faults else None for each in looked]
    sheet = sheet_batch(verdicts, [each.note for each in looked], faults)
    errors = [
        found if each.error is None else visible(each.error)
        for each, found in zip(looked, sheet.column("error").to_pylist(), strict=True)
    ]
    columns = {name: sheet.column(name) for name in sheet.schema.names} | {
        "error": pa.array(errors, pa.string()),
        PRINTED_TEXT.name: pa.array(
            [None if each.printed is None else visible(each.printed) for each in looked],
            pa.string(),
        ),
    }
    verdict = pa.record_batch(
        [columns[name] for name in layout.verdict.names], schema=layout.verdict
    )
    names = pa.array([_shown_name(each.name) for each in files], pa.string())
    return layout.batch(names, [], verdict)


def _encodable(text: str | None) -> str | None:
    """Text without halves of characters, which no link has."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")


def _shown_name(name: str) -> str:
    """A file's name as text. Bytes that are no text in it are written out."""
    return visible(os.fsencode(name).decode("utf-8", "backslashreplace"))
