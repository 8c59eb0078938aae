"""Work spread over processes: in order, a bounded number of pieces at a time.

The processes are started anew (spawned), and not copies of this one: a copy of a process that has
an open ledger or other threads is not safe to work in. What they are started with reaches each
through a pipe of its own.

A program that calls this from its main module must do so under ``if __name__ == "__main__":``, as
:mod:`multiprocessing` asks of every program, because the new processes import that module.
"""

import collections
import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from signedcert.bulk.run.errors import RunError
from signedcert.bulk.run.own_process import take_little_memory
from signedcert.errors import SignedCertError

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 2


class _Failed(NamedTuple):
    """What a worker could not do; an error of ours may not survive the way back."""

    message: str


class Processes:
    """Some processes that work for this one. They end when it ends, however it ends.

    Use it in a ``with`` statement. Leaving it waits for what is being worked on.
    """

    def __init__(
        self, workers: int, start: Callable[..., None], start_args: tuple[Any, ...] = ()
    ) -> None:
        """:param workers: how many processes, at least one. They are started when they are needed.

        :param start: called in each of them before any work; a function of a module.
        :param start_args: its arguments, which may be secret.
        """
        self._workers = workers
        self._pool = ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(start, start_args),
        )

    def submit(self, work: Callable[[T], R], item: T) -> "Future[R | _Failed]":
        """Has a piece of work done. Its result is to be asked for with :func:`result_of`.

        :raises RunError: when a process of the pool has died.
        """
        try:
            # Children inherit the mask: Ctrl-C goes to all processes of a terminal, and it is for
            # this one to stop the others.
            with interrupts_blocked():
                return self._pool.submit(_do, work, item)
        except BrokenProcessPool:
            raise _died() from None

    def map(
        self, work: Callable[[T], R], items: Iterable[T], *, ahead: int = _AHEAD
    ) -> Iterator[R]:
        """The results of all of the work, in the order of the items.

        Items are taken one after another, only a few ahead of the results that were taken.

        :param work: a function of a module. What it raises of ours is raised here as RunError, with
            its message; anything else as it is.
        :param ahead: pieces of work that wait for a worker, or their results to be taken. They keep
            the workers busy while whoever takes results is at work with one.
        :raises RunError: likewise, or when a process died.
        """
        waiting = collections.deque[Future[R | _Failed]]()
        try:
            for item in items:
                waiting.append(self.submit(work, item))
                if len(waiting) >= self._workers + ahead:
                    yield result_of(waiting.popleft())
            while waiting:
                yield result_of(waiting.popleft())
        finally:
            for each in waiting:
                each.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)


def in_processes(
    work: Callable[[T], R],
    items: Iterable[T],
    *,
    workers: int,
    start: Callable[..., None],
    start_args: tuple[Any, ...] = (),
) -> Iterator[R]:
    """The results of the work on each item, in order, worked out by other processes.

    :param work: a function of a module, as ``start`` is, which is called in each process before.
    :raises RunError: when work failed with an error of ours, or a process died.
    """
    with Processes(workers, start, start_args) as processes:
        yield from processes.map(work, items)


def result_of(future: "Future[R | _Failed]") -> R:
    """What came of a piece of work.

    :raises RunError: when it failed with an error of ours, or its process died.
    """
    try:
        result = future.result()
    except BrokenProcessPool:
        raise _died() from None
    if isinstance(result, _Failed):
        raise RunError(result.message)
    return result


def default_workers() -> int:
    """One process for each processor that this one may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _died() -> RunError:
    return RunError(
        "a worker process ended before its work was done: it was killed, or there was not enough "
        "memory. Nothing is lost; run the same command again, perhaps with fewer --workers"
    )


class _Started:
    """What the start came to in this process. An error waits until there is work to refuse."""

    error: SignedCertError | OSError | None = None


def _begin(start: Callable[..., None], start_args: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    take_little_memory()
    parent = multiprocessing.parent_process()
    assert parent is not None  # this process was started by one
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    try:
        start(*start_args)
    except (SignedCertError, OSError) as error:
        # Raised here, it would break the pool, and be logged with its traceback.
        _Started.error = error


def _end_with(sentinel: int) -> None:
    """Ends this process as soon as the one that started it has ended."""
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


def _do(work: Callable[[T], R], item: T) -> R | _Failed:
    try:
        if _Started.error is not None:
            raise _Started.error
        return work(item)
    except SignedCertError as error:
        return _Failed(str(error))
    except OSError as error:
        words = error.strerror or type(error).__name__
        name = error.filename2 or error.filename
        return _Failed(words if name is None else f"{os.fsdecode(name)}: {words}")


@contextlib.contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Blocks Ctrl-C, also in what is started meanwhile: this process ends the others."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
