"""A course, as its institution described it on the day of signing."""

from collections.abc import Iterable
from typing import Any

from signedcert.documents.variables.spoken import Spoken
from signedcert.model.course import Course, Credits, Module, Workload


def course_entry(course: Course, spoken: Spoken) -> dict[str, Any]:
    """The course without its syllabus and its institutions, which have places of their own."""
    return {
        "title": course.title,
        "direction": spoken.direction(course.title),
        "code": course.code,
        "description": course.description,
        "level": spoken.named("level", course.level),
        "language": None if course.language is None else spoken.formats.language(course.language),
        "delivery": spoken.named("delivery", course.delivery),
        "credits": None if course.credits is None else _credits(course.credits, spoken),
        "url": course.url,
        "workload": None if course.workload is None else _workload(course.workload, spoken),
    }


def syllabus_entries(modules: Iterable[Module], spoken: Spoken) -> list[dict[str, Any]]:
    """The modules in order."""
    return [
        {
            "title": module.title,
            "topics": list(module.topics),
            "hours": None if module.hours is None else spoken.formats.hours(module.hours),
        }
        for module in modules
    ]


def _credits(credit: Credits, spoken: Spoken) -> str:
    return spoken.say(
        "value",
        "credits",
        amount=spoken.formats.number(credit.amount),
        system=spoken.words.named("credit_system", credit.system),
    )


def _workload(workload: Workload, spoken: Spoken) -> str | None:
    said = []
    if workload.weeks is not None:
        said.append(spoken.formats.weeks(workload.weeks))
    if workload.hours_per_week is not None:
        hours = spoken.formats.hours(*workload.hours_per_week)
        said.append(spoken.say("value", "per_week", hours=hours))
    if workload.total_hours is not None:
        hours = spoken.formats.hours(workload.total_hours)
        said.append(spoken.say("value", "in_all", hours=hours))
    # One that has additional fields alone says nothing here.
    return spoken.words.joined(said) or None
