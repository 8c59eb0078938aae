"""Statements signed anew: the same id with another token, at the same place or at another."""

import sqlite3
from datetime import datetime

from signedcert.model.code import code_from_id
from signedcert.workspace.ledger.ended import refuse_ended
from signedcert.workspace.ledger.opening import OpenLedger
from signedcert.workspace.ledger.positions import acknowledge, check_grain
from signedcert.workspace.ledger.statements import row_of
from signedcert.workspace.ledger.status import (
    append_event,
    check_change,
    check_reason,
    current_in,
)
from signedcert.workspace.ledger.values import (
    LedgerError,
    Recording,
    StatusIndex,
    StatusValue,
    place,
    seconds,
)


class Replacements(OpenLedger):
    """Puts other tokens in the place of earlier ones, which stay known by their digests."""

    def replace(self, recording: Recording) -> None:
        """Keeps a token that states the same as an earlier one of its id, signed anew.

        :raises LedgerError: when the id was not issued, or its place in a status list is another,
            or the key signs nothing more.
        """
        row = row_of(recording, keep_token=True)
        with self._database.writing() as connection:
            refuse_ended(connection, recording.kid)
            before = _place_of(connection, recording.id)
            if before is None or before != row[1:3]:
                raise LedgerError(
                    f"{code_from_id(recording.id)} was not issued with this place in a status list"
                )
            _put(connection, row)

    def replace_record(self, recording: Recording, at: datetime, reason: str) -> None:
        """Keeps a token of an id with another place, and revokes the place before; both or neither.

        So the earlier token ends, and with it every share that was made of it; those in the ledger
        are marked as reset.

        :param recording: with a place that was allocated for it, and that nothing else ever had.
        :raises LedgerError: when the id was not issued, or has no place in a status list, or is
            withdrawn; when the new place was ever used; or the key signs nothing more.
        :raises ValueError: when the new token has no place; or for a reason that is empty or longer
            than 500 characters.
        """
        check_reason(reason)
        new, code = recording.reference, code_from_id(recording.id)
        if new is None:
            raise ValueError("the new token needs a place in a status list")
        row = row_of(recording, keep_token=True)
        with self._changing() as connection:
            refuse_ended(connection, recording.kid)
            before = _place_of(connection, recording.id)
            if before is None:
                raise LedgerError(f"{code} was not issued; nothing was changed")
            if before[0] is None:
                raise LedgerError(
                    f"{code} has no place in a status list, so what was issued before cannot be "
                    "withdrawn; nothing was changed"
                )
            old = StatusIndex(*before)
            current = current_in(connection, old)
            # What is withdrawn must not become valid by being issued anew.
            check_change("revoke", old, recording.id, current)
            if current.value is StatusValue.SUSPENDED:
                raise LedgerError(f"{code} is suspended; reinstate it first; nothing was changed")
            _check_unused(connection, old, new)
            acknowledge(connection, new, at)
            _put(connection, row)
            append_event(connection, "revoke", old, recording.id, reason, at)
            connection.execute(
                "UPDATE shares SET reset_at = ? WHERE record = ? AND reset_at IS NULL",
                (seconds(at), recording.id),
            )


def _place_of(connection: sqlite3.Connection, identifier: bytes) -> tuple[int, int] | None:
    """The place of what was issued under an id; two times None where it has none."""
    found: tuple[int, int] | None = connection.execute(
        "SELECT list, idx FROM issued WHERE id = ? AND digest IS NOT NULL", (identifier,)
    ).fetchone()
    return found


def _check_unused(connection: sqlite3.Connection, old: StatusIndex, new: StatusIndex) -> None:
    check_grain(connection, new, 1)
    taken = connection.execute("SELECT 1 FROM issued WHERE list = ? AND idx = ?", place(new))
    if new == old or taken.fetchone() or current_in(connection, new).at is not None:
        raise LedgerError(
            f"index {new.index} of status list {new.list} has been used; nothing was changed"
        )


def _put(connection: sqlite3.Connection, row: tuple[object, ...]) -> None:
    """Puts a token and its place where the earlier ones are, and keeps the earlier token."""
    identifier, *columns = row
    connection.execute(
        "INSERT INTO earlier_tokens (id, kid, digest, token) "
        "SELECT id, kid, digest, token FROM issued WHERE id = ?",
        (identifier,),
    )
    connection.execute(
        "UPDATE issued SET list = ?, idx = ?, kid = ?, media_type = ?, issued_at = ?, digest = ?, "
        "token = ? WHERE id = ?",
        (*columns, identifier),
    )
