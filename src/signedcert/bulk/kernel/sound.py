"""Whether what a file or a process sent as columns can be read at all.

Arrow checks neither that texts are in UTF-8 nor, of its own formats, that the offsets in a buffer
stay within it.
"""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

NOT_UTF8 = "there is text in it that is not in UTF-8"


def check_buffers(name: str, column: pa.Array) -> bool:
    """Sees that the buffers of a column agree with one another.

    :returns: whether all of its texts are in UTF-8.
    :raises ValueError: when they do not: no row of it is safe to read.
    """
    if types.is_dictionary(column.type):
        column.validate()
        ends = pc.min_max(column.indices).as_py()
        if ends["min"] is not None and not 0 <= ends["min"] <= ends["max"] < len(column.dictionary):
            raise _damaged(name)
        return check_buffers(name, column.dictionary)
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        try:
            column.view(_as_bytes(column.type)).validate(full=True)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise _damaged(name) from error
        return False
    return True


def _damaged(name: str) -> ValueError:
    return ValueError(f"the column {name} is damaged")


def unreadable_rows(columns: Mapping[str, pa.Array], rows: int) -> list[str | None]:
    """Why each row cannot be read; None where it can.

    :param columns: those of which :func:`check_buffers` said that a text is not in UTF-8.
    """
    errors: list[str | None] = [None] * rows
    for name, column in columns.items():
        for row in range(rows):
            if errors[row] is None and not _is_readable(column, row):
                errors[row] = f"{name}: {NOT_UTF8}"
    return errors


def _is_readable(column: pa.Array, row: int) -> bool:
    try:
        column[row].as_py()
    except UnicodeDecodeError:
        return False
    except (ValueError, OverflowError):
        pass  # a date that Python does not have is found with the other values
    return True


def _as_bytes(kind: pa.DataType) -> pa.DataType:
    """The type with bytes in place of all texts."""
    if types.is_string(kind):
        return pa.binary()
    if types.is_large_string(kind):
        return pa.large_binary()
    if types.is_string_view(kind):
        return pa.binary_view()
    if types.is_list(kind):
        return pa.list_(_as_bytes(kind.value_type))
    if types.is_large_list(kind):
        return pa.large_list(_as_bytes(kind.value_type))
    if types.is_fixed_size_list(kind):
        return pa.list_(_as_bytes(kind.value_type), kind.list_size)
    if types.is_struct(kind):
        return pa.struct([pa.field(each.name, _as_bytes(each.type)) for each in kind])
    return kind
