"""What a course record has beyond a certificate, and what of it the learner withholds."""

from typing import Any

from signedcert.documents.variables.people import check_entries
from signedcert.documents.variables.results import (
    assessment_entries,
    result_entry,
    share_of,
    withheld_rows,
)
from signedcert.documents.variables.spoken import Spoken
from signedcert.model.course_record import Component, CourseFormat
from signedcert.model.identity import IdentityCheck
from signedcert.model.issued_record import ShareClaims
from signedcert.share.shared_record import SharedRecord
from signedcert.share.withheld import WITHHELD, Withheld

#: Stands where a whole field is withheld.
_WITHHELD = "withheld"


def record_entry(record: SharedRecord, spoken: Spoken) -> dict[str, Any]:
    """Everything that only records have."""
    assessments = record.assessments
    rows: str | list[dict[str, Any]] = _WITHHELD
    if not isinstance(assessments, Withheld):
        rows = assessment_entries(assessments, spoken)
    identity_note = _identity_note(record, spoken)
    return {
        "period": _period(record, spoken),
        **_format(record.course_format, spoken),
        "pass_line": _pass_line(record, rows, spoken),
        "final_score": _final_score(record, spoken),
        "assessments": rows,
        "learner_withheld": isinstance(record.learner, Withheld),
        "identity_withheld": identity_note is not None,
        "identity_note": identity_note,
        "withheld_note": _withheld_note(record, spoken),
        "share": None if record.share is None else _share(record.share, spoken),
    }


def shown_checks(record: SharedRecord, spoken: Spoken) -> list[dict[str, Any]]:
    """The identity checks that are revealed."""
    checks = record.identity_checks
    if isinstance(checks, Withheld):
        return []
    return check_entries((each for each in checks if isinstance(each, IdentityCheck)), spoken)


def _period(record: SharedRecord, spoken: Spoken) -> str | None:
    first, last = (
        None if day is None else spoken.formats.day(day)
        for day in (record.started_on, record.ended_on)
    )
    if first is not None and last is not None:
        return spoken.say("print", "period_between", **{"from": first, "to": last})
    if first is not None:
        return spoken.say("print", "period_from", date=first)
    return None if last is None else spoken.say("print", "period_to", date=last)


def _format(how: CourseFormat | None, spoken: Spoken) -> dict[str, Any]:
    score = None if how is None else how.passing_score
    percent = None if score is None else spoken.formats.percent(score)
    return {
        "format": [] if how is None else [_component(each, spoken) for each in how.components],
        "passing_score": percent,
        "passing_share": share_of(score),
        "passing_rule": None if how is None else how.passing_rule,
    }


def _pass_line(
    record: SharedRecord, rows: str | list[dict[str, Any]], spoken: Spoken
) -> str | None:
    """What the line in the chart means. Without a row that has a score, there is no chart."""
    how = record.course_format
    has_chart = isinstance(rows, list) and any(row.get("share") is not None for row in rows)
    if how is None or how.passing_score is None or not has_chart:
        return None
    return spoken.say("table", "pass_line", percent=spoken.formats.percent(how.passing_score))


def _component(component: Component, spoken: Spoken) -> str:
    said = spoken.words.named("assessment", component.kind)
    if component.count is not None:
        said = spoken.say("print", "times", count=str(component.count), kind=said)
    if component.weight is not None:
        percent = spoken.formats.percent(component.weight)
        said = spoken.say("print", "component_weight", component=said, percent=percent)
    return said


def _final_score(record: SharedRecord, spoken: Spoken) -> dict[str, Any] | str | None:
    score = record.final_score
    if score is None:
        return None
    if isinstance(score, Withheld):
        return _WITHHELD
    return result_entry(score, spoken) | {"share": share_of(score.score, score.maximum)}


def _identity_note(record: SharedRecord, spoken: Spoken) -> str | None:
    checks = record.identity_checks
    if isinstance(checks, Withheld):
        return spoken.say("document", "withheld")
    hidden = sum(each is WITHHELD for each in checks)
    return withheld_rows(hidden, spoken) if hidden else None


def _withheld_note(record: SharedRecord, spoken: Spoken) -> str | None:
    """Where no known field is withheld, what is withheld is none that this version knows."""
    known = (record.learner, record.final_score, record.assessments, record.identity_checks)
    if not record.withholds_entries or any(each is WITHHELD for each in known):
        return None
    return spoken.say("document", "withheld_unnamed")


def _share(share: ShareClaims, spoken: Spoken) -> dict[str, Any]:
    return {
        "audience": share.audience,
        "issued_at": spoken.formats.moment(share.issued_at),
        "expires_at": spoken.formats.moment(share.expires_at),
    }
