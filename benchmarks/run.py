"""Prints what README and docs claim about speed and size: ``make bench``.

``make bench COURSES=courses.csv`` draws the courses for the sizes from a larger file.
"""

import argparse
from pathlib import Path

from benchmarks import documents, hostile, import_time, records, size, speed, trust_store


def main() -> None:
    """Measures everything and prints Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=Path, help="CSV file of courses")
    names = ("speed", "size", "records", "trust", "hostile", "documents")
    parser.add_argument("--only", choices=names)
    options = parser.parse_args()
    sections = {
        "speed": lambda: speed.measure() + import_time.measure(),
        "size": lambda: size.measure(options.courses),
        "records": records.measure,
        "trust": trust_store.measure,
        "hostile": hostile.measure,
        "documents": documents.measure,
    }
    for name, measure in sections.items():
        if options.only in (None, name):
            print(f"\n## {name.capitalize()}\n")
            print("\n".join(measure()))


if __name__ == "__main__":
    main()
