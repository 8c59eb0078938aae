"""How the scores of a statement may be written, in designs of others too."""

from signedcert.documents.printed import Statement
from signedcert.model.certificate import Certificate
from signedcert.model.course_record import Assessment
from signedcert.model.numbers import Quantity
from signedcert.model.statement import Result
from signedcert.share.withheld import Withheld

_PERCENT = 100


def scores_of(statement: Statement) -> dict[str, frozenset[str]]:
    """The forms of each score, by its field."""
    if isinstance(statement, Certificate):
        return {"result.text": forms_of(statement.result)}
    found = {}
    if isinstance(statement.final_score, Result):
        found["record.final_score.text"] = forms_of(statement.final_score)
    if not isinstance(statement.assessments, Withheld):
        shown = [each for each in statement.assessments if isinstance(each, Assessment)]
        for at, each in enumerate(shown):
            found[f"record.assessments[{at}].score"] = forms_of(each)
    return found


def forms_of(result: Result | Assessment | None) -> frozenset[str]:
    """A score as a percentage, as points of a maximum, with a decimal point and a comma."""
    if result is None or result.score is None:
        return frozenset()
    score, maximum = result.score, result.maximum
    found = set()
    if maximum is None or maximum == _PERCENT:
        found.add(f"{_plain(score)}%")
    if maximum is not None:
        found.add(f"{_plain(score)}/{_plain(maximum)}")
    return frozenset(found | {form.replace(".", ",") for form in found})


def _plain(number: Quantity) -> str:
    return f"{number:f}"
