"""Which share is to be reset, and what came of it."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from signedcert.cli.failures import CommandError
from signedcert.cli.presented import present
from signedcert.cli.screen import visible
from signedcert.cli.share.made import WrittenShare
from signedcert.cli.share.sealed_files import is_sealed_link, sealed_file_of
from signedcert.cli.verdict_output import rfc3339
from signedcert.codec.text import secret_from_text
from signedcert.model.code import code_from_id, id_from_code
from signedcert.share.sealing import sealed_name
from signedcert.share.shared_record import SharedRecord
from signedcert.verify.verdict import Policy
from signedcert.workspace.ledger import Ledger, StatusIndex
from signedcert.workspace.ledger.recorded_share import RecordedShare
from signedcert.workspace.ledger.shares import RESET
from signedcert.workspace.workspace import Workspace


class ResetShare(NamedTuple):
    """A share that was reset.

    :ivar share: as it is kept now; None where the learner made it, and the ledger does not know it.
    :ivar anew: the one that took its place, or None.
    :ivar code: its printed code.
    """

    share: RecordedShare | None
    anew: WrittenShare | None
    code: str = ""

    @property
    def name(self) -> str:
        """The printed code of the share that was reset."""
        return self.code if self.share is None else code_from_id(self.share.id)

    def to_json(self) -> dict[str, object]:
        """In JSON's types."""
        at = None if self.share is None else self.share.reset_at
        return {
            "reset": self.name,
            "at": None if at is None else rfc3339(at),
            "new": None if self.anew is None else self.anew.to_json(),
        }

    def print(self, console: Console) -> None:
        """For people."""
        console.print(visible(f"reset  {self.name}"))
        if self.anew is not None:
            console.print("The new link:")
            self.anew.print(console)
        elif self.share is None:
            console.print(
                "The learner made it: a new link is the learner's to make, and a sealed file on "
                "another host the learner's to remove."
            )
        console.print()


def known_share(
    owner: Workspace, ledger: Ledger, argument: str, sealed: Path | None, now: datetime
) -> RecordedShare | None:
    """The share that an argument names; None where the ledger does not know it.

    :param sealed: of a sealed share that the ledger may not know: its file, or a folder that has
        it.
    :raises CommandError: when it is a code that the ledger does not know, or no share of this
        issuer's.
    """
    try:
        identifier = id_from_code(argument)
    except ValueError:
        presented = present(argument)
        if is_sealed_link(presented.content):
            assert isinstance(presented.content, str)
            name = sealed_name(secret_from_text(presented.content))
            for each in ledger.shares():
                if each.sealed_name == name:
                    return each
        record = _verified(owner, argument, sealed, now)
        assert record.share is not None
        return ledger.find_share(record.share.id)
    share = ledger.find_share(identifier)
    if share is None:
        hint = "; it is a course record: add --all" if ledger.find(identifier) is not None else ""
        raise CommandError(f"{argument}: no share of this code is in the ledger{hint}")
    return share


def reset_unknown(
    owner: Workspace, ledger: Ledger, argument: str, sealed: Path | None, now: datetime
) -> ResetShare:
    """Ends a share that the learner made without the workspace: by its place in the status list.

    :raises CommandError: when it has none.
    """
    record = _verified(owner, argument, sealed, now)
    places, share = record.share_places, record.share
    assert share is not None
    if places is None:
        raise CommandError(
            "the record was issued without places for shares: no share of it can be reset by "
            f"itself; reset all of them: signedcert share reset --all {record.code}"
        )
    place = StatusIndex(places.list, places.first + share.slot)
    ledger.revoke(place, share.id, RESET, now)
    return ResetShare(None, None, code_from_id(share.id))


def _verified(owner: Workspace, argument: str, sealed: Path | None, now: datetime) -> SharedRecord:
    """The record in a share of this issuer's, whose holder made it.

    :raises CommandError: when it is none.
    """
    presented = present(argument)
    file = None
    if is_sealed_link(presented.content):
        assert isinstance(presented.content, str)
        file = sealed_file_of(presented.content, sealed, offline=True, allow_loopback=False)
    statement = presented.verdict(owner.trust(), now, Policy(), file).statement
    if not isinstance(statement, SharedRecord) or statement.share is None:
        raise CommandError(f"{presented.name}: this is no share of a record of {owner.issuer}")
    return statement
