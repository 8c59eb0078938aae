"""The parent's side: a child that answers requests, one at a time, within limits."""

import enum
import json
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from signedcert.documents.confined.frames import CONTENT_MAX, Kind, PipeEnded, receive, send
from signedcert.documents.confined.measures import Measure
from signedcert.documents.confined.process import Process

#: For Python to start and the task's libraries to be loaded from a slow disk.
_START_SECONDS = 60.0


class Task(enum.StrEnum):
    """What children do: a function ``answer(request: bytes) -> bytes`` in a module of their own.

    The module is loaded before the child gives up its rights. It should load everything it uses.
    """

    READ_PDF = "signedcert.documents.reading.pdf_task:answer"
    OWN_TEMPLATE = "signedcert.documents.own_template_task:answer"


class Cause(enum.StrEnum):
    """Why there is no answer.

    :cvar TIMEOUT: it took longer than agreed.
    :cvar MEMORY: it needed more memory than agreed.
    :cvar CRASHED: the process ended, or broke the rules.
    :cvar REFUSED: the task refused the request and says why, or the request is too large.
    """

    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a child may use.

    :ivar seconds: from a request to its answer.
    :ivar memory: bytes of address space, with Python itself (about 100 MB).
    """

    seconds: float = 20.0
    memory: int = 1_500_000_000


class ChildFailed(Exception):
    """There is no answer.

    :param cause: why.
    :param message: a sentence; of a task that refused, its own words, which may be hostile text.
    """

    def __init__(self, cause: Cause, message: str) -> None:
        super().__init__(message)
        self.cause = cause


class Child:
    """A process that does one task. It starts with the first request and may be used by threads.

    Each request is given to a running process. After a failure it is gone, and the next request
    starts another. Answers are bytes from a process that hostile input may have taken over: check
    them as you would the input.

    :param task: a :class:`Task`, or the "module:function" of another.
    :param limits: for every request.
    :param readable: folders and files that it may read, beside Python and its packages.
    """

    def __init__(
        self, task: str, limits: Limits | None = None, readable: Iterable[Path] = ()
    ) -> None:
        self._task = task
        self._limits = limits or Limits()
        self._readable = tuple(each.resolve() for each in readable)
        self._lock = threading.Lock()
        self._process: Process | None = None
        self._in_force: frozenset[Measure] = frozenset()

    def ask(self, request: bytes) -> bytes:
        """The task's answer to a request.

        :raises ChildFailed: when there is none.
        """
        if len(request) > CONTENT_MAX:
            raise ChildFailed(Cause.REFUSED, f"it has more than {CONTENT_MAX // 2**20} MiB")
        with self._lock:
            process = self._running()
            kind, content = self._exchanged(process, request, self._limits.seconds)
            if kind is Kind.ANSWER:
                return content
            if kind is Kind.REFUSED:
                raise ChildFailed(Cause.REFUSED, content.decode(errors="replace"))
            self._drop()
            raise _failed(Cause.MEMORY if kind is Kind.NO_MEMORY else Cause.CRASHED)

    def confinement(self) -> frozenset[Measure]:
        """The measures in force in the child, as it took them before it read any request.

        :raises ChildFailed: when it does not start.
        """
        with self._lock:
            self._running()
            return self._in_force

    def close(self) -> None:
        """Ends the process, where there is one."""
        with self._lock:
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def _running(self) -> Process:
        # A fork of this process shares the pipes of the child, whose answers it would mix up.
        if self._process is not None and self._process.owner == os.getpid():
            return self._process
        limits = self._limits
        try:
            process = Process(self._task, self._readable, limits.memory, limits.seconds)
        except OSError as error:
            raise ChildFailed(Cause.CRASHED, f"no process can be started: {error}") from error
        self._process = process
        kind, content = self._exchanged(process, None, _START_SECONDS)
        if kind is not Kind.READY:
            self._drop()
            raise _failed(Cause.CRASHED)
        self._in_force = frozenset(Measure(each) for each in json.loads(content))
        return process

    def _exchanged(
        self, process: Process, request: bytes | None, seconds: float
    ) -> tuple[Kind, bytes]:
        """Sends the request, where there is one, and receives a message within the time."""
        process.clock.start(seconds)
        try:
            if request is not None:
                send(process.requests, Kind.REQUEST, request)
            message = receive(process.answers)
        except PipeEnded:
            in_time = process.clock.stop()
            out_of_memory = self._drop()
            if not in_time:
                raise _failed(Cause.TIMEOUT) from None
            raise _failed(Cause.MEMORY if out_of_memory else Cause.CRASHED) from None
        except BaseException:  # interrupted: the answer would be taken for that to the next request
            self._drop()
            raise
        if not process.clock.stop():
            self._drop()
            raise _failed(Cause.TIMEOUT)
        return message

    def _drop(self) -> bool:
        process, self._process = self._process, None
        return process is not None and process.end()


def _failed(cause: Cause) -> ChildFailed:
    messages = {
        Cause.TIMEOUT: "it took too long",
        Cause.MEMORY: "it needed too much memory",
        Cause.CRASHED: "the process for it ended",
    }
    return ChildFailed(cause, messages[cause])
