"""Rosters of any length: ``python -m benchmarks.roster roster.csv --rows 1000000``.

Real course titles, real forenames with real surnames of the same country (in its own script, and
in Latin letters beside it), and days of completion: no two rows alike, and always the same ones.
What all rows share (a signatory, limitations) is in a mapping file beside the roster.
"""

import argparse
import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

import signedcert as sc
from benchmarks.content import ISSUER, ROOT, courses

BATCH_ROWS = 10_000
SKILLS = 8
#: Days of completion lie in the year that ends here. Peers check dates against the clock.
LAST_DAY, DAYS = date(2025, 6, 30), 365
#: Coprime to the number of combinations: its multiples visit each of them once.
_STRIDE = 2_147_483_647
_HOURS = {"Less Than 2 Hours": 2, "1 - 4 Weeks": 12, "1 - 3 Months": 32, "3 - 6 Months": 150}
_NAMES = ROOT / "tests" / "vectors" / "names-by-country"
_SURNAME_FIRST = frozenset({"CN", "HU", "JP", "KR", "TW"})
#: The last letter of Latin Extended-B.
_LATIN_MAX = "\u024f"
_SIGNATORIES = [{"name": "Maria Lindqvist", "title": "Professor"}]
_LIMITATIONS = ["no_degree_credit", "no_enrolment"]
_LIST_SEPARATOR = "; "
#: In the batches only: files have a mapping file for them.
_SHARED = ("signatories", "limitations")

_WORKLOAD = pa.struct({"total_hours": pa.int64()})
_COURSE = pa.struct(
    {"title": pa.string(), "institution": pa.string(), "level": pa.string(), "workload": _WORKLOAD}
)
_LEARNER = pa.struct({"name": pa.string(), "latin_name": pa.string()})
_SIGNATORY = pa.struct({"name": pa.string(), "title": pa.string()})

MAPPING = f"""\
[certificate]
limitations = {_LIMITATIONS}

[[certificate.signatories]]
name = "{_SIGNATORIES[0]["name"]}"
title = "{_SIGNATORIES[0]["title"]}"

[csv]
list_separator = "{_LIST_SEPARATOR.strip()}"
"""


