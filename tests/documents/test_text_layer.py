"""The text of documents, as pdftotext and PDFium read it: exact in every script."""

import io
import re
import subprocess
import time
import unicodedata
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from names_in_scripts import (
    LANGUAGES,
    SCRIPTS,
    VOCALISED,
    Setting,
    by_pdfium,
    by_pdftotext,
    names,
)
from on_paper import full, printed_of

import signedcert as sc
from signedcert.documents import Printer
from signedcert.documents.text_layer import joined
from signedcert.documents.text_layer.streams import with_direction, with_streams
from signedcert.documents.text_layer.strings import string_value, text_string, text_value

ALL = SCRIPTS | LANGUAGES
IN_PIECES = "ปิ่นบุญญา ถาวรวรณ์"


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    return Setting(tmp_path_factory.mktemp("names"))


def letters(text: str) -> str:
    """Without vowel signs and spaces, where neither program is exact."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(each for each in decomposed if unicodedata.category(each) not in ("Mn", "Zs"))


@pytest.mark.parametrize("script", ALL)
def test_there_are_twenty_names_at_least(script: str):
    assert len(set(names(script))) >= 20


@pytest.mark.parametrize("kind", ["serif", "sans"])
@pytest.mark.parametrize("script", ALL)
def test_both_programs_read_every_name_exactly(setting: Setting, script: str, kind: str):
    for language in {ALL[script], "en"}:
        pdf = joined(setting.pdf(names(script), language, kind))
        for read in (by_pdftotext(pdf), by_pdfium(pdf)):
            assert [name for name in names(script) if name not in read] == []


def test_without_it_some_names_are_not_exact(setting: Setting):
    pdf = setting.pdf(names("THAI"), "th")
    assert not set(names("THAI")) <= set(by_pdftotext(pdf))
    assert not set(names("THAI")) <= set(by_pdfium(pdf))


@pytest.mark.parametrize("script", VOCALISED)
def test_of_names_with_vowel_signs_the_letters_are_read(setting: Setting, script: str):
    """What is left over is told in the package's documentation; it is not to get worse."""
    exact = {"pdftotext": 0, "pdfium": 0}
    for name in VOCALISED[script]:
        pdf = joined(setting.pdf((name,), SCRIPTS[script]))
        for program, read in (("pdftotext", by_pdftotext), ("pdfium", by_pdfium)):
            exact[program] += letters("".join(read(pdf))) == letters(name)
    assert exact["pdftotext"] >= {"ARABIC": 9, "HEBREW": 10}[script]
    assert exact["pdfium"] >= {"ARABIC": 8, "HEBREW": 10}[script]


def test_vowel_signs_of_one_name_do_not_spoil_the_others(setting: Setting):
    mixed = VOCALISED["ARABIC"][:3] + names("ARABIC") + VOCALISED["ARABIC"][3:]
    pdf = joined(setting.pdf(mixed, "ar"))
    for read in (by_pdftotext(pdf), by_pdfium(pdf)):
        assert [name for name in names("ARABIC") if name not in read] == []


@pytest.mark.parametrize("text", ["ชัชัชัช", "ปิ่นปิ่น", "นนน", "บับั น้ำน้ำ", "कुकुकु", "र्कर्क", "Ẹ́Ẹ́", "x̌x̌x̌"])
def test_the_same_letter_again_is_another_letter(setting: Setting, text: str):
    pdf = joined(setting.pdf((text,), "en"))
    assert text in by_pdftotext(pdf)
    assert text in by_pdfium(pdf)


@pytest.mark.parametrize("kind", ["serif", "sans"])
@pytest.mark.parametrize("script", ["THAI", "ARABIC", "HEBREW", "DEVANAGARI", "latin"])
def test_pages_look_the_same(setting: Setting, script: str, kind: str):
    before = setting.pdf(names(script)[::-1][:16] + VOCALISED.get(script, ()), ALL[script], kind)
    after = joined(before)
    assert after != before
    assert picture(after) == picture(before)


def picture(pdf: bytes) -> bytes:
    # PDFium rounds widths of glyphs, so with it the same places come out a hair's breadth apart.
    drawn = subprocess.run(
        ["pdftoppm", "-r", "110", "-"], input=pdf, capture_output=True, check=True
    )
    return drawn.stdout


def test_what_has_nothing_in_pieces_stays_the_same_object(setting: Setting):
    for script in ("CYRILLIC", "GREEK", "CJK", "vietnamese"):
        pdf = setting.pdf(names(script), ALL[script])
        assert joined(pdf) is pdf


