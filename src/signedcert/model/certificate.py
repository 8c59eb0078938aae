"""The certificate: recognition from a named institution for completing a course."""

from datetime import date
from typing import Annotated, ClassVar

from signedcert.model.course import Course
from signedcert.model.declarations import AtMost, Label, TextOr
from signedcert.model.identity import IdentityCheck
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import LANGUAGE, URL, Identifier, Text
from signedcert.model.people import Organisation, Person, Signatory
from signedcert.model.statement import Result, Statement, StatusReference
from signedcert.model.times import Day
from signedcert.model.vocabulary import Choice, Vocabulary


class CertificateKind(Vocabulary):
    """What kind of certificate is awarded."""

    COURSE_CERTIFICATE = 0
    SPECIALIZATION = 1
    PROFESSIONAL_CERTIFICATE = 2
    STATEMENT_OF_PARTICIPATION = 3


class Limitation(Vocabulary):
    """What the certificate does not grant."""

    NO_DEGREE_CREDIT = 0
    NO_ENROLMENT = 1


class Skill(Labelled):
    """A skill as a framework defines it. A skill that no framework defines is plain text."""

    name: Annotated[str, Text(200), Label(0, "name of the skill")]
    url: Annotated[str, URL, Label(1, "the framework's entry for it")]


class Certificate(Statement):
    """A course certificate. It is valid for whoever holds it: it names the learner, no key."""

    media_type: ClassVar[str] = "application/vnd.signedcert.certificate"

    learner: Annotated[Person, Label(0, "who completed the course")]
    course: Annotated[Course, Label(1, "what was completed")]
    completed_on: Annotated[date, Day(), Label(2, "the day it was completed")]
    awarded_title: Annotated[
        Annotated[CertificateKind | str, Choice(CertificateKind, 200)] | None,
        Label(3, "the kind of certificate, or the title awarded"),
    ] = None
    result: Annotated[Result | None, Label(4, "overall result")] = None
    signatories: Annotated[
        tuple[Signatory, ...], AtMost(20), Label(5, "whose names stand under it")
    ] = ()
    skills: Annotated[
        tuple[Annotated[str | Skill, TextOr(Text(200), Skill)], ...],
        AtMost(50),
        Label(6, "skills gained"),
    ] = ()
    awarding_body: Annotated[
        Organisation | None, Label(7, "who awards it, where it is not the course's institution")
    ] = None
    identity_checks: Annotated[
        tuple[IdentityCheck, ...], AtMost(20), Label(8, "how the work was tied to the learner")
    ] = ()
    limitations: Annotated[
        tuple[Annotated[Limitation | str, Choice(Limitation, 500)], ...],
        AtMost(20),
        Label(9, "what it does not grant"),
    ] = ()
    language: Annotated[
        Annotated[str, LANGUAGE] | None, Label(10, "language the certificate is written in")
    ] = None
    record_id: Annotated[
        Annotated[bytes, Identifier()] | None, Label(11, "id of the learner's course record")
    ] = None
    status: Annotated[
        StatusReference | None, Label(12, "where a withdrawal would be published")
    ] = None
