"""What signs nothing more: asked in the transaction that would add to it."""

import sqlite3

from signedcert.workspace.ledger.values import LedgerError

#: Stands for every key: the issuer is closed.
EVERY_KEY = b""


def refuse_ended(connection: sqlite3.Connection, kid: bytes | None = None) -> None:
    """Refuses what would come after the end, even where that came a moment ago.

    :param kid: the key that signed; None where no key is asked for.
    :raises LedgerError: when the issuer is closed, or the key was declared compromised.
    """
    ended = {each for (each,) in connection.execute("SELECT kid FROM ended")}
    if EVERY_KEY in ended:
        raise LedgerError(
            "the issuer is closed: nothing was changed. If closing it did not come to its end, "
            "close it again, or publish, which takes that back"
        )
    if kid in ended:
        raise LedgerError(
            f"the key {kid.hex() if kid else ''} was declared compromised meanwhile; what it "
            "signed was thrown away. Make another key: signedcert rotate. If declaring that did "
            "not come to its end, do it again, or publish, which takes it back"
        )
