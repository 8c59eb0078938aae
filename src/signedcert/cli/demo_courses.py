"""The three certificates of the demo, and a course record: real courses, invented learners."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from signedcert.model.certificate import Certificate, CertificateKind, Limitation
from signedcert.model.course import Course, Delivery, Level, Module, Workload
from signedcert.model.course_record import (
    Assessment,
    AssessmentKind,
    Component,
    CourseFormat,
    CourseRecord,
)
from signedcert.model.identity import IdentityCheck, IdentityMethod
from signedcert.model.people import Person, Signatory
from signedcert.model.statement import Result
from signedcert.workspace.identifiers import new_id

_LIMITATIONS = (Limitation.NO_DEGREE_CREDIT, Limitation.NO_ENROLMENT)


def demo_certificates(issuer: str, now: datetime) -> Iterator[tuple[str, Certificate]]:
    """Each certificate, with the name of its files."""
    for name, learner, course, signatory, skills, result in _COURSES:
        yield (
            name,
            Certificate(
                id=new_id(),
                issuer=issuer,
                issued_at=now,
                learner=learner,
                course=course,
                completed_on=now.date() - timedelta(days=3),
                awarded_title=CertificateKind.COURSE_CERTIFICATE,
                result=result,
                signatories=(signatory,),
                skills=skills,
                identity_checks=(IdentityCheck(method=IdentityMethod.PHOTO_MATCH),),
                limitations=_LIMITATIONS,
                language="en",
            ),
        )


_COURSES = (
    (
        "operations-management",
        Person(name="Jacob Ångström"),
        Course(
            title="Introduction to Operations Management",
            institution="University of Pennsylvania",
            syllabus=(
                Module(title="Introduction and process analysis", hours=Decimal(5)),
                Module(title="Productivity", hours=Decimal(6)),
                Module(title="Responsiveness", hours=Decimal(6)),
                Module(title="Quality and final exam", hours=Decimal(7)),
            ),
            workload=Workload(weeks=4, hours_per_week=(Decimal(5), Decimal(7))),
            level=Level.BEGINNER,
            language="en",
            delivery=Delivery.ONLINE,
        ),
        Signatory(name="Christian Terwiesch", title="Professor"),
        ("Process Analysis", "Operations Management", "Quality Control"),
        Result(score=Decimal("92.5")),
    ),
    (
        "financial-markets",
        Person(name="María José Carreño Quiñones"),
        Course(
            title="Financial Markets",
            institution="Yale University",
            workload=Workload(weeks=7, total_hours=Decimal(33)),
            level=Level.BEGINNER,
            language="en",
            delivery=Delivery.ONLINE,
        ),
        Signatory(name="Robert Shiller", title="Sterling Professor of Economics"),
        ("Behavioral Economics", "Finance", "Risk Management"),
        None,
    ),
    (
        "machine-learning",
        Person(name="ليلى بنت أحمد الهاشمي", latin_name="Layla bint Ahmad al-Hashimi"),
        Course(
            title="Machine Learning",
            institution="Stanford University",
            workload=Workload(weeks=11, total_hours=Decimal(60)),
            level=Level.MIXED,
            language="en",
            delivery=Delivery.ONLINE,
        ),
        Signatory(name="Andrew Ng", title="Associate Professor"),
        ("Machine Learning", "Logistic Regression", "Artificial Neural Network"),
        Result(with_distinction=True),
    ),
)


def demo_record(issuer: str, now: datetime) -> CourseRecord:
    """The course record of the first of them: everything that the learner did."""
    _, learner, course, *_ = _COURSES[0]
    quizzes = (("Process analysis", 9), ("Productivity", 8), ("Responsiveness", 10), ("Quality", 9))
    end = now.date() - timedelta(days=3)
    return CourseRecord(
        id=new_id(),
        issuer=issuer,
        issued_at=now,
        learner=learner,
        course=course,
        started_on=end - timedelta(weeks=4),
        ended_on=end,
        course_format=CourseFormat(
            components=(
                Component(kind=AssessmentKind.QUIZ, count=len(quizzes), weight=60),
                Component(kind=AssessmentKind.EXAM, count=1, weight=40),
            ),
            passing_score=80,
        ),
        final_score=Result(score=Decimal("92.5")),
        assessments=(
            *(
                Assessment(
                    title=title, kind=AssessmentKind.QUIZ, score=score, maximum=10, weight=15
                )
                for title, score in quizzes
            ),
            Assessment(
                title="Final exam", kind=AssessmentKind.EXAM, score=Decimal("96.25"), weight=40
            ),
        ),
        identity_checks=(IdentityCheck(method=IdentityMethod.PHOTO_MATCH),),
        language="en",
    )
