"""An open ledger: found to be the one last written to, or else continued with other lists."""

import contextlib
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from signedcert.workspace.atomic_files import write_new
from signedcert.workspace.ledger.database import Database, generation, image, in_words
from signedcert.workspace.ledger.identity import (
    ID_FILE_SIZE,
    evidence_of_a_restore,
    id_file,
    identity,
    mark,
    mark_file,
    read_mark,
    settle,
    tidy,
    write_mark,
)
from signedcert.workspace.ledger.positions import LIST_SIZE_MAX, start_anew
from signedcert.workspace.ledger.values import LedgerError, Restore, moment


class OpenLedger:
    """What all parts of the ledger stand on. For the thread and the process that opened it.

    :ivar restored_at_open: whether opening found a restored backup or a copy, closed its lists and
        will open another one. Worth telling the user.
    :ivar begun: the status lists of which this one handed out the first place. Processes that issue
        at the same time see a new list at once, but only one of them has begun it.
    """

    restored_at_open: bool
    begun: set[int]

    def __init__(self, database: Database, at: datetime | None, *, created: bool = False) -> None:
        self._database = database
        self._id = _identifier(database)
        self.begun = set()
        self.restored_at_open = False
        if created:
            with self._changing() as connection:
                self._settle(connection)
            return
        with in_words(database.path):
            tidy(database.path)
        if self._evidence(database.reading)[0] is not None:
            # Again, alone: another process may have seen to it by now.
            with self._changing() as connection:
                evidence, beyond = self._evidence(lambda: contextlib.nullcontext(connection))
                if evidence is not None:
                    start_anew(connection, evidence, at, beyond=beyond)
                    self._settle(connection)
                    self.restored_at_open = True

    @classmethod
    def create(cls, path: Path, *, list_size: int, at: datetime | None = None) -> Self:
        """Makes a ledger, for its owner alone, and opens it. All of its files, or none.

        Where an earlier ledger's ``ledger.id`` or ``ledger.mark`` is left, that ledger's lists are
        out in the world: the new one counts as restored.

        :param list_size: how many indices each of its status lists has: 2 to 2^32.
        :raises LedgerError: when there is one already, or it cannot be written.
        :raises ValueError: for another size.
        """
        if not 2 <= list_size <= LIST_SIZE_MAX:
            raise ValueError("a status list has a size from 2 to 2^32")
        identifier = secrets.token_bytes(ID_FILE_SIZE)
        with in_words(path):
            if path.exists():
                raise LedgerError(f"{path} exists already; nothing was changed")
            path = path.resolve()
            beside = {id_file(path): identifier, mark_file(path): mark(identifier, 0)}
            created = not any(each.exists() for each in beside)
            # The ledger's own name comes last: with it, the other two are there.
            content = image(identifier, list_size, first_list=1)
            write_new({**(beside if created else {}), path: content}, mode=0o600)
        return cls._of(path, at, created=created)

    @classmethod
    def open(cls, path: Path, *, at: datetime | None = None) -> Self:
        """Opens a ledger, and sees whether it is a restored backup.

        :param at: the moment, which is noted with a restore that is found.
        :raises LedgerError: when there is none, it is damaged, no ledger or a newer version's, or
            it cannot be written.
        """
        return cls._of(path, at)

    @classmethod
    def _of(cls, path: Path, at: datetime | None, *, created: bool = False) -> Self:
        database = Database(path)
        try:
            return cls(database, at, created=created)
        except BaseException:
            database.close()
            raise

    def _evidence(
        self, reading: Callable[[], contextlib.AbstractContextManager[sqlite3.Connection]]
    ) -> tuple[str | None, int]:
        """What shows that this is a restored backup, and the generation in the mark."""
        path = self._database.path
        with in_words(path):
            # The mark before the ledger: another process may commit, and then mark, in between.
            reached = read_mark(path, self._id)
            with reading() as connection:
                (recorded,) = connection.execute("SELECT identity FROM ledger").fetchone()
                evidence = evidence_of_a_restore(
                    recorded=recorded,
                    present=identity(path, self._id, self._database.inode),
                    mark=reached,
                    generation=generation(connection),
                )
            return evidence, reached or 0

    def _settle(self, connection: sqlite3.Connection) -> None:
        settled = settle(self._database.path, self._id, self._database.inode)
        connection.execute("UPDATE ledger SET identity = ?", (settled,))

    @contextlib.contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction after which the mark moves up.

        :raises LedgerError: also when the mark cannot be written. The transaction stands then, but
            nothing that came of it may leave the process.
        """
        with self._database.writing() as connection:
            yield connection
            reached = generation(connection)
        with in_words(self._database.path):
            write_mark(self._database.path, self._id, reached)

    def restores(self) -> list[Restore]:
        """The breaks in its history, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT at, evidence FROM restores ORDER BY sequence")
            return [Restore(None if at is None else moment(at), why) for at, why in rows]

    def close(self) -> None:
        """Closes the file. What was committed is safe without it, too."""
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


def _identifier(database: Database) -> bytes:
    with database.reading() as connection:
        row = connection.execute("SELECT id FROM ledger").fetchone()
    if row is None:
        raise LedgerError(f"{database.path}: it is damaged; put it back from a backup")
    found: bytes = row[0]
    return found
