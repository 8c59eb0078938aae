"""Which characters of a page can be seen: those that leave a mark of their own on it.

The page is drawn with its text and without. Where that makes no difference, text is invisible:
whatever the trick, whether it is white, transparent, covered, clipped, or beside the page. Where it
makes less than it would on white paper, the text is covered in part.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from PIL import Image, ImageChops

from signedcert.documents.reading.pdf_characters import Box, Character
from signedcert.documents.reading.pdf_drawing import Drawable, Drawing, Placing

#: Smaller text is not read by people.
SIZE_MIN = 2.0
#: A change of so many levels of grey, of 255, can be seen.
_INK = 24
#: What text leaves on white paper counts from here on: on coloured paper, it leaves less.
_FULL_INK = 80
#: Of a letter's own ink, so much must be seen.
_PART = 0.5
_DPI = 150
#: Text objects that lie over each other and are drawn each by itself, and at how many dots an inch.
_ALONE_MAX, _ALONE_DPI = 24, 100
#: Two letters lie over each other where they share more than this of the smaller one's box.
_OVERLAP = 0.15
#: The side of the squares by which letters that may overlap are found, in points, and how many of
#: them one letter counts in.
_SQUARE, _SQUARES_MAX = 12.0, 200
#: Scripts whose letters do not lie over each other, as their names in Unicode begin.
_ALONE = (
    "LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "HEBREW", "CJK", "HIRAGANA", "KATAKANA", "HANGUL",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Ink:
    """Where text leaves ink.

    :ivar seen: on the page, white on black.
    :ivar own: on white paper, likewise.
    :ivar placing: where points of the page are in both.
    """

    seen: Image.Image
    own: Image.Image
    placing: Placing

    def shows(self, character: Character) -> bool:
        """Whether enough of a character can be seen."""
        place = self.placing.box(character.box, self.seen.size)
        if place is None or character.size < SIZE_MIN:
            return False
        seen = self.seen.crop(place).histogram()[-1]
        return seen > 0 and seen >= _PART * self.own.crop(place).histogram()[-1]


def see(characters: list[Character], drawing: Drawing) -> None:
    """Notes of each character whether it can be seen."""
    shown = drawing.picture(_DPI)
    bare = drawing.picture(_DPI, lambda part: not part.is_text)
    alone = drawing.picture(_DPI, lambda part: part.is_text)
    ink = _Ink(_changes(shown, bare), _on_white(alone), drawing.placing(shown))
    for each in characters:
        if each.leaves_ink:
            each.visible = ink.shows(each)
    _see_overlapping(characters, drawing)
    _carry_on(characters)


def _changes(one: Image.Image, other: Image.Image, least: int = _INK) -> Image.Image:
    difference = ImageChops.difference(one, other)
    return difference.point([255 if level > least else 0 for level in range(256)])


def _on_white(image: Image.Image) -> Image.Image:
    return _changes(image, Image.new("L", image.size, 255), _FULL_INK)


def _stands_alone(letter: str) -> bool:
    """Whether a letter is of a script whose letters do not lie over each other."""
    return letter.isascii() or unicodedata.name(letter, "").startswith(_ALONE)


def _see_overlapping(characters: list[Character], drawing: Drawing) -> None:
    """Where letters lie over each other, each text object has to leave ink of its own."""
    owners = dict.fromkeys(owner for pair in _overlapping(characters) for owner in pair)
    listed = list(owners)[:_ALONE_MAX]
    if not listed:
        return
    shown = drawing.picture(_ALONE_DPI)
    placing = drawing.placing(shown)
    for owner in listed:
        without = drawing.picture(_ALONE_DPI, partial(_is_other, owner))
        alone = drawing.picture(_ALONE_DPI, partial(_is, owner))
        ink = _Ink(_changes(shown, without), _on_white(alone), placing)
        for each in characters:
            if each.owner == owner and each.leaves_ink and _stands_alone(each.text):
                each.visible = each.visible and ink.shows(each)


def _is(owner: int, part: Drawable) -> bool:
    return part.address == owner


def _is_other(owner: int, part: Drawable) -> bool:
    return part.address != owner


def _overlapping(characters: list[Character]) -> Iterator[tuple[int, int]]:
    """Pairs of text objects with letters that lie over each other."""
    squares: dict[tuple[int, int], list[Character]] = {}
    for each in characters:
        if each.leaves_ink and each.visible and _stands_alone(each.text):
            for square in _squares(each.box):
                squares.setdefault(square, []).append(each)
    for letters in squares.values():
        for one, other in combinations(letters, 2):
            if one.owner != other.owner and _overlap(one.box, other.box) > _OVERLAP:
                yield one.owner, other.owner


def _squares(box: Box) -> list[tuple[int, int]]:
    left, bottom, right, top = (int(each // _SQUARE) for each in box)
    columns, rows = range(left, right + 1), range(bottom, top + 1)
    if len(columns) * len(rows) > _SQUARES_MAX:
        return []
    return [(x, y) for x in columns for y in rows]


def _overlap(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return width * height / max(min(areas), 0.01)


def _carry_on(characters: list[Character]) -> None:
    """Spaces, signs and accents are seen where the letter before them is, in the same object."""
    before: Character | None = None
    for each in characters:
        if each.leaves_ink or before is None:
            before = each
        else:
            each.visible = before.visible
            each.size = before.size
