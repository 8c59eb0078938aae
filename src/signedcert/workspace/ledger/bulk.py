"""Many statements at once: ids made of rosters' rows, tokens recorded by the thousand."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence

from signedcert.workspace.ledger.ended import refuse_ended
from signedcert.workspace.ledger.known import Known, known_in
from signedcert.workspace.ledger.opening import OpenLedger
from signedcert.workspace.ledger.positions import never_handed_out
from signedcert.workspace.ledger.values import Block, LedgerError, StatusIndex, place

#: A statement as a row of the ledger, all columns as they are kept: id, list, index, kid, media
#: type, seconds since 1970, digest, token.
Row = tuple[bytes, int | None, int | None, bytes, str, int, bytes, bytes]

# An id that was reserved elsewhere and never got its token is taken over, as reserving it again
# would do; whoever reserved it finds that out.
_RECORD = """
INSERT INTO issued (id, list, idx, kid, media_type, issued_at, digest, token)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE
SET list = excluded.list, idx = excluded.idx, kid = excluded.kid,
    media_type = excluded.media_type, issued_at = excluded.issued_at,
    digest = excluded.digest, token = excluded.token
WHERE digest IS NULL
"""
#: KiB of pages in memory, and pages in the log before they are copied to the file. The indices of a
#: million statements are some 50 MB, and each thousand new ones change pages all over them: SQLite
#: with its 2 MB and 1,000 pages would write each page several times.
_CACHE_KIB = 12 * 1024
_LOG_PAGES = 16_384
#: Bytes that the log keeps on the disk when it is not needed.
_LOG_KEPT = 4 * 1024 * 1024


class BulkStatements(OpenLedger):
    """Keeps what is issued of rosters, and the key that their rows' ids are made with."""

    def id_key(self) -> bytes:
        """The 32 bytes that ids of rosters' rows are made with: the same for ever.

        Whoever has them can tell the code of a row that they know.

        :raises LedgerError: when the ledger cannot be read.
        """
        with self._database.reading() as connection:
            key: bytes | None = connection.execute("SELECT id_key FROM ledger").fetchone()[0]
        if key is None:
            raise LedgerError(f"{self._database.path}: it is damaged; put it back from a backup")
        return key

    def widen(self) -> None:
        """Takes more memory, some 12 MB, and writes many statements faster for it."""
        with self._database.outside_transactions() as connection:
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}").fetchall()
            connection.execute(f"PRAGMA journal_size_limit = {_LOG_KEPT}").fetchall()

    def record_new(self, rows: Sequence[Row]) -> dict[bytes, Known]:
        """Keeps the tokens of those ids that have none yet, durably and all in one go.

        Rows in the order of their ids are written fastest.

        :param rows: each id once. The digests are taken as they are given.
        :returns: of each other id what the ledger knows: its token counts, and the one given here
            must be thrown away. A token that was recorded before, and is the same, is not in it.
        :raises LedgerError: when the ledger cannot be written, a place in a status list is another
            statement's, or a key signs nothing more; nothing was recorded.
        """
        with self._database.writing() as connection:
            for kid in {row[3] for row in rows}:
                refuse_ended(connection, kid)
            before = connection.total_changes
            connection.executemany(_RECORD, rows)
            if connection.total_changes - before == len(rows):
                return {}
            given = {row[0]: row[6] for row in rows}
            found = known_in(connection, given)
        return {id_: known for id_, known in found.items() if known.digest != given[id_]}

    def known(self, ids: Collection[bytes]) -> dict[bytes, Known]:
        """What the ledger knows of those of the ids that have a token.

        :raises LedgerError: when the ledger cannot be read.
        """
        with self._database.reading() as connection:
            return known_in(connection, ids)

    def not_its_own(self, places: Mapping[StatusIndex, bytes]) -> set[StatusIndex]:
        """Which of these places are not for these ids: never handed out, or another statement's.

        :param places: the id that claims each.
        :raises LedgerError: when the ledger cannot be read.
        """
        with self._database.reading() as connection:
            never = never_handed_out(connection, places)
            return never | {
                each
                for each, identifier in places.items()
                if each not in never and _holder(connection, each) not in (None, identifier)
            }

    def last_sequence(self) -> int:
        """The number of the statement that came last; 0 where there is none.

        :raises LedgerError: when the ledger cannot be read.
        """
        with self._database.reading() as connection:
            found: int = connection.execute(
                "SELECT coalesce(max(sequence), 0) FROM issued"
            ).fetchone()[0]
        return found

    def give_back(self, blocks: Sequence[Block]) -> int:
        """Gives places back that were never in anything that was signed.

        Where others were handed out after them, they stay taken.

        :param blocks: in the order in which they were handed out.
        :returns: how many the ledger will hand out again.
        :raises LedgerError: when the ledger cannot be written.
        """
        with self._changing() as connection:
            return sum(_give_back(connection, block) for block in reversed(blocks))


def _holder(connection: sqlite3.Connection, reference: StatusIndex) -> bytes | None:
    row = connection.execute(
        "SELECT id FROM issued WHERE list = ? AND idx = ?", place(reference)
    ).fetchone()
    return None if row is None else row[0]


def _give_back(connection: sqlite3.Connection, block: Block) -> int:
    places = block.grain * block.count
    end = block.grain * block.first_counter + places
    last = connection.execute(
        "UPDATE lists SET allocated = allocated - ? "
        "WHERE number = ? AND allocated = ? AND grain = ? AND NOT closed",
        (places, block.list, end, block.grain),
    )
    if last.rowcount != 1:
        return 0
    # The generation never falls: a ledger that reaches less far is one put back from a backup.
    connection.execute("UPDATE ledger SET generation_base = generation_base + ?", (places,))
    return block.count
