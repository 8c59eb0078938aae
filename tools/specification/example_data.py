"""What the worked examples state: one certificate, one course record, and single fields."""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from signedcert import (
    Assessment,
    AssessmentKind,
    Certificate,
    Component,
    Course,
    CourseFormat,
    CourseRecord,
    Limitation,
    Module,
    Person,
    Result,
    Signatory,
    Skill,
    Workload,
)
from signedcert.codec.cbor import decode, encode
from signedcert.codec.lower import lower
from signedcert.model.issued_record import SharePlaces
from signedcert.model.labelled import Labelled
from signedcert.model.statement import BODY, Statement

#: RFC 8032, section 7.1, test 1. Everybody knows this private key.
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PAGE = "https://learn.example.edu/c/"

CERTIFICATE = Certificate(
    id=bytes.fromhex("0123456789abcdef0123"),
    issuer="learn.example.edu",
    issued_at=datetime(2026, 11, 2, 10, tzinfo=UTC),
    learner=Person(name="Jacob Ångström"),
    course=Course(
        title="Introduction to Operations Management",
        institution="University of Pennsylvania",
        syllabus=(Module(title="Process analysis", hours=5),),
        workload=Workload(weeks=8, hours_per_week=(5, 7)),
    ),
    completed_on=date(2026, 11, 2),
    signatories=(Signatory(name="Christian Terwiesch", title="Professor"),),
    skills=("Process Analysis",),
    limitations=(Limitation.NO_DEGREE_CREDIT, Limitation.NO_ENROLMENT),
)

RECORD = CourseRecord(
    id=bytes.fromhex("fedcba98765432100123"),
    issuer="learn.example.edu",
    issued_at=datetime(2026, 11, 2, 10, tzinfo=UTC),
    learner=Person(name="Jacob Ångström"),
    course=Course(title="Introduction to Operations Management", institution="Example University"),
    course_format=CourseFormat(
        components=(Component(kind=AssessmentKind.QUIZ, count=2, weight=100),),
        passing_score=Decimal("62.5"),
    ),
    final_score=Result(score=Decimal("87.25"), with_distinction=True),
    assessments=(
        Assessment(
            title="Quiz 1",
            kind=AssessmentKind.QUIZ,
            score=Decimal("8.5"),
            maximum=10,
            submitted_on=date(2026, 9, 21),
            late=True,
        ),
    ),
)

#: RFC 8032, section 7.1, test 2: the share key of the record, as public as the first.
HOLDER_SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
RECORD_PAGE = "https://learn.example.edu/r/"
PLACES = SharePlaces(list=2, first=48)
SHARE: dict[str, Any] = {
    "audience": "Acme HR",
    "issued_at": datetime(2026, 11, 20, tzinfo=UTC),
    "expires_at": datetime(2026, 12, 20, tzinfo=UTC),
    "share_id": bytes.fromhex("5348415245a1b2c3d4e5"),
    "slot": 3,
}
SECRET = bytes(range(32))


class Salts:
    """Salts that come out the same each time: salt n is of SHA-256 of ``salt`` and n in decimal."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, size: int) -> bytes:
        self._count += 1
        return hashlib.sha256(b"salt%d" % self._count).digest()[:size]


#: Single fields, each from a model that is complete otherwise.
VALUES: tuple[tuple[str, Labelled, str], ...] = (
    ("a decimal, 87.25", Result(score=Decimal("87.25")), "score"),
    ("a decimal, −0.5", Result(score=Decimal("-0.5")), "score"),
    ("a range, 2.5 to 4", Workload(hours_per_week=(Decimal("2.5"), 4)), "hours_per_week"),
    ("a date", Assessment(title="-", kind="-", submitted_on=date(1969, 12, 31)), "submitted_on"),
    (
        "skills, one of them with its URL",
        CERTIFICATE.model_copy(
            update={"skills": ("Rhetoric", Skill(name="Logic", url="https://example.org/s/1"))}
        ),
        "skills",
    ),
    ("a learner with two names", CERTIFICATE.model_copy(
        update={"learner": Person(name="Νίκη", latin_name="Niki")}
    ), "learner"),
    ("a status reference", CERTIFICATE.model_copy(
        update={"status": {"list": 3, "index": 70_000}}
    ), "status"),
)  # fmt: skip


#: Where in a body the models of single fields stand.
_PATHS: dict[type[Labelled], tuple[int, ...]] = {
    Result: (4,),
    Workload: (1, 6),
    Assessment: (6, 0),
}


def field_bytes(model: Labelled, label: int) -> bytes:
    """The encoding of one field of a model, cut out of a whole payload."""
    value: Any = decode(lower(_holder(model)))[BODY]
    for step in (*_PATHS.get(type(model), ()), label):
        value = value[step]
    return encode(value)


def _holder(model: Labelled) -> Statement:
    match model:
        case Statement():
            return model
        case Result():
            return CERTIFICATE.model_copy(update={"result": model})
        case Workload():
            course = CERTIFICATE.course.model_copy(update={"workload": model})
            return CERTIFICATE.model_copy(update={"course": course})
        case Assessment():
            return RECORD.model_copy(update={"assessments": (model,)})
    raise TypeError(f"no statement holds {model!r}")
