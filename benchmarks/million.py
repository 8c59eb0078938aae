"""A graduation of a million: ``python -m benchmarks.million``.

A roster of as many different people and courses is issued by the command line, which is killed
three times on the way (SIGKILL, to its first process), and verified by the command line. Then the
files and the ledger are looked at by other means.
"""

import argparse
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.commands import Graduation
from benchmarks.growth import MEMORY_GOAL
from benchmarks.million_checks import distinct, in_ledger, inside_tokens, verdicts
from benchmarks.process_tree import Watch, descendants, ran
from benchmarks.spread import Goal

ROWS = 1_000_000
#: The parts of the rows that are done when the run is killed.
KILLS = (0.15, 0.5, 0.85)
#: Seconds that processes have to end after the one that started them was killed.
_GRACE = 10
_SEED = 6
#: Seconds between looks at what is done, and at most between the last look and the kill.
_POLL, _MOMENT = 0.02, 0.5


@dataclass(frozen=True, slots=True)
class Million:
    """What came out.

    :ivar kills: how often the run was killed.
    :ivar done: the rows that were done after each kill.
    :ivar issue_seconds: of all attempts together.
    :ivar counts: how many different things there are of each kind: one for each row.
    :ivar signatures: how many were verified by OpenSSL as well.
    :ivar statuses: how many verdicts there are of each.
    """

    rows: int
    kills: int
    done: list[int]
    issue_seconds: float
    verify_seconds: float
    issue_memory: float | None
    verify_memory: float | None
    counts: dict[str, int]
    signatures: int
    statuses: dict[str, int]

    def goals(self) -> list[Goal]:
        """One of everything for each row, all VALID, in little memory."""
        run = f"{self.rows:,} rows, killed {self.kills} times"
        right = sum(count == self.rows for count in self.counts.values())
        valid = self.statuses.get("VALID", 0)
        goals = [
            Goal(f"{run}: kinds of things of which there is one a row", right, len(self.counts)),
            Goal(f"{run}: certificates that are VALID", valid, self.rows),
        ]
        used = [each for each in (self.issue_memory, self.verify_memory) if each is not None]
        if used:
            goals.append(Goal(f"{run}: memory", max(used), MEMORY_GOAL, at_most=True, unit="MB"))
        return goals

    def lines(self) -> list[str]:
        """Markdown."""
        done = ", ".join(f"{each:,}" for each in self.done)
        memory = [
            "—" if each is None else f"{each:.0f}"
            for each in (self.issue_memory, self.verify_memory)
        ]
        lines = [
            f"Killed {self.kills} times, after {done} rows; no process was left behind.",
            "",
            "| command | seconds, all attempts | rows a second | memory, MB (PSS) |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {command} | {seconds:.0f} | {self.rows / seconds:,.0f} | {used} |"
            for command, seconds, used in (
                ("bulk issue", self.issue_seconds, memory[0]),
                ("bulk verify", self.verify_seconds, memory[1]),
            )
        ]
        lines += ["", "| different | how many |", "|---|---|"]
        lines += [f"| {name} | {count:,} |" for name, count in self.counts.items()]
        lines += ["", "| verdict | how many |", "|---|---|"]
        lines += [f"| {name} | {count:,} |" for name, count in self.statuses.items()]
        return [*lines, "", f"{self.signatures:,} signatures were verified by OpenSSL as well."]


def measure(rows: int = ROWS, courses: Path | None = None) -> Million:
    """The whole of it.

    :raises AssertionError: when a process outlives the kill, or a signature is wrong.
    """
    with TemporaryDirectory() as folder:
        all_of = Graduation.new(Path(folder) / "graduation", rows, courses)
        chance = random.Random(_SEED)
        start = time.perf_counter()
        killed = [_killed(all_of, part, chance) for part in KILLS]
        last = ran(all_of.issue())
        seconds = time.perf_counter() - start
        checked = ran(all_of.verify())
        public_key = all_of.issuer.signer().public_key.raw
        inside = inside_tokens(all_of.certificates, public_key)
        used = [*(each.pss for each in killed), last.pss]
        return Million(
            rows=rows,
            kills=len(killed),
            done=[each.done for each in killed],
            issue_seconds=seconds,
            verify_seconds=checked.seconds,
            issue_memory=max((each for each in used if each is not None), default=None),
            verify_memory=checked.pss,
            counts=distinct(all_of.certificates) | inside.counts | in_ledger(all_of.ledger),
            signatures=inside.signatures,
            statuses=verdicts(all_of.verdicts),
        )


class _Killed(NamedTuple):
    """:ivar done: rows that were done. :ivar pss: megabytes at most."""

    done: int
    pss: float | None


def _killed(all_of: Graduation, part: float, chance: random.Random) -> _Killed:
    """Issues until so large a part of the rows is done, and a moment longer; kills it then."""
    errors = all_of.folder / "errors.txt"
    with (
        errors.open("w") as file,
        subprocess.Popen(all_of.issue(), stdout=subprocess.DEVNULL, stderr=file) as process,
    ):
        watch = Watch(process.pid)
        while all_of.issued_rows() < part * all_of.rows:
            if process.poll() is not None:
                raise AssertionError(f"it ended by itself: {errors.read_text()}")
            time.sleep(_POLL)
        time.sleep(chance.uniform(0, _MOMENT))
        others, before = descendants(process.pid), all_of.issued_rows()
        process.kill()
        process.wait()
        watch.stop()
    end = time.monotonic() + _GRACE
    while any(_lives(pid) for pid in others):
        if time.monotonic() > end:
            raise AssertionError("processes outlive the one that started them")
        time.sleep(_POLL)
    return _Killed(max(before, all_of.issued_rows()), watch.pss)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def main() -> None:
    """Prints what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--courses", type=Path, help="CSV file of courses")
    options = parser.parse_args()
    measured = measure(options.rows, options.courses)
    print("\n".join([*measured.lines(), "", *(goal.row() for goal in measured.goals())]))
    if not all(goal.met for goal in measured.goals()):
        sys.exit(1)


if __name__ == "__main__":
    main()
