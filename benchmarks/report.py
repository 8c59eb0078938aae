"""Writes ``docs/performance.md`` and its pictures, from what was measured last.

``python -m benchmarks.report`` writes the page anew without measuring; to measure as well:
``python -m benchmarks.run --only performance``.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from benchmarks import bulk, engines, growth, million, peers, profiles
from benchmarks.content import ROOT
from benchmarks.report_pictures import of_growth, of_peers
from benchmarks.report_words import HEAD, SECTIONS
from benchmarks.results import Kept, keep, kept
from benchmarks.spread import Goal

PAGE = ROOT / "docs" / "performance.md"
_PICTURES = ROOT / "docs" / "images"
#: Above the rows of goals.
GOALS = ["| goal | at least or at most | measured | |", "|---|---|---|---|"]


class Section(Protocol):
    """What every section of the page can do."""

    def lines(self) -> list[str]:
        """Markdown."""

    def goals(self) -> list[Goal]:
        """What was to be reached, and whether it was."""


#: In the order of the page.
KINDS: dict[str, type[Any]] = {
    "bulk": bulk.Bulk,
    "growth": growth.Growth,
    "profiles": profiles.Profiles,
    "million": million.Million,
    "peers": peers.Peers,
    "engines": engines.Engines,
}


def measured(rows_max: int, courses: Path | None) -> dict[str, Callable[[], Section]]:
    """What measures each section, and keeps what it found."""
    calls: dict[str, Callable[[], Section]] = {
        "bulk": bulk.measure,
        "growth": lambda: growth.measure(rows_max, courses),
        "profiles": profiles.measure,
        "million": lambda: million.measure(min(rows_max, million.ROWS), courses),
        "peers": peers.measure,
        "engines": engines.measure,
    }

    return {name: partial(_keeping, name, call) for name, call in calls.items()}


def _keeping(name: str, measure: Callable[[], Section]) -> Section:
    found = measure()
    keep(name, found)
    return found


def write() -> Path:
    """Writes the page.

    :returns: where it is.
    """
    found: dict[str, Kept[Section]] = {
        name: each for name, kind in KINDS.items() if (each := kept(name, kind)) is not None
    }
    machines = list(dict.fromkeys(each.machine.text() for each in found.values()))
    days = sorted(each.at.date().isoformat() for each in found.values())
    measured_on = " to ".join(dict.fromkeys((days[0], days[-1])))
    page = [HEAD, "", f"Measured on {measured_on} (UTC) on: {'; and '.join(machines)}.", ""]
    page += ["## Goals", "", *GOALS]
    page += [goal.row() for each in found.values() for goal in each.result.goals()]
    for name in KINDS:
        title, before, after = SECTIONS[name]
        page += ["", f"## {title}", "", before, ""]
        page += found[name].result.lines() if name in found else ["Not measured."]
        page += ["", after] if after else []
    _PICTURES.mkdir(exist_ok=True)
    for each in found.values():
        if isinstance(each.result, peers.Peers):
            _draw("performance-peers.svg", of_peers(each.result))
        if isinstance(each.result, growth.Growth):
            _draw("performance-growth.svg", of_growth(each.result))
    PAGE.write_text("\n".join(page) + "\n", encoding="utf-8")
    return PAGE


def _draw(name: str, picture: str) -> None:
    (_PICTURES / name).write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    print(write())
