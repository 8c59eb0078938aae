"""What comes out of somebody else's template is looked at before it is handed on."""

import io
from collections.abc import Iterator

import pikepdf

from signedcert.documents.comparing.compare import compare
from signedcert.documents.errors import DocumentUnreadable, TemplateError
from signedcert.documents.inputs import attachments
from signedcert.documents.printed import Printed
from signedcert.documents.reading.read import read_document
from signedcert.documents.report import Comparison
from signedcert.documents.variables import variables

#: As many as pictures of it may have.
PAGES_MAX = 200
_LINKS = ("https://", "http://", "mailto:")


def check_own_result(pdf: bytes, printed: Printed, language: str | None = None) -> None:
    """Sees that a PDF carries what it should and nothing else, and says what was signed.

    :param language: of the words, where it is not the certificate's own.
    :raises TemplateError: when a file is missing, was changed or added, a link or QR code leads to
        something else, or a reader would find that the text contradicts what was signed.
    """
    _check_parts(pdf, printed, language)
    try:
        document = read_document(pdf)
    except DocumentUnreadable as error:
        raise TemplateError(f"what the template makes cannot be read back: {error}") from error
    if document.disagrees:
        raise TemplateError("the template shows a link or QR code of another certificate")
    report = compare(document, printed.statement)
    if report.outcome is Comparison.NOT_CHECKED:
        raise TemplateError("the template prints no text, so nobody could compare it")
    if report.contradictions:
        first = report.contradictions[0]
        what = "other text" if first.field is None else f"{first.field}, signed as {first.signed!r}"
        raise TemplateError(
            f"who reads what the template makes would find a contradiction ({first.kind}): {what}; "
            "learner, course, institution, award, result and dates must be printed as they come"
        )


def _check_parts(pdf: bytes, printed: Printed, language: str | None) -> None:
    expected = {each["name"]: bytes(each["bytes"]) for each in attachments(printed)}
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            pages = len(opened.pages)
            found = {
                name: spec.get_file().read_bytes() for name, spec in opened.attachments.items()
            }
            links = [] if pages > PAGES_MAX else [*_links(opened)]
            title = str(opened.docinfo.get("/Title", ""))
    except pikepdf.PdfError as error:
        raise TemplateError(f"what the template makes is no whole PDF: {error}") from error
    if pages > PAGES_MAX:
        raise TemplateError(f"the template makes {pages} pages; {PAGES_MAX} are the most")
    if title != variables(printed, language=language)["title"]:
        raise TemplateError("the template changed the title of the PDF; leave it to signedcert")
    if found != expected:
        strange = sorted(found.keys() ^ expected.keys()) or sorted(expected)
        raise TemplateError(
            f"the template changed what is attached to the PDF ({', '.join(strange)}); leave "
            "attaching to signedcert"
        )
    for link in links:
        if not link.startswith(_LINKS):
            raise TemplateError(
                f"the template links to {link[:60]!r}; only web and mail links are taken"
            )


def _links(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Where its annotations lead outside; an action of another kind has an empty address."""
    for page in pdf.pages:
        for note in page.get("/Annots", pikepdf.Array()):
            action = note.get("/A")
            if action is not None and action.get("/S") != "/GoTo":
                yield str(action.get("/URI", ""))
