"""What stands in the learner's own list of shares, and every way in which it may not be so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError, model_validator

from signedcert.model.code import id_from_code
from signedcert.model.issued_record import AUDIENCE_MAX, SHARE_PLACES
from signedcert.model.leaf import Text
from signedcert.model.numbers import INTEGER_MAX
from signedcert.model.times import Moment
from signedcert.workspace.ledger.recorded_share import RecordedShare
from signedcert.workspace.ledger.values import StatusIndex

FORMAT = 1
_ThisFormat = Annotated[int, Field(ge=FORMAT, le=FORMAT)]


def _id(value: object) -> bytes:
    if not isinstance(value, str):
        raise ValueError("no text")
    return id_from_code(value)


_Id = Annotated[bytes, PlainValidator(_id)]
_Moment = Annotated[datetime, PlainValidator(Moment().check)]
_Number = Annotated[int, Field(ge=0, le=INTEGER_MAX)]
#: What is expected of each member; the words of whoever checks it are about Python.
_EXPECTED = {
    "id": "the share's printed code",
    "record": "the record's printed code",
    "slot": f"a number from 0 to {SHARE_PLACES - 1}, or null",
    "place": "two numbers, list and index, or null",
    "audience": "for whom the share is",
    "rows": "a list of texts",
    "issued_at": "a moment with its time zone",
    "expires_at": "a moment with its time zone",
    "sealed_name": "32 lower-case hexadecimal digits, or null",
}


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Entry(_Strict):
    id: _Id
    record: _Id
    slot: Annotated[int, Field(ge=0, lt=SHARE_PLACES)] | None
    place: tuple[_Number, _Number] | None
    audience: Annotated[str, PlainValidator(Text(AUDIENCE_MAX).check)]
    rows: tuple[Annotated[str, Field(min_length=1)], ...]
    issued_at: _Moment
    expires_at: _Moment
    sealed_name: Annotated[str, Field(pattern="^[0-9a-f]{32}$")] | None

    @model_validator(mode="after")
    def _check_slot(self) -> Self:
        if (self.slot is None) != (self.place is None):
            raise ValueError("it has a slot without a place, or a place without a slot")
        if self.slot is not None and self.place is not None and self.place[1] < self.slot:
            raise ValueError("its slot does not match its place")
        return self

    def share(self) -> RecordedShare:
        return RecordedShare(
            id=self.id,
            record=self.record,
            slot=self.slot,
            reference=None if self.place is None else StatusIndex(*self.place),
            audience=self.audience,
            rows=self.rows,
            issued_at=self.issued_at,
            expires_at=self.expires_at,
            sealed_name=self.sealed_name,
        )


class _Shares(_Strict):
    shares: tuple[_Entry, ...]
    format: _ThisFormat


class _Format(BaseModel):
    model_config = ConfigDict(strict=True)

    format: _ThisFormat


def parsed_list(data: bytes) -> list[RecordedShare]:
    """The shares on a list.

    :raises ValueError: when it is damaged. Says which share it is, counted from 1, and what is
        wrong with it.
    """
    try:
        # First, for a list of another format is one in which everything else may differ.
        _Format.model_validate_json(data)
        shares = [each.share() for each in _Shares.model_validate_json(data).shares]
    except ValidationError as error:
        raise ValueError(_explained(error)) from None
    _check_together(shares)
    return shares


def _explained(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    match first["loc"]:
        case ("shares", int(at), *members):
            return f"share {at + 1} on it: {_wrong(members, first['type'], first['msg'])}"
        case ("shares", *_):
            return "it has no list of shares"
        case ("format", *_):
            return "it is of another format"
        case () if first["type"] == "json_invalid":
            return "it is not JSON"
    return "it is no list of shares"


def _wrong(members: Sequence[int | str], kind: str, words: str) -> str:
    if not members:
        # The only words here that are our own.
        return words.removeprefix("Value error, ") if kind == "value_error" else "it is no share"
    name = str(members[0])
    if name not in _EXPECTED:
        return "it has a member that this version does not know"
    if kind == "missing" and len(members) == 1:
        return f"{name} is missing"
    return f"{name} has to be {_EXPECTED[name]}"


def _check_together(shares: list[RecordedShare]) -> None:
    """Refuses shares that have an id or a place in common, or places that no record can have.

    Of each edition of a record, the places are 16 in a row; those of two do not overlap.
    """
    ids: set[bytes] = set()
    taken: set[tuple[bytes, StatusIndex]] = set()
    firsts: set[tuple[bytes, int, int]] = set()
    for position, share in enumerate(shares, 1):
        if share.id in ids:
            raise ValueError(f"share {position} on it stands there twice")
        ids.add(share.id)
        if share.reference is None or share.slot is None:
            continue
        if (share.record, share.reference) in taken:
            raise ValueError(f"share {position} on it has the place of another")
        taken.add((share.record, share.reference))
        first = share.reference.index - share.slot
        near = range(first - SHARE_PLACES + 1, first + SHARE_PLACES)
        number = share.reference.list
        if any(at != first and (share.record, number, at) in firsts for at in near):
            raise ValueError(f"share {position} on it: its slot does not match its place")
        firsts.add((share.record, number, first))
