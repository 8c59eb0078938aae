"""Columns as the text that a spreadsheet shows."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc


def cells(column: pa.Array) -> pa.Array:
    """A column as text: moments as RFC 3339, days as YYYY-MM-DD, without binary and nested values.

    :returns: of type string, or null where the column has no text.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_timestamp(kind):
        # In UTC: no other zone's rules are needed, which the file may have invented.
        zone = None if kind.tz is None else "UTC"
        text = column.cast(pa.timestamp(kind.unit, zone)).cast(pa.string())
        return pc.replace_substring(text, " ", "T", max_replacements=1)
    if not has_text(kind):
        return pa.nulls(len(column), pa.string())
    return column.cast(pa.string())


def has_text(kind: pa.DataType) -> bool:
    """Whether values of the type can be shown in a cell."""
    if pa.types.is_dictionary(kind):
        return has_text(kind.value_type)
    return not (
        pa.types.is_nested(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_binary_view(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_null(kind)
        or kind == pa.month_day_nano_interval()
        or isinstance(kind, pa.BaseExtensionType)
    )


def rows_of(columns: Sequence[pa.Array]) -> Iterator[tuple[str | None, ...]]:
    """Columns of text, row by row."""
    return zip(*map(_values, columns), strict=True)


def _values(column: pa.Array) -> list[str | None]:
    # Most columns of most rows have nothing in them.
    empty = column.null_count == len(column)
    return [None] * len(column) if empty else column.to_pylist()
