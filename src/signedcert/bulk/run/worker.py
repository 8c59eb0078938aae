"""Who does a run's work: this process, or others that it starts."""

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import NamedTuple, Protocol, Self

import pyarrow as pa

from signedcert.bulk.run.chunks import ChunkIssuer, Done, KeyPlace, Setup, Work
from signedcert.bulk.run.pool import Processes, result_of
from signedcert.bulk.run.printing import (
    CertificatePrinter,
    Printing,
    Slice,
    slices,
    with_unprinted,
)
from signedcert.crypto.signer import Signer
from signedcert.workspace.ledger import Block

#: Keeping a chunk in the ledger and on the disk takes as long as some pieces of its work.
_AHEAD = 6


class Crew(Protocol):
    """What a run has its work done by. To be used in a ``with`` statement."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def issue(self, pieces: Iterable[Work]) -> Iterator[Done]:
        """What came of each piece of work, in order. They are taken only a few ahead."""

    def issue_again(self, work: Work) -> Done:
        """What came of a piece of work, while others may be worked on."""

    def printed(self, part: pa.RecordBatch) -> pa.RecordBatch:
        """The part, once its certificates are printed."""


class Worker:
    """One process's own work.

    :param signer: None where nothing may be signed any more.
    :param printing: None where nothing is printed.
    """

    def __init__(self, setup: Setup, signer: Signer | None, printing: Printing | None) -> None:
        self._issuer = ChunkIssuer(setup, signer)
        self._printer = None if printing is None else CertificatePrinter(printing)

    def issue(self, pieces: Iterable[Work]) -> Iterator[Done]:
        """What came of each piece of work, in order."""
        return map(self.issue_again, pieces)

    def issue_again(self, work: Work) -> Done:
        """What came of a piece of work."""
        return self._issuer.issue(work)

    def print(self, certificates: Slice) -> list[str | None]:
        """Prints some certificates; says why not, of each."""
        assert self._printer is not None  # nobody asks for it where nothing is printed
        return self._printer.print(certificates)

    def printed(self, part: pa.RecordBatch) -> pa.RecordBatch:
        """The part, once its certificates are printed."""
        return with_unprinted(part, [each for some in slices(part) for each in self.print(some)])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._issuer.close()
        if self._printer is not None:
            self._printer.close()


class WorkerProcesses:
    """Processes that work for this one, each with its own ledger and signer."""

    def __init__(
        self, workers: int, setup: Setup, key: KeyPlace, printing: Printing | None
    ) -> None:
        self._processes = Processes(workers, _start, (setup, key, printing))

    def issue(self, pieces: Iterable[Work]) -> Iterator[Done]:
        """What came of each piece of work, in order."""
        return self._processes.map(_issue, map(_packed, pieces), ahead=_AHEAD)

    def issue_again(self, work: Work) -> Done:
        """What came of a piece of work."""
        return result_of(self._processes.submit(_issue, _packed(work)))

    def printed(self, part: pa.RecordBatch) -> pa.RecordBatch:
        """The part, once its certificates are printed."""
        waiting = [self._processes.submit(_print, some) for some in slices(part)]
        return with_unprinted(part, [each for some in waiting for each in result_of(some)])

    def __enter__(self) -> Self:
        self._processes.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._processes.__exit__(kind, error, trace)


class _Here:
    """Of a process that was started to work: its work is called by name, and finds what is open."""

    worker: Worker | None = None


def _start(setup: Setup, key: KeyPlace, printing: Printing | None) -> None:
    _Here.worker = Worker(setup, key.open(), printing)


class _Packed(NamedTuple):
    """A piece of work on its way. A slice of a batch would take all of the batch along."""

    batch: bytes
    blocks: tuple[Block, ...]
    mark: frozenset[bytes]


def _packed(work: Work) -> _Packed:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, work.batch.schema) as writer:
        writer.write_batch(work.batch)
    return _Packed(sink.getvalue().to_pybytes(), work.blocks, work.mark)


def _issue(packed: _Packed) -> Done:
    assert _Here.worker is not None  # the pool calls _start first
    with pa.ipc.open_stream(packed.batch) as reader:
        batch = reader.read_next_batch()
    return _Here.worker.issue_again(Work(batch, packed.blocks, packed.mark))


def _print(certificates: Slice) -> list[str | None]:
    assert _Here.worker is not None
    return _Here.worker.print(certificates)
