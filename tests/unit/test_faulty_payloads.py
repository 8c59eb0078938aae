"""One fault each in a payload that is correctly signed by a trusted key."""

import json

import pytest

import signedcert as sc
from cbor_oracle import Pairs, Raw, Simple, Tagged, dumps, head
from field_values import FIELDS, STATEMENT_MODELS, field_id, in_statement, instance, wire_path
from forging import BODY, RECORD, changed, claims, header, signed
from issuing import check, issue, minimal, outcomes, record, typical
from record_forging import record_from
from signedcert.codec.frames import parse_frame
from signedcert.codec.lift import lift
from signedcert.codec.lower import lower
from signedcert.model.statement import Statement

FAILED, UNKNOWN = sc.Outcome.FAILED, sc.Outcome.UNKNOWN
HONEST = claims(minimal())


def assert_refused(token: bytes, reason: sc.Reason) -> None:
    verdict = check(token)
    is_open = reason in (sc.Reason.UNKNOWN_FIELD, sc.Reason.UNKNOWN_VALUE)
    assert outcomes(verdict)[sc.Check.SIGNATURE][0] is sc.Outcome.PASSED
    assert outcomes(verdict)[sc.Check.SCHEMA] == (UNKNOWN if is_open else FAILED, reason)
    assert verdict.status is (sc.Status.INDETERMINATE if is_open else sc.Status.INVALID)
    assert verdict.statement is None
    later = list(outcomes(verdict).values())[4:]
    assert later == [(sc.Outcome.NOT_RUN, sc.Reason.NOT_REACHED)] * (len(verdict.findings) - 4)


def with_body(body: object) -> bytes:
    return signed({**HONEST, BODY: body})


def signed_as(statement: Statement, content: object) -> bytes:
    """A token of any content: of a record, what may be withheld is disclosed, right or wrong."""
    if isinstance(statement, sc.CourseRecord):
        return record_from(content).token()
    return signed(content)


def course_record(shown: sc.SharedRecord) -> sc.CourseRecord:
    """The record of which everything is shown."""
    assert shown.is_complete
    return sc.CourseRecord(**{name: getattr(shown, name) for name in sc.CourseRecord.model_fields})


NOT_DETERMINISTIC = {
    "trailing byte": Raw(dumps(HONEST) + b"\0"),
    "cut off": Raw(dumps(HONEST)[:-1]),
    "two items": Raw(dumps(HONEST) * 2),
    "claims out of order": Pairs(tuple(reversed(HONEST.items()))),
    "claim repeated": Pairs((*HONEST.items(), (BODY, HONEST[BODY]))),
    "length-first order": Pairs(((BODY, HONEST[BODY]), *list(HONEST.items())[:-1])),
    "body out of order": {**HONEST, BODY: Pairs(tuple(reversed(HONEST[BODY].items())))},
    "long integer": {**HONEST, 6: Raw(head(0, HONEST[6], 8))},
    "long text": {**HONEST, 1: Raw(head(3, 17, 2) + b"learn.example.edu")},
    "long bytes": {**HONEST, 7: Raw(head(2, 10, 1) + HONEST[7])},
    "long key": Pairs(((Raw(head(0, 1, 1)), HONEST[1]), *list(HONEST.items())[1:])),
    "long map": Raw(b"\xb8\x04" + dumps(HONEST)[1:]),
    "indefinite map": Raw(b"\xbf" + dumps(HONEST)[1:] + b"\xff"),
    "indefinite text": {**HONEST, 1: Raw(b"\x7f\x71learn.example.edu\xff")},
    "float time": {**HONEST, 6: float(HONEST[6])},
    "float key": Pairs((*list(HONEST.items())[:3], (-65537.0, HONEST[BODY]))),
    "simple value as key": {**HONEST, BODY: {**HONEST[BODY], 2: 1, Simple(3): "x"}},
    "simple value as known key": Pairs(
        tuple((Simple(6) if key == 6 else key, value) for key, value in HONEST.items())
    ),
    "null": {**HONEST, BODY: {**HONEST[BODY], 3: None}},
    "undefined": {**HONEST, BODY: {**HONEST[BODY], 3: Simple(23)}},
    "tagged payload": Tagged(61, HONEST),
    "tagged time": {**HONEST, 6: Tagged(1, HONEST[6])},
    "tagged additional": {**HONEST, 200: Tagged(0, "2026-11-02T00:00:00Z")},
    "shared reference": {**HONEST, 200: [Tagged(28, "x"), Tagged(29, 0)]},
    "text key": {**HONEST, "iss": "learn.example.edu"},
    "truth as key": {**HONEST, BODY: Pairs(((0, "A"), (True, {0: "T", 1: "I"}), (2, 1)))},
    "integer beyond doubles": {**HONEST, 200: 2**53},
    "label beyond doubles": {**HONEST, 2**53: 1},
    "surrogate": {**HONEST, 200: "\ud800"},
    "broken UTF-8": {**HONEST, 200: Raw(b"\x61\xff")},
    "too deep": {**HONEST, 200: [[[[[[[[[]]]]]]]]]},
    "break": {**HONEST, 200: Raw(b"\xff")},
}  # fmt: skip


