"""Which course record is meant: by its printed code in a workspace, or by its file."""

import os
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError, os_error
from signedcert.cli.ledger_notes import tell
from signedcert.codec.record_framing import RECORD_MAX
from signedcert.errors import DecodeError
from signedcert.model.code import code_from_id, id_from_code
from signedcert.share.held_record import HeldRecord
from signedcert.workspace.ledger import Ledger, StatusIndex, StatusValue
from signedcert.workspace.record_issuing import held_record
from signedcert.workspace.workspace import Workspace

RecordArgument = Annotated[
    str,
    typer.Argument(
        metavar="RECORD",
        help="A course record's file; or its printed code, with --workspace.",
        show_default=False,
    ),
]


class MeantRecord(NamedTuple):
    """A course record.

    :ivar token: all of it.
    :ivar file: where it was read from; None where it comes from the ledger.
    """

    held: HeldRecord
    token: bytes
    file: Path | None


def is_file(argument: str) -> bool:
    """Whether an argument names a file. One that no file could have as its name does not."""
    return os.path.lexists(argument) and Path(argument).is_file()


def named(argument: str) -> str:
    """What to call an argument in messages: a link has a secret, which logs are not to have."""
    return "the link" if "#" in argument else argument


def id_of(argument: str, more: str = "") -> bytes:
    """The id of a printed code.

    :param more: what to say besides, where it is none.
    :raises CommandError: when it is none.
    """
    try:
        return id_from_code(argument)
    except ValueError as error:
        raise CommandError(f"{named(argument)}: {error}{more}") from error


def meant_record(argument: str, ledger: Ledger | None) -> MeantRecord:
    """The record that an argument names.

    :raises CommandError: when there is none.
    :raises WorkspaceError: when the ledger has a certificate under that code.
    :raises ShareError: when it is not all there.
    """
    if is_file(argument):
        return _of_file(Path(argument))
    try:
        identifier = id_from_code(argument)
    except ValueError:
        raise CommandError(
            f"{named(argument)}: neither a course record's file nor a printed code",
            ExitCode.NOTHING_READ,
        ) from None
    if ledger is None:
        raise CommandError(f"{argument} is a printed code: say in which workspace, --workspace DIR")
    found = ledger.find(identifier)
    if found is None or found.token is None:
        raise CommandError(f"{argument}: no course record of this code is in the ledger")
    return MeantRecord(held_record(found), found.token, None)


def check_shareable(held: HeldRecord, owner: Workspace, ledger: Ledger) -> None:
    """Refuses a record of which no share would be VALID, or a share would take another's place.

    :raises CommandError: when it is another issuer's, or is withdrawn.
    """
    visible = held.visible
    code, status = code_from_id(visible.id), visible.status
    if visible.issuer != owner.issuer:
        raise CommandError(
            f"{code} is a record of {visible.issuer}, and this workspace is that of {owner.issuer}"
        )
    if status is not None:
        known = ledger.status(StatusIndex(status.list, status.index))
        if known.value is StatusValue.REVOKED:
            raise CommandError(
                f"{code} is withdrawn, or was issued anew since: no share of this would be VALID"
            )
        if known.value is StatusValue.SUSPENDED:
            tell(f"{code} is suspended: no share of it is VALID until it is reinstated")


def _of_file(path: Path) -> MeantRecord:
    try:
        with path.open("rb") as file:
            token = file.read(RECORD_MAX + 1)
    except OSError as error:
        raise CommandError(os_error(error), ExitCode.NOTHING_READ) from error
    try:
        return MeantRecord(HeldRecord.open(token), token, path)
    except DecodeError as error:
        raise CommandError(f"{path}: {error} ({error.reason})", ExitCode.INVALID) from error
