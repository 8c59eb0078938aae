"""How a process with an engine is asked to issue and to verify, in turn with the others.

It is started with the JSON of :class:`Given`. For each line on its standard input, ``issue`` or
``verify``, it prints one that begins with ``MEASURED``, and the JSON of :class:`Measured`: an
engine prints lines of its own, too.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.bulk_issuer import Issuer
from benchmarks.process_tree import descendants
from signedcert.bulk.signers import KeyFile
from signedcert.workspace.key_store import pem_file
from signedcert.workspace.workspace import Workspace

MEASURED = "MEASURED "
#: So many tasks that two workers end at the same time; and no more, because Spark's worker collects
#: garbage for some 70 milliseconds after each.
TASKS = 8


@dataclass(frozen=True, slots=True)
class Given:
    """What is to be done.

    :ivar folder: the process's own.
    :ivar roster: a Parquet file.
    :ivar workspace: of the issuer.
    :ivar now: the moment of issuing, in ISO 8601.
    """

    folder: str
    roster: str
    workspace: str
    now: str
    rows: int
    workers: int

    @classmethod
    def here(cls) -> "Given":
        """What this process was started with."""
        return cls(**json.loads(sys.argv[1]))

    @property
    def issuer(self) -> Issuer:
        """Who issues."""
        return Issuer(Path(self.workspace), datetime.fromisoformat(self.now))

    @property
    def task_rows(self) -> int:
        """For so many tasks."""
        return -(-self.rows // TASKS)

    def place(self, name: str) -> str:
        """A path in the folder."""
        return str(Path(self.folder) / name)

    def key(self) -> KeyFile:
        """Where the workers find the key."""
        key = self.issuer.signer().public_key
        return KeyFile(
            pem_file(Workspace.open(Path(self.workspace)).keys_folder.absolute(), key), key
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """What one round took.

    :ivar seconds: on the clock, without the start of workers.
    :ivar processor: seconds of a core, of all processes of the engine together; None where its
        workers end with the job, and nobody knows any more.
    """

    seconds: float
    processor: float | None


#: Does it, and tells how many rows came out well.
Step = Callable[[], int]


def serve(given: Given, steps: dict[str, Step], few: dict[str, Step] | None = None) -> None:
    """Answers until standard input ends.

    :param few: the same steps with some rows, where an engine starts its workers for each job:
        what these take is taken off.
    """
    for line in sys.stdin:
        step = line.strip()
        start, seconds, processor = 0.0, time.perf_counter(), _processor()
        if few:
            few[step]()
            start, seconds = time.perf_counter() - seconds, time.perf_counter()
        good = steps[step]()
        took = time.perf_counter() - seconds - start
        measured = Measured(took, None if few else _processor() - processor)
        if good != given.rows:
            raise AssertionError(f"{good} of {given.rows} rows came out well")
        print(MEASURED + json.dumps(asdict(measured)), flush=True)


def _processor() -> float:
    """Seconds of a core that this process and all below it have had so far."""
    ticks = 0
    for pid in (os.getpid(), *descendants(os.getpid())):
        try:
            # After the name in brackets: 11 and 12 are its own, 13 and 14 of children that ended.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")
