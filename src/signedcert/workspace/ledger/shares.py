"""Shares in the ledger: places for them, one slot for each, and their end.

A record has 16 places for its shares, consecutive indices of a status list for shares alone. They
are taken when the record is issued; a share takes one of them when it is made.

Where a restored backup has forgotten a share, its slot may be given to another: then resetting one
of them ends both. A slot whose status was ever spoken of is never given out.
"""

import secrets
import sqlite3
from datetime import datetime

from signedcert.model.code import code_from_id
from signedcert.workspace.ledger.ended import refuse_ended
from signedcert.workspace.ledger.opening import OpenLedger
from signedcert.workspace.ledger.positions import acknowledge, check_grain, take
from signedcert.workspace.ledger.recorded_share import RecordedShare
from signedcert.workspace.ledger.status import append_event, current_in
from signedcert.workspace.ledger.values import (
    SLOTS,
    LedgerError,
    StatusIndex,
    StatusValue,
    place,
    seconds,
)

RESET = "the share was reset"
_COLUMNS = (
    "id, record, slot, list, idx, audience, paths, issued_at, expires_at, sealed_name, reset_at, "
    "replaced_by"
)
_INSERT = f"INSERT INTO shares ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own words
# A share whose place was revoked, as an adopted list may say, is as good as reset; so is every
# share of a record that was.
_ENDED_NAMES = """
SELECT sealed_name FROM shares LEFT JOIN issued ON issued.id = shares.record
WHERE sealed_name IS NOT NULL GROUP BY sealed_name
HAVING NOT max(
    reset_at IS NULL AND expires_at > ? AND NOT EXISTS (
        SELECT 1 FROM events WHERE action = 'revoke' AND (
            events.list = shares.list AND events.idx = shares.idx
            OR events.list = issued.list AND events.idx = issued.idx
        )
    )
)
"""


class Shares(OpenLedger):
    """The shares that were made here, in the order of their making."""

    def allocate_share_places(self) -> StatusIndex:
        """The first of 16 consecutive indices that nobody had before, nor will have again.

        They are for the shares of one record. Durable when this returns.

        :raises LedgerError: when the ledger cannot be written, or the issuer is closed; places may
            be lost then, but none is handed out.
        """
        with self._changing() as connection:
            refuse_ended(connection)
            (block,) = take(connection, 1, grain=SLOTS)
        return block.index(0)

    def add_share(self, share: RecordedShare) -> None:
        """Keeps a share, durably. Before this returned, its link must not leave the process.

        Of a record whose places this ledger handed out, :meth:`reserve_share` picks the slot.

        :raises LedgerError: when its id or its place is another share's, the place cannot be one of
            a share, or the issuer is closed.
        :raises ValueError: as for :meth:`RecordedShare.to_row`.
        """
        row = share.to_row()
        with self._changing() as connection:
            refuse_ended(connection)
            _insert(connection, share, row)

    def reserve_share(
        self,
        share: RecordedShare,
        first: StatusIndex | None,
        *,
        of: StatusIndex | None = None,
        instead: bytes | None = None,
    ) -> RecordedShare:
        """The share with a slot that no share of its record had, and keeps it, durably.

        Chance chooses the slot: whoever sees a share learns nothing of how many there were before.
        Of two processes at once, each gets a slot of its own.

        :param share: without slot and place.
        :param first: the first of its record's 16 places; None where the record has none, and then
            the share gets neither slot nor place.
        :param of: the record's own place. A record that was withdrawn has no more shares.
        :param instead: the id of a share that it takes the place of, and that is reset with it:
            both or neither.
        :raises LedgerError: when all 16 are used, the record was withdrawn, or as for
            :meth:`add_share` and :meth:`reset_share`.
        :raises ValueError: when it has a slot or place already, ``first`` is no first place, or as
            for :meth:`RecordedShare.to_row`.
        """
        if share.slot is not None or share.reference is not None:
            raise ValueError("the ledger gives a share its slot")
        if first is not None and first.index % SLOTS:
            raise ValueError(f"the first place of a record's shares is a multiple of {SLOTS}")
        with self._changing() as connection:
            refuse_ended(connection)
            if of is not None and current_in(connection, of).value is StatusValue.REVOKED:
                raise LedgerError(
                    f"{code_from_id(share.record)} was withdrawn or issued anew: no share of this "
                    "would be valid; nothing was changed"
                )
            if first is not None:
                slot = _free_slot(connection, first, share.record)
                reference = StatusIndex(first.list, first.index + slot)
                share = share._replace(slot=slot, reference=reference)
            _insert(connection, share, share.to_row())
            if instead is not None:
                _reset(connection, instead, share.issued_at, share.id)
        return share

    def reset_share(
        self, identifier: bytes, at: datetime, *, replaced_by: bytes | None = None
    ) -> RecordedShare:
        """Ends a share: marked as reset and, where it has a place, revoked there; both or neither.

        :param replaced_by: the id of the share that was made in its place.
        :return: the share as it is now.
        :raises LedgerError: when there is no such share, or none that took its place; when it was
            reset before; or the issuer is closed.
        """
        with self._changing() as connection:
            refuse_ended(connection)
            return _reset(connection, identifier, at, replaced_by)

    def find_share(self, identifier: bytes) -> RecordedShare | None:
        """What is known of the share with an id."""
        with self._database.reading() as connection:
            return _one(connection, "id = ?", (identifier,))

    def find_share_by_place(self, reference: StatusIndex) -> RecordedShare | None:
        """What is known of the share at a place in a status list."""
        with self._database.reading() as connection:
            return _one(connection, "list = ? AND idx = ?", place(reference))

    def shares(self, record: bytes | None = None) -> list[RecordedShare]:
        """The shares of one record, or all of them, in the order of their making."""
        query = f"SELECT {_COLUMNS} FROM shares WHERE ?1 IS NULL OR record = ?1 ORDER BY sequence"  # noqa: S608 - our own words
        with self._database.reading() as connection:
            rows = connection.execute(query, (record,))
            return [RecordedShare.from_row(row) for row in rows]

    def ended_sealed_names(self, at: datetime) -> frozenset[str]:
        """The names of the sealed files whose shares are past their end, reset or revoked.

        Also those of revoked records; not of suspended ones, which may come back.
        """
        with self._database.reading() as connection:
            return frozenset(name for (name,) in connection.execute(_ENDED_NAMES, (seconds(at),)))


