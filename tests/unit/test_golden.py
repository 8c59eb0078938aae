"""Golden vectors and the frozen table of labels: no later version may break them.

A failure here means that certificates that are already out there would read differently. Mend the
library, never a vector.
"""

import json

import pytest

import signedcert as sc
from field_values import MODELS
from issuing import ISSUER, NOW, jwks
from many_cases import check_each
from signedcert.model.issued_record import ShareClaims, VisibleRecord
from signedcert.model.labelled import Labelled
from signedcert.model.statement import BODY
from signedcert.model.vocabulary import Vocabulary
from vector_files import VECTORS

FILES = sorted((VECTORS / "golden").glob("*.json"))
CASES = [pytest.param(json.loads(file.read_text("utf-8")), id=file.stem) for file in FILES]

FROZEN_LABELS = {
    "Certificate": {
        "issuer": ("claim", 1), "expires_at": ("claim", 4), "valid_from": ("claim", 5),
        "issued_at": ("claim", 6), "id": ("claim", 7),
        "learner": 0, "course": 1, "completed_on": 2, "awarded_title": 3, "result": 4,
        "signatories": 5, "skills": 6, "awarding_body": 7, "identity_checks": 8, "limitations": 9,
        "language": 10, "record_id": 11, "status": 12,
    },
    "Person": {"name": 0, "latin_name": 1},
    "Course": {
        "title": 0, "institution": 1, "partner_institutions": 2, "code": 3, "description": 4,
        "syllabus": 5, "workload": 6, "level": 7, "language": 8, "delivery": 9, "credits": 10,
        "url": 11,
    },
    "Module": {"title": 0, "topics": 1, "hours": 2},
    "Workload": {"weeks": 0, "hours_per_week": 1, "total_hours": 2},
    "Credits": {"amount": 0, "system": 1},
    "Result": {"score": 0, "maximum": 1, "grade": 2, "with_distinction": 3},
    "Signatory": {"name": 0, "title": 1, "organisation": 2},
    "Skill": {"name": 0, "url": 1},
    "Organisation": {"name": 0, "url": 1},
    "IdentityCheck": {
        "method": 0, "performed_by": 1, "performed_on": 2, "assurance": 3, "portrait_digest": 4,
    },
    "StatusReference": {"list": 0, "index": 1},
    "CourseRecord": {
        "issuer": ("claim", 1), "expires_at": ("claim", 4), "valid_from": ("claim", 5),
        "issued_at": ("claim", 6), "id": ("claim", 7),
        "learner": 0, "course": 1, "started_on": 2, "ended_on": 3, "course_format": 4,
        "final_score": 5, "assessments": 6, "identity_checks": 7, "language": 8, "status": 9,
    },
    "VisibleRecord": {
        "issuer": ("claim", 1), "subject": ("claim", 2), "expires_at": ("claim", 4),
        "valid_from": ("claim", 5), "issued_at": ("claim", 6), "id": ("claim", 7),
        "holder_key": ("claim", 8),
        "course": 1, "started_on": 2, "ended_on": 3, "course_format": 4, "language": 8,
        "status": 9, "share_places": 10,
    },
    "CourseFormat": {"components": 0, "passing_score": 1, "passing_rule": 2},
    "Component": {"kind": 0, "count": 1, "weight": 2},
    "Assessment": {
        "title": 0, "kind": 1, "score": 2, "maximum": 3, "weight": 4, "submitted_on": 5,
        "attempts": 6, "late": 7,
    },
    "SharePlaces": {"list": 0, "first": 1},
    "ShareClaims": {
        "audience": ("claim", 3), "expires_at": ("claim", 4), "issued_at": ("claim", 6),
        "id": ("claim", 7), "slot": 0,
    },
}  # fmt: skip
FROZEN_WIRE_FORMS = {
    "map": {
        "Certificate", "Course", "Workload", "Credits", "Result", "Skill", "IdentityCheck",
        "CourseRecord", "VisibleRecord", "CourseFormat", "Component", "Assessment", "ShareClaims",
    },
    "map_or_bare": {"Person", "Module", "Signatory", "Organisation"},
    "array": {"StatusReference", "SharePlaces"},
}  # fmt: skip
FROZEN_VALUES = {
    "CertificateKind": {
        "COURSE_CERTIFICATE": 0, "SPECIALIZATION": 1, "PROFESSIONAL_CERTIFICATE": 2,
        "STATEMENT_OF_PARTICIPATION": 3,
    },
    "Limitation": {"NO_DEGREE_CREDIT": 0, "NO_ENROLMENT": 1},
    "Level": {"BEGINNER": 0, "INTERMEDIATE": 1, "ADVANCED": 2, "MIXED": 3},
    "Delivery": {"ONLINE": 0, "ON_SITE": 1, "BLENDED": 2},
    "CreditSystem": {"ECTS": 0, "CATS": 1, "SEMESTER_HOURS": 2, "CONTINUING_EDUCATION_UNITS": 3},
    "IdentityMethod": {
        "PHOTO_MATCH": 0, "TYPING_PATTERN": 1, "IDENTITY_DOCUMENT": 2, "PROCTORED_SESSION": 3,
    },
    "Assurance": {"LOW": 0, "SUBSTANTIAL": 1, "HIGH": 2},
    "AssessmentKind": {
        "QUIZ": 0, "PROGRAMMING_ASSIGNMENT": 1, "PEER_REVIEW": 2, "EXAM": 3, "ESSAY": 4,
        "PROJECT": 5, "DISCUSSION": 6, "LAB": 7, "ORAL_EXAM": 8,
    },
}  # fmt: skip
#: What only course records hold; these are the vectors of certificates.
OF_RECORDS = {"AssessmentKind"}

