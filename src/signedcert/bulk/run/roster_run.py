"""A run from its beginning, or from where it was interrupted, to the files that it makes."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain

import pyarrow as pa

from signedcert.bulk.kernel.plan import IssuePlan
from signedcert.bulk.roster import open_roster
from signedcert.bulk.run.chunks import Setup
from signedcert.bulk.run.errors import EmptyRosterError, RunError
from signedcert.bulk.run.finished import finished_before, is_left_empty, note
from signedcert.bulk.run.issue_run import IssueRun, Progress, Summary, digest_of
from signedcert.bulk.run.issuing import Keeping
from signedcert.bulk.run.marks import mark_of
from signedcert.bulk.run.parts import Parts
from signedcert.bulk.run.places import Places
from signedcert.bulk.run.result import ResultFiles, check_errors_file
from signedcert.bulk.run.signing import Signing, disowned_keys, signing_key
from signedcert.bulk.run.standing import fallen
from signedcert.bulk.run.worker import Crew, Worker, WorkerProcesses
from signedcert.trust.key_entry import KeyEntry
from signedcert.workspace.key_file import AskPassphrase
from signedcert.workspace.ledger import Ledger, LedgerReader
from signedcert.workspace.ledger.values import seconds
from signedcert.workspace.workspace import Workspace


def issue_roster(
    run: IssueRun,
    owner: Workspace,
    ledger: Ledger,
    ask: AskPassphrase,
    tell: Callable[[Progress], None],
) -> Summary:
    """Issues a certificate for each row of a roster, and writes them to a file.

    :param ledger: the workspace's, open in this process.
    :param ask: for what opens the signing key; called once at most, and not where nothing is to be
        signed.
    :param tell: called at the beginning and after each chunk.
    :raises RunError: when it cannot begin, or not go on; what was done stays done, and the same
        run goes on from there.
    :raises RosterError: when the roster cannot be read.
    :raises LedgerError: when the ledger cannot be read or written; likewise KeyFileError,
        SignerError, WorkspaceError, OSError.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        roster = stack.enter_context(
            open_roster(run.roster, run.mapping, batch_rows=run.chunk_rows)
        )
        fingerprint = run.fingerprint(owner, ledger, roster)
        digest = digest_of(fingerprint)
        if (summary := finished_before(run.out, digest, owner)) is not None:
            return summary
        check_errors_file(run.errors)
        ledger.widen()
        parts = stack.enter_context(Parts.open(run.out, fingerprint, _begin(ledger, run.now)))
        stack.push(_removing_unused(parts))
        if is_left_empty(run.out):
            run.out.unlink()
        files = stack.enter_context(closing(ResultFiles(parts.folder)))
        doing = _Doing(run, owner, ledger, ask, parts, roster.batches())
        skipped = 0
        for part in doing.parts_done():
            files.add(part)
            skipped += part.num_rows
        # Ended before the files are finished, which takes memory of its own.
        with ExitStack() as working:
            for part in chain([None], doing.parts_to_do(working)):
                if part is not None:
                    files.add(part)
                rows = files.counted.rows
                tell(Progress(rows, roster.share(rows), skipped))
                del part
        counted = files.counted
        if not counted.rows:
            files.close()
            parts.discard()
            raise EmptyRosterError(f"{run.roster}: there is no row in it")
        lists = tuple(json.loads(parts.begun["lists"]))
        files.finish(run.out, run.errors, note(digest, counted, lists))
        parts.discard()
        return Summary(
            counted,
            skipped,
            time.monotonic() - began,
            issued_at=None if doing.signing is None else doing.signing.issued_at,
            finished_before=False,
            lists=lists,
        )


