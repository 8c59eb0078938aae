"""The other side: processes with an engine, which are asked in turn."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from benchmarks.content import ROOT
from benchmarks.engine_workers.serving import MEASURED, Given, Measured

_PATHS = (ROOT / "src", ROOT / "tests" / "bulk" / "clusters", ROOT / "tests", ROOT)


class Process:
    """A process of ``benchmarks.engine_workers``."""

    def __init__(self, process: "subprocess.Popen[str]", errors: Path) -> None:
        self._process, self._errors = process, errors

    def ask(self, step: str) -> Measured:
        """What one round takes.

        :raises AssertionError: when the process ended instead, with the last of what it said.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{step}\n")
        stdin.flush()
        for line in stdout:
            if line.startswith(MEASURED):
                return Measured(**json.loads(line.removeprefix(MEASURED)))
        raise AssertionError(self._errors.read_text(encoding="utf-8")[-4000:])


@contextmanager
def started(module: str, python: Path, given: Given) -> Iterator[Process]:
    """A process of that module of ``benchmarks.engine_workers``, which ends with the block."""
    errors = Path(given.folder) / "errors"
    with (
        errors.open("w") as file,
        subprocess.Popen(
            [python, "-m", f"benchmarks.engine_workers.{module}", json.dumps(asdict(given))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            cwd=ROOT,
            env=environment(),
        ) as process,
    ):
        yield Process(process, errors)


def environment() -> dict[str, str]:
    """In which a Python without our package finds it, the benchmark, and the tests of Ray."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, _PATHS))}
