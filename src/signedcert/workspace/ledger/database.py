"""The ledger's SQLite file: made, opened, refused; transactions; and what SQLite says, in words."""

import contextlib
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from signedcert.workspace.ledger.schema import (
    APPLICATION_ID,
    GENERATION,
    ID_KEY_SIZE,
    SCHEMA,
    VERSION,
)
from signedcert.workspace.ledger.upgrades import UPGRADES, upgrade
from signedcert.workspace.ledger.values import LedgerError

#: Seconds to wait for another process's transaction.
_PATIENCE = 30.0
#: Why it failed, by SQLite's primary result code (sqlite.org/rescode.html).
_WORDS = {
    sqlite3.SQLITE_BUSY: f"another process has been writing to it for {_PATIENCE:.0f} seconds; "
    "nothing was changed; try again",
    sqlite3.SQLITE_FULL: "the disk is full; nothing was changed",
    # Files beside it that cannot grow: SQLite does not say of those that the disk is full.
    sqlite3.SQLITE_IOERR: "it, or a file beside it, cannot be read or written: the disk may be "
    "full, or failing",
    sqlite3.SQLITE_READONLY: "it cannot be written: the file or its folder is read-only, or "
    "another user's",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened for writing: the file or its folder is "
    "read-only, or another user's",
    sqlite3.SQLITE_CORRUPT: "it is damaged; put it back from a backup",
    sqlite3.SQLITE_CONSTRAINT: "two statements would share an id or a place in a status list, or a "
    "list is unknown to it; nothing was changed",
    sqlite3.SQLITE_NOTADB: "it is not a ledger: not an SQLite database",
}


class Database:
    """An open ledger file, for the process and the thread that opened it.

    :ivar path: where it is, links resolved.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file; never makes one. One of an older version is brought to the present one.

        :raises LedgerError: when there is none, or it is no ledger, or a newer version's.
        """
        self._process = os.getpid()
        with in_words(path):
            self.path = path.resolve()
            if not self.path.is_file():
                raise LedgerError(f"there is no ledger at {path}")
            self.inode = self.path.stat().st_ino
            uri = f"{self.path.as_uri()}?mode=rw"
            self._connection = sqlite3.connect(
                uri, uri=True, timeout=_PATIENCE, isolation_level=None
            )
        try:
            with in_words(self.path):
                version = self._check_kind()
                # FULL: what was committed outlives a power cut, also in WAL mode.
                for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                    self._connection.execute(f"PRAGMA {pragma}").fetchall()
                if version < VERSION:
                    upgrade(self._connection)
        except BaseException:
            self._connection.close()
            raise

    def _check_kind(self) -> int:
        """The ledger's version."""
        (application,) = self._connection.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION_ID:
            raise LedgerError(f"{self.path} is not a ledger; nothing was changed")
        version = self._check_version()
        if version not in {*UPGRADES, VERSION}:
            raise LedgerError(f"{self.path}: it is damaged; put it back from a backup")
        return version

    def _check_version(self) -> int:
        version: int = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise LedgerError(
                f"{self.path} was made by a newer signedcert (its ledger is of version {version}, "
                f"this one reads {VERSION}); upgrade signedcert; nothing was changed"
            )
        return version

    def close(self) -> None:
        """Closes the file. What was committed is safe without it, too."""
        self._connection.close()

    @contextlib.contextmanager
    def outside_transactions(self) -> Iterator[sqlite3.Connection]:
        """The connection itself, for what is a matter of the connection and not of the ledger.

        :raises LedgerError: when SQLite refuses it.
        """
        with in_words(self.path):
            yield self._connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One moment of the ledger, for several questions.

        :raises LedgerError: when it cannot be read.
        """
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is durable when this returns, or did not happen when it raises.

        :raises LedgerError: when it cannot be written.
        """
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextlib.contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        # SQLite's own rule: a connection that was carried through a fork damages the file.
        if os.getpid() != self._process:
            raise LedgerError(f"{self.path} was opened by another process; open it in this one")
        with in_words(self.path):
            if self.path.stat().st_ino != self.inode:
                raise LedgerError(f"{self.path} was replaced while it was open; open it again")
            self._connection.execute(begin)
            try:
                # A newer signedcert may have brought it to its own version meanwhile.
                self._check_version()
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # After some failures SQLite has rolled back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


@contextlib.contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Says in words what SQLite and the system say in codes.

    :raises LedgerError: for their errors.
    """
    try:
        yield
    except sqlite3.ProgrammingError:  # a closed ledger, another thread: the caller's mistake
        raise
    except sqlite3.Error as error:
        # Extended codes have the primary one in their lowest byte.
        words = _WORDS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        raise LedgerError(f"{path}: {words or error}") from error
    except OSError as error:
        raise LedgerError(f"{error.filename or path}: {error.strerror or error}") from error


def generation(connection: sqlite3.Connection) -> int:
    """How far the ledger's history reaches."""
    found: int = connection.execute(GENERATION).fetchone()[0]
    return found


def image(identifier: bytes, list_size: int, first_list: int) -> bytes:
    """The file of a new ledger, without any identity yet."""
    key = secrets.token_bytes(ID_KEY_SIZE)
    row: tuple[Any, ...] = (identifier, list_size, first_list, key)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger")
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            # The bytes count, not this file of them.
            connection.execute("PRAGMA synchronous = OFF")
            # Kept in the file: whoever opens it first need not be alone with it to switch.
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            connection.executescript(SCHEMA)
            connection.execute("INSERT INTO ledger VALUES (1, ?, ?, ?, 0, NULL, ?)", row)
        return path.read_bytes()
