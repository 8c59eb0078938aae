"""Faulty declarations of models fail when they are made, and which is at fault is named."""

import copy
import pickle
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import ValidationError

import signedcert as sc
from field_values import FIELDS, MODELS, field_id
from issuing import SIGNER, check, minimal, typical
from many_cases import check_each
from signedcert.codec import diagnose
from signedcert.codec.diagnose import Diagnosis
from signedcert.codec.lift_source import Source
from signedcert.model.additional import FrozenMap
from signedcert.model.code import code_from_id, id_from_code
from signedcert.model.declarations import AtMost, Claim, Label
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import Leaf, Text
from signedcert.model.statement import Statement

Short = Annotated[str, Text(10)]


def declare(annotations: dict[str, object], **attributes: object) -> type[Labelled]:
    return type(
        "Made", (Labelled,), {"__annotations__": annotations, "__module__": __name__} | attributes
    )


def test_a_sound_declaration():
    made = declare(
        {"name": Annotated[Short, Label(3, "name")], "title": Annotated[Short, Label(0, "t")]}
    )
    assert [(field.number, field.name) for field in made.fields_by_label] == [
        (0, "title"),
        (3, "name"),
    ]


@pytest.mark.parametrize(
    ("annotations", "attributes", "message"),
    [
        ({"name": Short}, {}, "Made.name needs exactly one Label or Claim, it has 0"),
        ({"name": Annotated[Short, Label(0, "a"), Label(1, "b")]}, {}, "it has 2"),
        ({"name": Annotated[Short, Label(0, "a"), Claim(1, "b")]}, {}, "it has 2"),
        (
            {"name": Annotated[Short, Label(1, "a")], "title": Annotated[Short, Label(1, "b")]},
            {},
            "Made.title repeats label 1 of Made.name",
        ),
        ({"name": Annotated[Short, Label(-1, "a")]}, {}, "label -1 is outside 0 to 23"),
        ({"name": Annotated[Short, Label(24, "a")]}, {}, "label 24 is outside 0 to 23"),
        (
            {"name": Annotated[Short, Label(2, "a")]},
            {"retired_labels": frozenset({2})},
            "Made.name reuses label 2, which is retired",
        ),
        ({"name": Annotated[str, Label(0, "a")]}, {}, "declares no wire shape"),
        ({"name": Annotated[list[str], Label(0, "a")]}, {}, "declares no wire shape"),
        ({"name": Annotated[tuple[Short, ...], Label(0, "a")]}, {}, "needs exactly one AtMost"),
        (
            {"name": Annotated[tuple[Short, ...], AtMost(2), AtMost(3), Label(0, "a")]},
            {},
            "needs exactly one AtMost",
        ),
    ],
)
def test_faulty_declarations(annotations, attributes, message):
    with pytest.raises(TypeError, match=re.escape(message)):
        declare(annotations, **attributes)


class Blob(Leaf):
    """A leaf of which the codec knows nothing."""

    def check(self, value):
        return value

    def json_schema(self):
        return {}


def test_a_leaf_without_a_form_on_the_wire():
    made = declare({"blob": Annotated[bytes, Blob(), Label(0, "blob")]})
    with pytest.raises(TypeError, match="no form on the wire"):
        Source(made, declare)
    with pytest.raises(TypeError, match="no form on the wire"):
        diagnose._leaf_fault(b"x", Blob())


@pytest.mark.parametrize("model", MODELS, ids=field_id)
def test_json_schemas_are_made_from_the_same_leaves(model):
    properties = model.model_json_schema()["properties"]
    assert {field.name for field in model.fields_by_label} <= properties.keys()


