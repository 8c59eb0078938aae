"""How well it was done: a result as a whole, and the assessments that make it up."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any

from signedcert.documents.variables.spoken import Spoken
from signedcert.model.course_record import Assessment
from signedcert.model.numbers import Quantity
from signedcert.model.statement import Result
from signedcert.share.withheld import Withheld

_PERCENT = 100


def result_entry(result: Result, spoken: Spoken) -> dict[str, Any]:
    """A result. Its text is null where no score is stated."""
    return {
        "text": spoken.scored(result.score, result.maximum),
        "grade": result.grade,
        "distinction": result.with_distinction,
    }


def assessment_entries(
    assessments: Iterable[Assessment | Withheld], spoken: Spoken
) -> list[dict[str, Any]]:
    """The assessments in order. A run of rows that are withheld is one entry, in its place."""
    entries = []
    for withheld, run in groupby(assessments, key=lambda each: isinstance(each, Withheld)):
        rows = list(run)
        if withheld:
            entries.append({"withheld": len(rows), "note": withheld_rows(len(rows), spoken)})
        else:
            entries += [_assessment(row, spoken) for row in rows if isinstance(row, Assessment)]
    return entries


def withheld_rows(count: int, spoken: Spoken) -> str:
    """What to say of rows that are withheld. Some may be decoys (docs/spec.md, section 15.5)."""
    return spoken.say("document", "withheld_rows", count=str(count))


def share_of(score: Quantity | None, maximum: Quantity | None = None) -> float | None:
    """How far a bar reaches, from 0 to 1: for drawing alone; None where there is nothing to draw.

    :param maximum: 100, for per cent, unless given.
    """
    whole = _PERCENT if maximum is None else maximum
    if score is None or not whole:
        return None
    return float(min(Decimal(1), max(Decimal(0), Decimal(score) / Decimal(whole))))


def _assessment(assessment: Assessment, spoken: Spoken) -> dict[str, Any]:
    formats = spoken.formats
    weight, handed_in, attempts = assessment.weight, assessment.submitted_on, assessment.attempts
    return {
        "title": assessment.title,
        "kind": spoken.words.named("assessment", assessment.kind),
        "score": spoken.scored(assessment.score, assessment.maximum),
        "share": share_of(assessment.score, assessment.maximum),
        "weight": None if weight is None else formats.percent(weight),
        "submitted_on": None if handed_in is None else formats.day(handed_in),
        "attempts": None if attempts is None else str(attempts),
        "late": assessment.late,
    }
