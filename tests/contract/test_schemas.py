"""schemas/ is what the tools make of the models, and other software reads it as we mean it."""

import contextlib
import functools
import importlib
import io
import json
import secrets
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import cbor2
import pytest
from jsonschema import Draft202012Validator

import signedcert as sc
from issuing import jwk, jwks
from signedcert import share
from signedcert.codec.cbor import decode, encode
from signedcert.codec.frames import parse_frame
from signedcert.codec.lift import lift
from signedcert.codec.lower import lower
from signedcert.codec.record_framing import RecordFrame
from signedcert.crypto.sign1 import sign
from signedcert.model.additional import FrozenMap
from signedcert.model.issued_record import ShareClaims, VisibleRecord
from signedcert.model.issuer_document import (
    Handover,
    IssuerDocument,
    KeyEnd,
    KeyRevocation,
    KeyUse,
    LocalName,
    SigningKey,
)
from signedcert.share.disclosures import content_at
from signedcert.trust.status_signing import sign_status_list

# zcbor 0.9.1 asks cbor2 for an exception that cbor2 6 no longer has.
if not hasattr(cbor2, "CBORDecodeValueError"):
    cbor2.CBORDecodeValueError = cbor2.CBORDecodeError
zcbor = importlib.import_module("zcbor")

ROOT = Path(__file__).resolve().parents[2]
BODY = -65537

COURSE = sc.Course(
    title="Introduction to Operations Management",
    institution="University of Pennsylvania",
    partner_institutions=("Example University",),
    code="OPIM 101",
    description="What it is about.\nIn two lines.",
    syllabus=(
        sc.Module(title="Process analysis", topics=("Flow", "Queues"), hours="2.5"),
        sc.Module(title="Quality"),
    ),
    workload=sc.Workload(weeks=8, hours_per_week=(5, "7.5"), total_hours=60),
    level=sc.Level.BEGINNER,
    language="en",
    delivery=sc.Delivery.ONLINE,
    credits=sc.Credits(amount="1.5", system=sc.CreditSystem.ECTS),
    url="https://learn.example.edu/om",
    additional={130: [1, {-5: True}, "text", b"bytes", []]},
)  # fmt: skip
CHECKS = (
    sc.IdentityCheck(
        method=sc.IdentityMethod.PHOTO_MATCH,
        performed_by="Example Proctoring",
        performed_on=date(2026, 10, 30),
        assurance=sc.Assurance.SUBSTANTIAL,
        portrait_digest=bytes(32),
    ),
    sc.IdentityCheck(method="interview", assurance="two referees"),
)
COMMON: dict[str, Any] = {
    "id": bytes(range(10)),
    "issuer": "learn.example.edu/academy",
    "issued_at": datetime(2026, 11, 2, 10, tzinfo=UTC),
    "valid_from": datetime(2026, 11, 3, tzinfo=UTC),
    "expires_at": datetime(2036, 11, 3, tzinfo=UTC),
    "additional_claims": {200: "later"},
    "learner": sc.Person(name="Νίκη", latin_name="Niki"),
    "course": COURSE,
    "identity_checks": CHECKS,
    "language": "pt-BR",
    "status": sc.StatusReference(list=3, index=70_000),
    "additional": {128: 1},
}
CERTIFICATE = sc.Certificate(
    **COMMON,
    completed_on=date(2026, 11, 2),
    awarded_title=sc.CertificateKind.SPECIALIZATION,
    result=sc.Result(score="87.25", maximum=100, grade="A−", with_distinction=True),
    signatories=(
        sc.Signatory(name="Christian Terwiesch", title="Professor", organisation="Wharton"),
        sc.Signatory(name="A. N. Other"),
    ),
    skills=("Rhetoric", sc.Skill(name="Logic", url="https://example.org/s/1")),
    awarding_body=sc.Organisation(name="Example Awards", url="https://example.org"),
    limitations=(sc.Limitation.NO_DEGREE_CREDIT, "Not a licence"),
    record_id=bytes(10),
)
RECORD = sc.CourseRecord(
    **COMMON,
    started_on=date(1969, 12, 31),
    ended_on=date(2026, 11, 2),
    course_format=sc.CourseFormat(
        components=(sc.Component(kind=sc.AssessmentKind.QUIZ, count=2, weight="62.5"),),
        passing_score=60,
        passing_rule="No quiz below 40.",
    ),
    final_score=sc.Result(score="-0.5"),
    assessments=(
        sc.Assessment(
            title="Quiz 1", kind=sc.AssessmentKind.QUIZ, score="8.5", maximum=10, weight=5,
            submitted_on=date(2026, 9, 21), attempts=2, late=True,
        ),
        sc.Assessment(title="Talk", kind="presentation"),
    ),
)  # fmt: skip
SMALLEST = sc.Certificate(
    id=bytes(10),
    issuer="learn.example.edu",
    issued_at=datetime(2026, 11, 2, tzinfo=UTC),
    learner=sc.Person(name="A"),
    course=sc.Course(title="B", institution="C"),
    completed_on=date(2026, 11, 2),
)
EXAMPLES = [("certificate", CERTIFICATE), ("course-record", RECORD), ("certificate", SMALLEST)]
WHOLE = EXAMPLES[:2]
FILLED_IN = ["id", "issued_at", "issuer"]


