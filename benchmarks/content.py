"""Certificates to measure with: real course titles, real names, institutions new to dictionary 1.

By default the courses are the 30 of ``courses.json``. With a file of courses (the columns that
``tools/train_dictionary.py`` reads) they are drawn from the half of its institutions that the
dictionary was not trained on.
"""

import csv
import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import signedcert as sc
from dictionary_texts import split_institutions

ROOT = Path(__file__).resolve().parent.parent
PAGE = "https://learn.example.edu/c/"
ISSUER = "learn.example.edu"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEED = 20261122
_NAMES = ROOT / "tests" / "vectors" / "names-by-country"
_WORKLOADS = {
    "Less Than 2 Hours": sc.Workload(total_hours=2),
    "1 - 4 Weeks": sc.Workload(weeks=4, hours_per_week=(2, 4)),
    "1 - 3 Months": sc.Workload(weeks=8, hours_per_week=(3, 5)),
    "3 - 6 Months": sc.Workload(weeks=20, hours_per_week=(5, 10)),
}


def example() -> sc.Certificate:
    """The certificate that the README and the specification use."""
    return sc.Certificate(
        id=bytes(range(10)),
        issuer=ISSUER,
        issued_at=NOW,
        learner=sc.Person(name="Jacob Ångström"),
        course=sc.Course(
            title="Introduction to Operations Management",
            institution="University of Pennsylvania",
            syllabus=(sc.Module(title="Process analysis", hours=5),),
            workload=sc.Workload(weeks=8, hours_per_week=(5, 7)),
        ),
        completed_on=date(2026, 11, 2),
        signatories=(sc.Signatory(name="Christian Terwiesch", title="Professor"),),
        skills=("Process Analysis",),
        limitations=(sc.Limitation.NO_DEGREE_CREDIT, sc.Limitation.NO_ENROLMENT),
    )


def large_example() -> sc.Certificate:
    """The same with 10 modules and 8 skills."""
    titles = (
        "Process analysis", "Process interruptions", "Process flow", "Inventory buffers",
        "Labour efficiency", "Quality and variability", "Scheduling", "Product variety",
        "Responsiveness", "Final project",
    )  # fmt: skip
    skills = (
        "Process Analysis", "Operations Management", "Supply Chain", "Six Sigma",
        "Lean Manufacturing", "Capacity Planning", "Quality Management", "Workflow Management",
    )  # fmt: skip
    base = example()
    modules = tuple(sc.Module(title=title, hours=5) for title in titles)
    return base.model_copy(
        update={"skills": skills, "course": base.course.model_copy(update={"syllabus": modules})}
    )


def courses(path: Path | None) -> list[dict[str, Any]]:
    """Courses of institutions that dictionary 1 was not trained on."""
    if path is None:
        found: list[dict[str, Any]] = json.loads(
            (Path(__file__).parent / "courses.json").read_text()
        )
        return found
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    _, unseen = split_institutions(rows)
    return [
        {
            "title": " ".join(row["Title"].split()),
            "institution": row["Institution"],
            "level": row["Level"].lower(),
            "duration": row["Duration"],
            "skills": [skill.strip() for skill in row["Gained Skills"].split(",") if skill.strip()],
        }
        for row in rows
        if row["Institution"] in unseen
    ]


def certificates(
    path: Path | None, *, skills: int, modules: int, count: int = 150
) -> Iterator[sc.Certificate]:
    """Certificates with up to so many skills, and so many modules of the syllabus.

    Module titles are those of other courses of the sample, for want of real syllabuses.
    """
    chance = random.Random(SEED)
    rows = courses(path)
    titles = sorted({row["title"] for row in rows})
    names = [list(column("Localized Name", kind)) for kind in ("forenames", "surnames")]
    for number in range(count):
        row = chance.choice(rows) if path else rows[number % len(rows)]
        day = date(2026, 1, 1) + timedelta(days=chance.randrange(320))
        learner, signatory = (" ".join(chance.choice(part) for part in names) for _ in range(2))
        yield sc.Certificate(
            id=chance.randbytes(10),
            issuer=ISSUER,
            issued_at=datetime(day.year, day.month, day.day, tzinfo=UTC)
            + timedelta(seconds=chance.randrange(600_000)),
            learner=sc.Person(name=learner),
            course=sc.Course(
                title=row["title"],
                institution=row["institution"],
                level=row["level"],
                workload=_WORKLOADS[row["duration"]],
                syllabus=tuple(
                    sc.Module(title=title, hours=chance.randrange(1, 12))
                    for title in chance.sample(titles, modules)
                ),
            ),
            completed_on=day,
            signatories=(sc.Signatory(name=signatory, title="Professor"),),
            skills=tuple(dict.fromkeys(row["skills"]))[:skills],
            limitations=(sc.Limitation.NO_DEGREE_CREDIT, sc.Limitation.NO_ENROLMENT),
        )


def column(name: str, kind: str) -> Iterator[str]:
    """Names that people have, as they write them."""
    with (_NAMES / f"common-{kind}-by-country.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row[name]:
                yield row[name]
