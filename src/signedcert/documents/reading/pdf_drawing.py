"""Pictures of a page of a PDF: of all that is on it, or of some of it."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from signedcert.documents.confined.task import TaskRefused
from signedcert.documents.reading.pdf_characters import Box

_POINTS_AN_INCH = 72
#: Of one page drawn. A page that is larger is drawn at fewer dots an inch.
_PIXELS_MAX = 12_000_000
_OBJECTS_MAX = 50_000
#: How deep pictures and text may be nested in forms (Form XObjects).
_DEPTH_MAX = 12
_FINE, _FAR = 100, 1000.0
#: In pixels.
_THIN = 3


@dataclass(frozen=True, slots=True)
class Placing:
    """Where points of a page are in a picture of it: an affine map."""

    origin: tuple[float, float]
    x: tuple[float, float]
    y: tuple[float, float]

    @classmethod
    def through(
        cls,
        zero: tuple[float, float],
        right: tuple[float, float],
        up: tuple[float, float],
        far: float,
    ) -> Self:
        """The map that takes (0, 0), (far, 0) and (0, far) to these points."""
        x = ((right[0] - zero[0]) / far, (right[1] - zero[1]) / far)
        y = ((up[0] - zero[0]) / far, (up[1] - zero[1]) / far)
        return cls(zero, x, y)

    def box(self, box: Box, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
        """A box of the page in whole pixels: left, top, right, bottom.

        :param size: width and height of the picture.
        :returns: the part of it that is in the picture, at least one pixel each way, or None.
        """
        corners = [
            (
                self.origin[0] + self.x[0] * x + self.y[0] * y,
                self.origin[1] + self.x[1] * x + self.y[1] * y,
            )
            for x in (box[0], box[2])
            for y in (box[1], box[3])
        ]
        box_in = []
        for at in (0, 1):
            low, high = (int(end(corner[at] for corner in corners)) for end in (min, max))
            # Thin letters are drawn up to a pixel beside their box.
            more = int(high - low < _THIN)
            box_in.append((max(0, low - more), min(size[at], high + 1 + more)))
        (left, right), (top, bottom) = box_in
        return (left, top, right, bottom) if left < right and top < bottom else None


@dataclass(frozen=True, slots=True)
class Drawable:
    """Something that is drawn.

    :ivar address: of its object, by which characters name their owner.
    """

    address: int
    handle: raw.FPDF_PAGEOBJECT
    kind: int

    @property
    def is_text(self) -> bool:
        """Whether it is text."""
        return self.kind == int(raw.FPDF_PAGEOBJ_TEXT)

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture."""
        return self.kind == int(raw.FPDF_PAGEOBJ_IMAGE)


class Drawing:
    """A page, and everything that is drawn on it.

    :raises TaskRefused: when that is too much.
    """

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page
        self._parts = tuple(_parts(page))

    @property
    def has_pictures(self) -> bool:
        """Whether there are pictures on it."""
        return any(each.is_picture for each in self._parts)

    def picture(self, dpi: int, wanted: Callable[[Drawable], bool] | None = None) -> Image.Image:
        """The page in shades of grey.

        :param dpi: dots an inch.
        :param wanted: what of it is drawn; None: everything.
        """
        for each in self._parts:
            raw.FPDFPageObj_SetIsActive(each.handle, wanted is None or wanted(each))
        width, height = self._page.get_size()
        area = max(1.0, width * height)
        scale = min(dpi / _POINTS_AN_INCH, (_PIXELS_MAX / area) ** 0.5)
        bitmap = self._page.render(scale=scale, grayscale=True, draw_annots=True)
        drawn: Image.Image = bitmap.to_pil()
        return drawn.convert("L")

    def placing(self, image: Image.Image) -> Placing:
        """Where points of the page are in a picture of it."""

        def at(x: float, y: float) -> tuple[float, float]:
            across, down = ctypes.c_int(), ctypes.c_int()
            # In hundredths of a pixel: the function has whole numbers alone.
            size = (image.width * _FINE, image.height * _FINE)
            raw.FPDF_PageToDevice(self._page, 0, 0, *size, 0, x, y, across, down)
            return across.value / _FINE, down.value / _FINE

        return Placing.through(at(0, 0), at(_FAR, 0), at(0, _FAR), _FAR)

    def covered(self) -> float:
        """The share of the page that its pictures cover, as if none lay over another."""
        width, height = self._page.get_size()
        total = 0.0
        for each in self._parts:
            if each.is_picture:
                left, bottom, right, top = (ctypes.c_float() for _ in range(4))
                if raw.FPDFPageObj_GetBounds(each.handle, left, bottom, right, top):
                    across, up = right.value - left.value, top.value - bottom.value
                    total += max(0.0, across) * max(0.0, up)
        return float(min(1.0, total / max(1.0, width * height)))


def _parts(page: pdfium.PdfPage) -> Iterator[Drawable]:
    """Everything that is drawn, forms taken apart."""
    waiting = [
        (raw.FPDFPage_GetObject(page, at), 0) for at in range(raw.FPDFPage_CountObjects(page))
    ]
    seen = 0
    while waiting:
        each, depth = waiting.pop()
        seen += 1
        if seen > _OBJECTS_MAX:
            raise TaskRefused("a page of the PDF has too much on it")
        kind = raw.FPDFPageObj_GetType(each)
        if kind != raw.FPDF_PAGEOBJ_FORM:
            yield Drawable(ctypes.cast(each, ctypes.c_void_p).value or 0, each, int(kind))
        elif depth < _DEPTH_MAX:
            count = max(0, raw.FPDFFormObj_CountObjects(each))
            waiting += [(raw.FPDFFormObj_GetObject(each, at), depth + 1) for at in range(count)]