ROOT_SIGNER, STATUS_SIGNER, SIGNER = (
    sc.SoftwareSigner(bytes([number]) * 32) for number in (1, 2, 3)
)
AT = datetime(2026, 11, 1, tzinfo=UTC)
#: A key of a kind that this version does not know: P-256 (RFC 9053, section 7.1.1).
OTHER_KEY = FrozenMap({1: 2, -1: 1, -2: bytes(32), -3: bytes(32)})
SIGNED_IN = {"issuer": "learn.example.edu/academy", "issued_at": AT}
HANDOVER = Handover(
    **SIGNED_IN,
    additional_claims={200: "later"},
    epoch=1,
    roots=(ROOT_SIGNER.public_key.raw, OTHER_KEY),
    additional={128: 1},
)
PERIOD = {"valid_from": AT, "valid_until": AT + timedelta(days=365)}
DOCUMENT = IssuerDocument(
    **SIGNED_IN,
    additional_claims={200: "later"},
    version=7,
    next_update=AT + timedelta(days=180),
    names=(LocalName(name="Example University", language="en"), LocalName(name="Beispiel")),
    home_page="https://example.edu",
    verify_url="https://learn.example.edu/c/",
    roots=(ROOT_SIGNER.public_key.raw, OTHER_KEY),
    handovers=(sign(Handover.media_type, lower(HANDOVER), ROOT_SIGNER).to_bytes(),),
    keys=(
        SigningKey(
            key=SIGNER.public_key.raw, use=KeyUse.STATEMENTS, **PERIOD,
            revocation=KeyRevocation(
                end=KeyEnd.COMPROMISED, since=AT, why="lost", vouched=bytes(range(32))
            ),
            additional={200: []},
        ),
        SigningKey(key=STATUS_SIGNER.public_key.raw, use=KeyUse.STATUS, **PERIOD),
    ),
    status_lists="https://learn.example.edu/academy/status/{number}.cwt",
    additional={128: 1},
)  # fmt: skip
FINAL = IssuerDocument(
    **SIGNED_IN,
    version=8,
    final=True,
    roots=(ROOT_SIGNER.public_key.raw,),
    handovers=DOCUMENT.handovers,
)
HOLDER = sc.SoftwareSigner(bytes([4]) * 32)
RECORD_TOKEN = share.issue_record(
    RECORD,
    SIGNER,
    holder_key=HOLDER.public_key,
    random_bytes=secrets.token_bytes,
    share_places=share.SharePlaces(list=4, first=32),
)
SHARE_TOKEN = share.create(
    RECORD_TOKEN,
    disclosures=["final_score", "assessments[0]"],
    holder_signer=HOLDER,
    audience="Acme HR",
    issued_at=datetime(2026, 11, 5, tzinfo=UTC),
    expires_at=datetime(2026, 12, 5, tzinfo=UTC),
    share_id=bytes(range(10)),
    slot=5,
)
RECORD_PAYLOAD = parse_frame(RECORD_TOKEN).signed.payload
SHARE_PAYLOAD = parse_frame(SHARE_TOKEN).payload
PAYLOADS = [
    ("certificate", lower(CERTIFICATE)),
    ("certificate", lower(SMALLEST)),
    ("course-record", RECORD_PAYLOAD),
    ("share", SHARE_PAYLOAD),
]
MODELS = {"certificate": sc.Certificate, "course-record": VisibleRecord, "share": ShareClaims}
#: The key of a record's digests, and an integer that stands for it where a tool does not read it.
REDACTED, STAND_IN = cbor2.CBORSimpleValue(59), -59
DOCUMENTS = [
    ("issuer-document", DOCUMENT),
    ("issuer-document", FINAL),
    ("handover", HANDOVER),
]


