"""Everything that a design prints, as one dictionary in JSON's types."""

from typing import Any

from signedcert.codec.text import verify_url
from signedcert.documents.languages.words import without_isolates
from signedcert.documents.printed import Printed, Statement
from signedcert.documents.variables.course import course_entry, syllabus_entries
from signedcert.documents.variables.details import detail_entries
from signedcert.documents.variables.labels import labels
from signedcert.documents.variables.people import (
    check_entries,
    learner_entry,
    signatory_entries,
)
from signedcert.documents.variables.record import record_entry, shown_checks
from signedcert.documents.variables.results import result_entry
from signedcert.documents.variables.spoken import Spoken, spoken
from signedcert.model.certificate import Certificate, Skill
from signedcert.model.people import Organisation, Person

#: It is raised when a key changes its meaning or goes, so that templates can tell.
VERSION = 1


def variables(printed: Printed, *, language: str | None = None) -> dict[str, Any]:
    """What designs get: every signed field, as text in the document's language.

    Nothing that was signed is left out: what has no key of its own stands under ``details``. What
    is absent is None, or an empty list. Keys are described in docs/guides/documents.md.

    :param language: what the words are in, as a BCP 47 tag, instead of the statement's own
        language. English where there are no words in it; ``zh-Hant`` gets simplified characters.
    :raises EncodeError: when the page is no URL that a link can begin with.
    """
    statement = printed.statement
    speech = spoken(language or statement.language)
    formats, course = speech.formats, statement.course
    award = _award(statement, speech)
    is_certificate = isinstance(statement, Certificate)
    found = {
        "version": VERSION,
        "kind": "certificate" if is_certificate else "record",
        "language": speech.words.language,
        "direction": speech.words.direction,
        "words": labels(speech.words, statement),
        "title": _title(award, printed, speech),
        "authors": [course.institution, *course.partner_institutions],
        "award": award,
        "issuer": statement.issuer,
        "institution": course.institution,
        "partners": list(course.partner_institutions),
        "learner": learner_entry(statement.learner, speech)
        if isinstance(statement.learner, Person)
        else None,
        "course": course_entry(course, speech),
        "syllabus": syllabus_entries(course.syllabus, speech),
        "date_iso": statement.issued_at.date().isoformat(),
        "issued_at": formats.day(statement.issued_at),
        "valid_from": None if statement.valid_from is None else formats.day(statement.valid_from),
        "expires_at": None if statement.expires_at is None else formats.day(statement.expires_at),
        "details": detail_entries(statement, speech),
        "code": statement.code,
        "verify_url": verify_url(printed.page, printed.token),
        "verify_short": printed.page.removeprefix("https://").removeprefix("http://"),
    }
    return found | _own_parts(statement, speech)


def _own_parts(statement: Statement, speech: Spoken) -> dict[str, Any]:
    """What certificates have and records have not, and the other way round."""
    if isinstance(statement, Certificate):
        result = statement.result
        return {
            "awarding_body": _organisation(statement.awarding_body),
            "completed_on": speech.formats.day(statement.completed_on),
            "result": None if result is None else result_entry(result, speech),
            "signatories": signatory_entries(statement.signatories),
            "skills": [each.name if isinstance(each, Skill) else each for each in statement.skills],
            "identity_checks": check_entries(statement.identity_checks, speech),
            "limitations": [
                speech.words.named("limitation", each) for each in statement.limitations
            ],
            "record": None,
        }
    return {
        "awarding_body": None,
        "completed_on": None,
        "result": None,
        "signatories": [],
        "skills": [],
        "identity_checks": shown_checks(statement, speech),
        "limitations": [],
        "record": record_entry(statement, speech),
    }


def _award(statement: Statement, speech: Spoken) -> str:
    if not isinstance(statement, Certificate):
        return speech.say("document", "record")
    named = speech.named("kind", statement.awarded_title)
    return speech.say("print", "certificate") if named is None else named


def _title(award: str, printed: Printed, speech: Spoken) -> str:
    """The title of the document itself, which readers of PDFs show."""
    values = {"award": award, "course": printed.statement.course.title}
    if printed.learner_name is None:
        return without_isolates(speech.say("print", "document_title_unnamed", **values))
    values["learner"] = printed.learner_name
    return without_isolates(speech.say("print", "document_title", **values))


def _organisation(body: Organisation | None) -> dict[str, Any] | None:
    return None if body is None else {"name": body.name, "url": body.url}
