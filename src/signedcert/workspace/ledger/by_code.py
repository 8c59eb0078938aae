"""Which certificates may be opened by their printed codes: those whose learners agreed."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from signedcert.model.certificate import Certificate
from signedcert.model.code import code_from_id
from signedcert.workspace.ledger.opening import OpenLedger
from signedcert.workspace.ledger.values import LedgerError, Restore, moment, seconds

_PAGE = 500


class OpenByCode(NamedTuple):
    """A certificate that may be opened by its printed code.

    :ivar id: its 10 bytes.
    :ivar allowed_at: when that was entered.
    :ivar digest: the 16 bytes that name its present token.
    :ivar token: that token, or None where the ledger did not keep it.
    """

    id: bytes
    allowed_at: datetime
    digest: bytes
    token: bytes | None


class ByCode(OpenLedger):
    """Keeps what learners agreed to. That outlives the issuer, so an end refuses nothing here."""

    def allow_by_code(self, identifiers: Sequence[bytes], at: datetime) -> None:
        """Enters that these certificates may be opened by their codes; all or none.

        One that was entered before is entered anew, with this moment.

        :raises LedgerError: when one was not issued, or is a course record; or the ledger cannot be
            written.
        """
        with self._database.writing() as connection:
            for each in identifiers:
                _check_certificate(connection, each)
                connection.execute(
                    "INSERT INTO by_code VALUES (?1, ?2) "
                    "ON CONFLICT (id) DO UPDATE SET allowed_at = ?2",
                    (each, seconds(at)),
                )

    def withdraw_by_code(self, identifiers: Iterable[bytes]) -> list[bytes]:
        """Takes that back; all or none.

        :returns: those that could be opened until now.
        :raises LedgerError: when one was not issued, or the ledger cannot be written.
        """
        with self._changing() as connection:
            gone = []
            for each in identifiers:
                _media_type(connection, each)
                if connection.execute("DELETE FROM by_code WHERE id = ?", (each,)).rowcount:
                    gone.append(each)
            # Without a trace in the ledger: a restored backup that has it again is noticed by this.
            connection.execute(
                "UPDATE ledger SET generation_base = generation_base + ?", (len(gone),)
            )
        return gone

    def open_by_code(self) -> Iterator[OpenByCode]:
        """The certificates that may be opened by their codes, in the order of their ids.

        :raises LedgerError: when the ledger cannot be read.
        """
        last = b""
        while True:
            # Page by page: the tokens of all of them may be many.
            with self._database.reading() as connection:
                rows = connection.execute(
                    "SELECT by_code.id, allowed_at, digest, token FROM by_code "
                    "JOIN issued ON issued.id = by_code.id "
                    "WHERE by_code.id > ? ORDER BY by_code.id LIMIT ?",
                    (last, _PAGE),
                ).fetchall()
            if not rows:
                return
            for identifier, allowed_at, digest, token in rows:
                yield OpenByCode(identifier, moment(allowed_at), digest, token)
            last = rows[-1][0]

    def is_open_by_code(self, identifier: bytes) -> bool:
        """Whether it may be opened by its code."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT 1 FROM by_code WHERE id = ?", (identifier,))
            return row.fetchone() is not None


def may_be_withdrawn(entry: OpenByCode, restore: Restore | None) -> bool:
    """Whether the entry may have been withdrawn in history that the ledger has lost.

    :param restore: the last restore that is not settled, or None.
    """
    return restore is not None and (restore.at is None or entry.allowed_at < restore.at)


def _check_certificate(connection: sqlite3.Connection, identifier: bytes) -> None:
    if _media_type(connection, identifier) != Certificate.media_type:
        raise LedgerError(
            f"{code_from_id(identifier)} is a course record, which nobody opens by its code: what "
            "to show of it, and to whom, its learner says with signedcert share; nothing was "
            "changed"
        )


def _media_type(connection: sqlite3.Connection, identifier: bytes) -> str:
    row = connection.execute(
        "SELECT media_type FROM issued WHERE id = ? AND digest IS NOT NULL", (identifier,)
    ).fetchone()
    if row is None:
        raise LedgerError(
            f"the ledger knows no certificate {code_from_id(identifier)}; nothing was changed"
        )
    found: str = row[0]
    return found
