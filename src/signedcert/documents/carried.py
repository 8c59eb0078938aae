"""The certificate inside its picture: as text in a PNG file, as metadata in an SVG file."""

import struct
import zlib
from html import escape

#: The keyword of the text chunk (https://www.w3.org/TR/png-3/#11iTXt).
KEYWORD = "signedcert"
_SIGNATURE_SIZE = 8
#: Length, name and checksum around a chunk's data.
_AROUND = 12
_HEADER_SIZE = 13


def png_with_link(png: bytes, link: str) -> bytes:
    """A PNG file with a link in a text chunk, after its header.

    :param link: the verify URL, which holds the whole token.
    """
    end = _SIGNATURE_SIZE + _AROUND + _HEADER_SIZE
    # Not compressed, no language, no translated keyword.
    data = KEYWORD.encode() + bytes(5) + link.encode()
    return png[:end] + _chunk(b"iTXt", data) + png[end:]


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def svg_with_link(svg: bytes, link: str, title: str) -> bytes:
    """An SVG file with a title for those who cannot see it, and a link in its metadata.

    :param link: the verify URL, which holds the whole token.
    """
    start = svg.index(b">", svg.index(b"<svg")) + 1
    added = f"<title>{escape(title)}</title><metadata>{escape(link)}</metadata>"
    return svg[:start] + added.encode() + svg[start:]
