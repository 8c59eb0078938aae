"""The course record: the full performance, as its issuer states it."""

from datetime import date
from typing import Annotated

from signedcert.model.course import Course, Title
from signedcert.model.declarations import AtMost, Label
from signedcert.model.identity import IdentityCheck
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import LANGUAGE, Flag, Text
from signedcert.model.numbers import Integer, Number, Quantity
from signedcert.model.people import Person
from signedcert.model.statement import Result, Statement, StatusReference
from signedcert.model.times import Day
from signedcert.model.vocabulary import Choice, Vocabulary

Points = Annotated[Quantity, Number(signed=True)]
Percent = Annotated[Quantity, Number()]


class AssessmentKind(Vocabulary):
    """What kind of work is assessed."""

    QUIZ = 0
    PROGRAMMING_ASSIGNMENT = 1
    PEER_REVIEW = 2
    EXAM = 3
    ESSAY = 4
    PROJECT = 5
    DISCUSSION = 6
    LAB = 7
    ORAL_EXAM = 8


class Component(Labelled):
    """One kind of assessment in a course's format."""

    kind: Annotated[
        AssessmentKind | str, Choice(AssessmentKind, 100), Label(0, "kind of assessment")
    ]
    count: Annotated[
        Annotated[int, Integer(1, 1000)] | None, Label(1, "how many of them there are")
    ] = None
    weight: Annotated[Percent | None, Label(2, "percent of the final score, all together")] = None


class CourseFormat(Labelled):
    """How a course is assessed. At least one field is set."""

    components: Annotated[
        tuple[Component, ...], AtMost(20), Label(0, "kinds of assessment and their weights")
    ] = ()
    passing_score: Annotated[Percent | None, Label(1, "percent needed to pass")] = None
    passing_rule: Annotated[
        Annotated[str, Text(1000)] | None, Label(2, "what else is needed to pass")
    ] = None


class Assessment(Labelled):
    """One piece of assessed work."""

    title: Annotated[Title, Label(0, "title")]
    kind: Annotated[
        AssessmentKind | str, Choice(AssessmentKind, 100), Label(1, "kind of assessment")
    ]
    score: Annotated[
        Points | None, Label(2, "points reached; a percentage where no maximum is given")
    ] = None
    maximum: Annotated[
        Annotated[Quantity, Number()] | None, Label(3, "points that could be reached")
    ] = None
    weight: Annotated[Percent | None, Label(4, "percent of the final score")] = None
    submitted_on: Annotated[Annotated[date, Day()] | None, Label(5, "the day it was handed in")] = (
        None
    )
    attempts: Annotated[
        Annotated[int, Integer(1, 1000)] | None, Label(6, "how many attempts were made")
    ] = None
    late: Annotated[bool, Flag(), Label(7, "handed in after the deadline")] = False


class RecordBasis(Statement):
    """What everybody sees of a course record: the course, its period, how it is assessed."""

    course: Annotated[Course, Label(1, "the course")]
    started_on: Annotated[
        Annotated[date, Day()] | None, Label(2, "first day of the period it covers")
    ] = None
    ended_on: Annotated[
        Annotated[date, Day()] | None, Label(3, "last day of the period it covers")
    ] = None
    course_format: Annotated[CourseFormat | None, Label(4, "how the course is assessed")] = None
    language: Annotated[
        Annotated[str, LANGUAGE] | None, Label(8, "language the record is written in")
    ] = None
    status: Annotated[StatusReference | None, Label(9, "where a withdrawal would be published")] = (
        None
    )


class CourseRecord(RecordBasis):
    """Everything a learner did in one course.

    It is signed by :func:`signedcert.share.issue_record`, so that the learner can reveal the
    learner's name, the final score, each assessment and each identity check by itself.
    """

    learner: Annotated[Person, Label(0, "whose record it is")]
    final_score: Annotated[Result | None, Label(5, "the final score")] = None
    assessments: Annotated[
        tuple[Assessment, ...], AtMost(200), Label(6, "the assessments, in order")
    ] = ()
    identity_checks: Annotated[
        tuple[IdentityCheck, ...], AtMost(20), Label(7, "how the work was tied to the learner")
    ] = ()
