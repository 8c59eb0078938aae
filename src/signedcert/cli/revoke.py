"""``signedcert revoke``, ``suspend`` and ``reinstate``."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.issued_reference import meant
from signedcert.cli.ledger_notes import warn_of_restore
from signedcert.cli.options import JsonOption, NowOption, WorkspaceOption, moment
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.verdict_output import rfc3339
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.workspace import Workspace

CodeArgument = Annotated[
    str,
    typer.Argument(
        metavar="CODE",
        help="The printed code of what was issued, or its link, token file or QR code.",
    ),
]
ReasonOption = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; it stays in the ledger.")
]
_NO_REASON = "no reason given"


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to be done, and what to call it when it is done."""

    done: str
    apply: Callable[..., None]


def revoke(
    *,
    code: CodeArgument,
    workspace: WorkspaceOption,
    reason: ReasonOption = _NO_REASON,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Withdraw a certificate for good. Takes effect when it is published."""
    done = _apply(workspace, code, now, reason, _Change("revoked", Ledger.revoke))
    _report(done, workspace, as_json)


def suspend(
    *,
    code: CodeArgument,
    workspace: WorkspaceOption,
    reason: ReasonOption = _NO_REASON,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Withdraw a certificate for the time being. Takes effect when it is published."""
    done = _apply(workspace, code, now, reason, _Change("suspended", Ledger.suspend))
    _report(done, workspace, as_json)


def reinstate(
    *,
    code: CodeArgument,
    workspace: WorkspaceOption,
    reason: ReasonOption = _NO_REASON,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a suspended certificate valid again. Takes effect when it is published."""
    done = _apply(workspace, code, now, reason, _Change("reinstated", Ledger.reinstate))
    _report(done, workspace, as_json)


def _apply(
    workspace: Path, argument: str, now: str | None, reason: str, change: _Change
) -> dict[str, object]:
    owner, at = Workspace.open(workspace), moment(now).replace(microsecond=0)
    if owner.document().final:
        raise CommandError(f"{owner.issuer} is closed: its status lists can never change")
    with owner.open_ledger(at) as ledger:
        warn_of_restore(ledger)
        found = meant(owner, ledger, argument, at)
        try:
            change.apply(ledger, found.reference, found.id, reason, at)
        except ValueError as error:
            raise CommandError(f"--reason: {error}") from error
    return {
        "code": found.code,
        "status": change.done,
        "at": rfc3339(at),
        "reason": reason,
        "list": found.reference.list,
        "index": found.reference.index,
    }


def _report(done: dict[str, object], workspace: Path, as_json: bool) -> None:
    if as_json:
        print_json(done)
        return
    screen().print(visible(f"{done['status']:<10} {done['code']}: {done['reason']}"))
    screen().print(visible(f"next       signedcert publish --workspace {workspace} --out SITE"))
