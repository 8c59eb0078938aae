"""An environment for each peer, below ``build/benchmarks``, and what runs inside it."""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

from benchmarks.content import ROOT
from benchmarks.documents_peers.page import Font

FOLDER = ROOT / "build" / "benchmarks"
#: WeasyPrint stands on these, which pip does not have.
DEBIAN = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_PACKAGES = {
    "weasyprint": ["weasyprint==70.0"],
    # Without rl_accel it is slower; without uharfbuzz it joins no Arabic letters.
    "reportlab": ["reportlab[accel,shaping]==5.1.0"],
}
_WEIGHTS = (400, 500, 600)
#: The axis of EB Garamond's variable font, as its file is named.
_VARIABLE = "EBGaramond[wght].ttf"


class PeerMissing(Exception):
    """A peer cannot be run here; the message says what to do."""


def installed(peer: str) -> Path:
    """The Python of the peer's own environment, which is made where there is none.

    :raises PeerMissing: when pip cannot install it.
    """
    python = FOLDER / peer / "bin" / "python"
    if not _succeeds([python, "-m", "pip", "show", peer]):
        _run([sys.executable, "-m", "venv", FOLDER / peer], f"{peer} has no environment")
        install = [python, "-m", "pip", "install", "--quiet", *_PACKAGES[peer]]
        _run(install, f"{peer} cannot be installed")
    return python


def run_page(peer: str, *arguments: Path) -> dict[str, Any]:
    """What a peer's script prints.

    :raises PeerMissing: when it cannot be loaded, or fails.
    """
    python = installed(peer)
    hint = f": apt-get install {DEBIAN}" if peer == "weasyprint" else ""
    _run([python, "-c", f"import {peer}"], f"{peer} cannot be loaded{hint}")
    script = f"benchmarks.documents_peers.{peer}_page"
    printed = _run([python, "-m", script, *arguments], f"{peer} failed")
    found: dict[str, Any] = json.loads(printed)
    return found


def static_fonts(python: Path) -> list[Font]:
    """Amiri, and EB Garamond in three files of one weight each.

    WeasyPrint would make them for every document anew out of the variable font, which takes most
    of its time then; ReportLab takes one weight of it.

    :param python: with fontTools.
    """
    variable = files("fontpkg_eb_garamond") / "files" / _VARIABLE
    found: list[Font] = []
    for weight in _WEIGHTS:
        file = FOLDER / f"EBGaramond-{weight}.ttf"
        if not file.exists():
            instancer = [python, "-m", "fontTools", "varLib.instancer", "--quiet"]
            names = ["--update-name-table", "-o", file]
            _run([*instancer, str(variable), f"wght={weight}", *names], "fonts cannot be made")
        found.append({"family": "EB Garamond", "weight": weight, "file": str(file)})
    amiri = str(files("fontpkg_amiri") / "files" / "Amiri-Regular.ttf")
    return [*found, {"family": "Amiri", "weight": 400, "file": amiri}]


def _succeeds(command: list[str | Path]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _run(command: list[Any], failure: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise PeerMissing(f"{failure} ({last})")
    return done.stdout
