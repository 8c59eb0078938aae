"""Arrow's values → what the model's constructors take: the same values that JSON has."""

import re
from typing import Any

import pyarrow as pa

from signedcert.bulk.kernel.schemas import ROSTER_FIELDS
from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.leaf import Flag
from signedcert.model.numbers import Integer, NumberRange

_INTEGER = re.compile("-?[0-9]{1,16}")
_NO_DATE = "there is a date or a moment in it that is beyond the year 9999"
_FLAGS = {"true": True, "false": False}
_FIELDS = {each.name: each for each in ROSTER_FIELDS}


class UnreadableError(ValueError):
    """A cell that no value can be made of."""


def cells(columns: dict[str, pa.Array], row: int) -> dict[str, Any]:
    """The fields of a certificate that a row states, by name.

    Null, an empty list and a structure in which nothing is set are the same as no field.

    :param columns: in which all texts are in UTF-8.
    :raises UnreadableError: naming the column in which there is a date that Python does not have.
    """
    found = {}
    for name, column in columns.items():
        try:
            cell = column[row].as_py()
        except (ValueError, OverflowError) as error:
            raise UnreadableError(f"{name}: {_NO_DATE}") from error
        value = given(_FIELDS[name], cell)
        if value is not None:
            found[name] = value
    return found


def given(field: Field, cell: Any) -> Any:
    """The value of a field; None where it says no more than that the field is not there."""
    value = value_of(field.shape, cell)
    if value is None or (isinstance(value, list | dict) and not value):
        return None
    # What equals the default is not there: false, of a mark of distinction.
    return None if not field.required and value == field.default else value


def value_of(shape: Shape, cell: Any) -> Any:
    """What the model takes for a cell, whether it is right or wrong."""
    match shape, cell:
        case Many(item, _), list():
            return [value_of(item, each) for each in cell]
        case NumberRange(), list() if all(each is None for each in cell):
            return None
        case TextOr(_, model), dict():
            return _text_or_map(model.fields_by_label, cell)
        case Nested(model), str():  # of the models that are written as bare text
            return {model.fields_by_label[0].name: cell}
        case ((Nested(model) | Row(model)), dict()):
            return _map(model.fields_by_label, cell)
        case Integer(), str() if _INTEGER.fullmatch(cell):
            return int(cell)
        case Flag(), str():
            return _FLAGS.get(cell, cell)
    return cell


def _map(fields: tuple[Field, ...], cell: dict[str, Any]) -> dict[str, Any]:
    found = {field.name: given(field, cell.get(field.name)) for field in fields}
    return {name: value for name, value in found.items() if value is not None}


def _text_or_map(fields: tuple[Field, ...], cell: dict[str, Any]) -> Any:
    """The bare text where nothing else is said."""
    found = _map(fields, cell)
    first = fields[0].name
    return found[first] if found.keys() == {first} else found
