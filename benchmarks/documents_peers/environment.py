"""An environment for each peer, below ``build/benchmarks``, and what runs inside it."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from benchmarks.documents_peers.page import Font
from benchmarks.environments import FOLDER, Environment, run

#: WeasyPrint stands on these, which pip does not have.
DEBIAN = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_ENVIRONMENTS = {
    "weasyprint": Environment("weasyprint", ("weasyprint==70.0",)),
    # Without rl_accel it is slower; without uharfbuzz it joins no Arabic letters.
    "reportlab": Environment("reportlab", ("reportlab[accel,shaping]==5.1.0",)),
}
_WEIGHTS = (400, 500, 600)
#: The axis of EB Garamond's variable font, as its file is named.
_VARIABLE = "EBGaramond[wght].ttf"


def installed(peer: str) -> Path:
    """The Python of the peer's own environment, which is made where there is none.

    :raises PeerMissing: when pip cannot install it.
    """
    return _ENVIRONMENTS[peer].python()


def run_page(peer: str, *arguments: Path) -> dict[str, Any]:
    """What a peer's script prints.

    :raises PeerMissing: when it cannot be loaded, or fails.
    """
    python = installed(peer)
    hint = f": apt-get install {DEBIAN}" if peer == "weasyprint" else ""
    run([python, "-c", f"import {peer}"], f"{peer} cannot be loaded{hint}")
    script = f"benchmarks.documents_peers.{peer}_page"
    printed = run([python, "-m", script, *arguments], f"{peer} failed")
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
            command: list[str | Path] = [python, "-m", "fontTools", "varLib.instancer", "--quiet"]
            command += [str(variable), f"wght={weight}", "--update-name-table", "-o", file]
            run(command, "fonts cannot be made")
        found.append({"family": "EB Garamond", "weight": weight, "file": str(file)})
    amiri = str(files("fontpkg_amiri") / "files" / "Amiri-Regular.ttf")
    return [*found, {"family": "Amiri", "weight": 400, "file": amiri}]
