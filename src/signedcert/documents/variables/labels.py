"""The words that designs put beside and between the fields."""

from signedcert.documents.languages.words import Words
from signedcert.model.certificate import Certificate, CertificateKind
from signedcert.share.shared_record import SharedRecord

#: What a design calls a word, and where it stands in the catalogue.
_SHARED = {
    "additional": ("document", "additional"),
    "assessment": ("table", "assessment"),
    "assessments": ("section", "assessments"),
    "assurance": ("field", "assurance"),
    "audience": ("field", "audience"),
    "awarded_by": ("field", "awarding_body"),
    "completed_on": ("field", "completed_on"),
    "course": ("section", "course"),
    "course_code": ("field", "code"),
    "credits": ("field", "credits"),
    "delivery": ("field", "delivery"),
    "description": ("field", "description"),
    "details": ("section", "details"),
    "expires_on": ("field", "expires_at"),
    "final_score": ("field", "final_score"),
    "format": ("section", "format"),
    "grade": ("field", "grade"),
    "identity_checks": ("section", "identity_checks"),
    "institution": ("field", "institution"),
    "issued_on": ("field", "issued_at"),
    "issuer": ("field", "issuer"),
    "language": ("field", "language"),
    "late": ("table", "late"),
    "latin_name": ("field", "latin_name"),
    "learner": ("section", "learner"),
    "level": ("field", "level"),
    "limitations": ("section", "limitations"),
    "link_ends": ("field", "link_ends"),
    "no_score": ("table", "no_score"),
    "partners": ("field", "partner_institutions"),
    "passing_rule": ("field", "passing_rule"),
    "passing_score": ("field", "passing_score"),
    "performed_by": ("field", "performed_by"),
    "performed_on": ("field", "performed_on"),
    "record": ("document", "record"),
    "result": ("field", "result"),
    "score": ("table", "score"),
    "share": ("section", "share"),
    "shared_at": ("field", "shared_at"),
    "signatories": ("section", "signatories"),
    "skills": ("section", "skills"),
    "syllabus": ("section", "syllabus"),
    "url": ("field", "url"),
    "valid_from": ("field", "valid_from"),
    "with_distinction": ("field", "with_distinction"),
    "withheld": ("document", "withheld"),
    "workload": ("field", "workload"),
}
_PRINTED = (
    "attempts",
    "certificate",
    "certifies",
    "code",
    "completed",
    "continued",
    "hours",
    "kind",
    "no_qr",
    "offered_by",
    "page_of",
    "period",
    "portrait",
    "portrait_note",
    "scan",
    "submitted_on",
    "verify",
    "weight",
)


def labels(words: Words, statement: Certificate | SharedRecord) -> dict[str, str]:
    """All words for designs. ``page_of`` has the places ``{page}`` and ``{pages}`` in it."""
    found = {name: words.say(*place) for name, place in _SHARED.items()}
    found |= {name: words.say("print", name) for name in _PRINTED}
    if _only_took_part(statement):
        found["completed"] = words.say("print", "participated")
    return found


def _only_took_part(statement: Certificate | SharedRecord) -> bool:
    """Whether the certificate says no more than that: then no success may be printed."""
    return (
        isinstance(statement, Certificate)
        and statement.awarded_title is CertificateKind.STATEMENT_OF_PARTICIPATION
    )
