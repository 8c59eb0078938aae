"""Makes the text of PDF files from Typst exact.

Typst sets a line as several runs where glyphs stand at different heights, as many marks do: Thai
tones, Arabic vowels, dots below and above. A letter with such a mark is then in two runs, each of
which says that it stands for both characters, so that readers of the text find the letter twice, or
find the mark elsewhere. Here the glyphs of one letter are put together again under one
``ActualText`` (ISO 32000-1, section 14.9.4). They stay where they were on the page.

What else kept ``pdftotext`` and PDFium from the exact text of names is mended as well: spaces that
they overlook, or see where there are none; and a document that is said to run from right to left,
of which PDFium turns round the words of other lines too.

Letters with vowel signs in Arabic and Hebrew remain inexact: signs are read beside their letter
with spaces around it. Where signs stand at different heights, PDFium reads a line in several.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import pikepdf

from signedcert.documents.text_layer.clusters import joined_pieces
from signedcert.documents.text_layer.encodings import Encoding, encoding_of
from signedcert.documents.text_layer.marks import told_singly
from signedcert.documents.text_layer.pieces import Piece
from signedcert.documents.text_layer.runs import Run, find_runs, fonts_elsewhere, rewritten
from signedcert.documents.text_layer.streams import with_direction, with_streams
from signedcert.documents.text_layer.tidying import meanings, tidied

__all__ = ["joined"]

#: Encodings by the font's object number.
_Known = dict[int, Encoding | None]


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    content: bytes
    encodings: Mapping[str, Encoding]
    runs: list[Run]
    pieces: list[list[Piece]]
    fixed: set[int]


def joined(pdf: bytes) -> bytes:
    """A PDF file in which every letter is in one piece.

    Only the pages' content, what fonts say of their glyphs' characters and the document's direction
    are written anew; all else stays byte for byte as it was. Pages look the same.

    :param pdf: a file that Typst wrote. Text in its vector images is left alone.
    :return: the same object where nothing was to be done; the same bytes for the same file.
    :raises ValueError: when there is something to do, and the file is not written as Typst does it.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pages = _pages(document)
        preferences = document.Root.get("/ViewerPreferences", pikepdf.Dictionary())
        backwards = preferences.get("/Direction") == "/R2L"
        catalog = document.Root.objgen[0]
    shown = (
        (page.encodings[piece.style.font], piece)
        for page in pages
        for pieces in page.pieces
        for piece in pieces
    )
    changed = meanings(shown, {number for page in pages for number in page.fixed})
    streams = {}
    for page in pages:
        tidy = [tidied(pieces, page.encodings, changed) for pieces in page.pieces]
        content = rewritten(page.content, page.runs, tidy)
        if content != page.content:
            streams[page.number] = content
        for encoding in page.encodings.values():
            if encoding.number in changed:
                streams[encoding.number] = encoding.cmap_with(changed[encoding.number])
    if backwards:
        pdf = with_direction(pdf, catalog)
    return with_streams(pdf, streams) if streams else pdf


def _pages(document: pikepdf.Pdf) -> list[_Page]:
    """The pages that have letters which can be in pieces."""
    known: _Known = {}
    pages = []
    for page in document.pages:
        encodings = _encodings(page.resources, known)
        if any(encoding.intricate for encoding in encodings.values()):
            content = page.Contents.read_bytes()
            runs = find_runs(content, encodings)
            pieces = [told_singly(each) for each in joined_pieces(runs)]
            fixed = {
                encodings[name].number for name in fonts_elsewhere(content, runs) & encodings.keys()
            }
            fixed |= _within(page.resources, known)
            pages.append(_Page(page.Contents.objgen[0], content, encodings, runs, pieces, fixed))
    return pages


def _encodings(resources: pikepdf.Object, known: _Known) -> dict[str, Encoding]:
    """The fonts of a page, by name."""
    found = {}
    for name, font in resources.get("/Font", pikepdf.Dictionary()).items():
        number = font.objgen[0]
        if number not in known:
            known[number] = encoding_of(font)
        encoding = known[number]
        if encoding is not None:
            found[name.removeprefix("/")] = encoding
    return found


def _within(resources: pikepdf.Object, known: _Known) -> set[int]:
    """The fonts of what a page draws that has content of its own: vector images and patterns."""
    numbers: set[int] = set()
    waiting, seen = [resources], set()
    while waiting:
        outer = waiting.pop()
        for kind in ("/XObject", "/Pattern"):
            for drawn in outer.get(kind, pikepdf.Dictionary()).values():
                if drawn.objgen in seen or "/Resources" not in drawn:
                    continue
                seen.add(drawn.objgen)
                waiting.append(drawn.Resources)
                inner = _encodings(drawn.Resources, known).values()
                numbers.update(encoding.number for encoding in inner)
    return numbers
