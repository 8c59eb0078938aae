"""Columns of Parquet files as they are wanted: whole text, and tokens as bytes or links as text."""

import pyarrow as pa
import pyarrow.compute as pc

_NOT_TEXT = "the link is not text in UTF-8"
#: Tag 18, with which every token begins.
_TOKEN = b"\xd2"


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of this type holds text."""
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def is_bytes(kind: pa.DataType) -> bool:
    """Whether a column of this type holds bytes."""
    if pa.types.is_dictionary(kind):
        return is_bytes(kind.value_type)
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_binary_view(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


def whole_text(column: pa.Array) -> pa.Array:
    """Text as plain strings; what is not UTF-8 in it is written as U+FFFD. Others as they are."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not is_text(column.type):
        return column
    column = column.cast(pa.string())
    if _is_utf8(column):
        return column
    raw = column.cast(pa.binary()).to_pylist()
    return pa.array([each and each.decode("utf-8", "replace") for each in raw], pa.string())


def presented_rows(column: pa.Array) -> pa.RecordBatch:
    """The column as what is to be verified: bytes as tokens, text as links.

    Bytes that are no more than ASCII are links: some programs write text so.
    """
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if is_bytes(column.type):
        return _bytes(column.cast(pa.binary()))
    links = column.cast(pa.string())
    if _is_utf8(links):
        return pa.record_batch([links], names=["link"])
    raw = links.cast(pa.binary()).to_pylist()
    texts = [_text(each) for each in raw]
    errors = [
        _NOT_TEXT if text is None and each is not None else None
        for text, each in zip(texts, raw, strict=True)
    ]
    return pa.record_batch(
        [pa.array(texts, pa.string()), pa.array(errors, pa.string())],
        names=["link", "reading_error"],
    )


def _bytes(column: pa.Array) -> pa.RecordBatch:
    if pc.all(pc.starts_with(column, _TOKEN)).as_py():
        return pa.record_batch([column], names=["token"])
    values = column.to_pylist()
    is_link = [each is not None and each.isascii() for each in values]
    tokens = [None if link else each for each, link in zip(values, is_link, strict=True)]
    links = [each.decode() if link else None for each, link in zip(values, is_link, strict=True)]
    return pa.record_batch(
        [pa.array(tokens, pa.binary()), pa.array(links, pa.string())], names=["token", "link"]
    )


def _text(raw: bytes | None) -> str | None:
    try:
        return None if raw is None else raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _is_utf8(column: pa.Array) -> bool:
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
