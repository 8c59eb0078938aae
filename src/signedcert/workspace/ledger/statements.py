"""The statements in the ledger: ids reserved, tokens recorded, both found again."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from signedcert.model.code import code_from_id
from signedcert.trust.key_entry import token_digest
from signedcert.workspace.ledger.ended import refuse_ended
from signedcert.workspace.ledger.opening import OpenLedger
from signedcert.workspace.ledger.positions import take
from signedcert.workspace.ledger.values import (
    ID_SIZE,
    KID_SIZE,
    Counts,
    DuplicateIdError,
    Issued,
    Recording,
    StatusIndex,
    place,
    seconds,
)

COLUMNS = "id, list, idx, kid, media_type, issued_at, digest, supersedes, superseded_by, token"
_RESERVE = """
INSERT INTO issued (id, list, idx, reserved_at) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE
SET list = excluded.list, idx = excluded.idx, reserved_at = excluded.reserved_at
WHERE digest IS NULL
"""
# Of a row that is reserved, only the token with the reserved index may become the record.
_RECORD = """
INSERT INTO issued (id, list, idx, kid, media_type, issued_at, digest, token)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE
SET kid = excluded.kid, media_type = excluded.media_type, issued_at = excluded.issued_at,
    digest = excluded.digest, token = excluded.token
