"""Typed statement → payload bytes: the reverse of :mod:`signedcert.codec.lift`."""

from collections.abc import Callable
from functools import cache
from typing import Any

from signedcert.codec.cbor import encode, parse
from signedcert.codec.scan import ITEMS_MAX, SMALL
from signedcert.errors import DecodeError, EncodeError
from signedcert.model.declarations import Field, Many, Row, Shape, TextOr
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import Leaf
from signedcert.model.numbers import Number, NumberRange, decimal_parts
from signedcert.model.octets import CNF_KEY, ConfirmationKey, CoseKey, cose_key
from signedcert.model.statement import BODY, Signed
from signedcert.model.times import EPOCH_ORDINAL, Day, Moment
from signedcert.model.vocabulary import Choice, Vocabulary

#: A step for each field: its name, label, default, and what turns its value into a CBOR value.
_Step = tuple[str, int, Any, Callable[[Any], Any] | None]


def lower(statement: Signed) -> bytes:
    """The payload of a statement or document: its claims, deterministically encoded.

    :raises EncodeError: when it is longer than its kind may be (a statement: 16 KiB), has more than
        4,096 items, or has additional fields that nest deeper than a verifier accepts.
    """
    payload = encode(entries_of(statement))
    check_payload(payload, statement)
    return payload


def entries_of(statement: Signed) -> dict[int, Any]:
    """The claims of a statement or document as a map whose keys are in encoded order."""
    claims, body = _plan(type(statement))
    entries = _entries(statement, claims)
    entries.update(statement.additional_claims)
    entries[BODY] = _entries(statement, body)
    entries[BODY].update(statement.additional)
    return entries


def encoded_entries(statement: Signed) -> tuple[dict[int, bytes], dict[int, bytes]]:
    """The claims without the body, and the body: each entry encoded, key and value, by its label.

    A map's encoding is its head and then those of its entries in order, so that what statements
    have in common can be encoded once for all of them.
    """
    claims = entries_of(statement)
    body = claims.pop(BODY)
    return _encoded(claims), _encoded(body)


def lowered_part(value: Labelled) -> Any:
    """The CBOR value of a model that stands within a statement."""
    return _map_lowering(type(value))(value)


def check_payload(payload: bytes, statement: Signed | type[Signed]) -> None:
    """Sees that verifiers take a payload: its size, its items, its depth.

    :param statement: what is encoded, or its kind.
    :raises EncodeError: when they do not.
    """
    if len(payload) > statement.payload_max:
        raise EncodeError(
            f"the statement takes {len(payload)} bytes, at most {statement.payload_max} are "
            "allowed; shorten the description or the syllabus"
        )
    try:
        parse(payload, unseen=SMALL)
    except DecodeError as error:
        raise EncodeError(
            f"the statement has more than {ITEMS_MAX} items, or additional fields nested too deep"
        ) from error


def _entries(model: Labelled, steps: tuple[_Step, ...]) -> dict[int, Any]:
    values = model.__dict__
    entries = {}
    for name, label, default, lowered in steps:
        value = values[name]
        # Defaults are None, False and (): what equals them is left out.
        if value is not default and value != default:
            entries[label] = value if lowered is None else lowered(value)
    return entries


def _encoded(entries: dict[int, Any]) -> dict[int, bytes]:
    return {label: encode(label) + encode(value) for label, value in entries.items()}


@cache
def _plan(model: type[Labelled]) -> tuple[tuple[_Step, ...], tuple[_Step, ...]]:
    """The steps for a model's claims, and those for its body."""

    def steps(fields: list[Field]) -> tuple[_Step, ...]:
        return tuple((f.name, f.number, f.default, _lowering(f.shape)) for f in fields)

    fields = model.fields_by_label
    return steps([f for f in fields if f.in_claims]), steps([f for f in fields if not f.in_claims])


def _lowering(shape: Shape) -> Callable[[Any], Any] | None:
    """What turns a value of this shape into a CBOR value; None where it is one."""
    match shape:
        case Moment():
            return lambda value: int(value.timestamp())
        case Day():
            return lambda value: value.toordinal() - EPOCH_ORDINAL
        case Number():
            return _number
        case NumberRange():
            return lambda value: [_number(value[0]), _number(value[1])]
        case CoseKey():
            return lambda value: cose_key(value) if isinstance(value, bytes) else dict(value)
        case ConfirmationKey():
            return lambda value: {CNF_KEY: cose_key(value)}
        case Choice():
            return lambda value: value.value if isinstance(value, Vocabulary) else value
        case Leaf():
            return None
        case Many(item):
            lowered = _lowering(item)
            return list if lowered is None else lambda value: [lowered(each) for each in value]
        case Row(model):
            names = [field.name for field in model.fields_by_label]
            return lambda value: [getattr(value, name) for name in names]
        case TextOr(_, model):
            lowered_map = _map_lowering(model)
            return lambda value: value if isinstance(value, str) else lowered_map(value)
        case _:
            return _map_lowering(shape.model)


def _map_lowering(model: type[Labelled]) -> Callable[[Labelled], Any]:
    _, steps = _plan(model)
    bare = model.wire_form == "map_or_bare"

    def lowered(value: Labelled) -> Any:
        entries = _entries(value, steps)
        entries.update(value.additional)
        return entries[0] if bare and len(entries) == 1 else entries

    return lowered


def _number(value: Any) -> Any:
    if value == (whole := int(value)):
        return whole
    mantissa, scale = decimal_parts(value)
    return [mantissa, scale]
