"""What the designs do with anything that can be signed: nothing is cut, covered or lost."""

import io
import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import zxingcpp
from odd_certificates import CASES, everything, logo
from on_paper import PAGE, printed_of
from PIL import Image

from signedcert import qr
from signedcert.codec.text import token_from_text
from signedcert.documents import Design, Paper, Printed, Printer, Theme
from signedcert.documents.comparing.compare import compare
from signedcert.documents.reading.read import read_document
from signedcert.documents.report import Comparison
from signedcert.documents.variables import variables
from signedcert.errors import EncodeError

DPI = 150
POINTS_A_MILLIMETRE = 72 / 25.4
PAPERS = {Paper.A4: (297.0, 210.0), Paper.US_LETTER: (279.4, 215.9)}
#: Left, top, right, bottom, in millimetres from the upper left corner of the sheet.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """A printed certificate."""

    pdf: bytes
    printed: Printed
    paper: Paper

    @cached_property
    def document(self) -> pypdfium2.PdfDocument:
        return pypdfium2.PdfDocument(io.BytesIO(self.pdf))

    @cached_property
    def text(self) -> str:
        return "\n".join(page.get_textpage().get_text_range() for page in self.document)

    @cached_property
    def face(self) -> Image.Image:
        return self.document[0].render(scale=DPI / 72).to_pil().convert("L")

    @cached_property
    def ink(self) -> list[Box]:
        """Where the characters of the face are."""
        text = self.document[0].get_textpage()
        height = self.document[0].get_height()
        found = []
        for n in range(text.count_chars()):
            character = chr(pdfium.FPDFText_GetUnicode(text, n))
            if character.isspace() or unicodedata.category(character) == "Mn":
                continue  # marks stand over their letters
            left, bottom, right, top = text.get_charbox(n)
            box = (left, height - top, right, height - bottom)
            found.append(tuple(each / POINTS_A_MILLIMETRE for each in box))
        return found


@pytest.fixture(scope="module", params=list(itertools.product(Design, PAPERS)), ids=" ".join)
def setting(request: pytest.FixtureRequest) -> Iterator[tuple[Printer, Paper]]:
    design, paper = request.param
    with Printer(Theme(design=design, logo=logo()), paper) as printer:
        yield printer, paper


@pytest.fixture(scope="module", params=CASES)
def sheet(request: pytest.FixtureRequest, setting: tuple[Printer, Paper]) -> Sheet:
    # That it is PDF/A-3b and PDF/UA-1 is what Typst makes sure of: it makes nothing else.
    printer, paper = setting
    printed = printed_of(CASES[request.param]())
    return Sheet(printer.pdf(printed), printed, paper)


def without_breaks(text: str) -> str:
    """PDFium writes U+FFFE for a hyphen at the end of a line."""
    return re.sub(r"\s+", "", text.replace("\ufffe", "-"))


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in ("direction", "method", "performed_by", "performed_on", "assurance"):
                yield from strings(each)


STATED = (
    "award",
    "issuer",
    "institution",
    "partners",
    "awarding_body",
    "learner",
    "completed_on",
    "issued_at",
    "expires_at",
    "result",
    "signatories",
    "skills",
    "syllabus",
    "identity_checks",
    "limitations",
    "details",
    "code",
    "verify_short",
)


def stated(printed: Printed) -> Iterator[str]:
    found = variables(printed)
    course: dict[str, Any] = found["course"]
    yield from strings([found[key] for key in STATED])
    # Its language stands among the details, with its tag; its paragraphs are several.
    kept = {key: each for key, each in course.items() if key not in ("language", "description")}
    yield from strings(kept)
    yield from (course["description"] or "").split("\n")


def test_everything_that_was_signed_stands_in_the_text(sheet: Sheet):
    if variables(sheet.printed)["direction"] == "rtl":
        # PDFium orders lines that run both ways by what it takes them for; our reader knows that.
        report = compare(read_document(sheet.pdf), sheet.printed.statement)
        assert report.outcome is Comparison.NO_CONTRADICTION_IN_TEXT_LAYER
        return
    text = without_breaks(sheet.text)
    lost = [each for each in stated(sheet.printed) if without_breaks(each) not in text]
    assert not lost


def test_the_face_is_one_sheet_of_its_paper(sheet: Sheet):
    width, height = PAPERS[sheet.paper]
    sizes = [page.get_size() for page in sheet.document]
    millimetres = [tuple(each / POINTS_A_MILLIMETRE for each in size) for size in sizes]
    assert millimetres[0] == pytest.approx((width, height), abs=0.1)
    assert len(millimetres) >= 2
    for further in millimetres[1:]:
        assert further == pytest.approx((height, width), abs=0.1)


def test_no_character_of_the_face_is_cut_or_at_its_edge(sheet: Sheet):
    width, height = PAPERS[sheet.paper]
    for left, top, right, bottom in sheet.ink:
        assert 13 < left < right < width - 13
        assert 13 < top < bottom < height - 13


