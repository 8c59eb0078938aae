"""Which share is to be reset, and what came of it."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from signedcert.cli.failures import CommandError
from signedcert.cli.presented import present
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

    :ivar id: of the share.
    :ivar at: when it was reset.
    :ivar anew: the one that took its place, or None.
    :ivar says: what this reset does, and what it cannot do.
    :ivar by_learner: whether the learner made it, and the ledger does not know it.
    """

    id: bytes
    at: datetime
    anew: WrittenShare | None
    says: tuple[str, ...]
    by_learner: bool = False

    def to_json(self) -> dict[str, object]:
        """In JSON's types."""
        return {
            "reset": code_from_id(self.id),
            "at": rfc3339(self.at),
            "new": None if self.anew is None else self.anew.to_json(),
            "says": list(self.says),
        }

    def print(self, console: Console) -> None:
        """For people."""
        console.print(f"reset  {code_from_id(self.id)}")
        if self.anew is not None:
            console.print("The new link:")
            self.anew.print(console)
        elif self.by_learner:
            console.print(
                "The learner made it: a new link is the learner's to make, and a sealed file on "
                "another host the learner's to remove."
            )
        console.print()
        for line in self.says:
            console.print(line)


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
        return _kept(ledger, record)
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
    place, share = _place(record), record.share
    assert share is not None
    if place is None:
        raise CommandError(
            "the record was issued without places for shares: no share of it can be reset. The "
            f"link is good until {rfc3339(share.expires_at)}"
        )
    ledger.revoke(place, share.id, RESET, now)
    return ResetShare(share.id, now, None, what_it_does(listed=True, sealed=False), by_learner=True)


def what_it_does(*, listed: bool, sealed: bool) -> tuple[str, ...]:
    """What the reset of a share does, and what nothing can do.

    :param listed: whether its place in a status list is revoked.
    :param sealed: whether its sealed file is removed from the workspace.
    """
    does = []
    if listed:
        does.append(
            "the status list says that the share is reset; whoever checks the old link, or a copy "
            "of it, against that list gets INVALID"
        )
    if sealed:
        does.append("the sealed file leaves the site; without it, the old link shows nothing")
    return (
        f"What a reset does: with the next signedcert publish, {'; and '.join(does)}.",
        CANNOT if listed else _CANNOT_UNLISTED,
    )


#: What nothing can do. Said by the command itself.
CANNOT = (
    "What it cannot do: take back what somebody has seen, copied or saved. A saved copy stays "
    "readable, and a verifier who is offline goes by the list that it has, whose date it shows, "
    "until that list grows stale."
)
_CANNOT_UNLISTED = (
    "What it cannot do: take back what somebody has seen, copied or saved. Whoever saved the file "
    "and has the link can open it until its end, and it stays VALID."
)


def _kept(ledger: Ledger, record: SharedRecord) -> RecordedShare | None:
    """What the ledger has of a share; None where the learner made it.

    Whoever made the share chose its id. So it is another's unless record and place agree as well.
    """
    assert record.share is not None
    found = ledger.find_share(record.share.id)
    agree = found is not None and (found.record, found.reference) == (record.id, _place(record))
    return found if agree else None


def _place(record: SharedRecord) -> StatusIndex | None:
    places = record.share_places
    if places is None or record.share is None:
        return None
    return StatusIndex(places.list, places.first + record.share.slot)


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
