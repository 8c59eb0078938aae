"""The text layer of a page as runs in reading order, and as lines from left to right."""

import unicodedata
from collections.abc import Iterator

from signedcert.documents.reading.document import Run
from signedcert.documents.reading.pdf_characters import Character

#: A gap between words, as a part of the letters' size.
_GAP = 0.15
_LINE_ENDS = "\r\n"


def runs_of(characters: list[Character]) -> Iterator[Run]:
    """The characters as runs of one size, of which all or none can be seen."""
    text, size, visible = "", 0.0, True
    for each in characters:
        character = "\n" if each.text in _LINE_ENDS else each.text
        if text and (round(each.size, 1), each.visible) != (size, visible):
            yield Run(text, size, visible)
            text = ""
        if not text:
            size, visible = round(each.size, 1), each.visible
        if character != "\n" or not text.endswith("\n"):
            text += character
        if each.ends_line:
            text += "\n"
    if text:
        yield Run(text, size, visible)


def across(characters: list[Character]) -> list[str]:
    """The lines that can be seen, from left to right as they stand on the page.

    Only of a page with letters that are written from right to left: programs put the words of such
    lines in another order, also those of other scripts.
    """
    if not any(unicodedata.bidirectional(each.text) in ("R", "AL") for each in characters):
        return []
    rows: dict[int, list[Character]] = {}
    for each in characters:
        if each.owner and each.visible and not each.text.isspace():
            rows.setdefault(round(each.line), []).append(each)
    return [_row(row) for _, row in sorted(rows.items(), reverse=True)]


def _row(row: list[Character]) -> str:
    text, end = "", None
    for each in sorted(row, key=lambda each: each.box[0]):
        if end is not None and each.box[0] - end > each.size * _GAP:
            text += " "
        text += each.text
        end = each.box[2]
    return text
