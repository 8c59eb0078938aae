"""Why a payload is refused: every fault with its place, found by walking the tables of fields.

Slow and plain where :mod:`signedcert.codec.lift` is fast and mute. It runs only on what was
refused, and which fault it reports depends on no order of traversal (spec, section 6.3).
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from signedcert.codec.cbor import encoded_length, not_deterministic, parse
from signedcert.errors import DecodeError, Reason
from signedcert.model.additional import FIRST_ADDITIONAL
from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import Digest, Flag, Identifier, Leaf, Pattern, Text
from signedcert.model.numbers import INTEGER_MAX, Integer, Number, NumberRange
from signedcert.model.octets import (
    ConfirmationKey,
    CoseKey,
    Octets,
    is_confirmation,
    is_ed25519_key,
    is_other_key,
)
from signedcert.model.statement import BODY, Signed
from signedcert.model.text import refused_character
from signedcert.model.times import DAY_MAX, DAY_MIN, MOMENT_MAX, Day, Moment
from signedcert.model.vocabulary import Choice

#: CWT claims (RFC 8392, section 4).
EXP, NBF, IAT = 4, 5, 6

#: Which fault is reported where there are several: a violation can never become valid, an unknown
#: field or value may be a later version's.
_PRECEDENCE = (Reason.SCHEMA_VIOLATION, Reason.UNKNOWN_FIELD, Reason.UNKNOWN_VALUE)


class Diagnosis:
    """The faults found, each with the path of the field and what was expected there."""

    def __init__(self) -> None:
        self.faults: list[tuple[Reason, str, str]] = []

    def add(self, reason: Reason, path: str, expected: str) -> None:
        """Notes a fault at ``path``."""
        self.faults.append((reason, path or "payload", expected))

    def error(self) -> DecodeError:
        """The error to raise: the first fault of the gravest kind."""
        if not self.faults:
            # The generated code refused what nothing here objects to. That is a bug, and no VALID.
            return DecodeError(Reason.SCHEMA_VIOLATION, "payload: expected what the schema says")
        reason, path, expected = min(self.faults, key=lambda each: _PRECEDENCE.index(each[0]))
        return DecodeError(reason, f"{path}: {expected}")


def diagnose(payload: bytes, model: type[Signed]) -> Diagnosis:
    """Every fault of a payload that is deterministic CBOR.

    :raises DecodeError: with ``not_deterministic`` where it is not.
    """
    value = parse(payload)
    if encoded_length(value) != len(payload):
        raise not_deterministic()
    return diagnose_claims(value, model)


def diagnose_claims(value: Any, model: type[Signed]) -> Diagnosis:
    """Every fault of a payload, decoded."""
    found = Diagnosis()
    fields = model.fields_by_label
    if not isinstance(value, dict):
        found.add(Reason.SCHEMA_VIOLATION, "", "expected a map of claims")
        return found
    claims = {key: item for key, item in value.items() if key != BODY}
    _entries(claims, [field for field in fields if field.in_claims], "", found)
    known = {field.number for field in fields if field.in_claims}
    begin = NBF if NBF in known and NBF in claims else IAT
    start, end = claims.get(begin), claims.get(EXP)
    if EXP in known and type(end) is type(start) is int and end <= start:
        found.add(Reason.SCHEMA_VIOLATION, "expires_at", "expected a moment after the beginning")
    if BODY not in value:
        found.add(Reason.SCHEMA_VIOLATION, "", f"claim {BODY} with the body is missing")
    else:
        rows = [field for field in fields if not field.in_claims]
        _map(value[BODY], rows, "", found)
    return found


def _map(value: Any, fields: list[Field], path: str, found: Diagnosis) -> None:
    if not isinstance(value, dict) or not value:
        found.add(Reason.SCHEMA_VIOLATION, path, "expected a map with at least one entry")
        return
    _entries(value, fields, path, found)


def _entries(value: dict[int, Any], fields: list[Field], path: str, found: Diagnosis) -> None:
    known = {field.number: field for field in fields}
    for label, item in value.items():
        if label in known:
            field = known[label]
            _shape(item, field.shape, f"{path}.{field.name}".lstrip("."), found)
        elif label < FIRST_ADDITIONAL:
            found.add(Reason.UNKNOWN_FIELD, path, f"this version does not know label {label}")
        elif has_refused_text(item):
            found.add(Reason.SCHEMA_VIOLATION, f"{path}[{label}]", "a text has a refused character")
    for field in fields:
        if field.required and field.number not in value:
            where = f"{path}.{field.name}".lstrip(".")
            found.add(Reason.SCHEMA_VIOLATION, where, f"label {field.number} is missing")


def has_refused_text(value: Any) -> bool:
    """Whether any text at any depth has a refused character; line feeds are allowed."""
    pending: list[Iterable[Any]] = [(value,)]
    for items in pending:
        for item in items:
            if isinstance(item, str):
                printable = item.isascii() and item.isprintable()
                if not printable and refused_character(item, paragraphs=True):
                    return True
            elif isinstance(item, list) and item:
                pending.append(item)
            elif isinstance(item, dict) and item:
                pending.append(item.values())
    return False


def _shape(value: Any, shape: Shape, path: str, found: Diagnosis) -> None:
    match shape:
        case Many(item, maximum):
            if not isinstance(value, list) or not 0 < len(value) <= maximum:
                found.add(Reason.SCHEMA_VIOLATION, path, f"expected 1 to {maximum} items")
                return
            for index, each in enumerate(value):
                _shape(each, item, f"{path}[{index}]", found)
        case Nested(model):
            _nested(value, model, path, found)
        case Row(model):
            fields = model.fields_by_label
            if not isinstance(value, list) or len(value) != len(fields):
                found.add(Reason.SCHEMA_VIOLATION, path, f"expected {len(fields)} items")
                return
            for each, column in zip(value, fields, strict=True):
                _shape(each, column.shape, f"{path}.{column.name}", found)
        case TextOr(text, model):
            if isinstance(value, str):
                _shape(value, text, path, found)
            else:
                _nested(value, model, path, found)
        case _:
            expected = _leaf_fault(value, shape)
            if expected == _UNKNOWN:
                found.add(Reason.UNKNOWN_VALUE, path, f"this version does not know value {value}")
            elif expected:
                found.add(Reason.SCHEMA_VIOLATION, path, expected)


def diagnose_part(value: Any, model: type[Labelled], path: str) -> Diagnosis:
    """Every fault of one model's value, decoded."""
    found = Diagnosis()
    _nested(value, model, path, found)
    return found


