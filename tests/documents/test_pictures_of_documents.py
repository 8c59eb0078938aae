"""PNG and SVG: what they carry, and that they are whole."""

import io
import xml.etree.ElementTree as ET

import pytest
from on_paper import full, printed_of
from PIL import Image

import signedcert as sc
from signedcert.documents import Format, MissingGlyphError, Printed, Printer

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def printed() -> Printed:
    return printed_of(full())


def test_a_png_of_every_page_has_the_link_in_its_text(printer: Printer, printed: Printed):
    pages = printer.png(printed, ppi=72)
    link = sc.verify_url(printed.page, printed.token)
    for page in pages:
        with Image.open(io.BytesIO(page)) as picture:
            picture.load()
            assert picture.info["signedcert"] == link


def test_its_size_is_that_of_the_paper(classic: Printer, modern: Printer, printed: Printed):
    with Image.open(io.BytesIO(classic.png(printed, ppi=72)[0])) as a4:
        assert a4.size == (842, 595)
    with Image.open(io.BytesIO(modern.png(printed, ppi=72)[0])) as letter:
        assert letter.size == (792, 612)


def test_an_svg_has_a_title_and_the_link_in_its_metadata(printer: Printer, printed: Printed):
    for page in printer.svg(printed):
        tree = ET.fromstring(page)
        assert tree.findtext(f"{SVG}metadata") == sc.verify_url(printed.page, printed.token)
        assert "Jacob Ångström" in (tree.findtext(f"{SVG}title") or "")


@pytest.mark.parametrize("name", ["Jacob 🎓", "Ⴂიორგი", "தமிழ்"])
def test_no_box_is_ever_drawn(classic: Printer, name: str):
    printed = printed_of(full(learner=sc.Person(name=name)))
    for make in (classic.pdf, classic.png, classic.svg, classic.preview):
        with pytest.raises(MissingGlyphError, match="font"):
            make(printed)


def test_the_preview_is_of_the_size_that_social_media_ask_for(classic: Printer, printed: Printed):
    with Image.open(io.BytesIO(classic.preview(printed))) as picture:
        assert picture.size == (1200, 630)


def test_a_badge_is_a_picture_in_both_formats(classic: Printer, printed: Printed):
    with Image.open(io.BytesIO(classic.badge(printed, Format.PNG))) as picture:
        picture.load()
    assert ET.fromstring(classic.badge(printed, Format.SVG)).tag == f"{SVG}svg"
