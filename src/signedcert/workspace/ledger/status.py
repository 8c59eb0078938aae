"""Changes of status: revoked for good, suspended and reinstated. Appended, never altered."""

import sqlite3
from datetime import datetime

from signedcert.model.code import code_from_id
from signedcert.workspace.ledger.ended import refuse_ended
from signedcert.workspace.ledger.opening import OpenLedger
from signedcert.workspace.ledger.positions import acknowledge
from signedcert.workspace.ledger.values import (
    CurrentStatus,
    Event,
    LedgerError,
    StatusIndex,
    StatusValue,
    moment,
    place,
    seconds,
)

REASON_MAX = 500
_VALUES = {
    "revoke": StatusValue.REVOKED,
    "suspend": StatusValue.SUSPENDED,
    "reinstate": StatusValue.VALID,
}
_EVENT = "SELECT at, list, idx, id, action, reason FROM events"


class StatusChanges(OpenLedger):
    """Says what is withdrawn. A token proves its own place, whether the ledger knows it or not."""

    def revoke(
        self, reference: StatusIndex, identifier: bytes | None, reason: str, at: datetime
    ) -> None:
        """Withdraws a statement for good.

        :param reference: the place that the statement carries. It counts; the id is for the record.
        :raises LedgerError: when it is revoked already, or the place cannot be, or the issuer is
            closed.
        :raises ValueError: for a reason that is empty or longer than 500 characters.
        """
        self._change("revoke", reference, identifier, reason, at)

    def suspend(
        self, reference: StatusIndex, identifier: bytes | None, reason: str, at: datetime
    ) -> None:
        """Withdraws a statement for the time being.

        :raises LedgerError: when it is suspended or revoked already, or the place cannot be.
        :raises ValueError: for a reason that is empty or longer than 500 characters.
        """
        self._change("suspend", reference, identifier, reason, at)

    def reinstate(
        self, reference: StatusIndex, identifier: bytes | None, reason: str, at: datetime
    ) -> None:
        """Ends a suspension.

        :raises LedgerError: when it is not suspended.
        :raises ValueError: for a reason that is empty or longer than 500 characters.
        """
        self._change("reinstate", reference, identifier, reason, at)

    def supersede(
        self,
        old: bytes,
        new: bytes,
        at: datetime,
        *,
        reference: StatusIndex | None = None,
    ) -> bool:
        """Links a statement to the one issued in its place, and revokes it, both or neither.

        :param reference: the old statement's place, where the ledger does not know it.
        :return: whether it is revoked now: not where it has no place in a status list.
        :raises LedgerError: when the new one was not issued, or either is linked already.
        """
        with self._changing() as connection:
            refuse_ended(connection)
            rows = {
                each: connection.execute(
                    "SELECT list, idx, supersedes, superseded_by FROM issued WHERE id = ? "
                    "AND digest IS NOT NULL",
                    (each,),
                ).fetchone()
                for each in (old, new)
            }
            if old == new or rows[new] is None:
                raise LedgerError(f"{code_from_id(new)} was not issued as another statement")
            before, after = rows[old], rows[new]
            if after[2] is not None or (before is not None and before[3] is not None):
                raise LedgerError(
                    f"{code_from_id(old)} or {code_from_id(new)} is part of another replacement"
                )
            connection.execute("UPDATE issued SET supersedes = ? WHERE id = ?", (old, new))
            connection.execute("UPDATE issued SET superseded_by = ? WHERE id = ?", (new, old))
            if before is not None and before[0] is not None:
                reference = StatusIndex(*before[:2])
            if reference is None:
                return False
            if current_in(connection, reference).value is not StatusValue.REVOKED:
                append_event(connection, "revoke", reference, old, "superseded", at)
            return True

    def status(self, reference: StatusIndex) -> CurrentStatus:
        """What holds now of a place: VALID, with no moment, where nothing was ever said."""
        with self._database.reading() as connection:
            return current_in(connection, reference)

    def history(self, reference: StatusIndex) -> list[Event]:
        """What happened to a place, oldest first."""
        with self._database.reading() as connection:
            condition = "WHERE list = ? AND idx = ? ORDER BY sequence"
            return _events(connection.execute(f"{_EVENT} {condition}", place(reference)))

    def history_by_id(self, identifier: bytes) -> list[Event]:
        """What happened to a statement, also where the ledger does not know it; oldest first."""
        condition = (
            "WHERE id = ? OR (list, idx) = (SELECT list, idx FROM issued WHERE id = ?) "
            "ORDER BY sequence"
        )
        with self._database.reading() as connection:
            return _events(connection.execute(f"{_EVENT} {condition}", (identifier, identifier)))

    def changed(self, number: int) -> list[tuple[int, StatusValue]]:
        """All indices of a list that are revoked or suspended now, ascending: what to publish."""
        with self._database.reading() as connection:
            return changed_in(connection, number)

    def _change(
        self,
        action: str,
        reference: StatusIndex,
        identifier: bytes | None,
        reason: str,
        at: datetime,
    ) -> None:
        check_reason(reason)
        with self._changing() as connection:
            refuse_ended(connection)
            check_change(action, reference, identifier, current_in(connection, reference))
            append_event(connection, action, reference, identifier, reason, at)


