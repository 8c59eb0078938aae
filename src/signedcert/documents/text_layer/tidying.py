"""How the pieces of a run are told to readers of text, so that the usual ones read them rightly."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from signedcert.documents.text_layer.encodings import Encoding
from signedcert.documents.text_layer.marks import is_backwards
from signedcert.documents.text_layer.pieces import Marked, Piece

#: In font sizes. Poppler takes a gap of a tenth for a space.
_GAP = 0.05
#: By the font's object number: glyph number to characters.
Meanings = dict[int, dict[int, str]]


def meanings(shown: Iterable[tuple[Encoding, Piece]], fixed: Collection[int]) -> Meanings:
    """What glyphs are to stand for where the font says otherwise: what they mostly stand for alone.

    Typst lets the first use decide, which can be in a letter with a mark. All plain uses then need
    an ``ActualText`` of their own, of which PDFium puts right-to-left ones into the wrong order.

    :param shown: all pieces of the document.
    :param fixed: numbers of fonts that are used for more than these.
    """
    uses: dict[tuple[int, int], Counter[str]] = {}
    fonts: dict[int, Encoding] = {}
    for encoding, piece in shown:
        fonts[encoding.number] = encoding
        if len(piece.glyphs) == 1:
            key = encoding.number, piece.glyphs[0].code
            uses.setdefault(key, Counter())[piece.text] += 1
    changed: Meanings = {}
    for (number, code), texts in uses.items():
        if number in fixed:
            continue
        text = max(texts, key=lambda text: (texts[text], text))
        if text and fonts[number].texts.get(code) != text:
            changed.setdefault(number, {})[code] = text
    return changed


def tidied(
    pieces: Sequence[Piece], encodings: Mapping[str, Encoding], changed: Meanings
) -> tuple[Piece, ...]:
    """The same pieces, each marked by the simplest means, and spaces in what is read."""
    marked = []
    for piece in pieces:
        encoding = encodings[piece.style.font]
        marked.append(_marked(piece, encoding, changed.get(encoding.number, {})))
    return tuple(_with_extents(list(_with_spaces(_in_order(marked)))))


def _marked(piece: Piece, encoding: Encoding, changed: Mapping[int, str]) -> Piece:
    if len(piece.glyphs) > 1:
        return _from_the_pen(piece)
    code = piece.glyphs[0].code
    if changed.get(code, encoding.texts.get(code)) != piece.text:
        return piece._replace(marked=Marked.ACTUAL_TEXT)
    if piece.marked is not Marked.ACTUAL_TEXT:
        return piece
    by_font = Marked.REVERSED if is_backwards(piece.text) else Marked.BY_FONT
    return piece._replace(marked=by_font)


def _from_the_pen(piece: Piece) -> Piece:
    """Marks come after what takes up space: Poppler takes a text to begin at its first glyph."""
    first = next((glyph for glyph in piece.glyphs if glyph.width > 0), piece.glyphs[0])
    if first is piece.glyphs[0]:
        return piece
    others = tuple(glyph for glyph in piece.glyphs if glyph is not first)
    return piece._replace(glyphs=(first, *others))


def _in_order(pieces: list[Piece]) -> list[Piece]:
    """Pieces of which a mark stands beyond the beginning of the next become one with that.

    PDFium sorts what is at different heights by place, and would tell the letter again.
    """
    result: list[Piece] = []
    for piece in pieces:
        before = result[-1] if result else None
        if (
            before is not None
            and before.style == piece.style
            and len(before.glyphs) > 1
            and not is_backwards(before.text)
            and _reach(before) > piece.pen[0]
        ):
            result[-1] = before._replace(
                text=before.text + piece.text,
                glyphs=before.glyphs + piece.glyphs,
                marked=Marked.ACTUAL_TEXT,
            )
        else:
            result.append(piece)
    return result


def _reach(piece: Piece) -> float:
    """Where the last part begins that is at another height than the one before it."""
    parts = pairwise(piece.glyphs)
    return max((glyph.x for before, glyph in parts if glyph.y != before.y), default=-math.inf)


def _with_spaces(pieces: list[Piece]) -> Iterator[Piece]:
    for at, piece in enumerate(pieces):
        around = [*pieces[max(at - 1, 0) : at], *pieces[at + 1 : at + 2]]
        alone = piece.text == " " and all(each.marked is Marked.ACTUAL_TEXT for each in around)
        yield _extended(piece) if alone else piece


def _extended(space: Piece) -> Piece:
    """A space that is seen. PDFium overlooks what is shown by itself and has no extent."""
    glyph = space.glyphs[0]
    again = glyph._replace(x=glyph.x + glyph.width / 4)
    return space._replace(glyphs=(glyph, again), marked=Marked.ACTUAL_TEXT)


def _with_extents(pieces: list[Piece]) -> Iterator[Piece]:
    """Poppler takes a text to end where its last glyph does. A mark often stands further back."""
    for at, piece in enumerate(pieces):
        if piece.marked is not Marked.ACTUAL_TEXT or piece.text == " ":
            yield piece
            continue
        last = piece.glyphs[-1]
        if at + 1 < len(pieces):
            end = pieces[at + 1].pen[0]
        else:
            end = piece.pen[0] + sum(glyph.width for glyph in piece.glyphs)
        differs = abs(end - last.x - last.width) > _GAP * piece.style.size
        yield piece._replace(end=end) if differs else piece
