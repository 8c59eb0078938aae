"""Any file → what it carries."""

from signedcert.documents.errors import DocumentUnreadable
from signedcert.documents.reading import png, svg
from signedcert.documents.reading.document import (
    Carried,
    Document,
    Kind,
    Source,
    may_be_link,
    once,
)
from signedcert.documents.reading.pdf import read_pdf
from signedcert.qr.read import NoCodeError, PictureError, is_picture, read

#: More is never read of a file.
FILE_MAX = 64_000_000
#: How far into a file a PDF's header may stand (ISO 32000-1, annex H, note 13).
_HEADER_WITHIN = 1024
_PDF = b"%PDF-"


def kind_of(data: bytes) -> Kind | None:
    """What kind of file it is, by its first bytes; None where it is none of these."""
    if is_picture(data):
        return Kind.PNG if data.startswith(png.SIGNATURE) else Kind.JPEG
    if _PDF in data[:_HEADER_WITHIN]:
        return Kind.PDF
    return Kind.SVG if svg.is_svg(data) else None


def read_document(data: bytes) -> Document:
    """What a PDF, PNG, JPEG or SVG file carries and shows.

    **Nothing of it is verified.** A PDF is taken apart in a confined process. Of an SVG, only its
    metadata is read.

    :param data: the whole file.
    :raises DocumentUnreadable: when it is of another kind, damaged, encrypted or too large.
    """
    kind = kind_of(data)
    if kind is None:
        raise DocumentUnreadable("it is no PDF, PNG, JPEG or SVG file")
    if len(data) > FILE_MAX:
        raise DocumentUnreadable(f"it is larger than {FILE_MAX // 1_000_000} MB")
    if kind is not Kind.PDF and _PDF in data[:_HEADER_WITHIN]:
        # Programs would see one of the two, people the other.
        raise DocumentUnreadable("it is a picture and a PDF at once: save it as one of them")
    if kind is Kind.PDF:
        return read_pdf(data)
    if kind is Kind.SVG:
        return _document(kind, svg.metadata_words(data), ())
    texts = png.texts_of(data) if kind is Kind.PNG else []
    return _document(kind, [word for text in texts for word in text.split()], _codes(data))


def _codes(picture: bytes) -> tuple[str, ...]:
    try:
        return read(picture, enough=may_be_link)
    except NoCodeError:
        return ()
    except PictureError as error:
        raise DocumentUnreadable(str(error)) from error


def _document(kind: Kind, words: list[str], codes: tuple[str, ...]) -> Document:
    found = [Carried.link(Source.QR_CODE, text) for text in codes if may_be_link(text)]
    found += [Carried.link(Source.METADATA, word) for word in words if may_be_link(word)]
    return Document(kind, once(found), codes=codes)
