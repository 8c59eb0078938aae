"""A command with all its processes: how long it takes, and how much memory they use together."""

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.content import ROOT

_PROC = Path("/proc")
#: Seconds between two looks, at least. Those who are looked at have to wait for it: in a process of
#: 250 MB it takes several milliseconds, so what comes after it is this many times as long.
_EVERY, _TIMES = 0.05, 50


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command took.

    :ivar seconds: from its start to its end.
    :ivar processor: seconds that all its processes together kept a core busy.
    :ivar pss: megabytes of all processes together at most, with what they share counted once; None
        where the system does not tell.
    :ivar rss: the same with shared memory counted in each process.
    :ivar printed: on its standard output.
    """

    seconds: float
    processor: float
    pss: float | None
    rss: float | None
    printed: str


class Watch:
    """Looks at the memory of a process and of all that it started, until it is stopped."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.pss: float | None = None
        self.rss: float | None = None
        self._thread.start()

    def stop(self) -> None:
        """Ends it."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        took = 0.0
        while not self._over.wait(max(_EVERY, _TIMES * took)):
            start = time.perf_counter()
            found = [_memory(pid) for pid in [self._pid, *descendants(self._pid)]]
            used = [each for each in found if each is not None]
            if used:
                self.pss = max(self.pss or 0, sum(each[0] for each in used) / 1000)
                self.rss = max(self.rss or 0, sum(each[1] for each in used) / 1000)
            took = time.perf_counter() - start


def ran(command: Sequence[str | Path]) -> Ran:
    """Runs the command to its end.

    :raises CalledProcessError: when it fails.
    """
    start, busy = time.perf_counter(), children_seconds()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        watch = Watch(process.pid)
        try:
            printed, errors = process.communicate()
        finally:
            watch.stop()
        seconds = time.perf_counter() - start
        if process.returncode:
            print(errors, file=sys.stderr)
            raise subprocess.CalledProcessError(process.returncode, list(map(str, command)))
    return Ran(seconds, children_seconds() - busy, watch.pss, watch.rss, printed)


def children_seconds() -> float:
    """Processor time of all children that have ended, and of those that they waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def descendants(pid: int) -> list[int]:
    """The processes that it started, and that those started, and so on."""
    found = []
    try:
        for task in (_PROC / str(pid) / "task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *descendants(int(child))]
    except (FileNotFoundError, ProcessLookupError):
        pass  # it has ended
    return found


def _memory(pid: int) -> tuple[int, int] | None:
    """Kilobytes: PSS and RSS."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    found = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return found["Pss"], found["Rss"]
