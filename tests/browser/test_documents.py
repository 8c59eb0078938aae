"""Certificates as documents, dropped on the page: the token is found in each kind of file."""

from pathlib import Path

import pikepdf
import pytest
from school import LEARNER, Published

import signedcert as sc
from conftest import OWN, OpenPage, Watched
from signedcert.documents import Printed, Printer


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
    return folder


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


def test_a_drawing_that_carries_another_certificate_than_it_shows(
    tab: OpenPage, documents: Path
) -> None:
    watched = _open(tab(), documents / "two.svg")
    watched.page.get_by_text("There are several certificates in this file.").first.wait_for()
