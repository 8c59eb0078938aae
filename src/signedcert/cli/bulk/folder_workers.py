"""The processes that look into the files of a folder. One that dies or hangs costs one file."""

import os
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from signedcert.bulk.run.pool import interrupts_blocked
from signedcert.cli.bulk.folder import FoundFile
from signedcert.cli.bulk.folder_worker import READY, serve
from signedcert.cli.bulk.looked import Looked, LookUnusable
from signedcert.cli.failures import CommandError
from signedcert.verify.verdict import Policy

#: For one file. PDFs have a shorter limit of their own, once their process has started.
SECONDS = 60.0
#: For Python to start and the libraries to be loaded from a slow disk.
_START_SECONDS = 120.0
#: Files that a process has before it, so that it does not wait for the next.
_AHEAD = 4
#: Files, for each process, that may be done before one that is still looked into.
_WINDOW = 64
#: A token, or a link, or the words about a document.
_ANSWER_MAX = 4_000_000
_DIED = Looked(error="it cannot be read: the process that looked into it ended")
_HUNG = Looked(error="it takes too long to read")


@dataclass(slots=True)
class _Job:
    file: FoundFile
    looked: Looked | None = None


@dataclass(slots=True)
class _Worker:
    """A process with the files that it has not answered yet; it is at the first of them."""

    process: SpawnProcess
    connection: Connection
    deadline: float
    started: bool = False
    jobs: deque[_Job] = field(default_factory=deque)


class FolderWorkers:
    """Looks into files in processes of their own. To be used in a ``with`` statement.

    :param folder: where the files' names begin.
    :param workers: how many processes.
    :param bundle: whom to trust, as :meth:`Trust.to_bundle` writes it.
    :param seconds: for one file.
    """

    def __init__(
        self,
        folder: Path,
        workers: int,
        *,
        bundle: bytes,
        now: datetime,
        policy: Policy,
        seconds: float = SECONDS,
    ) -> None:
        self._arguments = (folder.resolve(), bundle, now, policy)
        self._count = workers
        self._seconds = seconds
        self._running: list[_Worker] = []

    def looked(self, files: Iterable[FoundFile]) -> Iterator[tuple[FoundFile, Looked]]:
        """Each file with what was found in it, in their order. Files are taken as they are needed.

        :raises CommandError: when no process can be started.
        """
        source = iter(files)
        in_order: deque[_Job] = deque()
        waiting: deque[_Job] = deque()
        more = True
        while more or in_order:
            while more and len(in_order) < self._count * _WINDOW:
                file = next(source, None)
                if file is None:
                    more = False
                    break
                refused = None if file.refusal is None else Looked(error=file.refusal)
                in_order.append(_Job(file, refused))
                if refused is None:
                    waiting.append(in_order[-1])
            self._hand_out(waiting)
            while in_order and in_order[0].looked is not None:
                job = in_order.popleft()
                assert job.looked is not None  # as the loop asks
                yield job.file, job.looked
            if in_order and (not more or len(in_order) >= self._count * _WINDOW):
                self._take_answers(waiting)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for worker in self._running:
            worker.process.kill()
        for worker in self._running:
            worker.process.join()
            worker.connection.close()
        self._running.clear()

    def _hand_out(self, waiting: deque[_Job]) -> None:
        while waiting:
            if len(self._running) < self._count:
                self._running.append(self._start())
            worker = min(self._running, key=lambda each: len(each.jobs))
            if len(worker.jobs) == _AHEAD:
                return
            job = waiting.popleft()
            if worker.started and not worker.jobs:
                worker.deadline = time.monotonic() + self._seconds
            worker.jobs.append(job)
            # One that has ended is found out when its answer is waited for.
            with suppress(OSError):
                worker.connection.send_bytes(os.fsencode(job.file.name))

    def _take_answers(self, waiting: deque[_Job]) -> None:
        """Waits until a process answers, or has had its time."""
        busy = [each for each in self._running if each.jobs or not each.started]
        first = min(each.deadline for each in busy)
        ready = wait([each.connection for each in busy], max(0.0, first - time.monotonic()))
        for worker in busy:
            if worker.connection in ready:
                self._take(worker, waiting)
            elif worker.deadline <= time.monotonic():
                self._end(worker, waiting, _HUNG)

    def _take(self, worker: _Worker, waiting: deque[_Job]) -> None:
        try:
            message = worker.connection.recv_bytes(_ANSWER_MAX)
            if not worker.started and message == READY:
                worker.started = True
            else:
                worker.jobs[0].looked = Looked.from_bytes(message)
                worker.jobs.popleft()
        except (EOFError, OSError, LookUnusable):
            self._end(worker, waiting, _DIED)
            return
        worker.deadline = time.monotonic() + self._seconds

    def _end(self, worker: _Worker, waiting: deque[_Job], answer: Looked) -> None:
        """Ends a process; the file that it was at has this answer, and others get the rest."""
        worker.process.kill()
        worker.process.join()
        worker.connection.close()
        self._running.remove(worker)
        if not worker.started:
            raise CommandError("the processes that look into files end as soon as they start")
        worker.jobs.popleft().looked = answer
        waiting.extendleft(reversed(worker.jobs))

    def _start(self) -> _Worker:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, *self._arguments), daemon=True)
        with interrupts_blocked():
            process.start()
        # Theirs alone holds the pipe open, so that its end is seen.
        theirs.close()
        return _Worker(process, ours, time.monotonic() + _START_SECONDS)