def _nested(value: Any, model: type[Labelled], path: str, found: Diagnosis) -> None:
    fields = list(model.fields_by_label)
    if model.wire_form == "map_or_bare":
        if isinstance(value, str):
            _shape(value, fields[0].shape, path, found)
            return
        if isinstance(value, dict) and tuple(value) == (fields[0].number,):
            found.add(
                Reason.SCHEMA_VIOLATION, path, "a map of label 0 alone is written as its text"
            )
            return
    _map(value, fields, path, found)


_UNKNOWN = "unknown"


def _leaf_fault(value: Any, leaf: Leaf) -> str | None:
    """What was expected, where the value is not it."""
    match leaf:
        case Text(maximum, paragraphs):
            if not isinstance(value, str) or not 0 < len(value) <= maximum:
                return f"expected text of 1 to {maximum} characters"
            return (
                "the text has a refused character"
                if refused_character(value, paragraphs=paragraphs)
                else None
            )
        case Pattern():
            fits = isinstance(value, str) and leaf.fits(value)
            return None if fits else f"expected {leaf.expected}"
        case Integer(minimum, maximum):
            return _integer_fault(value, minimum, maximum)
        case Moment():
            return _integer_fault(value, 0, MOMENT_MAX)
        case Day():
            return _integer_fault(value, DAY_MIN, DAY_MAX)
        case Flag():
            return None if value is True else "expected true; false is written by leaving it out"
        case Octets():
            fits = isinstance(value, bytes) and leaf.fits(value)
            return None if fits else f"expected a byte string of {leaf.minimum} to {leaf.maximum}"
        case CoseKey():
            return None if _is_key(value) else "expected a COSE_Key"
        case ConfirmationKey():
            return None if is_confirmation(value) else "expected the COSE_Key of an Ed25519 key"
        case Identifier() | Digest():
            size = 10 if isinstance(leaf, Identifier) else 32
            fits = isinstance(value, bytes) and len(value) == size
            return None if fits else f"expected {size} bytes"
        case Choice(vocabulary, other):
            if isinstance(value, str) and other:
                return _leaf_fault(value, Text(other))
            if type(value) is not int or value < 0:
                return "expected the number of a value" + (" or text" if other else "")
            return None if value in list(vocabulary) else _UNKNOWN
        case Number(signed):
            return (
                None if _number(value, signed=signed) is not None else "expected a decimal quantity"
            )
        case NumberRange():
            items = value if isinstance(value, list) else []
            pair = [number for item in items if (number := _number(item)) is not None]
            fits = len(items) == len(pair) == 2 and pair[0] <= pair[1]
            return None if fits else "expected two numbers, lower first"
    raise TypeError(f"{leaf!r} has no form on the wire")


def _is_key(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return is_ed25519_key(value) or (is_other_key(value) and not has_refused_text(value))


def _integer_fault(value: Any, minimum: int, maximum: int) -> str | None:
    fits = type(value) is int and minimum <= value <= maximum
    return None if fits else f"expected an integer from {minimum} to {maximum}"


def _number(value: Any, *, signed: bool = False) -> Decimal | None:
    mantissa, scale = (value, 0) if type(value) is int else (None, None)
    if isinstance(value, list) and len(value) == 2:
        mantissa, scale = value
        if type(scale) is not int or not 1 <= scale <= 9:
            return None
    if type(mantissa) is not int or abs(mantissa) > INTEGER_MAX or (mantissa < 0 and not signed):
        return None
    if scale and mantissa % 10 == 0:
        return None
    return Decimal(f"{mantissa}E-{scale}")
