"""Every model survives: to the wire and back, to JSON and back, pickled, copied and hashed."""

import copy
import pickle
from datetime import UTC, datetime, timedelta

import cbor2
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption
from pydantic import BaseModel, ValidationError

import cbor_oracle
from field_values import (
    FIELDS,
    FIRST,
    MODELS,
    SIGNED,
    STATEMENTS,
    beyond,
    extremes,
    field_id,
    in_statement,
)
from field_values import instance as instance_of
from signedcert import Certificate, EncodeError, Result
from signedcert.codec.cbor import decode
from signedcert.codec.lift import lift
from signedcert.codec.lower import lower
from signedcert.model.labelled import Labelled
from signedcert.model.statement import Signed
from strategies import instances


def lowered(statement: Signed) -> bytes:
    try:
        return lower(statement)
    except EncodeError:
        raise UnsatisfiedAssumption from None


def nothing_additional(value: object) -> bool:
    """Whether no model in the value has fields that this version does not know."""
    if isinstance(value, tuple):
        return all(map(nothing_additional, value))
    if not isinstance(value, Labelled):
        return True
    own = not value.additional and not getattr(value, "additional_claims", {})
    return own and all(nothing_additional(item) for item in value.__dict__.values())


def assert_same(lifted: Signed, statement: Signed) -> None:
    assert lifted == statement
    assert type(lifted) is type(statement)
    assert hash(lifted) == hash(statement)
    assert lifted.model_dump() == statement.model_dump()
    assert lifted.model_dump_json() == statement.model_dump_json()
    assert repr(lifted) == repr(statement)


@pytest.mark.parametrize("model", MODELS, ids=field_id)
def test_every_model_on_the_wire(model):
    @given(instances(model))
    def round_trip(part):
        statement = in_statement(part)
        payload = lowered(statement)
        assert_same(lift(payload, type(statement)), statement)

    round_trip()


@given(st.one_of(map(instances, STATEMENTS)))
def test_payload_is_deterministic_by_an_independent_encoder(statement):
    payload = lowered(statement)
    # cbor2's own, lenient decoder as the oracle for what the payload holds.
    content = cbor2.loads(payload)
    assert cbor_oracle.dumps(content) == payload
    assert cbor_oracle.dumps(decode(payload)) == payload
    assert content[1] == statement.issuer
    assert content[6] == int(statement.issued_at.timestamp())
    assert content[7] == statement.id
    assert set(content) >= {1, 6, 7, -65537}


@given(st.one_of(map(instances, SIGNED)))
def test_json_and_back(statement):
    assume(nothing_additional(statement))
    text = statement.model_dump_json()
    again = type(statement).model_validate_json(text)
    assert_same(again, statement)
    lifted = lift(lowered(statement), type(statement))
    assert type(statement).model_validate_json(lifted.model_dump_json()) == statement


@given(st.one_of(map(instances, SIGNED)))
@settings(max_examples=settings.default.max_examples // 2)
def test_lifted_statements_are_like_constructed_ones(statement):
    lifted = lift(lowered(statement), type(statement))
    fields = {name: getattr(statement, name) for name in type(statement).model_fields}
    # What pydantic makes of the same values without its checks, past our refusal to do that.
    construct = BaseModel.model_construct.__func__
    assert_same(construct(type(statement), **fields), lifted)
    assert list(lifted.__dict__) == list(statement.__dict__)
    assert lifted.model_fields_set == set(type(statement).model_fields)
    assert lifted.model_extra is None
    assert lifted.__pydantic_private__ is None
    changeable = {"issued_at": lifted.issued_at}
    for twin in (
        copy.copy(lifted),
        copy.deepcopy(lifted),
        pickle.loads(pickle.dumps(lifted)),
        lifted.model_copy(),
        lifted.model_copy(deep=True),
        lifted.model_copy(update=changeable),
    ):
        assert_same(twin, statement)
    with pytest.raises(ValidationError, match="frozen"):
        lifted.issued_at = FIRST


@pytest.mark.parametrize(("model", "field"), FIELDS, ids=field_id)
def test_every_field_at_its_bounds(model, field):
    for value in map(_possible(field), extremes(field.shape)):
        statement = in_statement(
            instance_of(model, **{field.name: value}, **_another(model, field))
        )
        payload = lowered_or_too_long(statement)
        if payload is not None:
            assert_same(lift(payload, type(statement)), statement)
            assert type(statement).model_validate_json(statement.model_dump_json()) == statement


def _possible(field):
    """The earliest end that follows a beginning."""
    first = datetime(1970, 1, 1, tzinfo=UTC)
    earliest = first + timedelta(seconds=1) if field.name == "expires_at" else first
    return lambda value: earliest if value == first else value


def _another(model, field):
    """One more field, where one that is set to its default would leave the model empty."""
    if field.name == "expires_at":
        return {"issued_at": datetime(1970, 1, 1, tzinfo=UTC)}
    if any(row.required for row in model.fields_by_label):
        return {}
    other = next(row for row in model.fields_by_label if row is not field)
    return {other.name: extremes(other.shape)[-1]}


def lowered_or_too_long(statement: Signed) -> bytes | None:
    try:
        return lower(statement)
    except EncodeError:
        return None


@pytest.mark.parametrize(("model", "field"), FIELDS, ids=field_id)
def test_every_field_beyond_its_bounds(model, field):
    for value in beyond(field.shape):
        with pytest.raises(ValidationError) as caught:
            instance_of(model, **{field.name: value})
        # Each error names the field, and says what was expected.
        assert all(error["loc"][0] == field.name for error in caught.value.errors())
        assert all(error["msg"] for error in caught.value.errors())


@given(st.integers(), st.integers(0, 12))
def test_decimals_are_exact_or_refused(mantissa, scale):
    text = f"{'-' * (mantissa < 0)}{abs(mantissa) // 10**scale}"
    if scale:
        text += f".{abs(mantissa) % 10**scale:0{scale}d}"
    try:
        certificate = in_statement(instance_of(Result, score=text))
    except ValidationError:
        digits = text.strip("-").split(".")
        assert len(digits[0]) > 15 or len(digits[-1]) > 9 or abs(mantissa) >= 2**53
        return
    lifted = lift(lower(certificate), Certificate)
    score = lifted.result.score
    assert score * 10**scale == mantissa
    assert score.as_tuple().exponent <= 0
    assert lifted == certificate
