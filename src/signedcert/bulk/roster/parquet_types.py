"""Which Parquet columns can hold a field: by the type of the column, before any row is read."""

import pyarrow as pa
import pyarrow.types as pt

from signedcert.bulk.roster.errors import shown
from signedcert.model.declarations import Many, Nested, Row, Shape, TextOr
from signedcert.model.leaf import Flag
from signedcert.model.numbers import Integer, Number, NumberRange
from signedcert.model.times import Day, Moment


def is_text(kind: pa.DataType) -> bool:
    """Whether a column is text of any kind, dictionaries included."""
    if pt.is_dictionary(kind):
        kind = kind.value_type
    return bool(pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind))


def is_list(kind: pa.DataType) -> bool:
    """Whether a column has lists."""
    return bool(pt.is_list(kind) or pt.is_large_list(kind) or pt.is_fixed_size_list(kind))


def is_number(kind: pa.DataType) -> bool:
    """Whether a column has numbers of any kind."""
    return bool(pt.is_integer(kind) or pt.is_floating(kind) or pt.is_decimal(kind))


def misfit(kind: pa.DataType, shape: Shape) -> str | None:
    """Why a column of the type cannot hold such values, or None where it can.

    Text is not asked about here for a whole cell: it is read as a cell of a CSV file is.
    """
    if pt.is_null(kind):
        return None
    match shape:
        case Many(item, _):
            return misfit(kind.value_type, item) if is_list(kind) else _wanted("a list", kind)
        case TextOr() if is_text(kind):
            return None
        case Nested(model) if model.wire_form == "map_or_bare" and is_text(kind):
            return None  # a name, and nothing else of who has it
        case Nested(model) | Row(model) | TextOr(_, model):
            if not pt.is_struct(kind):
                return _wanted("a struct", kind)
            shapes = {each.name: each.shape for each in model.fields_by_label}
            for each in kind:
                if each.name not in shapes:
                    return f"it has {shown(each.name)}; there are {', '.join(shapes)}"
                if why := misfit(each.type, shapes[each.name]):
                    return f"{each.name}: {why}"
            return None
        case NumberRange():
            fits = is_list(kind) and (is_number(kind.value_type) or is_text(kind.value_type))
            return None if fits else _wanted("a list of two numbers", kind)
        case Day():
            return None if pt.is_date(kind) else _no_day(kind)
        case Moment():
            fits = pt.is_timestamp(kind) and kind.tz is not None
            return None if fits else _wanted("a timestamp with a time zone, or text", kind)
        case Integer():
            return None if is_number(kind) else _wanted("integers", kind)
        case Number():
            return None if is_number(kind) or is_text(kind) else _wanted("numbers or text", kind)
        case Flag():
            return None if pt.is_boolean(kind) else _wanted("true and false", kind)
    return None if is_text(kind) else _wanted("text", kind)


def _wanted(what: str, kind: pa.DataType) -> str:
    return f"expected {what}; the column has the type {shown(str(kind))}"


def _no_day(kind: pa.DataType) -> str:
    if pt.is_timestamp(kind):
        return (
            f"the column has the type {shown(str(kind))}; the calendar day of a moment depends on "
            "the time zone: write dates (date32), or text as YYYY-MM-DD"
        )
    return _wanted("dates (date32), or text as YYYY-MM-DD", kind)
