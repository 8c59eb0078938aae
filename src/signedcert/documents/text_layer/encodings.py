"""What the glyphs of an embedded font stand for, and how wide they are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pikepdf

_MAPPED = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>")
_WIDTHS = re.compile(rb"(\d+)\s+(?:\[([^\]]*)\]|(\d+)\s+(-?[\d.]+))")
#: Marks that combine, and the scripts whose letters are set from several glyphs.
_INTRICATE = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u109f\u135d-\u135f\u1700-\u1cff\u1dc0-\u1dff\u20d0-\u20f0"
    "\u2cef-\u2cf1\u2de0-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\ua6ff\ua800-\uabff\ufb1d-\ufdff"
    "\ufe20-\ufe2f\ufe70-\ufefc\U00010a00-\U00011fff\U00016b00-\U00016fff\U0001e000-\U0001efff]"
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """One font.

    :ivar number: of the object that holds ``cmap``.
    :ivar cmap: says what the glyphs stand for (ISO 32000-1, section 9.10.3).
    :ivar texts: glyph number to characters.
    :ivar widths: glyph number to advance, in thousandths of the font size.
    :ivar default_width: of glyphs that are not in ``widths``.
    :ivar intricate: whether letters can be in pieces, judging by the characters it was used for.
    """

    number: int
    cmap: bytes
    texts: dict[int, str]
    widths: dict[int, float]
    default_width: float
    intricate: bool

    def cmap_with(self, texts: Mapping[int, str]) -> bytes:
        """The same, but some glyphs stand for other characters."""

        def line(found: re.Match[bytes]) -> bytes:
            text = texts.get(int(found[1], 16))
            if text is None:
                return found[0]
            return b"<%s> <%s>" % (found[1], text.encode("utf-16-be").hex().upper().encode())

        return _MAPPED.sub(line, self.cmap)


def encoding_of(font: pikepdf.Object) -> Encoding | None:
    """Reads a composite font as Typst embeds it: two bytes a glyph, which are its number.

    :return: ``None`` for another kind of font.
    """
    if font.get("/Subtype") != "/Type0" or "/ToUnicode" not in font:
        return None
    cmap = font.ToUnicode.read_bytes()
    texts = {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
        for glyph, text in _MAPPED.findall(cmap)
    }
    descendant = font.DescendantFonts[0]
    widths = _widths(descendant.W.unparse()) if "/W" in descendant else {}
    intricate = _INTRICATE.search("".join(texts.values())) is not None
    default_width = float(descendant.get("/DW", 1000))
    return Encoding(font.ToUnicode.objgen[0], cmap, texts, widths, default_width, intricate)


def _widths(array: bytes) -> dict[int, float]:
    """ISO 32000-1, section 9.7.4.3: ``first [width …]`` or ``first last width``, in any order."""
    widths: dict[int, float] = {}
    for first, each, last, width in _WIDTHS.findall(array.strip().removeprefix(b"[")):
        if each:
            widths.update(enumerate(map(float, each.split()), int(first)))
        else:
            widths.update((glyph, float(width)) for glyph in range(int(first), int(last) + 1))
    return widths
