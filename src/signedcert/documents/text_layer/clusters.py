"""Letters that are in pieces, and how they are put together.

A cluster is what is shaped as a whole: a letter with its marks, a conjunct. Where its glyphs are
in several runs, each has a piece that says the whole cluster's text, one after another. What makes
that less than plain is that the next cluster may say the same.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby

from signedcert.documents.text_layer.marks import is_backwards
from signedcert.documents.text_layer.pieces import Glyph, Marked, Piece
from signedcert.documents.text_layer.runs import Run

#: A glyph, and the index of its piece.
_Placed = tuple[int, Glyph]
#: In font sizes: how far rounding moves what follows a piece.
_NEXT = 0.002


def joined_pieces(runs: Sequence[Run]) -> list[list[Piece]]:
    """The pieces of each run, where no cluster is in several.

    What was in the runs of one cluster is then in the first of them, and the others have none.
    """
    result = [list(run.pieces) for run in runs]
    for line in _lines(runs):
        pieces = [piece for at in line for piece in runs[at].pieces]
        source = [at for at in line for _ in runs[at].pieces]
        clusters = list(_clusters(pieces, source))
        for first, last in _stretches(clusters, pieces, source, runs):
            home = runs[first]
            result[first] = [
                _one([_moved(pieces[at], runs[source[at]], home) for at in cluster])
                for cluster in clusters
                if first <= source[cluster[0]] <= last
            ]
            result[first + 1 : last + 1] = [[] for _ in range(first, last)]
    return result


def _lines(runs: Sequence[Run]) -> Iterator[range]:
    """Runs that one cluster may be in: next to each other, and set alike."""
    start = 0
    for at in range(1, len(runs) + 1):
        if at < len(runs) and runs[at].follows and _alike(runs[at - 1], runs[at]):
            continue
        if at - start > 1:
            yield range(start, at)
        start = at


def _alike(one: Run, other: Run) -> bool:
    return one.setting == other.setting and one.matrix[:4] == other.matrix[:4]


def _clusters(pieces: Sequence[Piece], source: Sequence[int]) -> Iterator[list[int]]:
    """The indexes of each cluster's pieces.

    :param source: which run each piece is from. Only a cluster in several has more than one piece.
    """
    alike = groupby(range(len(pieces)), lambda at: (pieces[at].text, pieces[at].style))
    for (text, _), places in alike:
        same = list(places)
        if source[same[0]] == source[same[-1]]:
            yield from ([at] for at in same)
            continue
        glyphs = [(at, glyph) for at in same for glyph in pieces[at].glyphs]
        for cluster in _parted(text, glyphs):
            yield list(dict.fromkeys(at for at, _ in cluster))


def _stretches(
    clusters: Sequence[Sequence[int]],
    pieces: Sequence[Piece],
    source: Sequence[int],
    runs: Sequence[Run],
) -> list[tuple[int, int]]:
    """The runs, from first to last, that a cluster is in, or several that have a run in common.

    The run in which the line goes on belongs to them: what moves a mark beyond its letter moves it
    among the following ones, and readers sort by place what is not one run.
    """
    found: list[tuple[int, int]] = []
    for nth, cluster in enumerate(clusters):
        first, last = source[cluster[0]], source[cluster[-1]]
        if first == last:
            continue
        if nth + 1 < len(clusters):
            after = clusters[nth + 1][0]
            members = [_moved(pieces[at], runs[source[at]], runs[first]) for at in cluster]
            if _goes_on(_one(members), _moved(pieces[after], runs[source[after]], runs[first])):
                last = source[after]
        if found and first <= found[-1][1]:
            first, _ = found.pop()
        found.append((first, last))
    return found


def _goes_on(piece: Piece, after: Piece) -> bool:
    end = piece.pen[0] + sum(glyph.width for glyph in piece.glyphs)
    tolerance = _NEXT * piece.style.size
    return (
        piece.style == after.style
        and abs(after.pen[0] - end) < tolerance
        and abs(after.pen[1] - piece.pen[1]) < tolerance
    )


def _one(pieces: Sequence[Piece]) -> Piece:
    """One piece of those of a cluster, which begins with what takes up space."""
    if len(pieces) == 1:
        return pieces[0]
    first = next((piece for piece in pieces if piece.glyphs[0].width > 0), pieces[0])
    others = [glyph for piece in pieces if piece is not first for glyph in piece.glyphs]
    return first._replace(glyphs=(*first.glyphs, *others), marked=Marked.ACTUAL_TEXT)


def _parted(text: str, glyphs: list[_Placed]) -> Iterator[list[_Placed]]:
    """Glyphs that say the same text one after another, as the clusters that they are."""
    codes = [glyph.code for _, glyph in glyphs]
    for length in range(1, len(codes)):
        if codes == codes[:length] * (len(codes) // length):
            for start in range(0, len(codes), length):
                yield glyphs[start : start + length]
            return
    if not _has_one_base(text):
        yield glyphs
        return
    # Letters of Arabic have other glyphs at another place in the word. A cluster has one that takes
    # up space; where the text runs from right to left, the marks stand before it.
    cluster: list[_Placed] = []
    backwards = is_backwards(text)
    for placed in glyphs:
        spacing = placed[1].width > 0
        if spacing and not backwards and any(glyph.width > 0 for _, glyph in cluster):
            yield cluster
            cluster = []
        cluster.append(placed)
        if spacing and backwards:
            yield cluster
            cluster = []
    if cluster:
        yield cluster


def _has_one_base(text: str) -> bool:
    return sum(unicodedata.category(character) != "Mn" for character in text) == 1


def _moved(piece: Piece, run: Run, home: Run) -> Piece:
    """A piece in the units of another run, whose matrix differs only in where it begins."""
    if run is home:
        return piece
    a, b, c, d, e, f = run.matrix
    right, up = e - home.matrix[4], f - home.matrix[5]
    determinant = a * d - b * c
    x, y = (right * d - up * c) / determinant, (up * a - right * b) / determinant
    glyphs = tuple(glyph._replace(x=glyph.x + x, y=glyph.y + y) for glyph in piece.glyphs)
    return piece._replace(glyphs=glyphs, pen=(piece.pen[0] + x, piece.pen[1] + y))
