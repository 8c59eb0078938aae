"""Which issued statement the user means: by its printed code, or by the token or link itself."""

from datetime import datetime
from typing import NamedTuple

from signedcert.cli.failures import CommandError
from signedcert.cli.presented import present
from signedcert.model.code import code_from_id, id_from_code
from signedcert.share.shared_record import SharedRecord
from signedcert.verify.verdict import Check, Outcome, Policy
from signedcert.workspace.ledger import Ledger, StatusIndex
from signedcert.workspace.workspace import Workspace

#: What must have passed for a token to be one of ours, whatever else is wrong with it.
_OURS = (Check.SIGNATURE, Check.SCHEMA, Check.ISSUER_MATCHES_KEY)


class Meant(NamedTuple):
    """An issued statement.

    :ivar id: its 10 bytes.
    :ivar reference: its place in a status list.
    """

    id: bytes
    reference: StatusIndex

    @property
    def code(self) -> str:
        """The id as it is printed."""
        return code_from_id(self.id)


def meant(owner: Workspace, ledger: Ledger, argument: str, now: datetime) -> Meant:
    """The statement that an argument names, which can be withdrawn.

    :raises CommandError: when there is none, or it carries no place in a status list.
    """
    try:
        identifier = id_from_code(argument)
    except ValueError:
        return _of_token(owner, argument, now)
    found = ledger.find(identifier)
    if found is None or found.digest is None:
        raise CommandError(
            f"{argument}: no statement of this code is in the ledger; if the ledger lost it, give "
            "the token or link itself"
        )
    if found.reference is None:
        raise _cannot_be_withdrawn(argument)
    return Meant(identifier, found.reference)


def _of_token(owner: Workspace, argument: str, now: datetime) -> Meant:
    presented = present(argument)
    verdict = presented.verdict(owner.trust(), now, Policy())
    if any(verdict.finding(check).outcome is not Outcome.PASSED for check in _OURS):
        raise CommandError(f"{presented.name}: it was not signed by a key of {owner.issuer}")
    statement = verdict.statement
    if isinstance(statement, SharedRecord) and statement.share is not None:
        raise CommandError(
            f"{presented.name}: this is a share, which is reset: signedcert share reset. To "
            f"withdraw the course record itself, name it by its code: {statement.code}"
        )
    if statement is None:
        raise CommandError(
            f"{presented.name}: the key that signed it was compromised, so nothing in it can be "
            "relied on; withdraw it by its code"
        )
    if statement.status is None:
        raise _cannot_be_withdrawn(presented.name)
    return Meant(statement.id, StatusIndex(statement.status.list, statement.status.index))


def _cannot_be_withdrawn(name: str) -> CommandError:
    return CommandError(f"{name}: it was issued without a place in a status list: it stays valid")