BY_NAME: dict[str, type[Labelled]] = {model.__name__: model for model in MODELS}
FROZEN = [
    (f"{model}.{field}", (model, field, number))
    for model, fields in FROZEN_LABELS.items()
    for field, number in fields.items()
]


def test_labels_are_frozen():
    def check(model, field, number):
        row = next(row for row in BY_NAME[model].fields_by_label if row.name == field)
        assert (("claim", row.number) if row.in_claims else row.number) == number

    check_each(check, FROZEN)


@pytest.mark.parametrize("model", FROZEN_LABELS)
def test_required_fields_are_never_added(model):
    # Fields may be added, with new labels; old statements do not have them.
    required = {row.name for row in BY_NAME[model].fields_by_label if row.required}
    assert required <= FROZEN_LABELS[model].keys()


@pytest.mark.parametrize(("form", "models"), FROZEN_WIRE_FORMS.items())
def test_wire_forms_are_frozen(form, models):
    assert {name for name in FROZEN_LABELS if BY_NAME[name].wire_form == form} == models


@pytest.mark.parametrize(("name", "values"), FROZEN_VALUES.items())
def test_values_are_frozen(name, values):
    vocabulary = next(each for each in Vocabulary.__subclasses__() if each.__name__ == name)
    assert values.items() <= {member.name: member.value for member in vocabulary}.items()


def test_names_on_the_wire_are_frozen():
    assert sc.Certificate.media_type == "application/vnd.signedcert.certificate"
    assert BODY == -65537
    assert VisibleRecord.media_type == "application/vnd.signedcert.record+sd-cwt"
    assert ShareClaims.media_type == "application/kb+cwt"


def test_there_are_vectors_for_everything():
    assert len(FILES) >= 36
    shown = " ".join(file.read_text("utf-8") for file in FILES)
    for name, values in FROZEN_VALUES.items():
        if name in OF_RECORDS:
            continue
        assert all(f'"{value.lower()}"' in shown for value in values)
    every = json.loads((VECTORS / "golden" / "every-field.json").read_text("utf-8"))["statement"]
    for field in FROZEN_LABELS["Certificate"]:
        assert every[field] not in (None, [], {}), field


@pytest.mark.parametrize("case", CASES)
def test_token_reads_as_the_statement(case):
    signer = sc.SoftwareSigner(bytes.fromhex(case["seed"]))
    issuer = case["statement"]["issuer"]
    trust = sc.Trust.from_jwks(issuer, jwks())
    assert signer.public_key == trust.keys[0].public_key
    verdict = sc.verify(bytes.fromhex(case["token"]), trust, now=NOW)
    passed = [finding.outcome for finding in verdict.findings[:7]]
    assert sc.Outcome.FAILED not in passed
    assert json.loads(verdict.statement.model_dump_json()) == case["statement"]


@pytest.mark.parametrize("case", CASES)
def test_packed_forms_unpack_to_the_token(case):
    token = bytes.fromhex(case["token"])
    assert sc.unpack(bytes.fromhex(case["packed"])) == token
    assert sc.token_from_text(case["digits"]) == token
    assert sc.token_from_text(case["url"]) == token
    assert sc.unpack(sc.pack(token)) == token


@pytest.mark.parametrize("case", CASES)
def test_issuing_again_gives_the_same_token(case):
    # Ed25519 is deterministic (RFC 8032, section 5.1.6), and so is the encoding.
    signer = sc.SoftwareSigner(bytes.fromhex(case["seed"]))
    token = bytes.fromhex(case["token"])
    trust = sc.Trust.from_jwks(case["statement"]["issuer"], jwks())
    read = sc.verify(token, trust, now=NOW).statement
    assert sc.issue(read, signer) == token
    if not (read.additional or read.additional_claims):
        again = sc.Certificate.model_validate(case["statement"])
        assert again == read
        assert sc.issue(again, signer) == token


def test_golden_keys_are_the_test_issuers():
    assert {case.values[0]["statement"]["issuer"].split("/")[0] for case in CASES} == {ISSUER}
