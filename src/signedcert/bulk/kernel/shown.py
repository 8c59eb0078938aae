"""What certificates say, as the values of columns."""

from decimal import Decimal
from typing import Any

from signedcert.bulk.kernel.schemas import ROSTER_FIELDS
from signedcert.model.certificate import Certificate
from signedcert.model.code import code_from_id
from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import Digest, Identifier
from signedcert.model.numbers import Number, NumberRange
from signedcert.model.statement import Result
from signedcert.model.vocabulary import Choice, Vocabulary


def result_text(result: Result) -> str:
    """A result in a cell: ``87.5%``, or ``35 of 40``; then the grade, then the distinction."""
    parts = []
    if result.score is not None:
        parts.append(_decimal(result.score) + ("%" if result.maximum is None else ""))
    if result.maximum is not None:
        parts.append(f"of {_decimal(result.maximum)}")
    parts = [" ".join(parts)] if parts else []
    if result.grade is not None:
        parts.append(result.grade)
    if result.with_distinction:
        parts.append("with distinction")
    return ", ".join(parts)


def statement_cell(certificate: Certificate) -> dict[str, Any]:
    """All that a certificate says, as its row in a roster would have it."""
    return _map(ROSTER_FIELDS, certificate)


def _map(fields: tuple[Field, ...], model: Labelled) -> dict[str, Any]:
    values = model.__dict__
    return {
        field.name: None if values[field.name] is None else _cell(field.shape, values[field.name])
        for field in fields
    }


def _cell(shape: Shape, value: Any) -> Any:
    match shape:
        case Many(item, _):
            return [_cell(item, each) for each in value] or None
        case Nested(model) | Row(model):
            return _map(model.fields_by_label, value)
        case TextOr(text, model):
            if isinstance(value, model):
                return _map(model.fields_by_label, value)
            return {model.fields_by_label[0].name: _cell(text, value)}
        case Number():
            return _decimal(value)
        case NumberRange():
            return [_decimal(each) for each in value]
        case Choice():
            return value.json_name if isinstance(value, Vocabulary) else value
        case Identifier():
            return code_from_id(value)
        case Digest():
            return value.hex()
    return value


def _decimal(value: Decimal | int) -> str:
    return f"{value:f}"