def test_that_takes_less_than_a_millisecond(setting: Setting):
    pdf = setting.pdf(("Jacob Ångström",) * 30, "en")
    joined(pdf)
    fastest = min(timed(pdf) for _ in range(20))
    assert fastest < 0.001


def timed(pdf: bytes) -> float:
    start = time.process_time()
    joined(pdf)
    return time.process_time() - start


def test_the_same_file_gives_the_same_bytes_and_mended_ones_stay(setting: Setting):
    pdf = setting.pdf(names("THAI"), "th")
    once = joined(pdf)
    assert once == joined(bytes(bytearray(pdf)))
    for read in (by_pdftotext, by_pdfium):
        assert read(joined(once)) == read(once)


def test_all_else_in_the_file_stays_as_it_was(setting: Setting, tmp_path: Path):
    before = setting.pdf(names("THAI") + VOCALISED["ARABIC"], "th")
    after = joined(before)
    path = tmp_path / "names.pdf"
    path.write_bytes(after)
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    with pikepdf.open(io.BytesIO(before)) as one, pikepdf.open(io.BytesIO(after)) as other:
        assert one.pdf_version == other.pdf_version
        assert one.trailer.unparse() == other.trailer.unparse()
        changed = [
            str(old.get("/Type", "content"))
            for old, new in zip(one.objects, other.objects, strict=True)
            if isinstance(old, pikepdf.Stream) and old.read_bytes() != new.read_bytes()
        ]
        assert set(changed) == {"content", "/CMap"}
        assert len([kind for kind in changed if kind == "content"]) == 1
        for old, new in zip(one.objects, other.objects, strict=True):
            if not isinstance(old, pikepdf.Stream):
                assert old.unparse() == new.unparse()


def test_in_a_right_to_left_document_other_lines_are_read_in_order(setting: Setting):
    line = "University of Pennsylvania"
    before = setting.pdf((line, *names("ARABIC")), "ar")
    assert line not in by_pdfium(before)
    after = joined(before)
    assert line in by_pdfium(after)
    assert line in by_pdftotext(after)
    assert set(names("ARABIC")) <= set(by_pdfium(after))
    with pikepdf.open(io.BytesIO(after)) as document:
        assert document.Root.ViewerPreferences.Direction == "/L2R"
        assert document.Root.Lang == "ar"


def test_every_tag_is_still_in_the_content_and_no_text_is_outside(setting: Setting):
    before = setting.pdf((IN_PIECES,), "th")
    after = joined(before)
    assert tags(after) == tags(before)
    with pikepdf.open(io.BytesIO(after)) as document:
        depth = 0
        for operands, operator in pikepdf.parse_content_stream(document.pages[0]):
            name = str(operator)
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
            assert depth >= 0
            assert name not in ("Tj", "TJ") or depth, operands
        assert depth == 0


def tags(pdf: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return re.findall(rb"/MCID \d+", document.pages[0].Contents.read_bytes())


@pytest.mark.parametrize("script", ["ARABIC", "HEBREW", "DEVANAGARI", "THAI", "CJK", "HANGUL"])
def test_names_on_certificates_are_exact(printer: Printer, script: str):
    for name in names(script)[:1]:
        pdf = printer.pdf(printed_of(full(learner=sc.Person(name=name))))
        assert name in by_pdftotext(pdf)
        assert name in by_pdfium(pdf)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (rb"(\000\001)", b"\0\1"),
        (rb"(\(\)\\)", rb"()\ ".strip()),
        (b"(\\000(\\000))", b"\0(\0)"),
        (rb"(\n\r\t\b\f)", b"\n\r\t\b\f"),
        (rb"(\0501)", b"(1"),
        (b"<00aF>", b"\x00\xaf"),
    ],
)
def test_strings_are_read_in_both_forms(written: bytes, value: bytes):
    assert string_value(written) == value


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_texts_are_read_as_they_were_written(text: str):
    assert text_value(text_string(text)) == text


def test_streams_are_exchanged_only_in_files_like_those_of_typst(setting: Setting):
    pdf = setting.pdf((IN_PIECES,), "th")
    assert with_streams(pdf, {}) == pdf
    with pytest.raises(ValueError, match="not a stream"):
        with_streams(pdf, {1: b""})
    with pytest.raises(ValueError, match="direction"):
        with_direction(pdf, 1)
    with pytest.raises(ValueError, match="table of objects"):
        with_streams(pdf + b"\n%" + b"x" * 80, {1: b""})
