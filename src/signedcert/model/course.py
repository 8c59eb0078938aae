"""What was taught: a course, its syllabus, its workload."""

from typing import Annotated

from signedcert.model.declarations import AtMost, Label
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import LANGUAGE, URL, Text
from signedcert.model.numbers import Integer, Number, NumberRange, Quantity
from signedcert.model.vocabulary import Choice, Vocabulary

Title = Annotated[str, Text(300)]
Hours = Annotated[Quantity, Number()]


class Level(Vocabulary):
    """How demanding a course is, by its own institution's account."""

    BEGINNER = 0
    INTERMEDIATE = 1
    ADVANCED = 2
    MIXED = 3


class Delivery(Vocabulary):
    """How a course is delivered."""

    ONLINE = 0
    ON_SITE = 1
    BLENDED = 2


class CreditSystem(Vocabulary):
    """What a credit counts in."""

    ECTS = 0
    CATS = 1
    SEMESTER_HOURS = 2
    CONTINUING_EDUCATION_UNITS = 3


class Module(Labelled):
    """One part of a syllabus."""

    wire_form = "map_or_bare"

    title: Annotated[Title, Label(0, "title of the module")]
    topics: Annotated[tuple[Title, ...], AtMost(50), Label(1, "what it covers, in order")] = ()
    hours: Annotated[Hours | None, Label(2, "hours of work")] = None


class Workload(Labelled):
    """How much work a course is, as its institution states it. At least one field is set."""

    weeks: Annotated[
        Annotated[int, Integer(1, 1000)] | None, Label(0, "how many weeks it lasts")
    ] = None
    hours_per_week: Annotated[
        Annotated[tuple[Quantity, Quantity], NumberRange()] | None,
        Label(1, "hours of work a week, at least and at most"),
    ] = None
    total_hours: Annotated[Hours | None, Label(2, "hours of work in all")] = None


class Credits(Labelled):
    """Credits that the course carries in its own institution's account."""

    amount: Annotated[Quantity, Number(), Label(0, "how many credits")]
    system: Annotated[CreditSystem | str, Choice(CreditSystem, 100), Label(1, "what they count in")]


class Course(Labelled):
    """A course as its institution describes it on the day of signing."""

    title: Annotated[Title, Label(0, "title of the course")]
    institution: Annotated[Title, Label(1, "the institution that teaches it")]
    partner_institutions: Annotated[
        tuple[Title, ...],
        AtMost(20),
        Label(2, "institutions that teach it together with the first"),
    ] = ()
    code: Annotated[
        Annotated[str, Text(50)] | None, Label(3, "the institution's own code for the course")
    ] = None
    description: Annotated[
        Annotated[str, Text(4000, paragraphs=True)] | None,
        Label(4, "what the course is about; line feeds are allowed"),
    ] = None
    syllabus: Annotated[tuple[Module, ...], AtMost(100), Label(5, "the modules, in order")] = ()
    workload: Annotated[Workload | None, Label(6, "how much work it is")] = None
    level: Annotated[
        Annotated[Level | str, Choice(Level, 100)] | None, Label(7, "how demanding it is")
    ] = None
    language: Annotated[
        Annotated[str, LANGUAGE] | None, Label(8, "the language it is taught in (BCP 47)")
    ] = None
    delivery: Annotated[
        Annotated[Delivery, Choice(Delivery)] | None, Label(9, "how it is delivered")
    ] = None
    credits: Annotated[Credits | None, Label(10, "credits it carries")] = None
    url: Annotated[Annotated[str, URL] | None, Label(11, "the page of the course")] = None
