"""``signedcert share list``: what was shared, with whom, until when, and whether it counts."""

from datetime import datetime
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.ledger_notes import warn_of_restore
from signedcert.cli.options import JsonOption, NowOption, moment
from signedcert.cli.record_output import print_table
from signedcert.cli.screen import print_json, screen
from signedcert.cli.share.create import ShareWorkspaceOption
from signedcert.cli.share.made import share_json
from signedcert.cli.share.records import id_of, is_file, meant_record
from signedcert.cli.verdict_output import rfc3339
from signedcert.model.code import code_from_id
from signedcert.workspace.ledger import Ledger, StatusIndex, StatusValue
from signedcert.workspace.ledger.recorded_share import RecordedShare
from signedcert.workspace.own_shares import check_own_shares, is_among, read_own_shares
from signedcert.workspace.record_issuing import first_share_place, held_record
from signedcert.workspace.workspace import Workspace


def list_shares(
    *,
    record: Annotated[
        str | None,
        typer.Argument(
            metavar="RECORD",
            help="Of one course record: its printed code, or without --workspace its file.",
        ),
    ] = None,
    workspace: ShareWorkspaceOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """List shares: for whom, what they show, until when, and whether they still count."""
    at = moment(now)
    if workspace is None:
        if record is None:
            raise CommandError("say whose: --workspace DIR, or a course record's file")
        found = meant_record(record, None)
        assert found.file is not None  # without a workspace, only a file can be meant
        shares = read_own_shares(found.file)
        first = first_share_place(found.held.visible)
        check_own_shares(found.file, shares, found.held.visible.id, first)
        states = [state_of(each, at, None) if is_among(each, first) else "reset" for each in shares]
    else:
        with Workspace.open(workspace).open_ledger(at) as ledger:
            warn_of_restore(ledger)
            shares = ledger.shares(None if record is None else _record(record, ledger))
            states = [state_of(each, at, ledger) for each in shares]
    if as_json:
        print_json([described(each, state) for each, state in zip(shares, states, strict=True)])
        return
    lines = [
        [
            code_from_id(each.id),
            code_from_id(each.record),
            each.audience,
            rfc3339(each.expires_at),
            state,
            "sealed" if each.sealed_name else "link",
            ", ".join(each.rows) or "nothing but the course",
        ]
        for each, state in zip(shares, states, strict=True)
    ]
    if lines:
        print_table(
            screen(),
            ["share", "record", "audience", "until", "state", "carried by", "shows"],
            lines,
        )
    screen().print("1 share" if len(lines) == 1 else f"{len(lines)} shares")


def described(share: RecordedShare, state: str) -> dict[str, object]:
    """What is known of a share, in JSON's types."""
    replaced = None if share.replaced_by is None else code_from_id(share.replaced_by)
    reset = None if share.reset_at is None else rfc3339(share.reset_at)
    return share_json(share) | {"state": state, "reset_at": reset, "replaced_by": replaced}


def state_of(share: RecordedShare, now: datetime, ledger: Ledger | None) -> str:
    """Whether a share still counts.

    ``active``, ``ended``, ``reset`` or ``suspended``; ``withdrawn`` where its record is; ``made``
    where only the issuer's list would tell.
    """
    if share.reset_at is not None:
        return "reset"
    own = of_record = StatusValue.VALID
    if ledger is not None:
        record = ledger.find(share.record)
        own = _status(share.reference, ledger)
        of_record = _status(None if record is None else record.reference, ledger)
    if own is StatusValue.REVOKED:
        return "reset"
    if of_record is StatusValue.REVOKED:
        return "withdrawn"
    if share.expires_at <= now:
        return "ended"
    if StatusValue.SUSPENDED in {own, of_record}:
        return "suspended"
    return "made" if ledger is None else "active"


def _status(place: StatusIndex | None, ledger: Ledger) -> StatusValue:
    return StatusValue.VALID if place is None else ledger.status(place).value


def _record(argument: str, ledger: Ledger) -> bytes:
    if is_file(argument):
        return meant_record(argument, ledger).held.visible.id
    identifier = id_of(argument)
    found = ledger.find(identifier)
    if found is None:
        raise CommandError(f"the ledger knows no course record {code_from_id(identifier)}")
    if found.token is not None:
        held_record(found)  # refuses a certificate
    return identifier