def check_reason(reason: str) -> None:
    """Refuses what is no reason.

    :raises ValueError: when it is empty or longer than 500 characters.
    """
    if not 0 < len(reason.strip()) <= len(reason) <= REASON_MAX:
        raise ValueError(f"a reason has 1 to {REASON_MAX} characters")


def changed_in(connection: sqlite3.Connection, number: int) -> list[tuple[int, StatusValue]]:
    """All indices of a list that are revoked or suspended, ascending."""
    return [
        (index, value)
        for index, (value, _) in last_events(connection, number).items()
        if value is not StatusValue.VALID
    ]


def last_events(
    connection: sqlite3.Connection, number: int
) -> dict[int, tuple[StatusValue, datetime]]:
    """What was said last of each index of a list that was ever spoken of, ascending; and when."""
    # With max(), SQLite takes the other columns from the row that has it.
    rows = connection.execute(
        "SELECT idx, action, at, max(sequence) FROM events WHERE list = ? "
        "GROUP BY idx ORDER BY idx",
        (number,),
    )
    return {index: (_VALUES[action], moment(at)) for index, action, at, _ in rows}


def check_change(
    action: str, reference: StatusIndex, identifier: bytes | None, current: CurrentStatus
) -> None:
    """Refuses a change that may not follow what holds now.

    :raises LedgerError: when that is so.
    """
    place_ = f"index {reference.index} of status list {reference.list}"
    where = place_ if identifier is None else f"{code_from_id(identifier)} ({place_})"
    since = "" if current.at is None else f" since {current.at:%Y-%m-%d %H:%M:%S} UTC"
    why = f"{since} (reason: {current.reason})"
    if current.value is StatusValue.REVOKED:
        raise LedgerError(f"{where} has been revoked{why}; that is final")
    if action == "suspend" and current.value is StatusValue.SUSPENDED:
        raise LedgerError(f"{where} has been suspended{why}; nothing was changed")
    if action == "reinstate" and current.value is not StatusValue.SUSPENDED:
        raise LedgerError(f"{where} is not suspended; there is nothing to reinstate")


def append_event(  # noqa: PLR0913, PLR0917 - the columns of the table
    connection: sqlite3.Connection,
    action: str,
    reference: StatusIndex,
    identifier: bytes | None,
    reason: str,
    at: datetime,
) -> None:
    """Adds a change of status, whether or not the ledger handed the place out.

    :raises LedgerError: for a place that cannot be.
    """
    acknowledge(connection, reference, at)
    connection.execute(
        "INSERT INTO events (at, list, idx, id, action, reason) VALUES (?, ?, ?, ?, ?, ?)",
        (seconds(at), *place(reference), identifier, action, reason),
    )


def current_in(connection: sqlite3.Connection, reference: StatusIndex) -> CurrentStatus:
    """What holds now of a place."""
    row = connection.execute(
        "SELECT action, at, reason FROM events WHERE list = ? AND idx = ? "
        "ORDER BY sequence DESC LIMIT 1",
        place(reference),
    ).fetchone()
    if row is None:
        return CurrentStatus(StatusValue.VALID, None, None)
    return CurrentStatus(_VALUES[row[0]], moment(row[1]), row[2])


def _events(rows: sqlite3.Cursor) -> list[Event]:
    return [
        Event(moment(at), StatusIndex(number, index), identifier, action, reason)
        for at, number, index, identifier, action, reason in rows
    ]
