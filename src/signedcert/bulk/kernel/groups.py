"""Fields that often say the same in many rows, validated and encoded once for all of them.

What is encoded is a certificate that the ordinary constructor made of the row's values, and of
stand-ins for what else a certificate needs. So each rule is the model's own.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Generic, NamedTuple, TypeVar

import pyarrow as pa
from pydantic import ValidationError

from signedcert.bulk.kernel.cell_keys import cell_keys, size_of
from signedcert.bulk.kernel.memory import Memory
from signedcert.bulk.kernel.pieces import LABELS, Claims, claims_of
from signedcert.bulk.kernel.plan import IssuePlan
from signedcert.bulk.kernel.schemas import ROSTER_FIELDS
from signedcert.bulk.kernel.values import UnreadableError, cells
from signedcert.codec.lower import encoded_entries
from signedcert.model.certificate import Certificate

T = TypeVar("T")

#: How many bytes each group may remember.
_BYTES_MAX = 16 << 20
_STAND_INS: Mapping[str, Any] = {
    "id": bytes(10),
    "issuer": "learn.example.edu",
    "issued_at": datetime(1970, 1, 1, tzinfo=UTC),
    "learner": {"name": "A learner"},
    "course": {"title": "A course", "institution": "An institution"},
    "completed_on": date(1970, 1, 1),
}
#: Encoded entries by label: of the claims, or of the body.
_Entries = Mapping[int, bytes]

#: The fields that are a learner's own, in the order in which they are encoded.
OWN = ("learner", "completed_on", "result", "identity_checks", "record_id")
_OWN_LABELS = [LABELS[name] for name in OWN]
assert sorted(_OWN_LABELS) == _OWN_LABELS
assert _OWN_LABELS[0] == 0


class Shared(NamedTuple):
    """The entries that are the same in many rows.

    :ivar entries: how many there are.
    :ivar after: the encodings of those that come after each of the learner's own.
    """

    entries: int
    after: tuple[bytes, ...]


class Group(Generic[T]):
    """Fields whose encodings are remembered together."""

    def __init__(
        self, names: Iterable[str], encoded: Callable[[_Entries, _Entries], tuple[T, int]]
    ) -> None:
        """:param encoded: what is made of encoded claims and body, and its size in bytes."""
        self._names = tuple(names)
        self._required = [
            field.name for field in ROSTER_FIELDS if field.required and field.name in self._names
        ]
        self._encoded = encoded
        self._memory: Memory[T] = Memory(_BYTES_MAX)

    def of_rows(
        self, columns: Mapping[str, pa.Array], rows: int, plan: IssuePlan | None = None
    ) -> list[T | None]:
        """What is made of each row; None where the rules do not allow what the row says.

        :param plan: whose issuer and moment of signing count for it.
        """
        own = {name: columns[name] for name in self._names if name in columns}
        given = dict(_STAND_INS)
        about = ""
        if plan is not None:
            given |= {"issuer": plan.issuer, "issued_at": plan.issued_at}
            about = f"{plan.issuer} {plan.issued_at}"
        memory = self._memory
        found: list[T | None] = []
        for row, key in enumerate(cell_keys(own, rows, about)):
            result = memory.get(key)
            if result is None and (made := self._made(own, row, given)) is not None:
                result, size = made
                memory.put(key, result, size + size_of(key))
            if len(key) == 1:  # there is nothing in these columns, in no row
                return [result] * rows
            found.append(result)
        return found

    def _made(
        self, columns: dict[str, pa.Array], row: int, given: dict[str, Any]
    ) -> tuple[T, int] | None:
        try:
            values = cells(columns, row)
            if any(name not in values for name in self._required):
                return None
            return self._encoded(*encoded_entries(Certificate.model_validate(given | values)))
        except (UnreadableError, ValidationError):
            return None


def _entry(name: str) -> Callable[[_Entries, _Entries], tuple[bytes, int]]:
    def encoded(_: _Entries, body: _Entries) -> tuple[bytes, int]:
        entry = body.get(LABELS[name], b"")
        return entry, len(entry)

    return encoded


def _shared(_: _Entries, body: _Entries) -> tuple[Shared, int]:
    after = [b""] * len(OWN)
    count = 0
    for label, entry in body.items():
        if label not in _OWN_LABELS:
            after[bisect_right(_OWN_LABELS, label) - 1] += entry
            count += 1
    return Shared(count, tuple(after)), sum(map(len, after))


def _claims(claims: _Entries, _: _Entries) -> tuple[Claims, int]:
    found = claims_of(claims)
    return found, len(found.before_id) + len(found.undated)


#: The period of validity, together with issuer and moment of signing.
PERIOD = Group((field.name for field in ROSTER_FIELDS if field.in_claims), _claims)
#: The course, and all else that is no learner's own.
SHARED = Group(
    (field.name for field in ROSTER_FIELDS if not field.in_claims and field.name not in OWN),
    _shared,
)
#: The learner's own but for the learner, whose names would fill any memory.
OWN_GROUPS = {name: Group((name,), _entry(name)) for name in OWN[1:]}