def test_additional_maps_are_frozen():
    frozen = minimal(additional={128: {1: 2}}).additional
    for change in (
        lambda: frozen.update({129: 1}),
        lambda: frozen.pop(128),
        lambda: frozen.setdefault(129, 1),
        lambda: frozen.__setitem__(128, 1),
        frozen[128].clear,
        lambda: frozen.__ior__({129: 1}),
    ):
        with pytest.raises(TypeError, match="frozen"):
            change()
    assert (
        copy.copy(frozen) == copy.deepcopy(frozen) == pickle.loads(pickle.dumps(frozen)) == frozen
    )
    assert hash(copy.deepcopy(frozen)) == hash(frozen)


@pytest.mark.parametrize("value", [5, b"bytes", None, ["a"], True])
def test_text_is_text(value):
    with pytest.raises(ValidationError, match="expected text"):
        sc.Person(name=value)
    with pytest.raises(ValidationError, match="expected an http"):
        sc.Course(title="T", institution="I", url=5)


def test_a_label_and_a_claim_may_have_one_number():
    both = {"one": Annotated[Short, Label(1, "a")], "two": Annotated[Short, Claim(1, "b")]}
    assert [field.name for field in declare(both).fields_by_label] == ["two", "one"]


def test_every_field_says_what_it_means():
    def check(model, field):
        assert field.meaning.strip()
        assert model.__doc__.strip()

    check_each(check, [(f"{row[0].__name__}.{row[1].name}", row) for row in FIELDS])


@pytest.mark.parametrize("model", MODELS, ids=field_id)
def test_models_are_frozen_and_closed(model):
    assert model.model_config["frozen"] is True
    with pytest.raises(ValidationError) as caught:
        model.model_validate({"no_such_field": 1})
    assert ("no_such_field",) in [error["loc"] for error in caught.value.errors()]


@pytest.mark.parametrize("model", MODELS, ids=field_id)
def test_models_without_anything_are_refused(model):
    with pytest.raises(ValidationError):
        model()


@pytest.mark.parametrize("model", [sc.Workload, sc.Result, sc.CourseFormat])
def test_optional_models_say_something(model):
    for fields in ({}, {field.name: field.default for field in model.fields_by_label}):
        with pytest.raises(ValidationError, match="set at least one field"):
            model(**fields)


def test_copies_are_validated():
    certificate = minimal()
    changed = certificate.model_copy(update={"issuer": "other.example.org"})
    assert (changed.issuer, certificate.issuer) == ("other.example.org", "learn.example.edu")
    with pytest.raises(ValidationError, match="issuer"):
        certificate.model_copy(update={"issuer": "Not An Issuer"})
    with pytest.raises(ValidationError, match="no_such"):
        certificate.model_copy(update={"no_such": 1})
    assert certificate.model_copy() == certificate
    assert certificate.model_copy(deep=True) == certificate


def test_moments_become_utc_and_are_floored():
    zone = timezone(timedelta(hours=5, minutes=30))
    moment = datetime(2026, 11, 2, 10, 0, 0, 999_999, tzinfo=zone)
    certificate = minimal(issued_at=moment)
    assert certificate.issued_at == datetime(2026, 11, 2, 4, 30, tzinfo=UTC)
    assert certificate.issued_at.tzinfo is UTC
    for text in ("2026-11-02T04:30:00Z", "2026-11-02t04:30:00.5z", "2026-11-02 10:00:00+05:30"):
        assert minimal(issued_at=text) == certificate


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 2), datetime.max.replace(tzinfo=timezone(-timedelta(hours=1))),
        datetime.min.replace(tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), 0, None,
        "2026-11-02", "2026-11-02T10:00:00", "2026-13-02T10:00:00Z", "٢٠٢٦-11-02T10:00:00Z",
    ],
)  # fmt: skip
def test_naive_and_impossible_moments_are_refused(value):
    with pytest.raises(ValidationError, match="issued_at"):
        minimal(issued_at=value)


def test_an_end_before_the_beginning_is_refused():
    at = minimal().issued_at
    for fields in (
        {"expires_at": at},
        {"valid_from": at + timedelta(2), "expires_at": at + timedelta(1)},
    ):
        with pytest.raises(ValidationError, match="never valid"):
            minimal(**fields)


