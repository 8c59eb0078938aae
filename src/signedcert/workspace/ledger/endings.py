"""The end of a key or of the issuer, and what was in the ledger at that very moment."""

from collections.abc import Iterable

from signedcert.workspace.ledger.ended import EVERY_KEY
from signedcert.workspace.ledger.lists import StatusLists, lists_in
from signedcert.workspace.ledger.statements import IssuedStatements, digests_in
from signedcert.workspace.ledger.status import StatusChanges, changed_in
from signedcert.workspace.ledger.values import KID_SIZE, ListContent


class Endings(StatusLists, IssuedStatements, StatusChanges):
    """Ends that no other process gets in front of: what it adds is there before, or refused."""

    def contents(self) -> list[ListContent]:
        """Every list with what is withdrawn in it, as of one moment."""
        with self._database.reading() as connection:
            return [
                ListContent(each, changed_in(connection, each.number))
                for each in lists_in(connection)
            ]

    def end(self) -> list[ListContent]:
        """The last contents of all lists. From now on nothing is issued or withdrawn.

        :raises LedgerError: when the ledger cannot be written.
        """
        with self._database.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO ended VALUES (?)", (EVERY_KEY,))
            return [
                ListContent(each, changed_in(connection, each.number))
                for each in lists_in(connection)
            ]

    def end_key(self, kid: bytes) -> bytes:
        """The digests of everything the key signed. From now on nothing by it is recorded.

        :returns: 16 bytes each, ascending, one after another.
        :raises LedgerError: when the ledger cannot be written.
        """
        if len(kid) != KID_SIZE:
            raise ValueError(f"a kid has {KID_SIZE} bytes")
        with self._database.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO ended VALUES (?)", (kid,))
            return digests_in(connection, kid)

    def take_back_ends(self, kept: Iterable[bytes]) -> None:
        """Forgets ends that no document says. Only who keeps others from changing it knows that.

        :param kept: the kids of keys that are compromised by the present document.
        :raises LedgerError: when the ledger cannot be written.
        """
        with self._database.writing() as connection:
            ended = {each for (each,) in connection.execute("SELECT kid FROM ended")}
            gone = [(each,) for each in ended - {*kept}]
            connection.executemany("DELETE FROM ended WHERE kid = ?", gone)
