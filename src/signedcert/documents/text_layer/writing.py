"""Text objects, written from pieces."""

from collections.abc import Iterator, Sequence

from signedcert.documents.text_layer.pieces import Marked, Piece
from signedcert.documents.text_layer.strings import number, string, text_string

#: In thousandths of the font size. Smaller differences come from rounding.
_NO_DIFFERENCE = 0.01


def written(pieces: Sequence[Piece]) -> bytes:
    """A text object's content."""
    parts = []
    for group in _groups(pieces):
        first = group[0]
        if first.marked is Marked.ACTUAL_TEXT:
            text = text_string(first.text)
            parts += [b"/Span<</ActualText", text, b">>BDC", _shown(group), b"\nEMC"]
        elif first.marked is Marked.REVERSED:
            parts += [b"/ReversedChars BMC", _shown(group), b"\nEMC"]
        else:
            parts.append(_shown(group))
    return b"".join(parts)


def _groups(pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    """Pieces that one operator shows."""
    start = 0
    for end in range(1, len(pieces) + 1):
        first = pieces[start]
        if (
            end < len(pieces)
            and first.marked is not Marked.ACTUAL_TEXT
            and pieces[end].marked is first.marked
            and pieces[end].style == first.style
        ):
            continue
        yield pieces[start:end]
        start = end


def _shown(pieces: Sequence[Piece]) -> bytes:
    """The operators that show glyphs of one style."""
    first = pieces[0]
    font, size = first.style.font.encode("latin-1"), first.style.size
    x, y = first.pen
    parts = [
        b" %s Tr/%s %s Tf" % (first.style.mode, font, number(size)),
        b" 1 0 0 -1 %s %s Tm" % (number(x), number(y)),
    ]
    items: list[bytes] = []
    glyphs = [glyph for piece in pieces for glyph in piece.glyphs]
    for glyph in glyphs:
        moved = glyph.y != y
        last = first.end is not None and glyph is glyphs[-1]
        if items and (moved or last):
            parts += [b"[", *items, b"]TJ"]
            items = []
        if moved:
            x, y = glyph.x, glyph.y
            parts.append(b" 1 0 0 -1 %s %s Tm" % (number(x), number(y)))
        if last and first.end is not None:
            # Space after a glyph counts as its own.
            parts.append(b" %s Tc" % number(first.end - glyph.x - glyph.width))
        back = (x - glyph.x) / size * 1000
        if abs(back) > _NO_DIFFERENCE:
            items.append(number(back))
        items.append(string(glyph.code.to_bytes(2, "big")))
        x = glyph.x + glyph.width
    parts += [b"[", *items, b"]TJ"]
    if first.end is not None:
        parts.append(b" 0 Tc")
    return b"".join(parts)
