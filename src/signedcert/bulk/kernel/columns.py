"""Which columns and types a batch may have, and the few types that the rest of the kernel sees."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import pyarrow as pa
from pyarrow import types

from signedcert.bulk.kernel.schemas import BESIDES, ROSTER_FIELDS, arrow_type
from signedcert.bulk.kernel.sound import check_buffers, unreadable_rows
from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.leaf import Digest, Flag, Identifier
from signedcert.model.numbers import Integer, Number, NumberRange
from signedcert.model.times import Day, Moment

_LISTS = (types.is_list, types.is_large_list, types.is_fixed_size_list)
_FIELDS = {each.name: each for each in ROSTER_FIELDS}


class Columns(NamedTuple):
    """Columns that are safe to read, in few types.

    :ivar by_name: the columns.
    :ivar unreadable: why each row cannot be read; None where it can.
    """

    by_name: dict[str, pa.Array]
    unreadable: list[str | None]


def roster_columns(batch: pa.RecordBatch) -> Columns:
    """The columns of a roster, those of a certificate in the order of the model.

    :raises ValueError: for a column that no roster has, that is there twice or has another type,
        naming it and what is expected; for one that is missing; for one whose buffers contradict
        one another.
    """
    names = (*BESIDES.names, *_FIELDS)
    for name in batch.schema.names:
        if name not in names:
            raise ValueError(f"a roster has no column {name}; it may have {', '.join(names)}")
    found = _found(batch, names)
    for name, field in _FIELDS.items():
        if name in found.by_name:
            _check(name, field.shape, found.by_name[name].type)
        elif field.required:
            raise ValueError(f"a roster has a column {name}: {field.meaning}")
    _check_plain(found, BESIDES)
    return found


def chosen_columns(batch: pa.RecordBatch, wanted: pa.Schema) -> Columns:
    """These columns of a batch, as far as it has them; all others are ignored.

    :raises ValueError: as :func:`roster_columns`.
    """
    found = _found(batch, wanted.names)
    _check_plain(found, wanted)
    return found


def _found(batch: pa.RecordBatch, names: Iterable[str]) -> Columns:
    found = {}
    broken = {}
    for name in names:
        places = batch.schema.get_all_field_indices(name)
        if len(places) > 1:
            raise ValueError(f"the column {name} is there {len(places)} times")
        if places:
            column = batch.column(places[0])
            is_text = check_buffers(name, column)
            found[name] = _plain(name, column)
            if not is_text:
                broken[name] = found[name]
    return Columns(found, unreadable_rows(broken, batch.num_rows))


def _check_plain(found: Columns, wanted: pa.Schema) -> None:
    for field in wanted:
        given = found.by_name.get(field.name)
        if given is not None and not _is_plain(field.type, given.type):
            raise _unexpected(field.name, given.type, field.type)


def _plain(name: str, column: pa.Array) -> pa.Array:
    """The column without dictionaries, views, and offsets of 64 bits."""
    wanted = _plain_type(column.type)
    if wanted == column.type:
        return column
    try:
        if types.is_dictionary(column.type):
            return _plain(name, column.dictionary_decode())
        # Moments are kept to the second; what is finer may go.
        return column.cast(wanted, safe=not types.is_timestamp(wanted))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise ValueError(f"the column {name} of the type {column.type} cannot be read") from error


def _plain_type(given: pa.DataType) -> pa.DataType:
    if types.is_dictionary(given):
        return _plain_type(given.value_type)
    if types.is_large_string(given) or types.is_string_view(given):
        return pa.string()
    if types.is_large_binary(given) or types.is_binary_view(given):
        return pa.binary()
    if _is_any(given, *_LISTS):
        return pa.list_(_plain_type(given.value_type))
    if types.is_struct(given):
        return pa.struct([pa.field(each.name, _plain_type(each.type)) for each in given])
    if types.is_timestamp(given) and given.tz is not None:
        return pa.timestamp("us" if given.unit == "ns" else given.unit, "UTC")
    return given


def _is_plain(expected: pa.DataType, given: pa.DataType) -> bool:
    if types.is_integer(expected):
        return _is_any(given, types.is_null, types.is_integer)
    if types.is_binary(expected):
        return _is_any(given, types.is_null, types.is_binary, types.is_fixed_size_binary)
    return _is_any(given, types.is_null, types.is_string)


def _is_any(given: pa.DataType, *kinds: Callable[[pa.DataType], bool]) -> bool:
    return any(is_kind(given) for is_kind in kinds)


def _check(name: str, shape: Shape, given: pa.DataType) -> None:
    """Sees that a column's type is one that the shape can be read from.

    :raises ValueError: naming the column and what is expected.
    """
    if types.is_null(given):
        return
    match shape:
        case Many(item, _) if types.is_list(given):
            _check(f"{name}[]", item, given.value_type)
        case NumberRange() if types.is_list(given):
            _check(f"{name}[]", Number(), given.value_type)
        case TextOr() if types.is_string(given):
            pass
        case Nested(model) if model.wire_form == "map_or_bare" and types.is_string(given):
            pass  # a name, and nothing else of who has it
        case Nested(model) | Row(model) | TextOr(_, model) if types.is_struct(given):
            _check_struct(name, model.fields_by_label, given)
        case Many() | Nested() | Row() | TextOr() | NumberRange():
            raise _unexpected(name, given, arrow_type(shape))
        case _ if not types.is_string(given) and not _is_leaf(shape, given):
            raise _unexpected(name, given, arrow_type(shape))


def _check_struct(name: str, fields: tuple[Field, ...], given: pa.DataType) -> None:
    known = {field.name: field for field in fields}
    seen = set()
    for each in given:
        if each.name not in known or each.name in seen:
            raise ValueError(
                f"the column {name} has a field {each.name} that it may not have; "
                f"it may have each of {', '.join(known)} once"
            )
        seen.add(each.name)
        _check(f"{name}.{each.name}", known[each.name].shape, each.type)


def _is_leaf(shape: Shape, given: pa.DataType) -> bool:
    """Whether a leaf can be read from a type other than text, from which all can."""
    match shape:
        case Number():
            return _is_any(given, types.is_integer, types.is_decimal, types.is_float64)
        case Integer():
            return _is_any(given, types.is_integer, types.is_float64)
        case Flag():
            return _is_any(given, types.is_boolean)
        case Day():
            return _is_any(given, types.is_date)
        case Moment():
            return _is_any(given, types.is_timestamp) and given.tz is not None
        case Identifier() | Digest():
            return _is_any(given, types.is_binary, types.is_fixed_size_binary)
        case _:
            return False


def _unexpected(name: str, given: pa.DataType, expected: pa.DataType) -> ValueError:
    return ValueError(f"the column {name} has the type {given}; expected {expected}")