WHERE digest IS NULL AND list IS excluded.list AND idx IS excluded.idx
"""
_PAGE = 500


class IssuedStatements(OpenLedger):
    """What was issued."""

    def reserve(self, ids: Sequence[bytes], at: datetime) -> list[StatusIndex]:
        """An index for each id, and the ids taken with them, durably and all or none.

        An id that was reserved but never got its token may be reserved again; its earlier index
        is then nobody's for ever.

        :raises DuplicateIdError: when an id stands twice in the list, or has a token already.
        :raises ValueError: for an id that has not 10 bytes.
        :raises LedgerError: when the ledger cannot be written.
        """
        seen = set[bytes]()
        for identifier in ids:
            if _sized(identifier, ID_SIZE, "an id") in seen:
                raise _duplicate(identifier, "stands twice among those to be issued")
            seen.add(identifier)
        when = seconds(at)
        with self._changing() as connection:
            refuse_ended(connection)
            blocks = take(connection, len(ids))
            indices = [index for block in blocks for index in block.indices()]
            rows = zip(ids, indices, strict=True)
            before = connection.total_changes
            connection.executemany(_RESERVE, ((id_, *place(index), when) for id_, index in rows))
            if connection.total_changes - before != len(ids):
                taken = next(each for each in ids if _digest(connection, each) is not None)
                raise _duplicate(taken, "has been issued already")
        self.begun |= {block.list for block in blocks if block.first_counter == 0}
        return indices

    def record(  # noqa: PLR0913, PLR0917 - what is recorded of a statement
        self,
        identifier: bytes,
        token: bytes,
        kid: bytes,
        media_type: str,
        issued_at: datetime,
        reference: StatusIndex | None,
    ) -> None:
        """Keeps a token, durably. Before this returned, the token must not leave the process.

        :param reference: the index in the token, or None where it carries none.
        :raises DuplicateIdError: when the id has another token, or was reserved again meanwhile:
            the token must be thrown away.
        :raises ValueError: for an id that has not 10 bytes, or a kid that has not 8.
        :raises LedgerError: when the ledger cannot be written, or the key signs nothing more.
        """
        row = Recording(identifier, token, kid, media_type, issued_at, reference)
        self.record_many([row])

    def record_many(self, recordings: Sequence[Recording], *, keep_tokens: bool = True) -> None:
        """The same for many, all or none, in one go.

        :param keep_tokens: whether the tokens are stored, too, and not their digests alone.
        :raises DuplicateIdError: as for :meth:`record`.
        """
        rows = [row_of(recording, keep_token=keep_tokens) for recording in recordings]
        with self._database.writing() as connection:
            for kid in {recording.kid for recording in recordings}:
                refuse_ended(connection, kid)
            before = connection.total_changes
            connection.executemany(_RECORD, rows)
            if connection.total_changes - before == len(rows):
                return
            for identifier, number, index, *_, digest, _ in rows:
                found = connection.execute(
                    "SELECT list, idx, digest FROM issued WHERE id = ?", (identifier,)
                ).fetchone()
                # Recorded before, and the same: whoever tries again is not told off.
                if found != (number, index, digest):
                    raise _duplicate(identifier, "has been reserved or issued again meanwhile")

    def find(self, identifier: bytes) -> Issued | None:
        """What is known of an id."""
        return self._one("id = ?", (identifier,))

    def find_by_index(self, reference: StatusIndex) -> Issued | None:
        """What is known of the statement at a place in a status list."""
        return self._one("list = ? AND idx = ?", place(reference))

    def _one(self, condition: str, values: tuple[object, ...]) -> Issued | None:
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {COLUMNS} FROM issued WHERE {condition}",  # noqa: S608 - our own words
                values,
            ).fetchone()
        return None if row is None else Issued.from_row(row)

    def signed_anew(self, kid: bytes) -> Iterator[Issued]:
        """The statements that this key signed once, and another one since.

        :raises LedgerError: when the ledger cannot be read.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT DISTINCT issued.id FROM earlier_tokens "
                "JOIN issued ON issued.id = earlier_tokens.id "
                "WHERE earlier_tokens.kid = ?1 AND issued.kid != ?1 "
                "AND issued.token IS NOT NULL ORDER BY issued.sequence",
                (kid,),
            ).fetchall()
        for (identifier,) in rows:
            found = self.find(identifier)
            assert found is not None  # no statement is ever removed
            yield found

    def tokens(self, kid: bytes | None = None) -> Iterator[Issued]:
        """The statements whose tokens were kept, in the order of their reservation.

        One that is recorded meanwhile may be among them or not.

        :param kid: only those signed by this key.
        :raises LedgerError: when the ledger cannot be read.
        """
        last = 0
        while True:
            # Page by page: an open question would keep SQLite from tidying up behind writers.
            with self._database.reading() as connection:
                rows = connection.execute(
                    f"SELECT sequence, {COLUMNS} FROM issued WHERE sequence > ? "  # noqa: S608 - our own words
                    "AND token IS NOT NULL AND (? IS NULL OR kid = ?) ORDER BY sequence LIMIT ?",
                    (last, kid, kid, _PAGE),
                ).fetchall()
            if not rows:
                return
            yield from (Issued.from_row(row[1:]) for row in rows)
            last = rows[-1][0]

    def digests(self, kid: bytes) -> bytes:
        """The 16-byte digests of everything the key signed, ascending, one after another."""
        with self._database.reading() as connection:
            return digests_in(connection, kid)

    def counts(self) -> Counts:
        """How much it holds."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT count(digest), count(*) - count(digest), (SELECT count(*) FROM events) "
                "FROM issued"
            ).fetchone()
        return Counts(*row)


def digests_in(connection: sqlite3.Connection, kid: bytes) -> bytes:
    """The digests of everything the key signed, ascending, one after another."""
    rows = connection.execute(
        "SELECT digest FROM issued WHERE kid = ?1 UNION "
        "SELECT digest FROM earlier_tokens WHERE kid = ?1 ORDER BY digest",
        (kid,),
    )
    return b"".join(digest for (digest,) in rows)


def row_of(recording: Recording, *, keep_token: bool) -> tuple[Any, ...]:
    """A statement as a row: id, list, index, kid, media type, moment, digest, token.

    :raises ValueError: for an id that has not 10 bytes, or a kid that has not 8.
    """
    identifier, token, kid, media_type, issued_at, reference = recording
    _sized(identifier, ID_SIZE, "an id")
    _sized(kid, KID_SIZE, "a kid")
    where = (None, None) if reference is None else place(reference)
    kept = token if keep_token else None
    when = seconds(issued_at)
    return identifier, *where, kid, media_type, when, token_digest(token), kept


def _sized(value: bytes, size: int, what: str) -> bytes:
    if not isinstance(value, bytes) or len(value) != size:
        raise ValueError(f"{what} has {size} bytes")
    return value


def _digest(connection: sqlite3.Connection, identifier: bytes) -> bytes | None:
    row = connection.execute("SELECT digest FROM issued WHERE id = ?", (identifier,)).fetchone()
    return None if row is None else row[0]


def _duplicate(identifier: bytes, what: str) -> DuplicateIdError:
    code = code_from_id(identifier)
    return DuplicateIdError(identifier, f"the id {code} {what}; nothing was changed")
