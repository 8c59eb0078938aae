"""Prints what README and docs claim about speed and size: ``make bench``.

``make bench COURSES=courses.csv`` draws the courses for the sizes and rosters from a larger file.
``make bench ROWS_MAX=100000`` ends earlier; ``ROWS_MAX=10000000`` goes on to ten million.
"""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import (
    documents,
    growth,
    hostile,
    import_time,
    records,
    report,
    results,
    size,
    speed,
    trust_store,
)

#: What stands in docs/performance.md, which is written when all of it was measured.
_PERFORMANCE = "performance"


def main() -> None:
    """Measures everything and prints Markdown tables."""
    options = _options()
    for name, measure in _sections(options).items():
        if options.only in (None, name):
            _print(name, measure())
    if options.only in (None, _PERFORMANCE):
        results.forget(report.KINDS)
    for name, measured in report.measured(options.rows_max, options.courses).items():
        if options.only in (None, _PERFORMANCE, name):
            found = measured()
            goals = [goal.row() for goal in found.goals()]
            _print(name, [*found.lines(), *(["", *report.GOALS, *goals] if goals else [])])
    if options.only in (None, _PERFORMANCE):
        print(f"\n{report.write()}")


def _sections(options: argparse.Namespace) -> dict[str, Callable[[], list[str]]]:
    return {
        "speed": lambda: speed.measure() + import_time.measure(),
        "size": partial(size.measure, options.courses),
        "records": records.measure,
        "trust": trust_store.measure,
        "hostile": hostile.measure,
        "documents": documents.measure,
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=Path, help="CSV file of courses")
    parser.add_argument(
        "--rows-max", type=int, default=growth.ROWS_MAX, help="the largest roster that is issued"
    )
    names = ("speed", "size", "records", "trust", "hostile", "documents", *report.KINDS)
    parser.add_argument("--only", choices=(*names, _PERFORMANCE))
    return parser.parse_args()


def _print(name: str, lines: list[str]) -> None:
    print(f"\n## {name.capitalize()}\n")
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    main()
