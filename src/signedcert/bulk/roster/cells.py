"""Cells of text → values of a field. Each distinct cell of a batch is read once."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from signedcert.bulk.roster.errors import RowErrors, shown
from signedcert.bulk.roster.fields import RosterField
from signedcert.bulk.roster.values import batch_value, wrong_fields
from signedcert.model.declarations import Many, Nested, TextOr
from signedcert.model.leaf import Flag
from signedcert.model.numbers import Integer, NumberRange
from signedcert.model.times import Day, Moment
from signedcert.trust.strict_json import parse_json

#: Bytes in UTF-8 that a cell may have: a certificate with all that is in it has 16 KiB.
CELL_MAX = 65_536
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TWO_WAYS = re.compile("([0-9]{1,2})[-/. ]+([0-9]{1,2})[-/. ]+[0-9]{2,4}")
_SERIAL = re.compile("[0-9]{4,6}([.,][0-9]+)?")
_INTEGER = re.compile("-?[0-9]{1,16}")


def trimmed(texts: pa.Array, path: str, errors: RowErrors) -> pa.Array:
    """The cells without surrounding space; those with nothing in them are null."""
    texts = pc.utf8_trim_whitespace(texts)
    sizes = pc.binary_length(texts)
    largest = pc.max(sizes).as_py()
    if largest is not None and largest > CELL_MAX:
        too_large = pc.greater(sizes, CELL_MAX)
        for row in pc.indices_nonzero(too_large).to_pylist():
            errors.add(row, f"{path}: the cell has more than {CELL_MAX:,} bytes")
        texts = pc.if_else(too_large, None, texts)
    return pc.if_else(pc.equal(sizes, 0), None, texts)


def typed(texts: pa.Array, field: RosterField, separator: str, errors: RowErrors) -> pa.Array:
    """The values of a field. What the kernel takes as text stays text.

    :param texts: what :func:`trimmed` returned.
    :param separator: between the items of a list.
    """
    read = _reader(field, separator)
    if read is None:
        return texts
    distinct = texts.dictionary_encode()
    values, reasons = [], {}
    for index, text in enumerate(distinct.dictionary.to_pylist()):
        try:
            values.append(read(text))
        except ValueError as error:
            values.append(None)
            reasons[index] = str(error)
    if reasons:
        wrong = pc.is_in(distinct.indices, pa.array(reasons, distinct.indices.type))
        for row in pc.indices_nonzero(wrong).to_pylist():
            errors.add(row, f"{field.path}: {reasons[distinct.indices[row].as_py()]}")
    return pa.array(values, field.type).take(distinct.indices)


def _reader(field: RosterField, separator: str) -> Callable[[str], Any] | None:
    match field.shape:
        case Day():
            return _day
        case Moment() as shape:
            return lambda text: _said(text, shape.check)
        case Integer():
            return _integer
        case Flag():
            return _flag
        case NumberRange():
            return lambda text: _two(text, separator)
        case Many(Nested(), _):
            return lambda text: _json(text, field)
        case Many(TextOr(_, model), _):
            name = model.fields_by_label[0].name
            return lambda text: [{name: item} for item in _items(text, separator)]
        case Many():
            return lambda text: _items(text, separator)
    return None


def _day(text: str) -> date:
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{text}: there is no such day") from None
    raise not_a_date(text)


def not_a_date(text: str) -> ValueError:
    """Says what to write in the place of a text that is no date."""
    why = ""
    parts = _TWO_WAYS.fullmatch(text)
    if parts and int(parts[1]) <= 12 and int(parts[2]) <= 12 and parts[1] != parts[2]:
        why = "; this could be two days"
    elif _SERIAL.fullmatch(text):
        why = ": how a spreadsheet counts days depends on the spreadsheet"
    return ValueError(f"{shown(text)}: dates must be written YYYY-MM-DD{why}")


def _said(text: str, check: Callable[[object], Any]) -> Any:
    try:
        return check(text)
    except ValueError as error:
        raise ValueError(f"{shown(text)}: {error}") from None


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError(f"{shown(text)}: expected an integer")
    return int(text)


def _flag(text: str) -> bool:
    try:
        # Spreadsheets write them in capitals.
        return {"true": True, "false": False}[text.lower()]
    except KeyError:
        raise ValueError(f"{shown(text)}: expected true or false") from None


def _items(text: str, separator: str) -> list[str]:
    return [item for each in text.split(separator) if (item := each.strip())]


def _two(text: str, separator: str) -> list[str]:
    numbers = _items(text, separator)
    if len(numbers) != 2:
        raise ValueError(f"{shown(text)}: expected two numbers, such as 5{separator}7")
    return numbers


def _json(text: str, field: RosterField) -> Any:
    """The list of objects that a cell holds as JSON."""
    shape = field.shape
    assert isinstance(shape, Many)
    assert isinstance(shape.item, Nested)
    try:
        items = parse_json(text.encode())
    except ValueError as error:
        raise ValueError(f"expected JSON, such as [{{…}}]: {shown(str(error), 120)}") from None
    if not isinstance(items, list):
        raise ValueError("expected a JSON list, such as [{…}]")
    if len(items) > shape.maximum:
        raise ValueError(f"there are {len(items)} items, at most {shape.maximum} are allowed")
    for number, item in enumerate(items, 1):
        if wrong := wrong_fields(shape.item.model, item, complete=True):
            fault = wrong[0].removeprefix("the statement: ")
            raise ValueError(f"item {number}: {shown(fault, 200)}")
    return batch_value(shape, items)
