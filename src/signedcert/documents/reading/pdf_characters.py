"""The characters of a page's text layer, and where they stand."""

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

#: In points. No page is larger.
_FAR = 1e6
#: What stands for a hyphen at the end of a line, with nothing that ends the line itself.
_HYPHENS = {0x02, 0xFFFE}

_ACTUAL_TEXT = b"ActualText"

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Character:
    """One character.

    :ivar owner: which text object draws it; 0 where it was added to keep words or lines apart.
    :ivar box: left, bottom, right and top, in points.
    :ivar line: how high its baseline is, in points.
    :ivar ends_line: whether it is a hyphen after which a line ends.
    """

    text: str
    size: float
    box: Box
    owner: int
    line: float
    visible: bool = True
    ends_line: bool = False

    @property
    def leaves_ink(self) -> bool:
        """Whether it is a letter or a digit, which always leave a mark of their own."""
        return bool(self.owner) and unicodedata.category(self.text)[0] in "LN"


def characters_of(text: pdfium.PdfTextPage) -> Iterator[Character]:
    """The characters of a text page, in reading order as far as PDFium can tell it."""
    high = 0
    first_owners: dict[int, int] = {}
    for at in range(text.count_chars()):
        number = raw.FPDFText_GetUnicode(text, at)
        if 0xD800 <= number < 0xDC00:
            high = number
            continue
        if 0xDC00 <= number < 0xE000:
            number = 0x10000 + ((high - 0xD800) << 10) + (number - 0xDC00) if high else 0xFFFD
        high = 0
        character = "-" if number in _HYPHENS else chr(number) if number < 0x110000 else "\ufffd"
        drawn = raw.FPDFText_GetTextObject(text, at)
        owner = ctypes.cast(drawn, ctypes.c_void_p).value or 0
        if owner and _repeats(drawn, owner, first_owners):
            continue
        found = Character(character, _size(text, at), _box(text, at), owner, _baseline(text, at))
        found.ends_line = number in _HYPHENS
        yield found


def _repeats(drawn: raw.FPDF_PAGEOBJECT, owner: int, first_owners: dict[int, int]) -> bool:
    """Whether a text object's text was told already: PDFium tells /ActualText with each object.

    :param first_owners: by the address of the mark that has the text, the first of its objects.
    """
    for at in range(raw.FPDFPageObj_CountMarks(drawn)):
        mark = raw.FPDFPageObj_GetMark(drawn, at)
        kind = raw.FPDFPageObjMark_GetParamValueType(mark, _ACTUAL_TEXT)
        if kind == raw.FPDF_OBJECT_STRING:
            address = ctypes.cast(mark, ctypes.c_void_p).value or 0
            return first_owners.setdefault(address, owner) != owner
    return False


def _size(text: pdfium.PdfTextPage, at: int) -> float:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(text, at, matrix):
        return 0.0
    # How high a letter becomes, however it is turned.
    return _sane(raw.FPDFText_GetFontSize(text, at) * (matrix.c**2 + matrix.d**2) ** 0.5)


def _box(text: pdfium.PdfTextPage, at: int) -> Box:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not raw.FPDFText_GetCharBox(text, at, left, right, bottom, top):
        return (0.0, 0.0, 0.0, 0.0)
    return _sane(left.value), _sane(bottom.value), _sane(right.value), _sane(top.value)


def _baseline(text: pdfium.PdfTextPage, at: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    return _sane(y.value) if raw.FPDFText_GetCharOrigin(text, at, x, y) else 0.0


def _sane(measure: float) -> float:
    """A measure in points; 0 where a damaged or hostile file gives none that a page can have."""
    return float(measure) if abs(measure) < _FAR else 0.0
