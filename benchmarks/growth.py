"""The whole commands ``bulk issue`` and ``bulk verify``, from a thousand rows to a million.

With all that a process takes from its start: reading the roster, the ledger, writing the files.
Before and after each command one core's bare rate is taken, for the ratio.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bulk import GOALS_ISSUE, GOALS_VERIFY, ISSUE, VERIFY, limits_reached
from benchmarks.bulk_issuer import Issuer
from benchmarks.bulk_work import CORES, Given, Workers
from benchmarks.commands import Graduation
from benchmarks.process_tree import ran
from benchmarks.spread import Goal, Spread

ROWS_MAX = 1_000_000
#: How often each number of rows is measured: the longest runs vary least.
_TIMES = {1_000: 5, 10_000: 5, 100_000: 5, 1_000_000: 3, 10_000_000: 1}
_BARE_ROWS = 4096
MEMORY_GOAL = 300


@dataclass(frozen=True, slots=True)
class Grown:
    """One command with so many rows.

    :ivar processor: microseconds of a core for each row, of all processes together.
    :ivar ratio: rows a second, against cores × one core's bare rate.
    :ivar pss: megabytes at most of all processes together, with what they share counted once.
    :ivar rss: the same with shared memory counted in each process.
    """

    command: str
    rows: int
    times: int
    seconds: Spread
    processor: Spread
    rate: Spread
    ratio: Spread
    pss: float | None
    rss: float | None


@dataclass(frozen=True, slots=True)
class Growth:
    """All of it."""

    cores: int
    found: list[Grown]

    def goals(self) -> list[Goal]:
        """Memory at any size; of the speed, the largest size."""
        goals = []
        for command, limits in (("bulk issue", GOALS_ISSUE), ("bulk verify", GOALS_VERIFY)):
            of_it = [each for each in self.found if each.command == command]
            for each in of_it[-1:]:
                what = f"{command}, {each.rows:,} rows, whole command, of {self.cores} × bare"
                goals += limits_reached(what, each.ratio.middle, limits)
            used = [each.pss for each in of_it if each.pss is not None]
            if used:
                what = f"{command}, memory at any size"
                goals.append(Goal(what, max(used), MEMORY_GOAL, at_most=True, unit="MB"))
        return goals

    def lines(self) -> list[str]:
        """Markdown."""
        lines = [
            "| whole command | rows | runs | seconds | rows a second "
            f"| of {self.cores} × bare | µs of a core a row | memory, MB (PSS) | (RSS) |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {each.command} | {each.rows:,} | {each.times} | {each.seconds.text(1)} "
            f"| {each.rate.text(0)} | {each.ratio.text()} "
            f"| {each.processor.text(0)} | {_megabytes(each.pss)} | {_megabytes(each.rss)} |"
            for each in self.found
        ]
        return lines


def measure(rows_max: int = ROWS_MAX, courses: Path | None = None) -> Growth:
    """From a thousand rows on, ten times as many each time."""
    found: dict[str, list[Grown]] = {"bulk issue": [], "bulk verify": []}
    with TemporaryDirectory() as scratch:
        issuer = Issuer.new(Path(scratch) / "workspace")
        given = Given(issuer, issuer.plan(_BARE_ROWS), issuer.bundle(), _BARE_ROWS)
        with Workers(given, 1) as bare:
            for rows in (each for each in _TIMES if each <= rows_max):
                issued, verified = _Runs("bulk issue", ISSUE), _Runs("bulk verify", VERIFY)
                for number in range(_TIMES[rows]):
                    with TemporaryDirectory() as folder:
                        all_of = Graduation.new(Path(folder) / f"{number}", rows, courses)
                        issued.run(all_of.issue(), bare)
                        verified.run(all_of.verify(), bare)
                for each in (issued, verified):
                    found[each.command].append(each.of(rows))
    return Growth(CORES, [each for runs in found.values() for each in runs])


class _Runs:
    """The same command several times."""

    def __init__(self, command: str, limit: str) -> None:
        self.command = command
        self._limit = limit
        self._seconds: list[float] = []
        self._processor: list[float] = []
        self._bare: list[float] = []
        self._pss: list[float] = []
        self._rss: list[float] = []

    def run(self, command: Sequence[str | Path], bare: Workers) -> None:
        """Once, with the bare rate before and after."""
        before = bare.run(self._limit).rate
        once = ran(command)
        self._seconds.append(once.seconds)
        self._processor.append(once.processor)
        self._bare.append((before + bare.run(self._limit).rate) / 2)
        self._pss += [once.pss] if once.pss is not None else []
        self._rss += [once.rss] if once.rss is not None else []

    def of(self, rows: int) -> Grown:
        """What came out."""
        rates = [rows / each for each in self._seconds]
        return Grown(
            command=self.command,
            rows=rows,
            times=len(rates),
            seconds=Spread.of(self._seconds),
            processor=Spread.of([1e6 * each / rows for each in self._processor]),
            rate=Spread.of(rates),
            ratio=Spread.of(
                [rate / (CORES * bare) for rate, bare in zip(rates, self._bare, strict=True)]
            ),
            pss=max(self._pss, default=None),
            rss=max(self._rss, default=None),
        )


def _megabytes(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}"


if __name__ == "__main__":
    measured = measure(100_000)
    print("\n".join([*measured.lines(), "", *(goal.row() for goal in measured.goals())]))
