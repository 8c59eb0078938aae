"""Words of our designs that say something of the learner: printed, they must have been signed."""

from signedcert.documents.printed import Statement
from signedcert.model.certificate import Certificate
from signedcert.model.course_record import Assessment
from signedcert.model.statement import Result


def unsaid(statement: Statement) -> frozenset[str]:
    """The words, by the names that designs have for them, that a statement does not call for."""
    results: list[Result] = []
    rows: list[Assessment] = []
    if isinstance(statement, Certificate):
        results += [statement.result] if statement.result is not None else []
    else:
        results += [each for each in [statement.final_score] if isinstance(each, Result)]
        listed = statement.assessments
        if isinstance(listed, tuple):
            rows += [each for each in listed if isinstance(each, Assessment)]
    found = {"with_distinction", "late"}
    if any(each.with_distinction for each in results):
        found.discard("with_distinction")
    if any(each.late for each in rows):
        found.discard("late")
    return frozenset(found)
