"""A course record as its holder shows it: what is revealed, and what is withheld."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from signedcert.model.additional import FrozenMap, shown
from signedcert.model.code import code_from_id
from signedcert.model.course import Course
from signedcert.model.course_record import Assessment, CourseFormat
from signedcert.model.identity import IdentityCheck
from signedcert.model.issued_record import ShareClaims, SharePlaces, VisibleRecord
from signedcert.model.octets import ConfirmationKey
from signedcert.model.people import Person
from signedcert.model.statement import Result, StatusReference
from signedcert.share.revealing import Revealed
from signedcert.share.withheld import WITHHELD, Withheld


@dataclass(frozen=True, slots=True)
class SharedRecord:
    """What the issuer signed of a course record, as far as its holder reveals it.

    A field that may be withheld is :data:`WITHHELD` unless it is revealed, and never left out:
    None, or no rows, means that the holder showed that there is nothing. A list that is revealed
    may have rows that are WITHHELD; some of these may be decoys, so how many rows there are is not
    known unless none is withheld.

    :ivar learner: whose record it is.
    :ivar final_score: the final score.
    :ivar assessments: the assessments, in order.
    :ivar identity_checks: how the work was tied to the learner.
    :ivar holder_key: the Ed25519 key whose holder may share the record, 32 bytes.
    :ivar share_places: where resets of shares are published, or None.
    :ivar withholds_entries: whether the holder left a digest of the record's body unrevealed: of a
        field that is WITHHELD, of one that only a later version knows, or a decoy.
    :ivar share: what the holder signed: for whom, from when to when; None where it is no share, or
        the holder's signature was not verified.

    The other fields are those of :class:`signedcert.CourseRecord`, and always visible.
    """

    id: bytes
    issuer: str
    issued_at: datetime
    valid_from: datetime | None
    expires_at: datetime | None
    learner: Person | Withheld | None
    course: Course
    started_on: date | None
    ended_on: date | None
    course_format: CourseFormat | None
    final_score: Result | Withheld | None
    assessments: tuple[Assessment | Withheld, ...] | Withheld
    identity_checks: tuple[IdentityCheck | Withheld, ...] | Withheld
    language: str | None
    status: StatusReference | None
    holder_key: bytes
    share_places: SharePlaces | None
    withholds_entries: bool
    share: ShareClaims | None
    additional: FrozenMap
    additional_claims: FrozenMap

    @property
    def code(self) -> str:
        """The record's id as it is printed."""
        return code_from_id(self.id)

    @property
    def is_complete(self) -> bool:
        """Whether it is certain that nothing is withheld."""
        lists = (self.assessments, self.identity_checks)
        return not self.withholds_entries and not any(
            isinstance(rows, tuple) and WITHHELD in rows for rows in lists
        )

    def to_json(self) -> dict[str, Any]:
        """In JSON's types: what is withheld as ``{"withheld": true}``; what is absent left out."""
        found: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and value not in ((), {}):
                found[field.name] = _json(field.name, value)
        return found


def shared_record(
    visible: VisibleRecord, revealed: Revealed, share: ShareClaims | None
) -> SharedRecord:
    """The record that was signed, revealed and perhaps shared."""
    known = visible.__dict__
    values = revealed.values
    additional = known["additional"]
    if revealed.additional:
        # In the order of labels, as everywhere.
        additional = FrozenMap(sorted({**additional, **revealed.additional}.items()))
    return SharedRecord(
        known["id"],
        known["issuer"],
        known["issued_at"],
        known["valid_from"],
        known["expires_at"],
        values["learner"],
        known["course"],
        known["started_on"],
        known["ended_on"],
        known["course_format"],
        values["final_score"],
        values["assessments"],
        values["identity_checks"],
        known["language"],
        known["status"],
        known["holder_key"],
        known["share_places"],
        revealed.hidden,
        share,
        additional,
        known["additional_claims"],
    )


def _json(name: str, value: Any) -> Any:
    match value:
        case Withheld():
            return {"withheld": True}
        case tuple():
            return [_json(name, each) for each in value]
        case BaseModel():
            return value.model_dump(mode="json", exclude_defaults=True)
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case FrozenMap():
            return {str(label): shown(each) for label, each in value.items()}
        case bytes() if name == "holder_key":
            return ConfirmationKey().to_json(value)
        case bytes():
            return code_from_id(value)
    return value
