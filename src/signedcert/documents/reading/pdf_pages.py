"""A PDF's pages: their text, and the QR codes that can be seen on them."""

from contextlib import closing
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from signedcert.documents.confined.task import TaskRefused
from signedcert.documents.reading.document import Page, may_be_link
from signedcert.documents.reading.pdf_characters import characters_of
from signedcert.documents.reading.pdf_drawing import Drawing
from signedcert.documents.reading.pdf_ink import see
from signedcert.documents.reading.pdf_text import across, runs_of
from signedcert.qr.read import codes_in

#: Pages that are read. The longest transcript has fewer.
PAGES_MAX = 40
#: Pages on which QR codes are looked for, from the beginning.
_WITH_CODES = 6
#: Characters in the text layers of all pages together.
_CHARACTERS_MAX = 150_000
_DPI, _SHARP_DPI = 200, 300
#: Seconds after which no further look is taken at a page for a QR code.
_PATIENCE = 1.5


@dataclass(slots=True)
class Pages:
    """What the pages show.

    :ivar pages: the text layers of the first pages.
    :ivar codes: the texts of QR codes.
    :ivar count: how many pages there are.
    :ivar characters: how many the text layers have.
    """

    pages: list[Page]
    codes: list[str]
    count: int
    characters: int = 0


def pages_of(data: bytes) -> Pages:
    """What the first pages of a PDF show.

    :raises TaskRefused: when it is damaged, encrypted, or has too much in it.
    """
    try:
        with closing(pdfium.PdfDocument(data)) as pdf:
            pdf.init_forms()
            found = Pages([], [], len(pdf))
            for number in range(min(PAGES_MAX, found.count)):
                _read(pdf, number, found)
    except pdfium.PdfiumError:
        raise TaskRefused("the PDF is damaged: its pages cannot be opened") from None
    return found


def _read(pdf: pdfium.PdfDocument, number: int, found: Pages) -> None:
    with closing(pdf[number]) as page:
        # Comments, stamps and form fields become part of the page, as they are for who looks.
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    with closing(pdf[number]) as page:
        drawing = Drawing(page)
        if number < _WITH_CODES:
            found.codes += _codes(drawing)
        with closing(page.get_textpage()) as text:
            found.characters += text.count_chars()
            if found.characters > _CHARACTERS_MAX:
                raise TaskRefused("the PDF has too much text")
            characters = list(characters_of(text))
            if characters:
                see(characters, drawing)
        runs, lines = tuple(runs_of(characters)), tuple(across(characters))
        found.pages.append(Page(runs, lines, drawing.covered()))


def _codes(drawing: Drawing) -> tuple[str, ...]:
    codes = codes_in(drawing.picture(_DPI), 0)
    if drawing.has_pictures and not any(may_be_link(text) for text in codes):
        codes += codes_in(drawing.picture(_SHARP_DPI), _PATIENCE, may_be_link)
    return codes
