"""What a PDF is: an archive, readable by those who cannot see, with the token attached."""

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from on_paper import full, printed_of

import signedcert as sc
from issuing import minimal
from signedcert.documents import Printed, Printer

PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"


@pytest.fixture
def printed() -> Printed:
    return printed_of(full())


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def test_qpdf_finds_nothing_wrong(printer: Printer, printed: Printed, tmp_path: Path):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(printer.pdf(printed))
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "WARNING" not in checked.stdout + checked.stderr


def test_it_says_that_it_is_an_archive_and_accessible(printer: Printer, printed: Printed):
    with opened(printer.pdf(printed)) as pdf, pdf.open_metadata() as metadata:
        assert (metadata[f"{PDFA}part"], metadata[f"{PDFA}conformance"]) == ("3", "B")
        assert metadata[f"{PDFUA}part"] == "1"
        assert "Introduction to Operations Management" in str(metadata["dc:title"])
        assert "University of Pennsylvania" in metadata["dc:creator"]


def test_it_has_tags_a_language_and_shows_its_title(printer: Printer, printed: Printed):
    with opened(printer.pdf(printed)) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang).startswith("en")
        assert root.ViewerPreferences.DisplayDocTitle
        assert len(root.StructTreeRoot.K) > 0
        assert root.OutputIntents[0].S == "/GTS_PDFA1"


def structure(node: object) -> list[tuple[str, str | None]]:
    """The structure elements in reading order, with their alternative texts."""
    if isinstance(node, pikepdf.Array):
        return [each for child in node for each in structure(child)]
    if not isinstance(node, pikepdf.Dictionary):
        return []
    here = []
    if "/S" in node:
        here = [(str(node.S), str(node.Alt) if "/Alt" in node else None)]
    return here + (structure(node.K) if "/K" in node else [])


def test_headings_begin_at_the_first_level_and_pictures_have_texts(
    printer: Printer, printed: Printed
):
    with opened(printer.pdf(printed)) as pdf:
        elements = structure(pdf.Root.StructTreeRoot.K)
    headings = [kind for kind, _ in elements if kind[:2] == "/H" and kind[2:].isdigit()]
    assert headings[0] == "/H1"
    figures = [alternative for kind, alternative in elements if kind == "/Figure"]
    assert figures
    assert all(figures), "a figure without an alternative text"
    assert any("QR" in (each or "") for each in figures)


def test_the_token_is_an_associated_file_the_source_of_the_document(
    printer: Printer, printed: Printed
):
    with opened(printer.pdf(printed)) as pdf:
        assert list(pdf.attachments) == ["certificate.cose"]
        spec = pdf.Root.AF[0]
        assert spec.AFRelationship == "/Source"
        assert spec.EF.F.Subtype == "/application/cose"
        assert pdf.attachments["certificate.cose"].get_file().read_bytes() == printed.token


def test_pdfdetach_gives_the_exact_token(printer: Printer, printed: Printed, tmp_path: Path):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(printer.pdf(printed))
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, path], check=True)
    assert (tmp_path / "certificate.cose").read_bytes() == printed.token


def test_its_link_is_the_verify_url(printer: Printer, printed: Printed):
    with opened(printer.pdf(printed)) as pdf:
        links = {
            str(note.A.URI)
            for page in pdf.pages
            for note in page.get("/Annots", [])
            if "/A" in note
        }
    assert sc.verify_url(printed.page, printed.token) in links


def test_the_same_certificate_gives_the_same_bytes(printer: Printer, printed: Printed):
    assert printer.pdf(printed) == printer.pdf(printed)


def test_every_font_is_embedded(printer: Printer, printed: Printed, tmp_path: Path):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(printer.pdf(printed))
    listed = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True)
    rows = listed.stdout.splitlines()[2:]
    assert rows
    # The columns from the right: generation, object, unicode map, subset, embedded.
    assert all(row.split()[-5] == "yes" for row in rows)


def test_nothing_but_what_must_be_there_is_enough(printer: Printer):
    printed = printed_of(minimal())
    assert printer.pdf(printed).startswith(b"%PDF-1.7")
    assert printer.png(printed, 50)
    assert printer.svg(printed)
    assert printer.preview(printed)


def test_only_our_own_designs_say_that_the_words_are_ours(printer: Printer, printed: Printed):
    with opened(printer.pdf(printed)) as pdf:
        assert str(pdf.docinfo["/Keywords"]).startswith("signedcert-words-")
