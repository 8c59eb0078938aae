"""A second CBOR encoder, written from RFC 8949, section 4.2.1, that can also break its rules.

It shares no code with the library or with cbor2: what both call deterministic, is.
"""

import struct
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Raw:
    """Bytes that go out as they are."""

    data: bytes


@dataclass(frozen=True)
class Pairs:
    """A map whose entries keep the order given; keys may repeat."""

    entries: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class Tagged:
    """A tag and its content."""

    tag: int
    content: Any


@dataclass(frozen=True)
class Simple:
    """A simple value by its number (RFC 8949, section 3.3)."""

    number: int


def head(major: int, argument: int, width: int = 0) -> bytes:
    """The head of an item; ``width`` forces 1, 2, 4 or 8 bytes for the argument."""
    for bits, (size, form) in enumerate(((1, "B"), (2, ">H"), (4, ">I"), (8, ">Q"))):
        if not width and argument < 24:
            return bytes((major << 5 | argument,))
        if width == size or (not width and argument < 1 << 8 * size):
            return bytes((major << 5 | 24 + bits,)) + struct.pack(form, argument)
    raise ValueError(f"{argument} takes more than 64 bits")


def dumps(value: Any) -> bytes:
    """The core deterministic encoding of a value."""
    match value:
        case Raw(data):
            return data
        case Tagged(tag, content):
            return head(6, tag) + dumps(content)
        case Simple(number):
            return head(7, number)
        case bool():
            return b"\xf5" if value else b"\xf4"
        case None:
            return b"\xf6"
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case float():
            return _float(value)
        case bytes():
            return head(2, len(value)) + value
        case str():
            encoded = value.encode("utf-8", "surrogatepass")
            return head(3, len(encoded)) + encoded
        case list() | tuple():
            return head(4, len(value)) + b"".join(dumps(item) for item in value)
        case Pairs(entries):
            return head(5, len(entries)) + b"".join(dumps(k) + dumps(v) for k, v in entries)
        case _:  # some mapping
            items = sorted((dumps(key), dumps(item)) for key, item in value.items())
            return head(5, len(items)) + b"".join(key + item for key, item in items)


def _float(value: float) -> bytes:
    for first, form in ((b"\xf9", ">e"), (b"\xfa", ">f")):
        try:
            packed = struct.pack(form, value)
        except OverflowError:
            continue
        if struct.unpack(form, packed)[0] == value or value != value:  # noqa: PLR0124  # a NaN
            return first + packed
    return b"\xfb" + struct.pack(">d", value)
