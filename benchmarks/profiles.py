"""Where the time of the whole commands goes: both under py-spy, all of their processes.

``python -m benchmarks.profiles`` prints the table. py-spy looks at the processes so often a second,
and counts threads that are at work; its own work takes from theirs, so shares count, not seconds.
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.commands import Graduation
from benchmarks.environments import Environment, PeerMissing, run
from benchmarks.spread import Goal

ROWS = 200_000
_A_SECOND = 200
_SPY = Environment("py-spy", ("py-spy==0.4.3",))
#: What is done where, by the innermost frame that has one of these in its path.
_DONE: Mapping[str, Sequence[str]] = {
    "signatures (libsodium, and the way to it)": ("nacl/", "signedcert/crypto/"),
    "links: DEFLATE and Base64url": ("codec/packed.py", "codec/text.py", "base64"),
    "the ledger": ("signedcert/workspace/ledger/",),
    "reading the roster or the file of certificates": ("bulk/roster/", "bulk/presented/", "csv.py"),
    "files: parts, the result, their way to the disk": (
        "bulk/run/parts.py",
        "bulk/run/result.py",
        "cli/bulk/sheet_",
        "parquet/core.py",
        "workspace/atomic_files.py",
    ),
    "from process to process": ("multiprocessing/", "concurrent/"),
    "start: loading modules": ("importlib", "pydantic/_internal", "dataclasses.py"),
    "the rest of the kernel": ("bulk/kernel/", "/codec/", "/model/", "/trust/", "/verify/"),
}
_ELSE = "everything else"
#: Innermost frames of threads that wait, whatever py-spy takes them for.
_WAITING = ("selectors.py", "threading.py")


@dataclass(frozen=True, slots=True)
class Profiles:
    """Shares of the samples.

    :ivar shares: of each command, by what was done.
    :ivar missing: why there are none.
    """

    rows: int
    shares: dict[str, dict[str, float]]
    missing: str = ""

    def goals(self) -> list[Goal]:
        """None: a profile says why, not how much."""
        return []

    def lines(self) -> list[str]:
        """Markdown."""
        if self.missing:
            return [f"Not profiled: {self.missing}."]
        lines = [
            f"| where the time goes, {self.rows:,} rows | {' | '.join(self.shares)} |",
            f"|---{'|---' * len(self.shares)}|",
        ]
        for what in (*_DONE, _ELSE):
            found = [f"{each.get(what, 0):.0%}" for each in self.shares.values()]
            lines.append(f"| {what} | {' | '.join(found)} |")
        return lines


def measure(rows: int = ROWS) -> Profiles:
    """One run of each command."""
    try:
        spy = _SPY.python().with_name("py-spy")
        with TemporaryDirectory() as scratch:
            all_of = Graduation.new(Path(scratch) / "graduation", rows)
            raw = Path(scratch) / "samples"
            shares = {}
            for name, command in (("issue", all_of.issue), ("verify", all_of.verify)):
                _record(spy, raw, command())
                shares[f"bulk {name}"] = _shares(raw.read_text(encoding="utf-8"))
    except PeerMissing as error:
        return Profiles(rows, {}, str(error))
    return Profiles(rows, shares)


def _record(spy: Path, raw: Path, words: Sequence[str | Path]) -> None:
    options: list[str | Path] = ["--subprocesses", "--format", "raw", "--rate", str(_A_SECOND)]
    # By its interpreter: what py-spy follows from its start, it may look into.
    program = [sys.executable, *words]
    run([spy, "record", *options, "--output", raw, "--", *program], "py-spy cannot look")


def _shares(samples: str) -> dict[str, float]:
    """By what was done, the share of py-spy's raw lines: frames between semicolons, a number."""
    counted = Counter[str]()
    for line in samples.splitlines():
        stack, _, number = line.rpartition(" ")
        frames = stack.split(";")
        if not any(place in frames[-1] for place in _WAITING):
            counted[_done_in(frames)] += int(number)
    return {what: number / counted.total() for what, number in counted.items()}


def _done_in(frames: list[str]) -> str:
    for frame in reversed(frames):
        for what, places in _DONE.items():
            if any(place in frame for place in places):
                return what
    return _ELSE


if __name__ == "__main__":
    print("\n".join(measure().lines()))