def batches(
    count: int, path: Path | None = None, *, batch_rows: int = BATCH_ROWS
) -> Iterator[pa.RecordBatch]:
    """So many distinct rows, in columns as ``signedcert.bulk.issue_batch`` takes them.

    :param path: CSV file of courses; those of ``courses.json`` where there is none.
    """
    taught = _courses(path)
    people = pa.array(_people(), _LEARNER)
    skills = pa.array([each.pop("skills") for each in taught], pa.list_(pa.string()))
    offered = pa.array(taught, _COURSE)
    days = pa.array([LAST_DAY - timedelta(days=day) for day in range(DAYS)], pa.date32())
    combinations = len(offered) * len(people) * DAYS
    if count > combinations or combinations % _STRIDE == 0:
        raise ValueError(f"there are only {combinations} different rows")
    for first in range(0, count, batch_rows):
        numbers = range(first, min(first + batch_rows, count))
        picked = [number * _STRIDE % combinations for number in numbers]
        course = pa.array([each % len(offered) for each in picked])
        picked = [each // len(offered) for each in picked]
        length = len(picked)
        yield pa.record_batch(
            {
                "key": pa.array([f"E{number:09}" for number in numbers]),
                "learner": people.take(pa.array([each % len(people) for each in picked])),
                "course": offered.take(course),
                "completed_on": days.take(pa.array([each // len(people) for each in picked])),
                "skills": skills.take(course),
                "signatories": pa.array([_SIGNATORIES] * length, pa.list_(_SIGNATORY)),
                "limitations": pa.array([_LIMITATIONS] * length, pa.list_(pa.string())),
            }
        )


def certificates(count: int, path: Path | None = None) -> Iterator[sc.Certificate]:
    """The same rows as certificates, made one by one."""
    for batch in batches(count, path):
        for row in batch.to_pylist():
            course, learner = row["course"], row["learner"]
            yield sc.Certificate(
                id=blake2b(row["key"].encode(), digest_size=10).digest(),
                issuer=ISSUER,
                issued_at=_issued_at(row["completed_on"]),
                learner=sc.Person(name=learner["name"], latin_name=learner["latin_name"]),
                course=sc.Course(
                    title=course["title"],
                    institution=course["institution"],
                    level=sc.Level[course["level"].upper()],
                    workload=sc.Workload(total_hours=course["workload"]["total_hours"]),
                ),
                completed_on=row["completed_on"],
                signatories=tuple(sc.Signatory(**each) for each in row["signatories"]),
                skills=tuple(row["skills"]),
                limitations=tuple(sc.Limitation[each.upper()] for each in row["limitations"]),
            )


def write(out: Path, count: int, path: Path | None = None) -> Path:
    """Writes a roster, CSV or Parquet as its name ends, in memory that does not grow with it.

    :returns: the mapping file beside it.
    """
    if out.suffix == ".csv":
        _write_csv(out, count, path)
    elif out.suffix == ".parquet":
        _write_parquet(out, count, path)
    else:
        raise ValueError(f"{out.name} is neither .csv nor .parquet")
    mapping = out.with_suffix(".toml")
    mapping.write_text(MAPPING, encoding="utf-8")
    return mapping


def _write_csv(out: Path, count: int, path: Path | None) -> None:
    tables = (_flat(batch) for batch in batches(count, path))
    schema = _joined(_flat(next(batches(1, path)))).schema
    with pyarrow.csv.CSVWriter(out, schema) as writer:
        for table in tables:
            writer.write_table(_joined(table))


def _write_parquet(out: Path, count: int, path: Path | None) -> None:
    schema = _flat(next(batches(1, path))).schema
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in batches(count, path):
            writer.write_table(_flat(batch))


def _flat(batch: pa.RecordBatch) -> pa.Table:
    """Columns named by the paths of their fields: ``course.title``."""
    table = pa.Table.from_batches([batch]).drop_columns(list(_SHARED))
    while any(pa.types.is_struct(each) for each in table.schema.types):
        table = table.flatten()
    return table


def _joined(table: pa.Table) -> pa.Table:
    """Lists as one text each, for CSV."""
    place = table.schema.get_field_index("skills")
    joined = pc.binary_join(table["skills"].combine_chunks(), _LIST_SEPARATOR)
    return table.set_column(place, "skills", joined)


def _courses(path: Path | None) -> list[dict[str, object]]:
    found = {
        (row["title"], row["institution"]): {
            "title": row["title"],
            "institution": row["institution"],
            "level": row["level"],
            "workload": {"total_hours": _HOURS[row["duration"]]},
            "skills": list(dict.fromkeys(row["skills"]))[:SKILLS],
        }
        for row in courses(path)
    }
    return list(found.values())


def _people() -> list[dict[str, str | None]]:
    """Every forename with every surname of the same country; no name twice."""
    forenames, surnames = _by_country("forenames"), _by_country("surnames")
    found: dict[str, str | None] = {}
    for country in sorted(forenames.keys() & surnames.keys()):
        for forename in forenames[country]:
            for surname in surnames[country]:
                parts = (surname, forename) if country in _SURNAME_FIRST else (forename, surname)
                name, latin = (" ".join(each) for each in zip(*parts, strict=True))
                found[name] = latin if max(name) > _LATIN_MAX else None
    return [{"name": name, "latin_name": latin} for name, latin in found.items()]


@cache
def _by_country(kind: str) -> dict[str, list[tuple[str, str]]]:
    """Names as their country writes them, each with its Latin form."""
    found: dict[str, list[tuple[str, str]]] = {}
    with (_NAMES / f"common-{kind}-by-country.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            name, latin = row["Localized Name"].strip(), row["Romanized Name"].strip()
            if name and latin:
                found.setdefault(row["Country"], []).append((name, latin))
    return found


def _issued_at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=2)


def main() -> None:
    """Writes the roster."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="roster.csv or roster.parquet")
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--courses", type=Path, help="CSV file of courses")
    options = parser.parse_args()
    mapping = write(options.out, options.rows, options.courses)
    print(f"{options.out} and {mapping}")


if __name__ == "__main__":
    main()
