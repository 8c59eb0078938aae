"""How large an SVG picture is drawn, by what its root element says."""

import math
import re
from collections.abc import Mapping

from signedcert.documents.errors import PictureRefused

_LONGER_SIDE = 1_000
_NUMBER = r"[+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})(?:[eE][+-]?\d{1,2})?"
_LENGTH = re.compile(rf"\s*({_NUMBER})\s*(px|pt|pc|mm|cm|in|)\s*")
_PERCENTAGE = re.compile(rf"\s*{_NUMBER}\s*%\s*")
_BOX = re.compile(rf"\s*({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*")
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
}
_SIDE_MIN, _SIDE_MAX = 0.01, 100_000.0
#: Of the longer side to the shorter one. Beyond it is a line.
_RATIO_MAX = 100.0


def svg_size(root: Mapping[str, str]) -> tuple[int, int]:
    """Width and height in proportion; the longer one is 1,000.

    :param root: the attributes of ``<svg>``.
    :raises PictureRefused: when they do not say, or say nothing sensible.
    """
    box = _box(root.get("viewBox"))
    sides = (_length(root.get("width")), _length(root.get("height")))
    width, height = sides
    if width is None or height is None:
        if box is None:
            raise PictureRefused("it does not say how large it is; give it a viewBox")
        width, height = box
    for side in (width, height, *(box or ())):
        if not _SIDE_MIN <= side <= _SIDE_MAX:
            raise PictureRefused("its size is none that can be drawn; correct width and height")
    if max(width, height) / min(width, height) > _RATIO_MAX:
        raise PictureRefused("it is too narrow to be drawn")
    scale = _LONGER_SIDE / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _box(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    match = _BOX.fullmatch(text)
    if match is None or not all(math.isfinite(float(each)) for each in match.groups()):
        raise PictureRefused("its viewBox is not four numbers")
    return float(match[3]), float(match[4])


def _length(text: str | None) -> float | None:
    """In pixels; None where it is as large as what it stands in."""
    if text is None or _PERCENTAGE.fullmatch(text) or text.strip() == "auto":
        return None
    match = _LENGTH.fullmatch(text)
    if match is None:
        raise PictureRefused("its width or height is no length; give both in px")
    return float(match[1]) * _PIXELS[match[2]]