def area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def overlap(one: Box, other: Box) -> float:
    """The area both have in common, in square millimetres."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, across) * max(0.0, down)


def test_no_character_of_the_face_covers_another(sheet: Sheet):
    # Neighbours are set close: italics lean over each other, and ligatures are one picture.
    inked = sorted((box, n) for n, box in enumerate(sheet.ink) if area(box) > 0.05)
    for first, (one, at) in enumerate(inked):
        for other, beside in inked[first + 1 :]:
            if other[0] >= one[2]:
                break
            if abs(at - beside) > 2 and one != other:
                assert overlap(one, other) < 0.3 * min(area(one), area(other)), (one, other)


@pytest.fixture
def qr_box(sheet: Sheet) -> Box | None:
    """Where the QR code is with its quiet zone. It is read to find out."""
    try:
        modules = int(qr.encode(sheet.printed.page, sheet.printed.token).symbol_size(border=0)[0])
    except EncodeError:
        words = variables(sheet.printed)["words"]
        assert without_breaks(words["no_qr"]) in without_breaks(sheet.text)
        return None
    (code,) = zxingcpp.read_barcodes(sheet.face, formats=zxingcpp.BarcodeFormat.QRCode)
    assert token_from_text(code.text) == sheet.printed.token
    at = (code.position.top_left, code.position.bottom_right)
    (left, top), (right, bottom) = ((each.x / DPI * 25.4, each.y / DPI * 25.4) for each in at)
    quiet = 4 * (right - left) / modules
    return left - quiet, top - quiet, right + quiet, bottom + quiet


def test_the_qr_code_is_large_and_in_the_lower_right_corner(sheet: Sheet, qr_box: Box | None):
    if qr_box is None:
        return  # no QR code holds it, and the sheet says so
    left, top, right, bottom = qr_box
    width, height = PAPERS[sheet.paper]
    assert right - left >= 30
    assert bottom - top >= 30
    assert left > width / 2
    assert top > height / 3
    assert right < width - 9
    assert bottom < height - 9


def test_nothing_touches_the_qr_code_or_its_quiet_zone(sheet: Sheet, qr_box: Box | None):
    if qr_box is None:
        return  # no QR code holds it, and the sheet says so
    assert not [box for box in sheet.ink if overlap(box, qr_box) > 0.01]
    left, top, right, bottom = (round(each / 25.4 * DPI) for each in qr_box)
    ring = sheet.face.crop((left + 1, top + 1, right - 1, bottom - 1))
    quiet = round((right - left) * 0.02)
    inside = (quiet, quiet, ring.width - quiet, ring.height - quiet)
    ring.paste(255, inside)
    assert ring.getextrema() == (255, 255)


def test_the_link_leads_to_the_whole_token(sheet: Sheet):
    with pikepdf.open(io.BytesIO(sheet.pdf)) as pdf:
        links = [str(each.A.URI) for each in pdf.pages[0].Annots]
    found = variables(sheet.printed)["verify_url"]
    # Typst takes no link beyond 8000 characters: it leads to the page, where the file can be given.
    assert set(links) == {found if len(found) <= 8000 else PAGE}


def test_further_pages_are_numbered_and_have_the_code(sheet: Sheet):
    found = variables(sheet.printed)
    pages = len(sheet.document)
    for number in range(2, pages + 1):
        text = without_breaks(sheet.document[number - 1].get_textpage().get_text_range())
        if found["direction"] == "ltr":  # PDFium turns codes round, beside words that run leftwards
            assert found["code"] in text
            place = found["words"]["page_of"].format(page=number, pages=pages)
            assert without_breaks(place) in text


def test_what_does_not_fit_on_the_face_is_on_a_page_that_it_names(setting: tuple[Printer, Paper]):
    printer, paper = setting
    sheet = Sheet(printer.pdf(printed_of(everything())), printed_of(everything()), paper)
    face = sheet.document[0].get_textpage().get_text_range()
    named = [int(each) for each in re.findall(r"Page (\d+) of \d+", face)]
    assert len(named) == 3  # signatories, identity checks, limitations
    words = variables(sheet.printed)["words"]
    further = [each.get_textpage().get_text_range() for each in sheet.document]
    for label in ("signatories", "identity_checks", "limitations"):
        (page,) = (n for n, text in enumerate(further[1:], 2) if words[label] in text)
        assert page in named


@pytest.mark.parametrize("case", ["plain", "wide", "arabic"])
def test_previews_are_one_picture_of_the_size_that_social_media_ask_for(
    printer: Printer, case: str
):
    picture = Image.open(io.BytesIO(printer.preview(printed_of(CASES[case]()))))
    assert picture.size == (1200, 630)
    low = picture.convert("L").crop((120, 606, 1080, 630))
    assert low.getextrema() == (255, 255)
