"""A statement's fields as two columns for people."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rich.text import Text

from signedcert.cli.screen import visible
from signedcert.model.code import code_from_id
from signedcert.model.declarations import Field
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import Identifier
from signedcert.model.numbers import NumberRange
from signedcert.model.statement import Statement
from signedcert.model.vocabulary import Vocabulary

_INDENT = "  "
_UNKNOWN = "additional, unknown to this version"


def statement_rows(statement: Statement) -> list[tuple[Text, Text]]:
    """Every field that is set: what it says first, then who signed it when."""
    fields = sorted(statement.fields_by_label, key=lambda field: field.in_claims)
    rows = list(_rows(statement, tuple(fields), 0))
    for label, value in statement.additional_claims.items():
        rows.append(_row(0, f"{_UNKNOWN} [{label}]", repr(value)))
    return rows


def _rows(model: Labelled, fields: tuple[Field, ...], depth: int) -> Iterator[tuple[Text, Text]]:
    for field in fields:
        value = getattr(model, field.name)
        if field.required or value != field.default:
            yield from _value_rows(field.name.replace("_", " "), value, field, depth)
    for label, value in model.additional.items():
        yield _row(depth, f"{_UNKNOWN} [{label}]", repr(value))


def _value_rows(label: str, value: Any, field: Field, depth: int) -> Iterator[tuple[Text, Text]]:
    if isinstance(field.shape, NumberRange):
        low, high = value
        yield _row(depth, label, f"{low:f}" if low == high else f"{low:f} to {high:f}")
    elif isinstance(value, tuple):
        for item in value:
            # One row for each; the label stands before the first alone.
            yield from _value_rows(label, item, field, depth)
            label = ""
    elif isinstance(value, Labelled):
        yield from _model_rows(label, value, depth)
    elif isinstance(field.shape, Identifier):
        yield _row(depth, label, code_from_id(value))
    else:
        yield _row(depth, label, _shown(value))


def _model_rows(label: str, model: Labelled, depth: int) -> Iterator[tuple[Text, Text]]:
    """The model's first field beside the label, the others below it."""
    rows = list(_rows(model, model.fields_by_label, depth + 1))
    first = model.fields_by_label[0]
    if first.required:
        yield _row(depth, label, rows.pop(0)[1].plain)
    else:
        yield _row(depth, label, "")
    yield from rows


def _row(depth: int, label: str, value: str) -> tuple[Text, Text]:
    lines = "\n".join(visible(line) for line in value.split("\n"))
    return Text(_INDENT * depth + label, style="dim"), Text(lines)


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Vocabulary():
            return value.json_name.replace("_", " ")
        case Decimal():
            return f"{value:f}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S} UTC"
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
    return str(value)
