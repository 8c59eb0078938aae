"""Certificates as documents, dropped on the page: the token is found in each kind of file."""

import re
from base64 import b64encode
from pathlib import Path

import pikepdf
import pytest
from school import LEARNER, Published

import signedcert as sc
from conftest import OWN, OpenPage, Watched
from signedcert.codec.text import verify_url
from signedcert.documents import Printed, Printer
from signedcert.documents.reading.read import read_document


@pytest.fixture(scope="module")
def documents(site: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command line prints: a certificate in each kind of file, and a transcript."""
    folder = tmp_path_factory.mktemp("documents")
    certificate, withdrawn, share = (
        Printed.of_token(sc.token_from_text(site.links[name]), page)
        for name, page in (
            ("valid", "https://learn.example.edu/c/"),
            ("withdrawn", "https://learn.example.edu/c/"),
            ("share", "https://learn.example.edu/r/"),
        )
    )
    with Printer() as printer:
        (folder / "certificate.pdf").write_bytes(printer.pdf(certificate))
        (folder / "certificate.png").write_bytes(printer.png(certificate)[0])
        (folder / "certificate.svg").write_bytes(printer.svg(certificate)[0])
        (folder / "transcript.pdf").write_bytes(printer.pdf(share))
        other = printer.svg(withdrawn)[0].decode()
    link = site.links["withdrawn"].partition("#")[2]
    assert link in other
    # One that shows the withdrawn certificate, and carries the other.
    (folder / "two.svg").write_text(other.replace(link, site.links["valid"].partition("#")[2]))
    _disagreeing(folder, site)
    return folder


_METADATA = re.compile(r"<metadata[^>]*>[^<]*</metadata>")


def _disagreeing(folder: Path, site: Published) -> None:
    """The valid certificate's documents, each with another one somewhere in it."""
    valid, withdrawn = (sc.token_from_text(site.links[name]) for name in ("valid", "withdrawn"))
    changed = verify_url(OWN + "c/", valid.replace("Ångström".encode(), "Ångstrøm".encode()))
    links = {name: site.links[name] for name in ("withdrawn", "share", "sealed")}
    for name, link in (links | {"changed": changed}).items():
        with pikepdf.open(folder / "certificate.pdf") as pdf:
            for page in pdf.pages:
                for annotation in page.get("/Annots", []):
                    annotation["/A"]["/URI"] = pikepdf.String(link)
            pdf.save(folder / f"{name}-link.pdf")
    for name, token in (("second", withdrawn), ("damaged", withdrawn[:-5])):
        with pikepdf.open(folder / "certificate.pdf") as pdf:
            pdf.attachments["x"] = pikepdf.AttachedFileSpec(pdf, token, filename="x")
            pdf.save(folder / f"{name}-token.pdf")
    other = site.links["withdrawn"]
    svg = (folder / "certificate.svg").read_text()
    for name, metadata in {
        "plain": f"<metadata>{other}</metadata>",
        "cdata": f"<metadata><![CDATA[{other}]]></metadata>",
        "escaped": f"<metadata>{''.join(f'&#{ord(each)};' for each in other)}</metadata>",
        "prefixed": f'<x:metadata xmlns:x="http://www.w3.org/2000/svg">{other}</x:metadata>',
        "nested": f"<metadata><a>{other}</a></metadata>",
    }.items():
        written, count = _METADATA.subn(lambda _, new=metadata: new, svg)
        assert count == 1
        (folder / f"{name}.svg").write_text(written)


def _open(watched: Watched, path: Path) -> Watched:
    watched.open(OWN + "c/")
    with watched.page.expect_file_chooser() as chooser:
        watched.page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(path)
    return watched


@pytest.mark.parametrize(
    "name", ["certificate.pdf", "certificate.png", "certificate.svg", "transcript.pdf"]
)
def test_a_printed_document_is_checked(tab: OpenPage, documents: Path, name: str) -> None:
    watched = _open(tab(), documents / name)
    assert watched.verdict().startswith("Valid, going by the keys")
    assert LEARNER in watched.text()


def test_a_document_saved_by_other_software_is_checked_too(
    tab: OpenPage, documents: Path, tmp_path: Path
) -> None:
    """With object streams, and everything compressed anew."""
    path = tmp_path / "saved.pdf"
    with pikepdf.open(documents / "certificate.pdf") as pdf:
        pdf.save(
            path,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            recompress_flate=True,
        )
    assert _open(tab(), path).verdict().startswith("Valid, going by the keys")


_DROP = """(base64) => {
  const dataTransfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  dataTransfer.items.add(new File([bytes], "document"));
  document.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
}"""
_DIFFERENT = "Not valid: this file holds different certificates"


def test_a_document_that_holds_different_certificates(
    tab: OpenPage, site: Published, documents: Path
) -> None:
    """Whichever of them would be valid by itself. The command line finds the same."""
    files = [documents / "two.svg", *documents.glob("*-*.pdf")]
    files += [documents / f"{name}.svg" for name in ("plain", "cdata", "escaped", "prefixed")]
    files.append(documents / "nested.svg")
    assert len(files) == 12
    watched = tab()
    for path in files:
        # The answer to what was asked before does not stay there, as if it were about this.
        watched.open("about:blank").open(OWN + site["valid"])
        watched.whole()
        watched.page.evaluate(_DROP, b64encode(path.read_bytes()).decode())
        watched.page.get_by_text(_DIFFERENT).wait_for()
        assert watched.page.locator("section[class*=tone-]").count() == 0, path.name
        if path.suffix == ".pdf":
            assert read_document(path.read_bytes()).disagrees, path.name


@pytest.mark.parametrize("name", ["certificate.pdf", "certificate.png"])
def test_it_says_where_it_looked_in_a_pdf(tab: OpenPage, documents: Path, name: str) -> None:
    watched = _open(tab(), documents / name)
    assert ("In the PDF, the attached files" in watched.text()) is name.endswith(".pdf")
    watched.page.get_by_label("Language").select_option("de")
    watched.page.locator("html[lang=de]").wait_for()
    assert ("Im PDF wurden die angehängten" in watched.text()) is name.endswith(".pdf")


def test_an_encrypted_document_is_told(tab: OpenPage, documents: Path, tmp_path: Path) -> None:
    with pikepdf.open(documents / "certificate.pdf") as pdf:
        pdf.save(tmp_path / "e.pdf", encryption=pikepdf.Encryption(user="x", owner="y"))
    watched = _open(tab(), tmp_path / "e.pdf")
    watched.page.get_by_text("This PDF is encrypted").wait_for()
