"""What was published: by this ledger, or by the history that it lost and takes over again."""

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from signedcert.trust.status_list import StatusList
from signedcert.workspace.ledger.opening import OpenLedger
from signedcert.workspace.ledger.positions import adopt, size_of_lists
from signedcert.workspace.ledger.status import append_event, last_events
from signedcert.workspace.ledger.values import (
    SLOTS,
    Restore,
    StatusIndex,
    StatusValue,
    moment,
    seconds,
)

REASON = "taken over from the published status list"
#: How many publications of each list are remembered. The site has one of the last, or none.
_KEPT = 20
_ACTIONS = {StatusValue.REVOKED: "revoke", StatusValue.SUSPENDED: "suspend"}


class PublishedList(NamedTuple):
    """A status list as it was published.

    :ivar issued_at: when its statuses were true.
    """

    number: int
    issued_at: datetime
    statuses: StatusList

    def withdrawn(self) -> Iterator[tuple[int, StatusValue]]:
        """The indices that are revoked or suspended, ascending."""
        # Most bytes are zero, and are skipped at once.
        each = 8 // self.statuses.bits
        for found in re.finditer(rb"[^\0]", self.statuses.array):
            for index in range(found.start() * each, (found.start() + 1) * each):
                value = self.statuses.value(index)
                if value in _ACTIONS:
                    yield index, StatusValue(value)


class Missing(NamedTuple):
    """What a published list says and the ledger does not.

    :ivar withdrawn: places, and what they are.
    :ivar impossible: how many indices the list has in use that no list of this ledger has.
    """

    withdrawn: list[tuple[StatusIndex, StatusValue]]
    impossible: int


class Publications(OpenLedger):
    """Remembers what was published, so that nothing in it is forgotten."""

    def published(self, number: int) -> dict[bytes, datetime]:
        """The SHA-256 of the last lists of a number that this ledger made, and their dates."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT digest, issued_at FROM publications WHERE list = ? ORDER BY sequence",
                (number,),
            )
            return {digest: moment(at) for digest, at in rows}

    def note_publication(self, tokens: Mapping[int, tuple[datetime, bytes]]) -> None:
        """Keeps what is about to be published.

        :param tokens: number → date and token of a list.
        :raises LedgerError: when the ledger cannot be written.
        """
        with self._database.writing() as connection:
            for number, (issued_at, token) in tokens.items():
                row = (number, seconds(issued_at), hashlib.sha256(token).digest())
                connection.execute(
                    "INSERT INTO publications (list, issued_at, digest) VALUES (?, ?, ?)", row
                )
                connection.execute(
                    "DELETE FROM publications WHERE list = ?1 AND sequence NOT IN (SELECT sequence "
                    "FROM publications WHERE list = ?1 ORDER BY sequence DESC LIMIT ?2)",
                    (number, _KEPT),
                )

    def missing(self, lists: Iterable[PublishedList]) -> Missing:
        """What these lists say is withdrawn, and the ledger does not.

        A suspension that the ledger ended at or after the date of the list is none of that.
        """
        with self._database.reading() as connection:
            return _missing(connection, lists)

    def adopt(self, lists: Iterable[PublishedList], at: datetime) -> Missing:
        """Enters what these lists say is withdrawn and the ledger does not, all or nothing.

        :returns: what that was.
        :raises LedgerError: when the ledger cannot be written.
        """
        lists = list(lists)
        with self._changing() as connection:
            for each in lists:
                adopt(connection, each.number, at)
            found = _missing(connection, lists)
            for reference, value in found.withdrawn:
                append_event(connection, _ACTIONS[value], reference, None, REASON, at)
        return found

    def unsettled_restore(self) -> Restore | None:
        """The last restore after which nobody looked yet for what was withdrawn since the backup.

        That is done with the first publication after it.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT at, evidence FROM restores WHERE NOT settled ORDER BY sequence DESC LIMIT 1"
            ).fetchone()
        return None if row is None else Restore(None if row[0] is None else moment(row[0]), row[1])

    def settle_restores(self) -> None:
        """Says that what was withdrawn in lost history is known again, as far as can be."""
        with self._database.writing() as connection:
            connection.execute("UPDATE restores SET settled = 1 WHERE NOT settled")


def _missing(connection: sqlite3.Connection, lists: Iterable[PublishedList]) -> Missing:
    withdrawn, impossible = [], 0
    sizes = dict(connection.execute("SELECT number, size FROM lists").fetchall())
    # As large as adopting makes those that the ledger does not know.
    usual = size_of_lists(connection, SLOTS)
    for each in lists:
        size, events = sizes.get(each.number, usual), last_events(connection, each.number)
        for index, value in each.withdrawn():
            known, at = events.get(index, (None, None))
            if known in (value, StatusValue.REVOKED):
                continue
            # What the ledger reinstated after the list was made is no loss.
            if value is StatusValue.SUSPENDED and at is not None and at >= each.issued_at:
                continue
            if index < size:
                withdrawn.append((StatusIndex(each.number, index), value))
            else:
                impossible += 1
    return Missing(withdrawn, impossible)