@pytest.mark.parametrize(
    ("value", "kept"),
    [(5, "5"), ("5.0", "5"), (5.50, "5.5"), ("0.50", "0.5"), (Decimal("1E+2"), "100"), ("-0", "0"),
     (Decimal("-0.0"), "0"), (0.1, "0.1"), ("000.1", "0.1"), (Decimal("87.500"), "87.5")],
)  # fmt: skip
def test_one_quantity_has_one_form(value, kept):
    score = sc.Result(score=value, maximum=100).score
    assert str(score) == kept
    assert score == Decimal(kept)


@pytest.mark.parametrize(
    "value", ["", "5,5", "1e5", "٣", " 5", "5.", ".5", "NaN", float("inf"), float("nan"), True,
    b"5", None.__class__,
              Decimal("Infinity"), Decimal("sNaN"), 1e-10, "0.0000000001", 2**53, 10**400,
              Decimal("1E+400"),
              Decimal("1E-400"), Decimal("1E+999999"), "9" * 17, 1e300]
)  # fmt: skip
def test_quantities_that_are_refused(value):
    with pytest.raises(ValidationError, match="score"):
        sc.Result(score=value)


@pytest.mark.parametrize(
    "value", ["U" * 16, "0" * 15, "0" * 17, "", "é" * 16, "0000-0000-0000-000!", "ſ" * 16]
)
def test_codes_that_are_refused(value):
    with pytest.raises(ValidationError, match="code"):
        minimal(id=value)


def test_codes_as_people_type_them():
    assert code_from_id(bytes(10)) == "0000-0000-0000-0000"
    assert code_from_id(b"\xff" * 10) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
    assert id_from_code("oOiI lL00-0000 0000") == id_from_code("0011-1100-0000-0000")
    assert minimal(id="0000-0000-0000-0001").id == bytes(9) + b"\1"
    assert minimal(id=bytes(range(10))).code == "000G-40R4-0M30-E209"


