"""A share as the ledger keeps it: what a learner showed to whom, and until when."""

import json
import re
from datetime import datetime
from typing import Any, NamedTuple, Self

from signedcert.workspace.ledger.values import ID_SIZE, SLOTS, StatusIndex, moment, place, seconds

_SEALED_NAME = re.compile("[0-9a-f]{32}")


class RecordedShare(NamedTuple):
    """A share of a record.

    :ivar id: its 10 bytes.
    :ivar record: the id of the record that it shows a part of: 10 bytes.
    :ivar slot: which of the record's 16 places for shares it has, from 0; None where the record has
        no such places.
    :ivar reference: that place; None likewise.
    :ivar audience: for whom it was made.
    :ivar rows: the paths of what it shows, such as ``final_score`` or ``assessments[3]``.
    :ivar sealed_name: under which name its sealed file is published: 32 hexadecimal digits; None
        where it is not published.
    :ivar reset_at: since when it counts no more, or None.
    :ivar replaced_by: the id of the share that took its place, or None.
    """

    id: bytes
    record: bytes
    slot: int | None
    reference: StatusIndex | None
    audience: str
    rows: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime
    sealed_name: str | None = None
    reset_at: datetime | None = None
    replaced_by: bytes | None = None

    @classmethod
    def from_row(cls, row: tuple[Any, ...]) -> Self:
        """Of the columns of the table, in their order."""
        identifier, record, slot, number, index, audience, paths, *rest = row
        issued_at, expires_at, sealed_name, reset_at, replaced_by = rest
        return cls(
            identifier,
            record,
            slot,
            None if number is None else StatusIndex(number, index),
            audience,
            tuple(json.loads(paths)),
            moment(issued_at),
            moment(expires_at),
            sealed_name,
            None if reset_at is None else moment(reset_at),
            replaced_by,
        )

    def to_row(self) -> tuple[Any, ...]:
        """Its columns, in the order of the table.

        :raises ValueError: for ids that have not 10 bytes, a slot that is not the place's, a name
            of another form, or a moment without a time zone.
        """
        for each in (self.id, self.record):
            if not isinstance(each, bytes) or len(each) != ID_SIZE:
                raise ValueError(f"the ids of a share and of its record have {ID_SIZE} bytes")
        if self.sealed_name is not None and not _SEALED_NAME.fullmatch(self.sealed_name):
            raise ValueError("the name of a sealed share has 32 lower-case hexadecimal digits")
        if self.slot != (None if self.reference is None else self.reference.index % SLOTS):
            raise ValueError("the slot of a share is its place among the 16 of its record")
        return (
            self.id,
            self.record,
            self.slot,
            *((None, None) if self.reference is None else place(self.reference)),
            self.audience,
            json.dumps(self.rows, ensure_ascii=False),
            seconds(self.issued_at),
            seconds(self.expires_at),
            self.sealed_name,
            None if self.reset_at is None else seconds(self.reset_at),
            self.replaced_by,
        )
