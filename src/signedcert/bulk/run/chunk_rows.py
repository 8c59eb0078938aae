"""The rows of a chunk while it is worked on, and the part that they become."""

import pyarrow as pa

from signedcert.bulk.kernel.columns import roster_columns
from signedcert.bulk.kernel.plan import IssuePlan
from signedcert.bulk.kernel.preparing import prepare_columns
from signedcert.bulk.run.columns import ISSUED_NOW, KNOWN, PART
from signedcert.bulk.run.contents import certificate_of, differing
from signedcert.codec.text import verify_url
from signedcert.model.code import code_from_id
from signedcert.workspace.ledger import StatusIndex


class ChunkRows:
    """What each row of a chunk gets.

    :ivar prepared: what the kernel made of the rows.
    :ivar errors: of each row what is wrong with it; None where nothing is.
    :ivar keys: of each row its own key; None where it has none.
    :ivar outcomes: of each row what it got, one of those in ``columns``; None with an error.
    :ivar repeats: of each row whether its certificate was issued since the run began.
    :ivar first: of each id its first row.
    """

    def __init__(self, batch: pa.RecordBatch, plan: IssuePlan) -> None:
        """:raises ValueError: when the batch has other columns or types than a roster has."""
        columns = roster_columns(batch)
        self._columns = columns.by_name
        self._page = plan.page
        self.size = batch.num_rows
        self.prepared = prepare_columns(columns, self.size, plan)
        self.errors = self.prepared.errors
        self.keys = _keys(self._columns.get("key"), self.prepared.ids)
        self.outcomes: list[str | None] = [None] * self.size
        self.repeats: list[bool] = [False] * self.size
        self._codes: list[str | None] = [None] * self.size
        self._tokens: list[bytes | None] = [None] * self.size
        self._places: list[StatusIndex | None] = [None] * self.size
        self.first: dict[bytes, int] = {}
        self._again: list[tuple[int, int]] = []
        for row, identifier in enumerate(self.prepared.ids):
            if identifier is None:
                continue
            first = self.first.setdefault(identifier, row)
            if first != row:
                self._again.append((row, first))

    def issued(
        self, row: int, token: bytes, place: StatusIndex | None, other: bytes | None = None
    ) -> bytes:
        """Gives a row its certificate, which may have another id than the row's own.

        :returns: the id of the certificate.
        """
        identifier = other or self.prepared.ids[row]
        assert identifier is not None  # a row without an id has an error
        self.outcomes[row] = ISSUED_NOW
        self._codes[row] = code_from_id(identifier)
        self._tokens[row], self._places[row] = token, place
        return identifier

    def repeat(self) -> None:
        """Gives the rows that have the id of an earlier one what that one has."""
        for row, first in self._again:
            key, pieces, others = (
                self.keys[row],
                *(self.prepared.pieces[each] for each in (row, first)),
            )
            assert pieces is not None
            assert others is not None
            if key and pieces.content() != others.content():
                other = differing(certificate_of(pieces), certificate_of(others))
                self.errors[row] = (
                    f"key {key} stands with another {other} in an earlier row; use another key"
                )
                continue
            self.errors[row] = self.errors[first]
            if self.errors[row] is None:
                self.outcomes[row], self.repeats[row] = KNOWN, True
                self._codes[row] = self._codes[first]
                self._tokens[row], self._places[row] = self._tokens[first], self._places[first]

    def part(self) -> pa.RecordBatch:
        """The columns of :data:`PART`."""
        page = self._page
        links = (
            None
            if page is None
            else [None if token is None else verify_url(page, token) for token in self._tokens]
        )
        columns: dict[str, object] = {
            "line": self._columns.get("line"),
            "key": self._columns.get("key"),
            "outcome": self.outcomes,
            "code": self._codes,
            "token": self._tokens,
            "link": links,
            "status_list": [None if each is None else each.list for each in self._places],
            "status_index": [None if each is None else each.index for each in self._places],
            "learner": _inner(self._columns, "learner", "name"),
            "course": _inner(self._columns, "course", "title"),
            "repeats": self.repeats,
            "unprinted": None,
            "error": self.errors,
        }
        return pa.RecordBatch.from_arrays(
            [_array(columns[each.name], each.type, self.size) for each in PART], schema=PART
        )


def _keys(column: pa.Array | None, ids: list[bytes | None]) -> list[str | None]:
    """The rows' own keys. Of a row with an error it is not asked: it may be no text at all."""
    if column is None:
        return [None] * len(ids)
    return [None if id_ is None else key.as_py() for key, id_ in zip(column, ids, strict=True)]


def _array(values: object, wanted: pa.DataType, size: int) -> pa.Array:
    if values is None:
        return pa.nulls(size, wanted)
    if isinstance(values, pa.Array):
        return values.cast(wanted)
    return pa.array(values, wanted)


def _inner(columns: dict[str, pa.Array], name: str, field_name: str) -> pa.Array | None:
    column = columns[name]
    if not pa.types.is_struct(column.type) or column.type.get_field_index(field_name) < 0:
        return None
    # With the nulls of the structures themselves.
    return column.flatten()[column.type.get_field_index(field_name)]
