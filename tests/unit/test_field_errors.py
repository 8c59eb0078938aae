"""What is said of wrong fields: each by its path, with what was expected there."""

from typing import Any

import pytest
from pydantic import ValidationError

from issuing import ISSUED_AT, ISSUER
from signedcert import Certificate, CourseRecord
from signedcert.model.field_errors import field_errors, path_of
from signedcert.model.labelled import Labelled

BASIS: dict[str, Any] = {
    "id": bytes(10),
    "issuer": ISSUER,
    "issued_at": ISSUED_AT,
    "learner": {"name": "Ada"},
    "course": {"title": "Statistics", "institution": "University of Example"},
}
CERTIFICATE = BASIS | {"completed_on": "2026-11-02"}
COURSE: dict[str, Any] = CERTIFICATE["course"]


def said(fields: dict[str, Any], model: type[Labelled] = Certificate) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(fields)
    return field_errors(caught.value, model)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        (
            {"learner": {"name": " "}},
            "learner.name: the text is blank; leave the field out instead",
        ),
        ({"learner": {}}, "learner.name: it is missing; expected: the name as the learner writes "),
        ({"learner": "Ada"}, "learner: expected an object with the fields name, latin_name"),
        ({"grade": "A"}, "grade: there is no such field; there are "),
        ({"langauge": "en"}, "langauge: there is no such field; did you mean language?"),
        (
            {"course": COURSE | {"tilte": "x"}},
            "course.tilte: there is no such field; did you mean t",
        ),
        ({"course": COURSE | {"syllabus": {}}}, "course.syllabus: expected a list"),
        (
            {"course": COURSE | {"syllabus": [{"topics": []}]}},
            "course.syllabus[0].title: it is miss",
        ),
        (
            {"course": COURSE | {"syllabus": [{"titel": "x"}]}},
            "course.syllabus[0].title: it is miss",
        ),
        (
            {"course": COURSE | {"workload": {}}},
            "course.workload: set at least one field, or leave",
        ),
        (
            {"skills": [{"name": "x"}]},
            "skills[0].url: it is missing; expected: the framework's ent",
        ),
        ({"skills": ["", 5]}, "skills[0]: the text is empty; leave the field out instead"),
        ({"status": [1, 2]}, "status: expected an object with the fields list, index"),
        (
            {"expires_at": ISSUED_AT},
            "the statement: expires_at is not after valid_from or issued_at",
        ),
        ({"completed_on": None}, "completed_on: expected a calendar date (in JSON: YYYY-MM-DD)"),
    ],
)
def test_a_wrong_field_is_named_with_what_was_expected(fields: dict[str, Any], line: str) -> None:
    assert said(CERTIFICATE | fields)[0].startswith(line)


def test_each_fault_has_a_line() -> None:
    lines = said({"id": bytes(10), "learner": {"name": ""}, "course": COURSE | {"level": 5}})
    assert [line.partition(": ")[0] for line in lines] == [
        "issuer",
        "issued_at",
        "learner.name",
        "course.level",
        "completed_on",
    ]


def test_records_have_their_own_fields() -> None:
    lines = said(BASIS | {"assessments": [{"title": "Quiz"}]}, CourseRecord)
    assert lines == ["assessments[0].kind: it is missing; expected: kind of assessment"]


def test_what_the_model_does_not_know_is_told_as_it_is() -> None:
    """Of another model than the one that was validated, nothing can be looked up."""
    with pytest.raises(ValidationError) as caught:
        Certificate.model_validate(CERTIFICATE | {"skills": [{"nam": "x"}], "course": {"code": 5}})
    lines = field_errors(caught.value, CourseRecord)
    assert "course.title: it is missing; expected: title of the course" in lines
    assert "skills[0].name: it is missing" in lines
    assert "skills[0].nam: there is no such field; there are " in lines


def test_paths_are_written_as_people_write_them() -> None:
    assert path_of(("course", "syllabus", 0, "hours")) == "course.syllabus[0].hours"
    assert path_of(()) == "the statement"
