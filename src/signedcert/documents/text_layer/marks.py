"""Arabic and Hebrew letters with their marks, told character by character where that can be.

Readers of text turn right-to-left text round character by character, that of an ``ActualText`` too,
and put letters that have one into the wrong order. So each glyph stands for its own character, and
marks before their letter on the page are behind it in what is read.
"""

from collections.abc import Iterable, Iterator
from unicodedata import bidirectional, category

from signedcert.documents.text_layer.pieces import Marked, Piece

#: Shapers put these first, of several marks: Arabic shadda; Hebrew shin and sin dot, dagesh, rafe.
_FIRST = "\u0651\u05c1\u05c2\u05bc\u05bf"


def is_backwards(text: str) -> bool:
    """Whether a text runs from right to left, judging by its first character."""
    return bidirectional(text[:1] or " ") in ("R", "AL")


def told_singly(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces of a run, those of a right-to-left letter with marks at its own height in several."""
    return [part for piece in pieces for part in _parts(piece)]


def _parts(piece: Piece) -> Iterator[Piece]:
    if not is_backwards(piece.text) or len(piece.glyphs) == 1:
        yield piece
        return
    letters = [each for each in piece.text if category(each) != "Mn"]
    marks = [each for each in piece.text if category(each) == "Mn"]
    signs = [glyph for glyph in piece.glyphs if not glyph.width]
    if (
        len(letters) != 1
        or len(piece.glyphs) != len(signs) + 1
        or not 0 < len(signs) <= len(marks)
        or any(glyph.y != piece.pen[1] for glyph in piece.glyphs)
    ):
        yield piece
        return
    marks.sort(key=lambda mark: _FIRST.find(mark) if mark in _FIRST else len(_FIRST))
    # What has no glyph of its own is in that of the last mark.
    shown = [*marks[: len(signs) - 1], "".join(marks[len(signs) - 1 :])]
    texts = dict(zip(reversed(signs), shown, strict=True))
    for glyph in piece.glyphs:
        yield piece._replace(
            text=texts.get(glyph, letters[0]),
            glyphs=(glyph,),
            pen=(glyph.x, glyph.y),
            marked=Marked.REVERSED,
        )
