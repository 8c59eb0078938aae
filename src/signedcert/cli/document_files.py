"""PDF files and pictures: the one certificate that they hold."""

import re
from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError
from signedcert.cli.pasted import may_be_link

if TYPE_CHECKING:
    from signedcert.documents.reading.document import Document

#: What the extra ``pdf`` brings that reading a PDF needs.
_NEEDED = ("pypdfium2", "pikepdf")
_SVG_WITHIN = 4096
_SVG = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:svg\b|\?xml|!--|!DOCTYPE\s+svg)")
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
#: How far into a file a PDF's header may stand (ISO 32000-1, annex H, note 13).
_PDF_WITHIN = 1024


class SourcesDisagree(CommandError):
    """A document that holds different certificates, or a damaged one beside another.

    :ivar document: the document.
    """

    def __init__(self, name: str, document: "Document") -> None:
        places = " and ".join(place_names(document))
        super().__init__(
            f"{name}: it holds different certificates ({places}): do not rely on it",
            ExitCode.INVALID,
        )
        self.document = document


def is_document(data: bytes) -> bool:
    """Whether the bytes are those of a PDF, PNG, JPEG or SVG file."""
    return _is_pdf(data) or data.startswith(_PICTURES) or _is_svg(data[:_SVG_WITHIN])


def document_in(name: str, data: bytes) -> "Document":
    """What a document carries and shows. Nothing of it is verified.

    :param name: what the user called it.
    :raises CommandError: with NOTHING_READ when it cannot be read.
    """
    if _is_pdf(data) and not all(find_spec(each) for each in _NEEDED):
        raise CommandError(
            f"{name}: reading PDF files needs packages that are not installed: "
            "pip install 'signedcert[pdf]'",
            ExitCode.NOTHING_READ,
        )
    # Here, because they take a while to load, and links need none of it.
    from signedcert.documents.errors import DocumentUnreadable
    from signedcert.documents.reading.read import read_document

    try:
        return read_document(data)
    except DocumentUnreadable as error:
        raise CommandError(f"{name}: {error}", ExitCode.NOTHING_READ) from error


def one_content(name: str, document: "Document") -> str | bytes:
    """The token or link that a document holds, where it holds one.

    :raises CommandError: with NOTHING_READ when there is none.
    :raises SourcesDisagree: when it holds different ones.
    """
    if document.disagrees:
        raise SourcesDisagree(name, document)
    if document.carried:
        return document.carried[0].content
    # What has the form of a link, but not its beginning, is told to be a damaged one.
    likely = [text for text in document.codes if may_be_link(text)]
    if len(likely) == 1:
        return likely[0]
    raise CommandError(f"{name}: {_why_nothing(document)}", ExitCode.NOTHING_READ)


def place_names(document: "Document") -> list[str]:
    """Where a document holds something to check, in words, each place once."""
    return list(_unique(PLACES[each.source.value] for each in document.carried))


#: Places in documents, in words.
PLACES = {
    "attachment": "attached file",
    "link": "link",
    "metadata": "metadata",
    "qr_code": "QR code",
}


def _why_nothing(document: "Document") -> str:
    match document.kind.value:
        case "pdf":
            return "no certificate in the PDF: no attached token, no link, and no QR code of one"
        case "svg":
            return "no certificate in the SVG's metadata; its QR code is not read: pass a PNG"
    if document.codes:
        return "no certificate's QR code in the picture"
    return (
        "no QR code could be read in the picture; take it closer, sharper, and with a white "
        "margin around the code"
    )


def _unique(names: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(names)


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:_PDF_WITHIN]


def _is_svg(start: bytes) -> bool:
    return _SVG.match(start) is not None and b"<svg" in start