def shown(statement: sc.Certificate | sc.CourseRecord) -> dict[str, Any]:
    return statement.model_dump(mode="json", exclude_defaults=True)


def schema(name: str) -> Draft202012Validator:
    loaded = json.loads((ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(loaded)
    return Draft202012Validator(loaded, format_checker=Draft202012Validator.FORMAT_CHECKER)


class Cddl(zcbor.DataTranslator):  # type: ignore[misc, name-defined]
    """Validates only: zcbor's objects need a name of their own for each alternative."""

    def _construct_obj(self, my_list: object) -> None:
        """Makes nothing."""

    def _decode_obj(self, items: Any) -> Any:
        """As ever, but where an array ends before a tag."""
        try:
            return super()._decode_obj(items)
        except StopIteration as error:
            raise zcbor.CddlValidationError("there is no more") from error

    def _add_if(self, *args: object, **kwargs: object) -> None:
        """Adds nothing."""


@functools.cache
def cddl(name: str, rule: str) -> Cddl:
    text = (ROOT / "schemas" / f"{name}.cddl").read_text(encoding="utf-8")
    # zcbor knows no simple values but those with names.
    text = text.replace("#7.59", str(STAND_IN))
    return Cddl.from_cddl(text, default_max_qty=1000).my_types[rule]


def fits(name: str, payload: bytes) -> bool:
    if name == "course-record":
        claims = cbor2.loads(payload)
        if REDACTED in claims.get(BODY, {}):
            body = dict(claims[BODY])
            body[STAND_IN] = body.pop(REDACTED)
            payload = cbor2.dumps({**claims, BODY: body})
    return fits_rule(cddl(name, name), payload)


def fits_rule(rule: Cddl, data: bytes) -> bool:
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            return bool(rule.validate_str(data))
        except zcbor.CddlValidationError:
            return False


def test_files_are_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    files = importlib.import_module("generate_schemas").files()
    for name, text in files.items():
        path = ROOT / "schemas" / name
        assert path.read_text(encoding="utf-8") == text, f"{name} has drifted: run `make schemas`"
    assert {path.name for path in (ROOT / "schemas").iterdir()} == set(files)


def test_the_examples_set_every_field() -> None:
    def check(model: Any) -> None:
        for field in type(model).fields_by_label:
            assert getattr(model, field.name) != field.default, field.name
            value = getattr(model, field.name)
            first = value[0] if isinstance(value, tuple) else value
            if hasattr(first, "fields_by_label") and not isinstance(first, sc.Result):
                check(first)

    check(CERTIFICATE)
    check(RECORD)


# JSON Schema


@pytest.mark.parametrize(("name", "statement"), EXAMPLES)
def test_json_of_statements_validates(name: str, statement: sc.Certificate) -> None:
    schema(name).validate(shown(statement))
    schema(name).validate(statement.model_dump(mode="json"))


@pytest.mark.parametrize(("name", "statement"), EXAMPLES)
def test_input_may_leave_out_what_is_filled_in(name: str, statement: sc.Certificate) -> None:
    document = shown(statement)
    for part in (document, document["course"]):
        part.pop("additional", None)
    document.pop("additional_claims", None)
    schema(f"{name}-input").validate(document)
    for field in FILLED_IN:
        del document[field]
        schema(f"{name}-input").validate(document)
        assert not schema(name).is_valid(document)


@pytest.mark.parametrize(("name", "statement"), EXAMPLES)
def test_valid_json_makes_the_statement_again(name: str, statement: sc.Certificate) -> None:
    plain = {
        "additional": {},
        "additional_claims": {},
        "course": {"title": "B", "institution": "C"},
    }
    document = shown(statement.model_copy(update=plain))
    schema(name).validate(document)
    assert shown(type(statement).model_validate(document)) == document


MUTATIONS: list[tuple[str, tuple[str | int, ...], Any]] = [
    ("unknown field", ("colour",), "red"),
    ("unknown field within", ("course", "colour"), "red"),
    ("missing title", ("course",), {"institution": "C"}),
    ("too long", ("course", "title"), "x" * 301),
    ("empty", ("course", "title"), ""),
    ("wrong type", ("course", "title"), 5),
    ("not an array", ("course", "syllabus"), "Process analysis"),
    ("too many", ("course", "partner_institutions"), ["x"] * 21),
    ("text for a model", ("learner",), "Jacob"),
    ("not an issuer", ("issuer",), "https://learn.example.edu"),
    ("not a code", ("id",), "04HM-ASW9-NF6Y-Y09U"),
    ("not a language", ("language",), "en_GB"),
    ("not a url", ("course", "url"), "ftp://example.org"),
    ("not a level of delivery", ("course", "delivery"), "by_post"),
    ("zero weeks", ("course", "workload", "weeks"), 0),
    ("negative hours", ("course", "workload", "total_hours"), -1),
    ("one number", ("course", "workload", "hours_per_week"), [5]),
    ("empty model", ("course", "workload"), {}),
    ("flag as text", ("course", "credits", "amount"), True),
    ("not a date", ("identity_checks", 0, "performed_on"), "2026-13-01"),
    ("not a digest", ("identity_checks", 0, "portrait_digest"), "00"),
    ("not an index", ("status", "index"), -1),
]


@pytest.mark.parametrize(("name", "statement"), WHOLE)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation[0])
def test_mutated_json_does_not_validate(
    name: str, statement: sc.Certificate, mutation: tuple[str, tuple[str | int, ...], Any]
) -> None:
    document = shown(statement)
    _, path, value = mutation
    target: Any = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    assert not schema(name).is_valid(document)
    assert not schema(f"{name}-input").is_valid(document)


@pytest.mark.parametrize(("name", "statement"), WHOLE)
def test_every_field_is_described(name: str, statement: sc.Certificate) -> None:
    whole = schema(name).schema
    for each in [whole, *whole["$defs"].values()]:
        assert each["description"]
        assert each["additionalProperties"] is False
        assert all(field["description"] for field in each["properties"].values())
    assert whole["required"][:3] == ["id", "issuer", "issued_at"]
    assert set(whole["properties"]) == set(type(statement).model_fields)


# CDDL


def test_the_record_as_shown_sets_every_field_of_the_cddl() -> None:
    """What a statement of the model sets, the payload of its token has."""
    labels = {field.number for field in VisibleRecord.fields_by_label if not field.in_claims}
    assert {*cbor2.loads(RECORD_PAYLOAD)[BODY]} == {*labels, REDACTED, 128}
    labels = {field.number for field in ShareClaims.fields_by_label if not field.in_claims}
    assert {*cbor2.loads(SHARE_PAYLOAD)[BODY]} == labels


@pytest.mark.parametrize(("name", "payload"), PAYLOADS)
def test_payloads_fit_the_cddl(name: str, payload: bytes) -> None:
    assert fits(name, payload)


@pytest.mark.parametrize(("name", "payload"), PAYLOADS)
def test_payloads_of_another_kind_do_not_fit(name: str, payload: bytes) -> None:
    for other in {each for each, _ in PAYLOADS} - {name}:
        assert not fits(other, payload)


@pytest.mark.parametrize(("name", "payload"), PAYLOADS)
def test_without_a_required_label_nothing_fits(name: str, payload: bytes) -> None:
    claims = cbor2.loads(payload)
    for field in MODELS[name].fields_by_label:
        entries = {**claims, BODY: dict(claims[BODY])}
        target = entries if field.in_claims else entries[BODY]
        if target.pop(field.number, None) is not None:
            assert fits(name, cbor2.dumps(entries)) is not field.required, field.name


@pytest.mark.parametrize(("name", "payload"), PAYLOADS)
def test_of_another_type_no_field_fits(name: str, payload: bytes) -> None:
    claims = cbor2.loads(payload)
    for field in MODELS[name].fields_by_label:
        entries = {**claims, BODY: dict(claims[BODY])}
        target = entries if field.in_claims else entries[BODY]
        target[field.number] = False
        assert not fits(name, cbor2.dumps(entries)), field.name


@pytest.mark.parametrize("digests", [None, [], [bytes(32)] * 3, [bytes(31)] * 4, bytes(32)])
def test_records_without_their_digests_do_not_fit(digests: Any) -> None:
    claims = cbor2.loads(RECORD_PAYLOAD)
    del claims[BODY][REDACTED]
    if digests is not None:
        claims[BODY][REDACTED] = digests
    assert not fits("course-record", cbor2.dumps(claims))


def test_disclosures_fit_the_cddl() -> None:
    frame = parse_frame(RECORD_TOKEN)
    assert isinstance(frame, RecordFrame)
    contents = [each[content_at(each) :] for each in frame.disclosures]
    assert {content[0] for content in contents} == {0x81, 0x82, 0x83}
    rule = cddl("course-record", "disclosure")
    for content in contents:
        assert fits_rule(rule, content)
        value = cbor2.loads(content)
        assert not fits_rule(rule, cbor2.dumps([value[0][:15], *value[1:]]))
        assert not fits_rule(rule, cbor2.dumps([*value, "0"]))


@pytest.mark.parametrize(
    ("label", "value"),
    [
        (0, {1: "Niki"}),
        (1, {0: "B"}),
        (1, {0: "", 1: "C"}),
        (1, {0: "x" * 1201, 1: "C"}),
        (1, {0: "B", 1: "C", 6: {0: 0}}),
        (1, {0: "B", 1: "C", 6: {1: [5]}}),
        (1, {0: "B", 1: "C", 6: {2: [5, 10]}}),
        (2, 2_932_897),
        (3, 4),
        (5, []),
        (5, ["A"] * 21),
        (6, [{0: "Logic"}]),
        (11, bytes(9)),
        (12, [3]),
        (12, {0: 3, 1: 5}),
        (13, 1),
        (127, 1),
        (128, 1.5),
        (128, None),
    ],
)
def test_broken_bodies_do_not_fit(label: int, value: Any) -> None:
    claims = cbor2.loads(lower(SMALLEST))
    body = {**claims[BODY], label: value}
    claims[BODY] = dict(sorted(body.items()))
    payload = encode(claims)
    assert not fits("certificate", payload)
    with pytest.raises(sc.DecodeError):
        lift(payload, sc.Certificate)


# Documents


@pytest.mark.parametrize(("name", "document"), DOCUMENTS)
def test_documents_fit_their_schemas(name: str, document: Handover | IssuerDocument) -> None:
    assert fits(name, lower(document))
    schema(name).validate(document.model_dump(mode="json", exclude_defaults=True))
    schema(name).validate(document.model_dump(mode="json"))


def test_the_documents_set_every_field() -> None:
    unset = {
        field.name
        for document in (DOCUMENT, HANDOVER, DOCUMENT.names[0], DOCUMENT.keys[0])
        for field in type(document).fields_by_label
        if getattr(document, field.name) == field.default
    }
    assert unset == {"final"}  # it excludes next_update
    assert fits("issuer-document", lower(FINAL))


@pytest.mark.parametrize(("name", "document"), DOCUMENTS)
def test_without_what_it_requires_no_document_fits(
    name: str, document: Handover | IssuerDocument
) -> None:
    claims = cbor2.loads(lower(document))
    for field in type(document).fields_by_label:
        entries = {**claims, BODY: dict(claims[BODY])}
        target = entries if field.in_claims else entries[BODY]
        if target.pop(field.number, None) is not None:
            assert fits(name, encode(entries)) is not field.required, field.name


@pytest.mark.parametrize(("name", "document"), DOCUMENTS)
def test_of_another_type_no_field_of_a_document_fits(
    name: str, document: Handover | IssuerDocument
) -> None:
    claims = cbor2.loads(lower(document))
    for field in type(document).fields_by_label:
        entries = {**claims, BODY: dict(claims[BODY])}
        target = entries if field.in_claims else entries[BODY]
        target[field.number] = False
        assert not fits(name, encode(entries)), field.name


# Records as they are shown


def test_what_verification_shows_of_records_validates() -> None:
    now = datetime(2026, 11, 6, tzinfo=UTC)
    trust = sc.Trust.from_jwks("learn.example.edu/academy", jwks(jwk(SIGNER)))
    validator = schema("shared-record")
    for token in (RECORD_TOKEN, SHARE_TOKEN):
        record = sc.verify(token, trust, now=now).statement
        assert isinstance(record, sc.SharedRecord)
        document = record.to_json()
        validator.validate(document)
        for name in ("course", "holder_key", "id"):
            assert not validator.is_valid({k: v for k, v in document.items() if k != name})
        for value in ({"withheld": False}, {"withheld": True, "score": 1}, None, []):
            assert not validator.is_valid({**document, "final_score": value})
    assert document["final_score"] == {"score": -0.5}
    assert document["learner"] == {"withheld": True}
    assert document["assessments"].count({"withheld": True}) == 7


# Trust bundle


def trust() -> sc.Trust:
    made = sc.Trust.empty().with_issuer_document(
        sign(IssuerDocument.media_type, lower(DOCUMENT), ROOT_SIGNER).to_bytes(),
        ROOT_SIGNER.public_key,
    )
    uri = DOCUMENT.status_list_uri(3)
    assert uri is not None
    made = made.with_status_list(
        sign_status_list(
            subject=uri, issued_at=AT, expires_at=None, ttl=None, bits=1, array=b"\0",
            signer=STATUS_SIGNER,
        )
    )  # fmt: skip
    return made.with_jwks("other.example.org", b'{"keys": []}')


def test_bundles_fit_the_cddl() -> None:
    assert fits("trust-bundle", sc.Trust.empty().to_bundle())
    assert fits("trust-bundle", trust().to_bundle())
    assert fits("trust-bundle", trust().to_bundle(issued_at=AT, next_update=AT))


@pytest.mark.parametrize(
    ("label", "value"),
    [
        (0, 2),
        (1, "2026"),
        (2, -1),
        (3, [["learn.example.edu"]]),
        (3, [["learn.example.edu", b"", 0, [], []]]),
        (3, [["learn.example.edu", b"", 1, [bytes(31)], []]]),
        (3, [["learn.example.edu", b"", 1, [], [[0]]]]),
        (3, [["learn.example.edu", b"", 1, []]]),
        (3, [[b"learn.example.edu", b""]]),
        (4, []),
        (5, 0),
    ],
)
def test_broken_bundles_do_not_fit(label: int, value: Any) -> None:
    content = dict(decode(trust().to_bundle()))
    content[label] = value
    bundle = encode(dict(sorted(content.items())))
    assert not fits("trust-bundle", bundle)
    with pytest.raises(sc.TrustError):
        sc.Trust.from_bundle(bundle)
