"""What the ledger knows of many ids: for processes that only look them up."""

import sqlite3
from collections.abc import Collection, Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from signedcert.workspace.ledger.database import Database
from signedcert.workspace.ledger.status import current_in
from signedcert.workspace.ledger.values import CurrentStatus, StatusIndex, StatusValue

#: How many ids a question has; SQLite takes 999 at least.
_PAGE = 500
_QUESTION = (
    "SELECT id, sequence, list, idx, kid, media_type, digest, superseded_by, token FROM issued "
    "WHERE digest IS NOT NULL AND id IN ({})"
)


class Known(NamedTuple):
    """A statement that has been issued.

    :ivar sequence: a later statement has a higher number.
    :ivar reference: its place in a status list, or None where it cannot be withdrawn.
    :ivar kid: the 8 bytes that name the key which signed its present token.
    :ivar digest: the 16 bytes that name its present token.
    :ivar superseded_by: the id of what was issued in its place, or None.
    :ivar token: the present token, or None where it was not kept.
    """

    id: bytes
    sequence: int
    reference: StatusIndex | None
    kid: bytes
    media_type: str
    digest: bytes
    superseded_by: bytes | None
    token: bytes | None


class LedgerReader:
    """Looks up what was issued, beside processes that issue. For the process that opened it."""

    def __init__(self, path: Path) -> None:
        """:param path: of the ledger's file.

        :raises LedgerError: when it is missing, damaged or of a newer version.
        """
        self._database = Database(path)

    def known(self, ids: Collection[bytes]) -> dict[bytes, Known]:
        """What the ledger knows of those of the ids that have a token.

        :raises LedgerError: when the ledger cannot be read.
        """
        with self._database.reading() as connection:
            return known_in(connection, ids)

    def withdrawn(self, references: Iterable[StatusIndex]) -> dict[StatusIndex, CurrentStatus]:
        """Which of these places are revoked or suspended now.

        :raises LedgerError: when the ledger cannot be read.
        """
        with self._database.reading() as connection:
            if connection.execute("SELECT 1 FROM events LIMIT 1").fetchone() is None:
                return {}
            found = {each: current_in(connection, each) for each in references}
        return {
            each: status for each, status in found.items() if status.value is not StatusValue.VALID
        }

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def known_in(connection: sqlite3.Connection, ids: Collection[bytes]) -> dict[bytes, Known]:
    """What is known of those of the ids that have a token."""
    # In order, neighbours are on the same pages of the index.
    ordered = sorted(ids)
    found = {}
    for start in range(0, len(ordered), _PAGE):
        page = ordered[start : start + _PAGE]
        question = _QUESTION.format(", ".join("?" * len(page)))
        for id_, sequence, number, index, *rest in connection.execute(question, page):
            reference = None if number is None else StatusIndex(number, index)
            found[id_] = Known(id_, sequence, reference, *rest)
    return found
