"""Who learned, who signs, and how it was checked who did the work."""

from collections.abc import Iterable
from typing import Any

from signedcert.documents.variables.spoken import Spoken
from signedcert.model.identity import IdentityCheck
from signedcert.model.people import Person, Signatory
from signedcert.model.vocabulary import Vocabulary


def learner_entry(learner: Person, spoken: Spoken) -> dict[str, Any]:
    """The learner's names."""
    return {
        "name": learner.name,
        "latin_name": learner.latin_name,
        "direction": spoken.direction(learner.name),
    }


def signatory_entries(signatories: Iterable[Signatory]) -> list[dict[str, Any]]:
    """Those whose names stand under it, in order."""
    return [
        {"name": each.name, "title": each.title, "organisation": each.organisation}
        for each in signatories
    ]


def check_entries(checks: Iterable[IdentityCheck], spoken: Spoken) -> list[dict[str, Any]]:
    """Each check as one sentence, and in its parts."""
    return [_check(each, spoken) for each in checks]


def _check(check: IdentityCheck, spoken: Spoken) -> dict[str, Any]:
    method = spoken.words.named("method", check.method)
    on = None if check.performed_on is None else spoken.formats.day(check.performed_on)
    sentence = method
    performed = _performed(check.performed_by, on, spoken)
    if performed is not None:
        sentence = spoken.say("print", "check", method=method, performed=performed)
    if check.assurance is not None:
        assurance = spoken.words.named("assurance", check.assurance)
        if isinstance(check.assurance, Vocabulary):
            assurance = assurance[:1].lower() + assurance[1:]  # within a sentence
        sentence = spoken.say("print", "check_assurance", check=sentence, assurance=assurance)
    return {
        "sentence": sentence,
        "method": method,
        "performed_by": check.performed_by,
        "performed_on": on,
        "assurance": spoken.named("assurance", check.assurance),
    }


def _performed(by: str | None, on: str | None, spoken: Spoken) -> str | None:
    if by is not None and on is not None:
        return spoken.say("print", "performed_by_on", by=by, on=on)
    if by is not None:
        return spoken.say("print", "performed_by", by=by)
    return None if on is None else spoken.say("print", "performed_on", on=on)
