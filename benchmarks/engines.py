"""One worker against two, on Spark and on Ray: the real engines, on this machine.

Each has a process with its engine started and warm. They take turns: in each round every one of
them issues the same roster, with places in status lists, and verifies what it issued.
``python -m benchmarks.engines --rows 80000`` prints the table.
"""

import argparse
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq

from benchmarks import roster
from benchmarks.bulk_issuer import Issuer
from benchmarks.content import ROOT
from benchmarks.engine_workers.asking import environment, started
from benchmarks.engine_workers.serving import Given, Measured
from benchmarks.environments import Environment, PeerMissing
from benchmarks.spread import Goal, Spread, ratios

ROWS, ROUNDS, GOAL = 80_000, 5, 1.5
_WORKERS = (1, 2)
_STEPS = ("issue", "verify")
RAY = Environment(
    "ray",
    (
        "ray[data]==2.60.0",
        "pandas==3.1.1",
        "pyarrow==26.0.1",
        "pynacl==1.6.2",
        "cryptography==50.0.2",
        "cbor2==6.3.0",
        "pydantic==2.14.4",
        "pytest==9.2.0",
    ),
)


@dataclass(frozen=True, slots=True)
class Engine:
    """What an engine did of one thing.

    :ivar step: ``issue`` or ``verify``.
    :ivar one: rows a second with one worker.
    :ivar two: rows a second with two.
    :ivar faster: how many times as fast two are as one.
    :ivar processor: seconds of a core for a million rows, of all its processes, with two workers;
        None where that is not known.
    """

    name: str
    step: str
    one: Spread
    two: Spread
    faster: Spread
    processor: Spread | None


@dataclass(frozen=True, slots=True)
class Engines:
    """All of it.

    :ivar tested: what the tests of Ray said.
    :ivar missing: which engine could not be measured, and why.
    """

    rows: int
    rounds: int
    engines: list[Engine]
    tested: str
    missing: dict[str, str]

    def goals(self) -> list[Goal]:
        """Two workers are 1.5 × as fast as one."""
        return [
            Goal(f"{each.name}, {each.step}, two workers to one", each.faster.middle, GOAL)
            for each in self.engines
        ]

    def lines(self) -> list[str]:
        """Markdown."""
        lines = [
            "| engine | | one worker, rows/s | two workers, rows/s | two to one "
            "| seconds of a core for a million rows |",
            "|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {each.name} | {each.step} | {each.one.text(0)} | {each.two.text(0)} "
            f"| {each.faster.text()} | {each.processor.text(0) if each.processor else '—'} |"
            for each in self.engines
        ]
        lines += [
            "",
            f"{self.rows:,} rows; medians of {self.rounds} rounds in which all took turns, with "
            "quartiles; without the start of the engine, after one round to warm up. Spark goes "
            "from Parquet to Parquet, Ray from blocks to blocks in memory, less what the same job "
            "takes for a few rows, because it starts actors for each job. The seconds of a core "
            "are those of all processes of the engine.",
        ]
        lines += [f"Tests of Ray, which lose workers midway: {self.tested}."] if self.tested else []
        return lines + [f"{name} is missing: {why}." for name, why in self.missing.items()]


def measure(rows: int = ROWS, rounds: int = ROUNDS) -> Engines:
    """Spark, and Ray in an environment of its own, whose tests are run first."""
    missing: dict[str, str] = {}
    try:
        pythons = {"Spark": Path(sys.executable), "Ray": RAY.python()}
        tested = ray_tests()
    except PeerMissing as error:
        pythons, tested = {"Spark": Path(sys.executable)}, ""
        missing["Ray"] = str(error)
    with TemporaryDirectory(prefix="sc-") as folder:
        found = _take_turns(Path(folder), pythons, rows, rounds)
    engines = [_engine(name, step, found, rows) for name in pythons for step in _STEPS]
    return Engines(rows, rounds, engines, tested, missing)


def ray_tests() -> str:
    """What the tests of Ray say, which start it and lose workers midway.

    :raises PeerMissing: when Ray cannot be installed.
    :raises AssertionError: when one fails.
    """
    # Not with the conftest of all tests, which needs the development set.
    chosen = ("-q", "-p", "no:cacheprovider", "--confcutdir=tests/on_ray", "tests/on_ray")
    command = [str(RAY.python()), "-m", "pytest", *chosen]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise AssertionError(done.stdout + done.stderr)
    return done.stdout.strip().splitlines()[-1].partition(" in ")[0]


#: The engine, its workers, and what was asked of them → each round.
Found = dict[tuple[str, int, str], list[Measured]]


def _take_turns(folder: Path, pythons: dict[str, Path], rows: int, rounds: int) -> Found:
    issuer = Issuer.new(folder / "workspace")
    file = folder / "roster.parquet"
    batches = roster.batches(rows)
    first = next(batches)
    with pq.ParquetWriter(file, first.schema) as writer:
        for batch in (first, *batches):
            writer.write_batch(batch)
    found: Found = {}
    with ExitStack() as stack:
        processes = {}
        for name, python in pythons.items():
            for workers in _WORKERS:
                own = folder / f"{name[0]}{workers}"
                own.mkdir()
                given = Given(
                    str(own), str(file), str(issuer.folder), issuer.now.isoformat(), rows, workers
                )
                process = stack.enter_context(started(f"on_{name.lower()}", python, given))
                processes[name, workers] = process
        for turn in range(rounds + 1):
            for (name, workers), process in processes.items():
                for step in _STEPS:
                    measured = process.ask(step)
                    if turn:
                        found.setdefault((name, workers, step), []).append(measured)
    return found


def _engine(name: str, step: str, found: Found, rows: int) -> Engine:
    one, two = (found[name, workers, step] for workers in _WORKERS)
    busy = [each.processor for each in two if each.processor is not None]
    return Engine(
        name=name,
        step=step,
        one=Spread.of([rows / each.seconds for each in one]),
        two=Spread.of([rows / each.seconds for each in two]),
        faster=ratios([each.seconds for each in one], [each.seconds for each in two]),
        processor=Spread.of([1e6 * each / rows for each in busy]) if busy else None,
    )


def main() -> None:
    """Measures, and prints the table and the goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    measured = measure(options.rows, options.rounds)
    print("\n".join([*measured.lines(), "", *(goal.row() for goal in measured.goals())]))


if __name__ == "__main__":
    main()