def _insert(connection: sqlite3.Connection, share: RecordedShare, row: tuple[object, ...]) -> None:
    if _one(connection, "id = ?", (share.id,)) is not None:
        raise LedgerError(f"there is a share {code_from_id(share.id)} already; nothing was changed")
    reference = share.reference
    if reference is not None:
        check_grain(connection, reference, SLOTS)
        other = _one(connection, "list = ? AND idx = ?", place(reference))
        if other is not None:
            raise LedgerError(
                f"index {reference.index} of status list {reference.list} is the place of the "
                f"share {code_from_id(other.id)}; nothing was changed"
            )
        acknowledge(connection, reference, share.issued_at)
    connection.execute(_INSERT, row)


def _reset(
    connection: sqlite3.Connection, identifier: bytes, at: datetime, replaced_by: bytes | None
) -> RecordedShare:
    share, code = _one(connection, "id = ?", (identifier,)), code_from_id(identifier)
    if share is None:
        raise LedgerError(f"the ledger has no share {code}; nothing was changed")
    if share.reset_at is not None:
        raise LedgerError(
            f"the share {code} has been reset since {share.reset_at:%Y-%m-%d %H:%M:%S} UTC; "
            "nothing was changed"
        )
    if replaced_by is not None and (
        replaced_by == identifier or _one(connection, "id = ?", (replaced_by,)) is None
    ):
        raise LedgerError(f"{code_from_id(replaced_by)} was not made as another share")
    connection.execute(
        "UPDATE shares SET reset_at = ?, replaced_by = ? WHERE id = ?",
        (seconds(at), replaced_by, identifier),
    )
    if share.reference is None:
        # No event says it, so that a restored backup which lost it is noticed by this.
        connection.execute("UPDATE ledger SET generation_base = generation_base + 1")
    elif current_in(connection, share.reference).value is not StatusValue.REVOKED:
        append_event(connection, "revoke", share.reference, identifier, RESET, at)
    found = _one(connection, "id = ?", (identifier,))
    assert found is not None
    return found


def _free_slot(connection: sqlite3.Connection, first: StatusIndex, record: bytes) -> int:
    rows = connection.execute(
        "SELECT idx FROM shares WHERE list = ?1 AND idx BETWEEN ?2 AND ?3 "
        "UNION SELECT idx FROM events WHERE list = ?1 AND idx BETWEEN ?2 AND ?3",
        (first.list, first.index, first.index + SLOTS - 1),
    )
    used = {index - first.index for (index,) in rows}
    free = [slot for slot in range(SLOTS) if slot not in used]
    if not free:
        code = code_from_id(record)
        raise LedgerError(
            f"all {SLOTS} places for shares of {code} are used; nothing was changed. Reissue the "
            f"record, which ends them all: signedcert share reset --all {code}"
        )
    return secrets.choice(free)


def _one(
    connection: sqlite3.Connection, condition: str, values: tuple[object, ...]
) -> RecordedShare | None:
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM shares WHERE {condition}",  # noqa: S608 - our own words
        values,
    ).fetchone()
    return None if row is None else RecordedShare.from_row(row)
