"""The texts in a PNG picture (https://www.w3.org/TR/png-3/#11textinfo)."""

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Far more than a link needs, and chunks beyond so many are not looked at.
_TEXT_MAX = 262_144
_TEXTS_MAX = 32
_AROUND = 12
_KINDS = (b"tEXt", b"zTXt", b"iTXt")


def texts_of(png: bytes) -> list[str]:
    """The texts of its chunks tEXt, zTXt and iTXt, in order.

    Damaged ones are left out. Checksums are not looked at: a text that was damaged is no link.
    """
    chunks = (text for kind, data in _chunks(png) if (text := _text(kind, data)) is not None)
    return [text for text, _ in zip(chunks, range(_TEXTS_MAX), strict=False)]


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at + _AROUND <= len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        data = png[at + 8 : at + 8 + length]
        if kind in _KINDS and len(data) == length <= _TEXT_MAX:
            yield kind, data
        at += _AROUND + length


def _text(kind: bytes, data: bytes) -> str | None:
    _keyword, mark, rest = data.partition(b"\0")
    if not mark:
        return None
    try:
        if kind == b"tEXt":
            return rest.decode("latin-1")
        if kind == b"zTXt":
            return _inflated(rest[1:]).decode("latin-1") if rest[:1] == b"\0" else None
        compressed, method, words = rest[:1], rest[1:2], rest[2:].split(b"\0", 2)
        if len(words) != 3 or method != b"\0":
            return None
        text = _inflated(words[2]) if compressed == b"\x01" else words[2]
        return text.decode("utf-8")
    except (UnicodeDecodeError, zlib.error, ValueError):
        return None


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    text = inflater.decompress(data, _TEXT_MAX)
    if not inflater.eof:
        raise ValueError("it is cut off, or too long")
    return text
