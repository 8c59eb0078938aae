"""A statement's fields as two columns for people."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
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
from signedcert.share.shared_record import SharedRecord
from signedcert.share.withheld import WITHHELD, Withheld

_INDENT = "  "
_UNKNOWN = "additional, unknown to this version"


def statement_rows(statement: Statement) -> list[tuple[Text, Text]]:
    """Every field that is set: what it says first, then who signed it when."""
    rows = field_rows(statement, statement.fields_by_label)
    for label, value in statement.additional_claims.items():
        rows.append(row(0, f"{_UNKNOWN} [{label}]", repr(value)))
    return rows


def field_rows(model: Labelled | SharedRecord, fields: Iterable[Field]) -> list[tuple[Text, Text]]:
    """These fields of a statement, as far as they are set."""
    ordered = sorted(fields, key=lambda field: field.in_claims)
    return list(_rows(model, tuple(ordered), 0))


def _rows(
    model: Labelled | SharedRecord, fields: tuple[Field, ...], depth: int
) -> Iterator[tuple[Text, Text]]:
    for field in fields:
        value = getattr(model, field.name)
        if field.required or value != field.default:
            yield from _value_rows(field.name.replace("_", " "), value, field, depth)
    for label, value in model.additional.items():
        yield row(depth, f"{_UNKNOWN} [{label}]", repr(value))


def _value_rows(label: str, value: Any, field: Field, depth: int) -> Iterator[tuple[Text, Text]]:
    if isinstance(value, Withheld):
        yield row(depth, label, str(value))
    elif isinstance(field.shape, NumberRange):
        low, high = value
        yield row(depth, label, f"{low:f}" if low == high else f"{low:f} to {high:f}")
    elif isinstance(value, tuple):
        for is_withheld, run in groupby(value, key=lambda item: isinstance(item, Withheld)):
            items = list(run)
            # One row for each; the label stands before the first alone.
            for item in [withheld_rows(len(items))] if is_withheld else items:
                yield from _value_rows(label, item, field, depth)
                label = ""
    elif isinstance(value, Labelled):
        yield from _model_rows(label, value, depth)
    elif isinstance(field.shape, Identifier):
        yield row(depth, label, code_from_id(value))
    else:
        yield row(depth, label, shown(value))


def _model_rows(label: str, model: Labelled, depth: int) -> Iterator[tuple[Text, Text]]:
    """The model's first field beside the label, the others below it."""
    rows = list(_rows(model, model.fields_by_label, depth + 1))
    first = model.fields_by_label[0]
    if first.required:
        yield row(depth, label, rows.pop(0)[1].plain)
    else:
        yield row(depth, label, "")
    yield from rows


def withheld_rows(count: int) -> str:
    """What to say of rows of a list that are withheld. Some of them may be decoys, or all."""
    return f"up to {count} {WITHHELD}: how many there are is not known"


def row(depth: int, label: str, value: str) -> tuple[Text, Text]:
    """One row, with nothing in it that steers a terminal."""
    lines = "\n".join(visible(line) for line in value.split("\n"))
    return Text(_INDENT * depth + label, style="dim"), Text(lines)


def shown(value: Any) -> str:
    """A value as people read it."""
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
