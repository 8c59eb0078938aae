"""What was signed and has no place elsewhere in a document, so that nothing is left out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from signedcert.documents.languages.words import Direction
from signedcert.documents.variables.spoken import Spoken
from signedcert.model.additional import FrozenMap, shown
from signedcert.model.certificate import Certificate, Skill
from signedcert.model.code import code_from_id
from signedcert.model.identity import IdentityCheck
from signedcert.model.labelled import Labelled
from signedcert.model.octets import ConfirmationKey
from signedcert.model.statement import Signed
from signedcert.share.shared_record import SharedRecord

#: Fields that hold models, and their names in the catalogue.
_PARTS = {
    "learner": ("section", "learner"),
    "course": ("section", "course"),
    "result": ("field", "result"),
    "signatories": ("section", "signatories"),
    "skills": ("section", "skills"),
    "awarding_body": ("field", "awarding_body"),
    "identity_checks": ("section", "identity_checks"),
    "course_format": ("section", "format"),
    "final_score": ("field", "final_score"),
    "assessments": ("section", "assessments"),
    "share": ("section", "share"),
}


def detail_entries(statement: Certificate | SharedRecord, spoken: Spoken) -> list[dict[str, str]]:
    """Label, value and the value's direction, in order."""
    details = _Details(spoken)
    rows = [*details.of_statement(statement)]
    if isinstance(statement, Certificate):
        rows += details.of_certificate(statement)
    else:
        rows += details.of_record(statement)
    rows += details.of_parts(statement)
    rows += details.additional(statement)
    return [
        {"label": label, "value": value, "direction": direction} for label, value, direction in rows
    ]


_Row = tuple[str, str, Direction]


@dataclass(frozen=True, slots=True)
class _Details:
    spoken: Spoken

    def of_statement(self, statement: Certificate | SharedRecord) -> Iterator[_Row]:
        """What certificates and records have in common."""
        formats = self.spoken.formats
        yield self._code("id", statement.code)
        yield self._code("issuer", statement.issuer)
        yield self._text("issued_at", formats.moment(statement.issued_at))
        if statement.valid_from is not None:
            yield self._text("valid_from", formats.moment(statement.valid_from))
        if statement.expires_at is not None:
            yield self._text("expires_at", formats.moment(statement.expires_at))
        if statement.language is not None:
            yield self._text("document_language", self.spoken.language(statement.language))
        if statement.course.language is not None:
            yield self._text("language", self.spoken.language(statement.course.language))
        if statement.status is not None:
            place = {"list": str(statement.status.list), "index": str(statement.status.index)}
            yield self._text("status", self.spoken.say("value", "list_index", **place))

    def of_certificate(self, certificate: Certificate) -> Iterator[_Row]:
        """What only certificates have."""
        if certificate.record_id is not None:
            yield self._code("record_id", code_from_id(certificate.record_id))
        for skill in certificate.skills:
            if isinstance(skill, Skill):
                yield self._row("section", "skills", self._beside(skill.name, skill.url))

    def of_record(self, record: SharedRecord) -> Iterator[_Row]:
        """What only records have."""
        places, share = record.share_places, record.share
        if places is not None:
            place = {"list": str(places.list), "first": str(places.first)}
            yield self._text("share_places", self.spoken.say("value", "list_first", **place))
        yield self._code("holder_key", str(ConfirmationKey().to_json(record.holder_key)["x"]))
        if share is not None:
            yield self._code("share_id", code_from_id(share.id))
            yield self._code("slot", str(share.slot))

    def of_parts(self, statement: Certificate | SharedRecord) -> Iterator[_Row]:
        """Digests of portraits."""
        checks = statement.identity_checks
        for check in checks if isinstance(checks, tuple) else ():
            if isinstance(check, IdentityCheck) and check.portrait_digest is not None:
                yield self._code("portrait_digest", check.portrait_digest.hex())

    def additional(self, statement: Certificate | SharedRecord) -> Iterator[_Row]:
        """What a later version wrote, wherever it stands, as it was signed."""
        yield from self._unknown("", statement.additional)
        yield from self._unknown("", statement.additional_claims)
        for field, (group, name) in _PARTS.items():
            for each in _models(getattr(statement, field, None)):
                yield from self._below(self.spoken.say(group, name), each)

    def _below(self, where: str, model: Labelled) -> Iterator[_Row]:
        title = getattr(model, "title", None) or getattr(model, "name", None)
        if isinstance(title, str):
            where = self.spoken.words.joined([where, title])
        yield from self._unknown(where, model.additional)
        if isinstance(model, Signed):
            yield from self._unknown(where, model.additional_claims)
        for field in model.fields_by_label:
            for each in _models(getattr(model, field.name)):
                yield from self._below(where, each)

    def _unknown(self, where: str, values: FrozenMap) -> Iterator[_Row]:
        for number, value in values.items():
            plain = shown(value)
            text = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
            name = f"{where} {number}" if where else str(number)
            yield self._row("document", "additional", self._beside(name, text))

    def _beside(self, label: str, value: str) -> str:
        return self.spoken.words.labelled(label, value)

    def _text(self, field: str, value: str) -> _Row:
        return self._row("field", field, value)

    def _row(self, group: str, name: str, value: str) -> _Row:
        return self.spoken.say(group, name), value, self.spoken.direction(value)

    def _code(self, field: str, value: str) -> _Row:
        """Codes and keys are read letter by letter, from left to right in every language."""
        return self.spoken.say("field", field), value, "ltr"


def _models(value: Any) -> Iterator[Labelled]:
    if isinstance(value, Labelled):
        yield value
    elif isinstance(value, tuple):
        yield from (each for each in value if isinstance(each, Labelled))
