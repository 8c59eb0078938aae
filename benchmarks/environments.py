"""Environments of their own for what is measured beside us, below ``build/benchmarks``."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.content import ROOT

FOLDER = ROOT / "build" / "benchmarks"


class PeerMissing(Exception):
    """Something cannot be measured here; the message says why."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment.

    :ivar name: of its folder.
    :ivar packages: what pip installs, pinned.
    """

    name: str
    packages: tuple[str, ...]

    def python(self) -> Path:
        """Its Python. The environment is made where there is none with just these packages.

        :raises PeerMissing: when pip cannot install them.
        """
        folder = FOLDER / self.name
        python, made_of = folder / "bin" / "python", folder / "packages.txt"
        wanted = "\n".join(self.packages)
        if made_of.exists() and made_of.read_text() == wanted:
            return python
        FOLDER.mkdir(parents=True, exist_ok=True)
        run([sys.executable, "-m", "venv", "--clear", folder], f"{self.name} has no environment")
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([python, *install, *self.packages], f"{self.name} cannot be installed")
        made_of.write_text(wanted)
        return python


def run(command: Sequence[str | Path], failure: str) -> str:
    """What the command prints.

    :raises PeerMissing: with the failure and the last line of its errors.
    """
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise PeerMissing(f"{failure} ({last})")
    return done.stdout
