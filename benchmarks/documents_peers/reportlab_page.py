"""The page by ReportLab: canvas for what has its place, paragraphs for what flows."""

import io
import json
import sys
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from benchmarks.documents_peers.page import Page, fonts_in, page_of
from benchmarks.documents_peers.timing import Content, contents_in, on_one_core, timed

_WIDTH, _HEIGHT = landscape(A4)
_MARGIN = 12 * mm
_PRIMARY, _ACCENT, _INK = HexColor("#1b365d"), HexColor("#8a6d2f"), HexColor("#222222")
_SMALL_WIDTH = 170 * mm


def pdf(content: Content) -> bytes:
    """The page. There is no way to attach the token: the QR code and the link have it."""
    page = page_of(content["variables"])
    buffer = io.BytesIO()
    family = _family(page)
    # Unless another font is named, Helvetica is in the file, and not embedded.
    canvas = Canvas(buffer, (_WIDTH, _HEIGHT), lang=page.language, initialFontName=family[400])
    canvas.setTitle(page.title)
    canvas.setAuthor(page.author)
    canvas.setStrokeColor(_ACCENT)
    canvas.rect(_MARGIN, _MARGIN, _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN)
    _draw_heading(canvas, page, family)
    below = _draw_middle(canvas, page, family)
    _draw_signatories(canvas, page, family, below - 16 * mm)
    _draw_small(canvas, page, family)
    _draw_check(canvas, page, family, content["qr"])
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _family(page: Page) -> dict[int, str]:
    """Fonts of one family by weight: ReportLab looks for a missing character in no other."""
    if "rtl" in (page.direction, page.learner_direction):
        return dict.fromkeys((400, 500, 600), "Amiri 400")
    return {weight: f"EB Garamond {weight}" for weight in (400, 500, 600)}


def _style(font: str, size: float, *, centred: bool = False) -> Any:
    return ParagraphStyle(
        "s", fontName=font, fontSize=size, leading=1.25 * size, alignment=int(centred),
        textColor=_INK, shaping=1,
    )  # fmt: skip


def _draw_heading(canvas: Any, page: Page, family: dict[int, str]) -> None:
    canvas.setFillColor(_PRIMARY)
    canvas.setFont(family[400], 11)
    y = _HEIGHT - _MARGIN - 14 * mm
    canvas.drawString(_MARGIN + 10 * mm, y, page.institution, shaping=True)
    canvas.drawRightString(_WIDTH - _MARGIN - 10 * mm, y, page.award, shaping=True)


def _draw_middle(canvas: Any, page: Page, family: dict[int, str]) -> float:
    x, width = _MARGIN + 10 * mm, _WIDTH - 2 * _MARGIN - 20 * mm
    y = _HEIGHT - _MARGIN - 22 * mm
    facts = "    ".join(f"{label}: {value}" for label, value in page.facts)
    for text, size, weight in (
        (page.certifies, 11, 400), (page.learner, 30, 500), (page.completed, 11, 400),
        (page.course, 20, 600), (page.offered_by, 11, 400), (facts, 11, 400),
    ):  # fmt: skip
        style = _style(family[weight], size, centred=True)
        paragraph = Paragraph(escape(text), style)
        y -= paragraph.wrap(width, _HEIGHT)[1]
        paragraph.drawOn(canvas, x, y)
        y -= 2 * mm
    return float(y)


def _draw_signatories(canvas: Any, page: Page, family: dict[int, str], y: float) -> None:
    step = 70 * mm
    canvas.setFillColor(_INK)
    canvas.setStrokeColor(_INK)
    for number, (name, title) in enumerate(page.signatories):
        x = _WIDTH / 2 + step * (number - (len(page.signatories) - 1) / 2)
        canvas.line(x - 25 * mm, y, x + 25 * mm, y)
        canvas.setFont(family[400], 11)
        canvas.drawCentredString(x, y - 5 * mm, name, shaping=True)
        canvas.setFont(family[400], 9)
        canvas.drawCentredString(x, y - 9 * mm, title, shaping=True)


def _draw_small(canvas: Any, page: Page, family: dict[int, str]) -> None:
    style, x = _style(family[400], 7.5), _MARGIN + 10 * mm
    paragraphs = [Paragraph(escape(text), style) for text in page.small]
    y = _MARGIN + 10 * mm
    for paragraph in reversed(paragraphs):
        _, height = paragraph.wrap(_SMALL_WIDTH, _HEIGHT)
        paragraph.drawOn(canvas, x, y)
        y += height + 1 * mm


def _draw_check(canvas: Any, page: Page, family: dict[int, str], code: dict[str, Any]) -> None:
    right, y = _WIDTH - _MARGIN - 10 * mm, _MARGIN + 10 * mm
    canvas.setFont(family[400], 7.5)
    for line in reversed(page.check):
        canvas.drawRightString(right, y, line, shaping=True)
        y += 3.5 * mm
    side = code["side"] * mm
    rows = code["rows"]
    module = side / len(rows)
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        top = y + side - number * module
        for start, length in _runs(row):
            path.rect(right - side + start * module, top - module, length * module, module)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.linkURL(page.link, (right - side, y, right, y + side))


def _runs(row: str) -> list[tuple[int, int]]:
    """Where dark modules begin, and how many follow one another."""
    found, start = [], 0
    while (start := row.find("1", start)) >= 0:
        end = row.find("0", start)
        end = len(row) if end < 0 else end
        found.append((start, end - start))
        start = end
    return found


def main() -> None:
    """As the other peer's."""
    on_one_core()
    contents, specimens, fonts, out = (Path(each) for each in sys.argv[1:])
    for each in fonts_in(fonts):
        pdfmetrics.registerFont(TTFont(f"{each['family']} {each['weight']}", each["file"]))
    found = {"": timed(contents_in(contents), pdf)}
    for number, specimen in enumerate(contents_in(specimens)):
        (out / f"reportlab-{number}.pdf").write_bytes(pdf(specimen))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
