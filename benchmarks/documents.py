"""Certificates as PDF and PNG: time, memory, and the same page by WeasyPrint and ReportLab.

Each maker has a process of its own on one core, and makes 500 different certificates.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.content import ISSUER, NOW, PAGE, ROOT
from benchmarks.documents_checks import ARABIC_NAME, Findings, look_at
from benchmarks.documents_contents import (
    COUNT,
    MODULES,
    SKILLS,
    Issued,
    handed_over,
    handed_to_us,
    in_other_scripts,
    issued,
    specimen,
)
from benchmarks.documents_peers.environment import installed, run_page, static_fonts
from benchmarks.documents_peers.timing import LOOKS, Content
from benchmarks.environments import FOLDER, PeerMissing
from signedcert.model.issuer_document import KeyUse
from signedcert.workspace.creation import Plan, Secrets, create_workspace
from signedcert.workspace.issuing import issue_recorded

GOAL = "30 ms"
_OWN = "signedcert"
#: Before the first certificate, and less than a signing key's life before the last.
_FOUNDED = datetime(2025, 12, 31, tzinfo=UTC)
#: What is looked at, beside the field of :class:`Findings`.
_ROWS = {
    "pages": "pages",
    "declares": "declares itself",
    "tags": "tagged",
    "language": "language",
    "fonts": "all fonts embedded",
    "attachment": "token attached",
    "associated": "as an associated file",
    "name_on_paper": "Arabic name from right to left",
    "name_in_text": "Arabic name in the text layer",
}


def measure() -> list[str]:
    """Rows of Markdown tables."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        out = Path(folder)
        certificates = issued()
        specimens = [specimen("Jacob Ångström", None), specimen(ARABIC_NAME, None)]
        given = _written(out / "contents.json", handed_over(certificates))
        looked_at = _written(out / "specimens.json", handed_over(specimens))
        others = _written(out / "scripts.json", handed_to_us(in_other_scripts()))
        own = _own(given, others, looked_at, out)
        lines = [*_times(own), "", *_memory(own["pdf"]), "", *_split(own), ""]
        lines += [*_batch(certificates, out), ""]
        times, samples = {_OWN: own["pdf"]}, {_OWN: "own"}
        for peer in ("weasyprint", "reportlab"):
            try:
                fonts = out / "fonts.json"
                fonts.write_text(json.dumps(static_fonts(installed("weasyprint"))))
                for variant, found in run_page(peer, given, looked_at, fonts, out).items():
                    times[name := f"{peer} {variant}".strip()] = found
                    samples[name] = name.replace("/", "-").replace(" ", "-")
            except PeerMissing as missing:
                lines += [f"Not compared: {missing}.", ""]
        token = specimens[0].token
        looks = {
            name: look_at(_sample(out, file, 0), _sample(out, file, 1), token)
            for name, file in samples.items()
        }
    return [*lines, *_against(times), "", *_looks(looks)]


def _sample(out: Path, file: str, number: int) -> bytes:
    return (out / f"{file}-{number}.pdf").read_bytes()


def _written(path: Path, contents: list[Content]) -> Path:
    path.write_text(json.dumps(contents, ensure_ascii=False), encoding="utf-8")
    return path


def _own(*arguments: Path) -> dict[str, Any]:
    command: list[str | Path] = [sys.executable, "-m", "benchmarks.documents_own", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _times(own: dict[str, Any]) -> list[str]:
    lines = [
        f"| {COUNT} different certificates, {MODULES} modules, {SKILLS} skills, one core, warm "
        "| median, ms | 95 % | most | processor time | KB | goal |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, name, goal in (
        ("pdf", "PDF", GOAL),
        ("scripts", "PDF, names in 7 other scripts", GOAL),
        ("png", "PNG, 150 dots an inch", "—"),
    ):
        wall, cpu = own[key]["wall"], statistics.median(own[key]["cpu"])
        size = own[key]["size"] / 1000
        lines.append(f"| {name} | {_spread(wall)} | {cpu:.1f} | {size:.0f} | {goal} |")
    return lines


def _spread(wall: list[float]) -> str:
    late = statistics.quantiles(wall, n=20)[-1]
    return f"**{statistics.median(wall):.1f}** | {late:.1f} | {max(wall):.1f}"


def _memory(found: dict[str, Any]) -> list[str]:
    used = found["memory"]
    looks = [used[str(number)] for number in LOOKS]
    cells = " | ".join("—" if each is None else f"{each:.0f}" for each in looks)
    return [
        f"| after PDFs | {' | '.join(map(str, LOOKS))} |",
        f"|---|{'---|' * len(LOOKS)}",
        f"| memory in use, MB | {cells} |",
    ]


def _split(own: dict[str, Any]) -> list[str]:
    rows = [f"| {step} | {median:.2f} |" for step, median in own["split"].items()]
    return ["| of a PDF | processor time, ms |", "|---|---|", *rows]


def _batch(certificates: list[Issued], out: Path) -> list[str]:
    """``signedcert pdf --all``, with all that a process takes from its start."""
    workspace = _workspace(certificates, out / "workspace")
    program = Path(sys.executable).with_name("signedcert")
    options: list[str | Path] = ["--all", "--workspace", workspace, "--out", out / "made"]
    options += ["--now", NOW.isoformat()]
    start, busy = time.perf_counter(), os.times()
    subprocess.run([program, "pdf", *options], check=True, stdout=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - start, os.times()
    used = after.children_user + after.children_system - busy.children_user - busy.children_system
    assert len(list((out / "made").glob("*.pdf"))) == len(certificates)
    return [
        "| one process from start to end | seconds | processor time | ms each |",
        "|---|---|---|---|",
        f"| signedcert pdf --all, {len(certificates)} certificates | **{seconds:.1f}** "
        f"| {used:.1f} | {1000 * used / len(certificates):.0f} |",
    ]


def _workspace(certificates: list[Issued], folder: Path) -> Path:
    plan = Plan(issuer=ISSUER, page=PAGE, now=_FOUNDED)
    owner = create_workspace(folder, plan, lambda: Secrets(None, None))
    signer = owner.signer(KeyUse.STATEMENTS, NOW, lambda _: b"")
    with owner.open_ledger(NOW) as ledger:
        for each in certificates:
            issue_recorded(ledger, each.certificate, signer, NOW)
    return folder


def _against(times: dict[str, dict[str, Any]]) -> list[str]:
    lines = [
        f"| the same page, {COUNT} certificates | median, ms | 95 % | most "
        "| processor time against ours | memory, MB | KB |",
        "|---|---|---|---|---|---|---|",
    ]
    ours = statistics.median(times[_OWN]["cpu"])
    for name, found in times.items():
        ratio = statistics.median(found["cpu"]) / ours
        used = found["memory"][str(LOOKS[-1])]
        memory = "—" if used is None else f"{used:.0f}"
        size = found["size"] / 1000
        lines.append(f"| {name} | {_spread(found['wall'])} | {ratio:.2f} | {memory} | {size:.0f} |")
    note = "Peers are given words, dates and QR codes ready made; ours makes them in its time."
    return [*lines, "", note]


def _looks(looks: dict[str, Findings]) -> list[str]:
    lines = [f"| in the file | {' | '.join(looks)} |", f"|---|{'---|' * len(looks)}"]
    for field, row in _ROWS.items():
        cells = " | ".join(getattr(each, field) for each in looks.values())
        lines.append(f"| {row} | {cells} |")
    return lines
