"""What of a certificate's fields stands where on the page, for every peer alike."""

import json
from pathlib import Path
from typing import Any, NamedTuple, TypedDict


class Font(TypedDict):
    """One file of a family, of one weight."""

    family: str
    weight: int
    file: str


def fonts_in(path: Path) -> list[Font]:
    """The fonts that the page is set in."""
    found: list[Font] = json.loads(path.read_text(encoding="utf-8"))
    return found


class Page(NamedTuple):
    """Lines and rows of one certificate, top to bottom.

    :ivar facts: label and value, under the course.
    :ivar small: paragraphs in small print, at the left of the QR code.
    :ivar check: lines under the QR code.
    """

    title: str
    language: str
    direction: str
    author: str
    date: str
    institution: str
    award: str
    certifies: str
    learner: str
    learner_direction: str
    completed: str
    course: str
    offered_by: str
    facts: list[tuple[str, str]]
    signatories: list[tuple[str, str]]
    small: list[str]
    link: str
    check: list[str]


def page_of(data: dict[str, Any]) -> Page:
    """The page of the dictionary that our own designs get."""
    words, course = data["words"], data["course"]
    result = data["result"] or {"text": None}
    facts = [
        (words["completed_on"], data["completed_on"]),
        (words["workload"], course["workload"]),
        (words["result"], result["text"]),
    ]
    return Page(
        title=data["title"],
        language=data["language"],
        direction=data["direction"],
        author=", ".join(data["authors"]),
        date=data["date_iso"],
        institution=data["institution"],
        award=data["award"],
        certifies=words["certifies"],
        learner=data["learner"]["name"],
        learner_direction=data["learner"]["direction"],
        completed=words["completed"],
        course=course["title"],
        offered_by=" · ".join(
            each for each in (course["level"], course["delivery"], *data["partners"]) if each
        ),
        facts=[(label, value) for label, value in facts if value],
        signatories=[(each["name"], _joined(each)) for each in data["signatories"]],
        small=_small(data, words),
        link=data["verify_url"],
        check=[words["scan"], data["verify_short"], f"{words['code']} {data['code']}"],
    )


def _joined(signatory: dict[str, Any]) -> str:
    return ", ".join(filter(None, (signatory["title"], signatory["organisation"])))


def _small(data: dict[str, Any], words: dict[str, str]) -> list[str]:
    syllabus = "; ".join(
        f"{module['title']} ({module['hours']})" if module["hours"] else module["title"]
        for module in data["syllabus"]
    )
    details = "; ".join(f"{each['label']}: {each['value']}" for each in data["details"])
    parts = [
        (words["skills"], " · ".join(data["skills"])),
        (words["syllabus"], syllabus),
        (words["identity_checks"], " ".join(each["sentence"] for each in data["identity_checks"])),
        (words["limitations"], " ".join(data["limitations"])),
        (words["details"], details),
    ]
    return [f"{label}: {text}" for label, text in parts if text]
