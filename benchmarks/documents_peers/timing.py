"""How long each document takes, on one core. Of the standard library alone."""

import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: What is to be printed: see ``benchmarks.documents_contents``.
Content = dict[str, Any]
#: After so many documents, the memory in use is looked at.
LOOKS = (50, 250, 500)
_WARM_UP = 5


def on_one_core() -> None:
    """Keeps this process, with the threads that it starts from now on, on one core (Linux)."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def contents_in(path: Path) -> list[Content]:
    """What is to be printed."""
    found: list[Content] = json.loads(path.read_text(encoding="utf-8"))
    return found


def timed(contents: list[Content], make: Callable[[Content], bytes]) -> dict[str, Any]:
    """Milliseconds for each document, after some to warm up, which are made again at the end.

    :returns: ``wall`` and ``cpu`` times, ``memory`` by number of documents, mean ``size``.
    """
    for content in contents[-_WARM_UP:]:
        make(content)
    wall, cpu, sizes = [], [], []
    used: dict[str, float | None] = {}
    for number, content in enumerate(contents, 1):
        start, busy = time.perf_counter(), time.process_time()
        made = make(content)
        cpu.append(1000 * (time.process_time() - busy))
        wall.append(1000 * (time.perf_counter() - start))
        sizes.append(len(made))
        if number in LOOKS:
            used[str(number)] = _memory()
    return {"wall": wall, "cpu": cpu, "memory": used, "size": statistics.mean(sizes)}


def _memory() -> float | None:
    """Megabytes in use by this process; None where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except FileNotFoundError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
