"""What tells equal cells apart from others, without making Python values of them.

A course is the same in thousands of rows, and to make a value of its syllabus takes longer than to
sign. So the bytes that a cell has in Arrow's buffers stand for it: two cells with the same key in
columns of the same type hold the same. Arrow allows any bytes under a null, and they are in the key
as well, with their lengths: so equal cells can have different keys, which costs time and nothing
else. Lengths that leave out what is under a null would not tell where the bytes beside it belong.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, repeat

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

#: What stands for a row: the layout of its cells, then their bytes.
Key = tuple[str | bytes, ...]
#: How many elements come before each row's, and how many there are.
_Bounds = Sequence[int]


def cell_keys(columns: Mapping[str, pa.Array], rows: int, about: str) -> Iterator[Key]:
    """A key for each row, which stands for all its cells in these columns.

    :param columns: by name; valid, of equal length, and without dictionaries and views.
    :param about: what else tells keys apart.
    """
    layout = [about]
    parts = [
        part
        for name, column in columns.items()
        for part in _parts(column, range(rows + 1), layout, name)
    ]
    # Other columns, or columns of other types or without nulls, give keys of other parts.
    return zip(repeat(" ".join(layout), rows), *parts, strict=True)


def size_of(key: Key) -> int:
    """How many bytes a key has."""
    return sum(len(part) for part in key)


def _parts(
    array: pa.Array, bounds: _Bounds, layout: list[str], place: str
) -> Iterator[list[bytes]]:
    """Lists with an item for each row, which together tell what the rows have of the array."""
    kind = array.type
    layout.append(f"{place}: {kind}")
    if array.null_count == len(array):
        # Also of an empty array. How many nulls a row has, the lengths of its list tell.
        layout.append("null")
        return
    if array.null_count:
        layout.append("some")
        yield _slices(_fixed(array.is_valid().cast(pa.uint8()), 1), 1, bounds)
    if types.is_struct(kind):
        for index in range(kind.num_fields):
            yield from _parts(array.field(index), bounds, layout, f"{place}.{index}")
    elif types.is_list(kind):
        offsets = _offsets(array)
        yield _slices(_lengths(offsets), 4, bounds)
        ends = _integers(offsets)
        child = array.values.slice(ends[0], ends[-1] - ends[0])
        within = [ends[bound] - ends[0] for bound in bounds]
        yield from _parts(child, within, layout, f"{place}[]")
    elif types.is_string(kind) or types.is_binary(kind):
        offsets = _offsets(array)
        # A row of one text needs no length.
        if not isinstance(bounds, range):
            yield _slices(_lengths(offsets), 4, bounds)
        ends = _integers(offsets)
        data = _data(array.buffers()[2], ends[0], ends[-1])
        yield _slices(data, 1, [ends[bound] - ends[0] for bound in bounds])
    elif types.is_boolean(kind):
        yield _slices(_fixed(array.cast(pa.uint8()), 1), 1, bounds)
    else:
        width = kind.bit_width // 8
        yield _slices(_fixed(array, width), width, bounds)


def _slices(data: bytes, width: int, bounds: _Bounds) -> list[bytes]:
    if width > 1:
        bounds = [width * bound for bound in bounds]
    return [data[start:end] for start, end in pairwise(bounds)]


def _lengths(offsets: pa.Array) -> bytes:
    """How long each element is in the buffers, also under a null: not what Arrow says it is."""
    return _fixed(pc.subtract(offsets.slice(1), offsets.slice(0, len(offsets) - 1)), 4)


def _fixed(array: pa.Array, width: int) -> bytes:
    return _data(array.buffers()[1], array.offset * width, (array.offset + len(array)) * width)


def _offsets(array: pa.Array) -> pa.Array:
    """Where each element begins, and where the last one ends."""
    buffers = [None, array.buffers()[1]]
    return pa.Array.from_buffers(pa.int32(), len(array) + 1, buffers, offset=array.offset)


def _integers(array: pa.Array) -> list[int]:
    return memoryview(_fixed(array, 4)).cast("i").tolist()


def _data(buffer: pa.Buffer | None, start: int, end: int) -> bytes:
    # An array of empty texts may have no buffer for them.
    return b"" if buffer is None else buffer.slice(start, end - start).to_pybytes()
