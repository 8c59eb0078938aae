"""The ledger's status lists: indices handed out, lists opened."""

import sqlite3
from datetime import datetime

from signedcert.workspace.ledger.opening import OpenLedger
from signedcert.workspace.ledger.positions import adopt, open_list, start_anew, take
from signedcert.workspace.ledger.values import Block, StatusIndex, StatusList


class StatusLists(OpenLedger):
    """Hands out places in status lists, each of them once."""

    def allocate(self, count: int = 1) -> list[StatusIndex]:
        """Indices that nobody had before, nor will have again. Durable when this returns.

        :raises ValueError: for a count below 1.
        :raises LedgerError: when the ledger cannot be written; indices may be lost then, but none
            is handed out.
        """
        return [index for block in self.allocate_block(count) for index in block.indices()]

    def allocate_block(self, count: int) -> list[Block]:
        """The same, unspent, for other processes: one block for each list that they come from.

        :raises ValueError: for a count below 1.
        :raises LedgerError: as for :meth:`allocate`.
        """
        if count < 1:
            raise ValueError("expected a count of at least 1")
        with self._changing() as connection:
            return take(connection, count)

    def open_first_list(self) -> None:
        """Opens a list of statements where there is none, to be published before it is needed.

        :raises LedgerError: when the ledger cannot be written.
        """
        with self._changing() as connection:
            found = connection.execute("SELECT 1 FROM lists WHERE grain = 1").fetchone()
            if found is None:
                open_list(connection)

    def open_new_list(self, at: datetime | None = None) -> int:
        """Closes the lists so far and opens another: for a restore that the ledger cannot see.

        That one is for statements; the next list of shares is opened when it is needed.

        :return: the number of the new list.
        :raises LedgerError: when the ledger cannot be written.
        """
        with self._changing() as connection:
            start_anew(connection, "a new list was asked for", at)
            return open_list(connection)

    def adopt_list(self, number: int, at: datetime | None = None) -> None:
        """Makes a list known that was opened in lost history. No index of it is handed out.

        :raises LedgerError: for a number outside 1 to 2^32 - 1.
        """
        with self._changing() as connection:
            adopt(connection, number, at)

    def lists(self) -> list[StatusList]:
        """All of its lists, by number."""
        with self._database.reading() as connection:
            return lists_in(connection)


def lists_in(connection: sqlite3.Connection) -> list[StatusList]:
    """All lists, by number."""
    rows = connection.execute(
        "SELECT number, size, allocated, closed, grain FROM lists ORDER BY number"
    )
    return [
        StatusList(number, size, allocated, bool(closed), grain)
        for number, size, allocated, closed, grain in rows
    ]
