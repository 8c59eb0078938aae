"""Pieces of text: glyphs with what they stand for, from a text object and back into one."""

import enum
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from signedcert.documents.text_layer.encodings import Encoding
from signedcert.documents.text_layer.strings import NUMBER, STRING, string_value, text_value


class Marked(enum.Enum):
    """What tells which characters glyphs stand for.

    ``REVERSED`` is the font as well, with the characters in the order of the glyphs on the page,
    for scripts that run from right to left.
    """

    BY_FONT = "font"
    REVERSED = "ReversedChars"
    ACTUAL_TEXT = "ActualText"


# Tuples, since a page has thousands of them, and they are made and compared several times faster.


class Glyph(NamedTuple):
    """A glyph where it stands, in the units of its run."""

    code: int
    x: float
    y: float
    width: float


class Style(NamedTuple):
    """Rendering mode as it is written, font name in the page's resources, and font size."""

    mode: bytes
    font: str
    size: float


class Piece(NamedTuple):
    """Glyphs that stand for a text together.

    ``pen`` is where they begin, from which marks are moved: readers of text sort by it. ``end`` is
    where they are to end for readers of text, where that is not the end of the last glyph.
    """

    text: str
    glyphs: tuple[Glyph, ...]
    style: Style
    pen: tuple[float, float]
    marked: Marked
    end: float | None = None


class NotUnderstoodError(ValueError):
    """Text that is not written as Typst writes it."""


_OPEN = rb"/Span<</ActualText\s*(?P<text>" + STRING + rb")>>\s*BDC|(?P<reversed>/ReversedChars BMC)"
# Typst's units go down the page and glyphs stand upright, so each run turns them over.
_SHOWN = (
    rb"(?P<mode>\d) Tr\s*/(?P<font>\S+) (?P<size>N) Tf 1 0 0 -1 (?P<x>N) (?P<y>N) Tm\s*"
    rb"(?:(?P<one>S)\s*Tj|\[(?P<more>(?:\s*(?:N|S))*)\s*\]\s*TJ)"
).replace(b"N", NUMBER)
_STEP = re.compile(
    rb"\s*(?:(?P<open>"
    + _OPEN
    + rb")|(?P<close>EMC)|"
    + _SHOWN.replace(b"S)", STRING + b")")
    + rb")\s*",
    re.DOTALL,
)
_ITEM = re.compile(rb"(" + STRING + rb")|(" + NUMBER + rb")", re.DOTALL)


def read_pieces(content: bytes, encodings: Mapping[str, Encoding]) -> list[Piece]:
    """What a text object shows.

    :raises NotUnderstoodError: when it is not written as Typst writes it.
    """
    pieces: list[Piece] = []
    # An ActualText can have ReversedChars in it, which then say nothing more.
    opened: list[Marked] = []
    text, first = "", 0
    at = 0
    while at < len(content):
        step = _STEP.match(content, at)
        if step is None or (step["close"] is not None and not opened):
            raise NotUnderstoodError(f"what stands at {at}?")
        at = step.end()
        if step["open"] is not None:
            opened.append(Marked.REVERSED if step["reversed"] else Marked.ACTUAL_TEXT)
            if not step["reversed"]:
                text, first = text_value(step["text"]), len(pieces)
        elif step["close"] is not None:
            opened.pop()
        elif Marked.ACTUAL_TEXT in opened:
            shown = _shown(step, encodings, Marked.ACTUAL_TEXT)
            glyphs = [piece.glyphs[0] for piece in shown]
            if len(pieces) == first:
                pieces.append(shown[0]._replace(text=text, glyphs=()))
            pieces[-1] = pieces[-1]._replace(glyphs=(*pieces[-1].glyphs, *glyphs))
        else:
            pieces += _shown(step, encodings, opened[0] if opened else Marked.BY_FONT)
    return pieces


def _shown(step: re.Match[bytes], encodings: Mapping[str, Encoding], marked: Marked) -> list[Piece]:
    """What one operator shows, each glyph for itself."""
    mode, name, written_size, left, top, one, more = step.group(
        "mode", "font", "size", "x", "y", "one", "more"
    )
    font = name.decode("latin-1")
    encoding = encodings[font]
    style = Style(mode, font, float(written_size))
    scale = style.size / 1000
    x, y = float(left), float(top)
    pieces = []
    pen = x
    items: Sequence[tuple[bytes, bytes]] = [(one, b"")] if one is not None else _ITEM.findall(more)
    widths, texts = encoding.widths, encoding.texts
    for shown, back in items:
        if back:
            x -= float(back) * scale
            continue
        codes = string_value(shown)
        if len(codes) % 2:
            raise NotUnderstoodError("a glyph has one byte")
        for high, low in zip(codes[::2], codes[1::2], strict=True):
            code = high << 8 | low
            width = widths.get(code, encoding.default_width) * scale
            glyph = Glyph(code, x, y, width)
            pieces.append(Piece(texts.get(code, ""), (glyph,), style, (pen, y), marked))
            x += width
            pen = x
    return pieces
