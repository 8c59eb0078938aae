"""A document's printed text against what was signed.

Nothing found does not mean that the document is genuine: what people see may be drawn so that
programs read something else. What is found is certain enough not to rely on the document.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator

from signedcert.documents.comparing.asserting import unsaid
from signedcert.documents.comparing.expected import Expected, Printable, Weight, printable
from signedcert.documents.comparing.folding import is_mixed
from signedcert.documents.comparing.near import nearest
from signedcert.documents.comparing.own_design import is_own
from signedcert.documents.comparing.places import (
    LINE_MAX,
    LINES_MAX,
    found_elsewhere,
    hidden_lines,
    hidden_values,
    instead_of,
)
from signedcert.documents.comparing.shown import Shown
from signedcert.documents.printed import Statement
from signedcert.documents.reading.document import Document
from signedcert.documents.reading.document import Kind as FileKind
from signedcert.documents.report import (
    Comparison,
    Contradiction,
    DocumentReport,
    Kind,
    NotChecked,
)

#: Where so much of the text is unseen, and pictures cover so much, the paper was scanned.
_SCANNED_UNSEEN, _SCANNED_COVERED = 0.8, 0.5
#: How like a value a line must be to contradict it, where designs may leave the value out.
_VERY_LIKE = 0.8
#: Numbers beside a chart are smaller than this part of the usual size.
_OF_CHARTS = 0.9


def compare(document: Document, statement: Statement) -> DocumentReport:
    """Whether a document's text contradicts a statement.

    :param document: as it was read (:func:`signedcert.documents.read_document`).
    :param statement: what was **verified** of the token that the document carries.
    """
    if document.kind is not FileKind.PDF:
        return DocumentReport(Comparison.NOT_CHECKED, reason=NotChecked.PICTURE)
    reason = _nothing_to_compare(document)
    token = next((each.frame for each in document.carried if each.frame is not None), None)
    if reason is not None or token is None:
        return DocumentReport(Comparison.NOT_CHECKED, reason=reason or NotChecked.NO_TEXT)
    links = sorted({each.page for each in document.carried if each.page is not None})
    known = printable(token.to_bytes(), statement, document.page_count, links)
    shown = Shown.of(document)
    is_ours = is_own(document.keywords, known.words.values())
    unsigned = _unsigned(shown, known, unsaid(statement)) + _noted(document)
    found = [*_not_printed(shown, known, unsigned, is_ours=is_ours)]
    found += found_elsewhere(shown, known, unsigned) if not found else ()
    found += hidden_values(document, known, unsigned)
    if is_ours:
        found += [Contradiction(Kind.UNSIGNED_TEXT, None, None, line) for line in unsigned]
        found += hidden_lines(document)
    left_out = tuple(
        each.field
        for each in known.values
        if each.weight in (Weight.VERBATIM, Weight.WORDED) and not _has(shown, each)
    )
    outcome = Comparison.CONTRADICTION_FOUND if found else Comparison.NO_CONTRADICTION_IN_TEXT_LAYER
    return DocumentReport(outcome, tuple(found), None, tuple(unsigned), left_out)


def _nothing_to_compare(document: Document) -> NotChecked | None:
    seen = unseen = 0
    for page in document.pages:
        for run in page.runs:
            count = sum(unicodedata.category(each)[0] in "LN" for each in run.text)
            seen, unseen = seen + count * run.visible, unseen + count * (not run.visible)
    if not seen and not unseen:
        return NotChecked.NO_TEXT
    is_scanned = any(page.covers >= _SCANNED_COVERED for page in document.pages)
    mostly_unseen = unseen >= _SCANNED_UNSEEN * (seen + unseen)
    return NotChecked.INVISIBLE_TEXT if is_scanned and mostly_unseen else None


def _unsigned(shown: Shown, known: Printable, unsaid_: frozenset[str]) -> list[str]:
    """Lines that are neither signed nor words of our designs, the largest first."""
    values = {form for each in known.values for form in each.forms} | known.others
    values |= {
        word
        for words in known.words.values()
        for name, word in words.items()
        if name not in unsaid_
    }
    small = _OF_CHARTS * shown.usual_size()
    beside_bars: Counter[str] = Counter()
    lines = []
    for line in shown.unexplained(values):
        numbers = line.text.split()
        if line.size <= small and known.numbers.issuperset(numbers):
            beside_bars.update(numbers)
            # Each stands there once. Another could stand before a score.
            if all(beside_bars[each] == 1 for each in numbers):
                continue
        lines.append(line)
    ordered = sorted(lines, key=lambda line: -line.size)
    texts = dict.fromkeys(line.text[:LINE_MAX] for line in ordered)
    return list(texts)[:LINES_MAX]


def _noted(document: Document) -> list[str]:
    """Comments, stamps and form fields. Programs disagree about which of them they draw."""
    return [f"{kind}: {words}"[:LINE_MAX] for kind, words in document.notes[:LINES_MAX]]


def _has(shown: Shown, value: Expected) -> bool:
    """Whether a value is printed, or its words, where lines in both directions mix them up."""
    if shown.has(value.forms):
        return True
    may_mix = value.weight is not Weight.CORE or is_mixed(value.signed)
    return may_mix and shown.has_words(value.forms)


def _not_printed(
    shown: Shown, known: Printable, unsigned: list[str], *, is_ours: bool
) -> Iterator[Contradiction]:
    for each in known.values:
        # Programs put right-to-left text in other orders, so what stands together is not told.
        if _has(shown, each) or (each.weight is Weight.TOGETHER and shown.across.text):
            continue
        if is_ours or each.weight is Weight.CORE:
            printed = instead_of(each, unsigned)
        elif each.weight is Weight.VERBATIM:
            printed = nearest(each.signed, unsigned, _VERY_LIKE)
            if printed is None:
                continue
        else:
            continue
        yield Contradiction(Kind.NOT_PRINTED, each.field, each.signed, printed)
