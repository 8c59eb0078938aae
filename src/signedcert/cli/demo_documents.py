"""The demo's certificates on paper: PDF, PNG and SVG, a transcript, and a PDF that was edited."""

from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from signedcert.cli.demo_by_hand import heading
from signedcert.cli.demo_record import RecordStory
from signedcert.cli.issuing import Issued
from signedcert.cli.record_issuing import RECORD_MODE
from signedcert.cli.screen import visible
from signedcert.model.certificate import Certificate
from signedcert.model.people import Person
from signedcert.workspace.atomic_files import replace, replace_each
from signedcert.workspace.sharing import record_page


class DocumentStory(NamedTuple):
    """What was printed.

    :ivar certificate: a certificate as PDF.
    :ivar pictures: its first page as PNG and SVG.
    :ivar others: another one in the other design, and the transcript.
    :ivar edited: the certificate with another name printed on it; its QR code is genuine.
    """

    certificate: Path
    pictures: tuple[Path, Path]
    others: tuple[Path, Path]
    edited: Path


def document_story(issued: list[Issued], story: RecordStory, page: str) -> DocumentStory:
    """Prints what the demo issued, beside the tokens.

    :raises CommandError: when the extra ``pdf`` is not installed.
    """
    from signedcert.cli.document_options import check_installed

    check_installed()
    from signedcert.documents import Design, Printed, Printer, Theme

    first, *_, last = issued
    place = first.token_file.parent / first.token_file.stem
    certificate, edited = Path(f"{place}.pdf"), Path(f"{place}-edited.pdf")
    pictures = (Path(f"{place}-page-1.png"), Path(f"{place}-page-1.svg"))
    other, transcript = last.token_file.with_suffix(".pdf"), story.token_file.with_suffix(".pdf")
    printed = Printed.of_token(first.token, page)
    with Printer() as printer:
        content = {
            certificate: printer.pdf(printed),
            pictures[0]: printer.png(printed)[0],
            pictures[1]: printer.svg(printed)[0],
            edited: printer.pdf(Printed(first.token, _of_somebody_else(first.statement), page)),
        }
        record = Printed.of_token(story.token_file.read_bytes(), record_page(page))
        # It is the learner's alone.
        replace(transcript, printer.pdf(record), mode=RECORD_MODE)
    with Printer(Theme(design=Design.MODERN)) as printer:
        content[other] = printer.pdf(Printed.of_token(last.token, page))
    replace_each(content)
    return DocumentStory(certificate, pictures, (other, transcript), edited)


def _of_somebody_else(statement: Certificate) -> Certificate:
    """What an editor of PDFs makes of it: another name, and everything else as it was."""
    return statement.model_copy(update={"learner": Person(name="Jakob Angstrom")})


def print_document_story(console: Console, story: DocumentStory) -> None:
    """Where the documents are."""
    heading(console, "6. On paper: the certificate carries its own proof")
    for path in (story.certificate, *story.pictures, *story.others):
        console.print(visible(str(path)))
    console.print(visible(f"{story.edited}: with another name on it, and the genuine QR code"))
