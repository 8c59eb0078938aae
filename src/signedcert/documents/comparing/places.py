"""Values that are printed, but not where people look: in small print, on another page, unseen."""

from collections import Counter
from collections.abc import Iterator

from signedcert.documents.comparing.expected import Expected, Printable, Weight
from signedcert.documents.comparing.near import nearest
from signedcert.documents.comparing.printed_words import Word
from signedcert.documents.comparing.shown import Shown
from signedcert.documents.comparing.stream import Stream
from signedcert.documents.reading.document import Document
from signedcert.documents.report import Contradiction, Kind

NAME = "learner.name"
_SCORES = ("result.text", "final_score.text", ".score")
#: What a certificate or a transcript says together, on one page.
_TOGETHER = (NAME, "course.title", "institution", "completed_on")
#: Print smaller than this, in points; of the learner's name also as a part of the usual size.
_SMALL, _SMALLER = 6.0, 0.75
#: How like a value a line must be to be named as what is printed instead.
_LIKE = 0.6
#: Lines that are named, and characters of each.
LINES_MAX, LINE_MAX = 20, 200


def found_elsewhere(shown: Shown, known: Printable, unsigned: list[str]) -> Iterator[Contradiction]:
    """What is not on one page with the rest, or so small that another name may stand above it.

    :param unsigned: lines that nobody signed, the largest first.
    """
    core = {each.field: each for each in _core(known) if each.field in _TOGETHER}
    pages = {field: shown.pages_of(each.forms) for field, each in core.items()}
    count = Counter(page for found in pages.values() for page in found)
    # The page with the most of it; of several, the first.
    main = max(sorted(count), key=count.__getitem__, default=0)
    for field, found in pages.items():
        if main not in found:
            yield _contradicts(Kind.NOT_TOGETHER, core[field], unsigned)
    for field, each in core.items():
        size = shown.largest(each.forms)
        least = max(_SMALL, _SMALLER * shown.usual_size()) if field == NAME else _SMALL
        if size is not None and size < least:
            yield _contradicts(Kind.SMALL_PRINT, each, unsigned)


def hidden_values(
    document: Document, known: Printable, unsigned: list[str]
) -> Iterator[Contradiction]:
    """What every design prints, where it is covered or otherwise unseen."""
    everything = Stream.of((page.runs for page in document.pages), lambda _word: True)
    seen = Stream.of((page.runs for page in document.pages), lambda word: word.visible)
    for each in _core(known):
        form = next((form for form in each.forms if everything.spans(form)), None)
        if form is not None and len(everything.spans(form)) > len(seen.spans(form)):
            yield _contradicts(Kind.HIDDEN_TEXT, each, unsigned)


def hidden_lines(document: Document) -> Iterator[Contradiction]:
    """All text that programs read and people do not see."""

    def is_hidden(word: Word) -> bool:
        return not word.visible

    hidden = Stream.of((page.runs for page in document.pages), is_hidden)
    texts = dict.fromkeys(line.text[:LINE_MAX] for line in hidden.shown)
    for text in list(texts)[:LINES_MAX]:
        yield Contradiction(Kind.HIDDEN_TEXT, None, None, text)


def instead_of(value: Expected, unsigned: list[str]) -> str | None:
    """What is likely to be printed in place of a value.

    In place of a name or a title, the most prominent line that nobody signed; in place of a score,
    the most prominent one with a number.
    """
    near = nearest(value.signed, unsigned, _LIKE)
    if near is None and value.field in (NAME, "course.title"):
        return next(iter(unsigned), None)
    if near is None and value.field.endswith(_SCORES):
        return next((line for line in unsigned if any(map(str.isdigit, line))), None)
    return near


def _contradicts(kind: Kind, value: Expected, unsigned: list[str]) -> Contradiction:
    return Contradiction(kind, value.field, value.signed, instead_of(value, unsigned))


def _core(known: Printable) -> list[Expected]:
    return [each for each in known.values if each.weight is Weight.CORE]
