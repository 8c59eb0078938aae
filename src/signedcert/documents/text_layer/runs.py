"""Runs of text in a page's content: finding them, and writing them again.

A run is what Typst writes for one stretch of text at one height::

    q a b c d e f cm … BT … ET Q
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from signedcert.documents.text_layer.encodings import Encoding
from signedcert.documents.text_layer.pieces import NotUnderstoodError, Piece, read_pieces
from signedcert.documents.text_layer.writing import written

# Strings hold no line breaks as such, so that none can hold the end of a text object.
_TEXT = re.compile(rb"\nBT(.*?)\nET\nQ(?=\s|$)", re.DOTALL)
_HEAD = re.compile(rb"q ((?:-?[\d.]+ ){6})cm([^()<>\[\]]*)")
#: Longer than any head of a run, which may come after a long drawing.
_LONGEST_HEAD = 400
_FONT = re.compile(rb"/(\S+) [\d.]+ Tf")
#: A text object with a single glyph.
_ONE = re.compile(rb"[^(<\[]*(?:\([^()]{2,8}\)|<[0-9A-F]{4}>)\s*Tj")
#: Between runs of one line there is nothing but the end and the beginning of marked content.
_BETWEEN = re.compile(rb"(?:\s|EMC|/\w+<<[^<>()]*>>\s*BDC|/\w+ BMC)*")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text.

    :ivar start: where in the content it begins.
    :ivar end: where it ends.
    :ivar matrix: from its units to the page's.
    :ivar setting: what else is set for it, such as the colour.
    :ivar follows: whether nothing is drawn between it and the run before it.
    """

    start: int
    end: int
    matrix: tuple[float, ...]
    setting: bytes
    follows: bool
    pieces: tuple[Piece, ...]


def find_runs(content: bytes, encodings: Mapping[str, Encoding]) -> list[Run]:
    """The runs of a page whose letters can be in pieces, and single spaces right after them.

    What is not written as Typst does it is passed over.
    """
    intricate = {name for name, encoding in encodings.items() if encoding.intricate}
    runs: list[Run] = []
    for found in _TEXT.finditer(content):
        start = content.rfind(b"q ", max(0, found.start() - _LONGEST_HEAD), found.start())
        head = _HEAD.fullmatch(content, start, found.start()) if start >= 0 else None
        fonts = {name.decode("latin-1") for name in _FONT.findall(found[1])}
        if head is None or not fonts <= encodings.keys():
            continue
        follows = bool(runs) and _BETWEEN.fullmatch(content, runs[-1].end, start) is not None
        plain = not fonts <= intricate
        if plain and not (follows and _ONE.fullmatch(found[1])):
            continue
        try:
            pieces = read_pieces(found[1], encodings)
        except NotUnderstoodError:
            continue
        if plain and [piece.text for piece in pieces] != [" "]:
            continue
        matrix = tuple(float(part) for part in head[1].split())
        runs.append(Run(start, found.end(), matrix, head[2], follows, tuple(pieces)))
    return runs


def fonts_elsewhere(content: bytes, runs: Sequence[Run]) -> set[str]:
    """Names of the fonts that something else on the page is set in as well."""
    uses = Counter(_FONT.findall(content))
    for run in runs:
        uses.subtract(_FONT.findall(content, run.start, run.end))
    return {name.decode("latin-1") for name, count in uses.items() if count}


def rewritten(content: bytes, runs: Sequence[Run], pieces: Sequence[Sequence[Piece]]) -> bytes:
    """The content with other pieces in its runs. A run that has none left is left out.

    :param pieces: those of each run.
    """
    parts = []
    at = 0
    for run, new in zip(runs, pieces, strict=True):
        if tuple(new) == run.pieces:
            continue
        parts.append(content[at : run.start])
        if new:
            head = content[run.start : content.index(b"\nBT", run.start)]
            parts += [head, b"\nBT", written(new), b"\nET\nQ"]
        at = run.end
    parts.append(content[at:])
    return b"".join(parts)