@pytest.mark.parametrize("content", NOT_DETERMINISTIC.values(), ids=NOT_DETERMINISTIC)
def test_payloads_that_are_not_deterministic(content):
    assert_refused(signed(content), sc.Reason.NOT_DETERMINISTIC)


@pytest.mark.parametrize("content", [[], 1, "x", b"\x41x", True, [HONEST], [[1, "x"]]])
def test_payloads_that_are_no_map(content):
    assert_refused(signed(content), sc.Reason.SCHEMA_VIOLATION)


@pytest.mark.parametrize("claim", [1, 6, 7, BODY])
def test_missing_claims(claim):
    content = {key: value for key, value in HONEST.items() if key != claim}
    assert_refused(signed(content), sc.Reason.SCHEMA_VIOLATION)


def test_no_claims_at_all():
    assert_refused(signed({}), sc.Reason.SCHEMA_VIOLATION)


@pytest.mark.parametrize("body", [{}, [], "x", 0, True, b""])
def test_body_that_is_no_map(body):
    assert_refused(with_body(body), sc.Reason.SCHEMA_VIOLATION)


@pytest.mark.parametrize("label", [0, 1, 2])
def test_missing_required_fields(label):
    body = {key: value for key, value in HONEST[BODY].items() if key != label}
    assert_refused(with_body(body), sc.Reason.SCHEMA_VIOLATION)


@pytest.mark.parametrize("claim", [0, 2, 3, 8, 23, 24, 100, 127, -1, -65536, -65538])
def test_unknown_claims_below_128(claim):
    assert_refused(signed({**HONEST, claim: 1}), sc.Reason.UNKNOWN_FIELD)


@pytest.mark.parametrize("claim", [128, 255, 256, 65535, 2**53 - 1])
def test_unknown_claims_from_128_are_kept_and_shown(claim):
    verdict = check(signed({**HONEST, claim: [1, {2: b"x"}]}))
    assert verdict.status is sc.Status.VALID
    assert verdict.statement.additional_claims == {claim: (1, {2: b"x"})}
    assert verdict.statement.additional == {}
    assert lower(verdict.statement) == dumps({**HONEST, claim: [1, {2: b"x"}]})


MAPS = [model for model in STATEMENT_MODELS if model.wire_form != "array"]


def _put(tree: object, path: tuple[int, ...], label: int, value: object) -> object:
    if not path:
        return {**(tree if isinstance(tree, dict) else {0: tree}), label: value}
    first, *rest = path
    inner = _put(tree[first], tuple(rest), label, value)
    return [inner] if isinstance(tree, list) else {**tree, first: inner}


@pytest.mark.parametrize("label", [20, 23, 24, 127, -1])
@pytest.mark.parametrize("model", MAPS, ids=field_id)
def test_unknown_labels_below_128_at_every_depth(model, label):
    statement = in_statement(instance(model))
    content = _put(claims(statement), wire_path(model), label, "from the future")
    assert_refused(signed_as(statement, content), sc.Reason.UNKNOWN_FIELD)


@pytest.mark.parametrize("label", [128, 129, 2**32, 2**53 - 1])
@pytest.mark.parametrize("model", MAPS, ids=field_id)
def test_unknown_labels_from_128_at_every_depth(model, label):
    statement = in_statement(instance(model))
    content = _put(claims(statement), wire_path(model), label, "from the future")
    verdict = check(signed_as(statement, content))
    assert outcomes(verdict)[sc.Check.SCHEMA][0] is sc.Outcome.PASSED
    # Nothing fails but what the ordinary values ask for: a status list that is not there.
    assert verdict.status is not sc.Status.INVALID
    found = verdict.statement
    is_record = isinstance(found, sc.SharedRecord)
    assert lower(course_record(found) if is_record else found) == dumps(content)
    shown = json.dumps(found.to_json()) if is_record else found.model_dump_json()
    assert "from the future" in shown
    assert f'"{label}"' in shown