@dataclass(slots=True)
class _Doing:
    """The chunks of a run: those that have their parts, then the others.

    :ivar batches: the chunks of the roster.
    :ivar signing: what signs them, as soon as something is signed.
    """

    run: IssueRun
    owner: Workspace
    ledger: Ledger
    ask: AskPassphrase
    parts: Parts
    batches: Iterator[pa.RecordBatch]
    signing: Signing | None = None
    _done: int = field(init=False)
    _disowned: Mapping[bytes, KeyEntry] = field(init=False)

    def __post_init__(self) -> None:
        self._done = self.parts.count()
        self._disowned = disowned_keys(self.owner)

    def parts_done(self) -> Iterator[pa.RecordBatch]:
        """The parts that an earlier process wrote, up to one that has to be done anew."""
        with LedgerReader(self.owner.ledger_file) as reader:
            yield from self._standing(reader)

    def _standing(self, reader: LedgerReader) -> Iterator[pa.RecordBatch]:
        for number in range(self._done):
            part = self.parts.read(number)
            if any(fallen(reader, part, self._disowned)):
                self._undo(number)
                return
            batch = next(self.batches, None)
            if batch is None or batch.num_rows != part.num_rows:
                raise RunError(
                    f"{self.parts.folder} does not fit the roster: remove that folder, and run "
                    "the same command again; what was issued stays issued"
                )
            yield part

    def _undo(self, first: int) -> None:
        """Has the chunks from one on done anew. What was issued still counts as issued."""
        # From the last one on: a kill between two leaves the one that shows the need.
        for number in reversed(range(first, self._done)):
            mark = self.parts.marked(number) + mark_of(self.parts.read(number))
            self.parts.undo(number, mark)
        self._done = first

    def parts_to_do(self, stack: ExitStack) -> Iterator[pa.RecordBatch]:
        """The other ones, each once it is written.

        :param stack: closes what is opened for them.
        """
        batches = list(_some(self.batches, 2))
        if not batches:
            return
        run = self.run
        issued_at = datetime.fromisoformat(self.parts.begun["issued_at"])
        if not self.owner.document().final:
            self.signing = signing_key(self.owner, issued_at, run.now, self.ask)
            issued_at = self.signing.issued_at
        elif not self.parts.has_kept():
            raise RunError(f"{self.owner.issuer} is closed: nothing can be issued any more")
        places = None
        if self.signing is not None and run.withdrawable:
            places = stack.enter_context(closing(Places(self.ledger)))
        keeping = Keeping(
            self.owner,
            self.ledger,
            self.parts,
            stack.enter_context(self._crew(issued_at, alone=len(batches) == 1)),
            None if self.signing is None else self.signing.signer.public_key,
            seconds(issued_at),
            places,
            run.printing is not None,
        )
        yield from keeping.keep(chain(batches, self.batches), self._done)

    def _crew(self, issued_at: datetime, *, alone: bool) -> Crew:
        """Who does the work.

        :param alone: whether there is a single chunk, done sooner than a process is started.
        """
        setup, signing, printing = self._setup(issued_at), self.signing, self.run.printing
        if signing is None:  # what is known is handed out, and the rest are errors
            return Worker(setup, None, printing)
        if alone or self.run.workers == 1:
            return Worker(setup, signing.signer, printing)
        return WorkerProcesses(self.run.workers, setup, signing.place, printing)

    def _setup(self, issued_at: datetime) -> Setup:
        return Setup(
            IssuePlan(
                self.owner.issuer,
                issued_at,
                self.ledger.id_key(),
                page=self.owner.page if self.run.links else None,
            ),
            self.owner.ledger_file,
            int(self.parts.begun["since"]),
            self._disowned,
        )


def _some(batches: Iterator[pa.RecordBatch], count: int) -> Iterator[pa.RecordBatch]:
    for _, batch in zip(range(count), batches, strict=False):
        yield batch


def _removing_unused(parts: Parts) -> Callable[..., None]:
    """What removes the folder of a run that fails before anything was kept.

    A key that did not open, say, or a roster that could not be read: mended, it is another run.
    """

    def leave(kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and parts.folder.exists() and not parts.has_kept():
            parts.discard()

    return leave


def _begin(ledger: Ledger, now: datetime) -> dict[str, str]:
    return {
        "issued_at": now.astimezone(UTC).replace(microsecond=0).isoformat(),
        "since": str(ledger.last_sequence()),
        "lists": json.dumps([each.number for each in ledger.lists()]),
    }