def test_additional_fields_of_constructors():
    certificate = minimal(additional={200: [1, {-1: b"x", 5: "y"}], 128: True})
    assert list(certificate.additional) == [128, 200]
    assert list(certificate.additional[200][1]) == [5, -1]
    hash(certificate)
    assert minimal(additional={"128": 1}) == minimal(additional={128: 1})  # as JSON has it
    for wrong in (
        {127: 1}, {-1: 1}, {"0128": 1}, {"x": 1}, {"127": 1}, {128: None}, {128: 1.5}, [128],
        {128: {1: {"x": 1}}}, {128: {"base64url": "="}}, {128: {"base64url": "A"}}, {128: 2**53},
        {128: "\0"}, {2**53: 1}, {True: 1}, {128: {True: 1}},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            minimal(additional=wrong)


def test_rows_have_no_room_for_additional_fields():
    # A fixed array cannot carry them, so they must not be lost without a word.
    with pytest.raises(ValidationError, match="additional"):
        sc.StatusReference(list=1, index=2, additional={128: 1})


@pytest.mark.parametrize("depth", [3, 6, 7, 12, 500])
def test_additional_fields_too_deep_for_a_token_are_refused_by_the_issuer(depth):
    deep: object = ()
    for _ in range(depth):
        deep = (deep,)
    if depth <= 6:  # eight arrays and maps around the innermost, with the claims and the body
        statement = minimal(additional={128: deep})
        assert check(sc.issue(statement, SIGNER)).statement == statement
        return
    with pytest.raises((ValidationError, sc.EncodeError)):
        sc.issue(minimal(additional={128: deep}), SIGNER)


@pytest.mark.parametrize("value", [b"", b"\xff", b"\xff\xff", "__8", {-1: (b"abc", True, 1)}])
def test_additional_fields_in_json_and_back(value):
    certificate = minimal(additional={128: value})
    again = sc.Certificate.model_validate_json(certificate.model_dump_json())
    assert again == certificate
    assert repr(again.additional) == repr(certificate.additional)


def test_pydantics_copy_is_refused():
    # It would change fields past their checks.
    with pytest.raises(TypeError, match="model_copy"):
        minimal().copy(update={"issuer": "Not An Issuer"})


def test_a_refusal_without_a_fault_is_a_violation():
    # Only where lifting and diagnosis disagree, which a property test denies.
    assert Diagnosis().error().reason is sc.Reason.SCHEMA_VIOLATION


def test_statements_are_hashable_and_equal_by_value():
    assert len({typical(), typical(), minimal()}) == 2
    assert issubclass(sc.Certificate, Statement)


@pytest.mark.parametrize("value", ["online", "ONLINE", 0, True, sc.Level.MIXED])
def test_values_of_vocabularies_are_told_by_name_or_member(value):
    course = {"title": "T", "institution": "I", "delivery": value}
    if value == "online" and isinstance(value, str):
        assert sc.Course(**course).delivery is sc.Delivery.ONLINE
        return
    with pytest.raises(ValidationError, match="online, on_site, blended"):
        sc.Course(**course)


def test_a_slip_of_a_name_is_no_free_text():
    with pytest.raises(ValidationError, match="course_certificate"):
        minimal(awarded_title="course_certficate")
    assert minimal(awarded_title="Master of Science").awarded_title == "Master of Science"
    assert (
        minimal(awarded_title="specialization").awarded_title is sc.CertificateKind.SPECIALIZATION
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"issuer": "Not An Issuer"},
        {"learner": "text"},
        {"completed_on": None},
        {"id": b""},
        {"skills": ("",)},
    ],
)
def test_there_is_no_way_around_the_checks_of_a_model(fields):
    # pydantic's model_construct and model_copy check nothing; what no verifier would accept must
    # not be signed.
    values = {name: getattr(typical(), name) for name in sc.Certificate.model_fields}
    with pytest.raises(TypeError, match="always validated"):
        sc.Certificate.model_construct(**(values | fields))
    with pytest.raises(ValidationError):
        typical().model_copy(update=fields)


def test_frozen_maps_tell_apart_what_the_wire_does():
    one, true = FrozenMap({128: 1}), FrozenMap({128: True})
    assert one != true
    assert one == FrozenMap({128: 1}) == {128: 1}
    assert one != {128: 2}
    assert minimal(additional={128: 1}) != minimal(additional={128: True})


@pytest.mark.parametrize("weeks", [8, 8.0, Decimal(8), Decimal("8.00")])
def test_json_has_one_kind_of_number(weeks):
    assert type(sc.Workload(weeks=weeks).weeks) is int
    assert sc.Workload(weeks=weeks) == sc.Workload(weeks=8)


@pytest.mark.parametrize("weeks", [8.5, Decimal("8.5"), float("nan"), float("inf"), "8", True])
def test_other_numbers_are_no_integers(weeks):
    with pytest.raises(ValidationError, match="integer"):
        sc.Workload(weeks=weeks)


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "null"), (True, "true or false"), (1.5, "a number"), ([], "an array"),
     ({}, "an object"), (b"", "bytes")],
)  # fmt: skip
def test_messages_name_kinds_as_json_does(value, words):
    with pytest.raises(ValidationError, match=f"expected text, got {words}"):
        sc.Person(name=value)


@pytest.mark.parametrize(
    ("score", "shown"),
    [("92.5", "92.5"), ("5.00", "5"), ("0.1", "0.1"), ("0.000000001", "1e-9"), (1e-9, "1e-9"),
     ("123456.123456789", "123456.123456789"), ("9007199.254740991", "9007199.254740991")],
)  # fmt: skip
def test_numbers_in_json_are_exact(score, shown):
    result = sc.Result(score=score)
    text = result.model_dump_json(exclude_defaults=True)
    assert text in (f'{{"score":{shown}}}', f'{{"score":"{shown}"}}')
    assert sc.Result.model_validate_json(text) == result
