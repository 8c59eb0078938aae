"""Older ledgers, brought to the present version when they are opened."""

import secrets
import sqlite3
from collections.abc import Mapping

from signedcert.workspace.ledger.schema import (
    BY_CODE,
    GRAIN,
    ID_KEY,
    ID_KEY_SIZE,
    SHARES,
    VERSION,
)

#: What makes the next version of each older one. None of it changes what a restored backup is told
#: by: the identity of the files, and how far the history reaches.
UPGRADES: Mapping[int, tuple[str, ...]] = {
    1: (f"ALTER TABLE lists ADD COLUMN {GRAIN}", *SHARES),
    2: (BY_CODE,),
    # The function is ours, see below: SQLite's own randomness makes no keys.
    3: (f"ALTER TABLE ledger ADD COLUMN {ID_KEY}", "UPDATE ledger SET id_key = new_id_key()"),
}


def upgrade(connection: sqlite3.Connection) -> None:
    """Brings a ledger to the present version, in one transaction: wholly, or not at all.

    Two processes may do so at once; the second finds it done.

    :raises sqlite3.Error: when it cannot be written; it is as it was.
    """
    connection.create_function("new_id_key", 0, lambda: secrets.token_bytes(ID_KEY_SIZE))
    connection.execute("BEGIN EXCLUSIVE")
    try:
        # Again, alone: another process may have seen to it by now.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version < VERSION:
            for older in range(version, VERSION):
                for statement in UPGRADES[older]:
                    connection.execute(statement)
            # Part of the transaction, as everything in the file's header is.
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        # After some failures SQLite has rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
