"""Columns of a Parquet file → values of a field. What does not fit is its row's error."""

from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from signedcert.bulk.roster.cells import trimmed, typed
from signedcert.bulk.roster.errors import RowErrors, shown
from signedcert.bulk.roster.fields import RosterField
from signedcert.bulk.roster.parquet_types import is_list, is_text
from signedcert.model.declarations import Many, Nested, TextOr
from signedcert.model.times import DAY_MAX, DAY_MIN, MOMENT_MAX, Day, Moment


def sound(array: pa.Array, path: str, errors: RowErrors) -> pa.Array:
    """The column, decoded, without text that is not UTF-8: Parquet's own reader does not look."""
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        damaged = [_is_damaged(each) for each in array]
        for row, is_damaged in enumerate(damaged):
            if is_damaged:
                errors.add(row, f"{path}: the text is not UTF-8")
        return pc.if_else(pa.array(damaged), None, _decoded(array))
    return _decoded(array)


def _is_damaged(value: pa.Scalar) -> bool:
    try:
        value.as_py()
    except UnicodeDecodeError:
        return True
    return False


def _decoded(array: pa.Array) -> pa.Array:
    return array.dictionary_decode() if pt.is_dictionary(array.type) else array


def field_values(
    array: pa.Array, field: RosterField, separator: str, errors: RowErrors
) -> pa.Array:
    """The values of a field.

    :param array: what :func:`sound` returned, of a type that fits.
    """
    if is_text(array.type):
        texts = trimmed(array.cast(pa.string()), field.path, errors)
        return typed(texts, field, separator, errors)
    match field.shape:
        case Many(item, _) if is_list(array.type) and is_text(array.type.value_type):
            texts = _cast(array, pa.list_(pa.string()), field.path, errors)
            name = item.model.fields_by_label[0].name if isinstance(item, TextOr | Nested) else None
            return _items(texts, name, field.type)
        case Day():
            return _dated(_cast(array, field.type, field.path, errors), field.path, errors)
        case Moment():
            moments = _cast(array, field.type, field.path, errors, safe=False)
            return _dated(moments, field.path, errors)
    return _cast(_spelled(array, field.type), field.type, field.path, errors)


def _items(texts: pa.Array, name: str | None, kind: pa.DataType) -> pa.Array:
    """Lists of text, trimmed as the items of a cell are.

    :param name: of structs, the field that the text is of: nothing else in them is set.
    """
    texts = _compact(texts)
    items = pc.utf8_trim_whitespace(texts.values)
    if name is not None:
        fields = list(kind.value_type)
        parts = [items if each.name == name else pa.nulls(len(items), each.type) for each in fields]
        items = pa.StructArray.from_arrays(parts, fields=fields)
    return pa.ListArray.from_arrays(texts.offsets, items, type=kind, mask=pc.is_null(texts))


def _compact(lists: pa.Array) -> pa.Array:
    """The same with offsets from 0, which those of a slice are not, and nothing under nulls."""
    return lists.take(pa.array(range(len(lists)), pa.int64()))


def _spelled(array: pa.Array, wanted: pa.DataType) -> pa.Array:
    """The same with each number that is to be text, as 0.0000001 and not as Arrow's 1e-07."""
    given = array.type
    if pt.is_floating(given) and pt.is_string(wanted):
        texts = array.cast(pa.string()).to_pylist()
        return pa.array([f"{Decimal(text):f}" if text else None for text in texts], pa.string())
    if is_list(given) and pt.is_list(wanted):
        lists = _compact(array.cast(pa.list_(given.value_type)))
        items = _spelled(lists.values, wanted.value_type)
        return pa.ListArray.from_arrays(lists.offsets, items, mask=pc.is_null(lists))
    if pt.is_struct(given) and pt.is_struct(wanted):
        names = [each.name for each in given]
        parts = [_spelled(array.field(name), wanted.field(name).type) for name in names]
        return pa.StructArray.from_arrays(parts, names, mask=pc.is_null(array))
    return array


def _cast(
    array: pa.Array, kind: pa.DataType, path: str, errors: RowErrors, *, safe: bool = True
) -> pa.Array:
    try:
        return array.cast(kind, safe=safe)
    except pa.ArrowInvalid:
        pass
    # One value of thousands does not fit: which one, only single casts tell.
    parts = []
    for row in range(len(array)):
        try:
            parts.append(array.slice(row, 1).cast(kind, safe=safe))
        except pa.ArrowInvalid as error:
            errors.add(row, f"{path}: {shown(str(error), 120)}")
            parts.append(pa.nulls(1, kind))
    return pa.concat_arrays(parts)


def _dated(array: pa.Array, path: str, errors: RowErrors) -> pa.Array:
    """Days from the year 1, or moments from 1970, to the year 9999; Arrow counts further."""
    if pt.is_date32(array.type):
        numbers, low, high = array.cast(pa.int32()), DAY_MIN, DAY_MAX
    else:
        numbers, low, high = array.cast(pa.int64()), 0, MOMENT_MAX
    outside = pc.or_(pc.less(numbers, low), pc.greater(numbers, high))
    rows = pc.indices_nonzero(outside).to_pylist()
    for row in rows:
        errors.add(row, f"{path}: the date is out of range")
    return pc.if_else(outside, None, array) if rows else array