@pytest.mark.parametrize("value", ["\0", "a\u202eb", "\u2028", ["ok", {1: "\x7f"}]])
def test_refused_characters_in_additional_fields(value):
    assert_refused(changed(minimal(), 128, value), sc.Reason.SCHEMA_VIOLATION)
    assert_refused(signed({**HONEST, 128: value}), sc.Reason.SCHEMA_VIOLATION)


VOCABULARIES = [(m, f) for m, f in FIELDS if m in STATEMENT_MODELS and "Choice" in repr(f.shape)]


@pytest.mark.parametrize(("model", "field"), VOCABULARIES, ids=field_id)
@pytest.mark.parametrize("number", [23, 24, 1000])
def test_unknown_values(model, field, number):
    statement = in_statement(instance(model))
    value = [number] if "Many" in repr(field.shape) else number
    content = _put(claims(statement), wire_path(model), field.number, value)
    assert_refused(signed_as(statement, content), sc.Reason.UNKNOWN_VALUE)


@pytest.mark.parametrize(("model", "field"), VOCABULARIES, ids=field_id)
@pytest.mark.parametrize("value", [-1, True, b"x", [1]])
def test_values_that_no_version_will_know(model, field, value):
    statement = in_statement(instance(model))
    wrong = [value] if "Many" in repr(field.shape) else value
    content = _put(claims(statement), wire_path(model), field.number, wrong)
    assert_refused(signed_as(statement, content), sc.Reason.SCHEMA_VIOLATION)


def test_a_violation_outweighs_what_a_later_version_may_know():
    body = HONEST[BODY]
    assert_refused(with_body({**body, 20: 1, 3: 99}), sc.Reason.UNKNOWN_FIELD)
    assert_refused(with_body({**body, 3: 99, 20: 1, 0: ""}), sc.Reason.SCHEMA_VIOLATION)
    assert_refused(with_body({**body, 0: "", 3: 99}), sc.Reason.SCHEMA_VIOLATION)
    # And a fault of encoding outweighs all.
    assert_refused(with_body({**body, 0: "", 3: None}), sc.Reason.NOT_DETERMINISTIC)


def test_bare_text_is_the_one_way_to_write_a_name_alone():
    assert_refused(with_body({**HONEST[BODY], 0: {0: "A"}}), sc.Reason.SCHEMA_VIOLATION)
    verdict = check(with_body({**HONEST[BODY], 0: {0: "A", 1: "B"}}))
    assert verdict.statement.learner == sc.Person(name="A", latin_name="B")


def test_false_and_empty_are_left_out():
    assert_refused(changed(minimal(), 4, {0: 5, 3: False}), sc.Reason.SCHEMA_VIOLATION)
    assert_refused(changed(minimal(), 4, {}), sc.Reason.SCHEMA_VIOLATION)
    assert_refused(changed(minimal(), 5, []), sc.Reason.SCHEMA_VIOLATION)


@pytest.mark.parametrize(
    "value",
    [[10, 1], [0, 1], [5, 0], [5, 10], [5, -1], [-5, 1], [5], [5, 1, 1], "5", -1, True, [True, 1]],
)
def test_decimals_have_one_form(value):
    course = {**HONEST[BODY][1], 6: {2: value}}
    assert_refused(with_body({**HONEST[BODY], 1: course}), sc.Reason.SCHEMA_VIOLATION)


def test_status_reference_has_two_items():
    for wrong in ([], [1], [1, 2, 3], {0: 1, 1: 2}, [1, -1], [1, "2"], [[1, 2]]):
        assert_refused(changed(minimal(), 12, wrong), sc.Reason.SCHEMA_VIOLATION)


def test_a_record_signed_as_a_certificate():
    assert_refused(signed(claims(record())), sc.Reason.SCHEMA_VIOLATION)
    assert_refused(signed(parse_frame(issue(record())).signed.payload), sc.Reason.NOT_DETERMINISTIC)
    token = signed(claims(typical()), header(media_type=RECORD))
    assert_refused(token, sc.Reason.SCHEMA_VIOLATION)


def test_text_that_is_not_in_nfc_is_accepted_as_signed():
    # NFC depends on the version of Unicode, so verifiers do not look at it.
    verdict = check(with_body({**HONEST[BODY], 0: "A\u030angstro\u0308m"}))
    assert verdict.status is sc.Status.VALID
    assert verdict.statement.learner.name == "A\u030angstro\u0308m"


def test_errors_quote_nothing_of_the_payload():
    with pytest.raises(sc.DecodeError) as caught:
        lift(dumps({**HONEST, BODY: {**HONEST[BODY], 0: "secret\0"}}), sc.Certificate)
    assert "learner" in str(caught.value)
    assert "secret" not in str(caught.value)
