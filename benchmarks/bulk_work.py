"""What is timed in bulk, and the processes that do it at the same time."""

import os
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import NamedTuple, Self, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from nacl.signing import SigningKey

from benchmarks import roster
from benchmarks.bulk_issuer import Issuer
from benchmarks.token_peers.bare import message
from signedcert.bulk import IssuePlan, issue_batch, verify_batch
from signedcert.bulk.kernel import prepare
from signedcert.trust.trust import Trust
from signedcert.verify.verify import verify

Name = TypeVar("Name", bound=Hashable)
BATCH_ROWS = 2048
CORES = os.process_cpu_count() if hasattr(os, "process_cpu_count") else len(os.sched_getaffinity(0))


@dataclass(frozen=True, slots=True)
class Given:
    """The work of all processes together.

    :ivar bundle: trust in the issuer.
    """

    issuer: Issuer
    plan: IssuePlan
    bundle: bytes
    rows: int


def tasks(given: Given, share: int, shares: int) -> dict[str, Callable[[], object]]:
    """All that one process can be asked to do with its share of the rows."""
    signer, trust = given.issuer.signer(), Trust.from_bundle(given.bundle)
    rosters = [
        batch.append_column("position", pa.array(range(start, start + batch.num_rows)))
        for number, batch in enumerate(roster.batches(given.rows, batch_rows=BATCH_ROWS))
        if number % shares == share
        for start in (number * BATCH_ROWS,)
    ]
    issue = partial(issue_batch, plan=given.plan, signer=signer)
    check = partial(_all_valid, trust, given)
    issued = [issue(batch) for batch in rosters]
    tokens = [batch.select(["token"]) for batch in issued]
    links = [batch.select(["link"]) for batch in issued]
    alone = [token for batch in tokens for token in batch["token"].to_pylist()]
    messages = [message(token) for token in alone]
    key = SigningKey(bytes(range(32)))
    signed = [key.sign(each) for each in messages]
    threads = ThreadPoolExecutor(CORES)
    return {
        "bare verify": lambda: [
            key.verify_key.verify(each.message, each.signature) for each in signed
        ],
        "bare sign and verify": lambda: [
            key.verify_key.verify(key.sign(each)) for each in messages
        ],
        "prepare": lambda: [prepare(batch, given.plan) for batch in rosters],
        "verify one by one": lambda: [
            verify(token, trust, now=given.issuer.now) for token in alone
        ],
        "issue": lambda: [issue(batch) for batch in rosters],
        "verify": lambda: [check(batch) for batch in tokens],
        "verify links": lambda: [check(batch) for batch in links],
        "issue, threads": lambda: list(threads.map(issue, rosters)),
        "verify, threads": lambda: list(threads.map(check, tokens)),
    }


def _all_valid(trust: Trust, given: Given, presented: pa.RecordBatch) -> pa.RecordBatch:
    verdicts = verify_batch(presented, trust, given.issuer.now)
    if not pc.all(pc.equal(verdicts["status"], "VALID")).as_py():
        raise AssertionError("not all of them are valid")
    return verdicts


class Took(NamedTuple):
    """What all processes together took.

    :ivar rate: rows a second, from the first start to the last end.
    :ivar processor: microseconds of a core for a row; other work on the machine changes it little.
    """

    rate: float
    processor: float


class Workers:
    """Processes that wait, each with its share of the rows, warm."""

    def __init__(self, given: Given, count: int) -> None:
        context = get_context("spawn")
        self._rows = given.rows
        self._pipes: list[Connection] = []
        self._processes = []
        for share in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, given, share, count), daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)
        for pipe in self._pipes:
            pipe.recv()

    def run(self, task: str) -> Took:
        """Does it, all of them at once."""
        start = time.perf_counter()
        for pipe in self._pipes:
            pipe.send(task)
        busy = sum(pipe.recv() for pipe in self._pipes)
        return Took(self._rows / (time.perf_counter() - start), 1e6 * busy / self._rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join()


def rounds(calls: Mapping[Name, Callable[[], Took]], count: int) -> dict[Name, Sequence[Took]]:
    """What each call took in each round; in a round all have their turn, after one to warm up."""
    found: dict[Name, list[Took]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(count):
        for name, call in calls.items():
            found[name].append(call())
    return {name: tuple(values) for name, values in found.items()}


def _work(pipe: Connection, given: Given, share: int, shares: int) -> None:
    known = tasks(given, share, shares)
    pipe.send(None)
    while True:
        try:
            task = known[pipe.recv()]
        except EOFError:
            return
        start = time.process_time()
        task()
        pipe.send(time.process_time() - start)
