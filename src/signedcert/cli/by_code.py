"""``signedcert by-code``: which certificates whoever has the printed code may open."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.ledger_notes import warn_of_restore
from signedcert.cli.options import JsonOption, NowOption, WorkspaceOption, moment
from signedcert.cli.record_output import print_table
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.verdict_output import rfc3339
from signedcert.model.code import code_from_id, id_from_code
from signedcert.workspace.site.paths import by_code_path
from signedcert.workspace.workspace import Workspace

by_code_app = typer.Typer(
    no_args_is_help=True,
    help="Which certificates whoever has the printed code may open: allow, withdraw, list.",
)
CodesArgument = Annotated[
    list[str],
    typer.Argument(metavar="CODE...", help="Printed codes of certificates.", show_default=False),
]


@by_code_app.command()
def allow(
    *,
    codes: CodesArgument,
    workspace: WorkspaceOption,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let whoever has the printed code open the certificate, because its learner agreed.

    Everything in it is on the site then. Takes effect when it is published.
    """
    owner, at = Workspace.open(workspace), moment(now).replace(microsecond=0)
    identifiers = _identifiers(codes)
    with owner.open_ledger(at) as ledger:
        warn_of_restore(ledger)
        ledger.allow_by_code(identifiers, at)
    _report("allowed", identifiers, workspace, as_json)


@by_code_app.command()
def withdraw(
    *,
    codes: CodesArgument,
    workspace: WorkspaceOption,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take that back: the next publication removes the page.

    The certificate stays valid, and so does its link.
    """
    owner, at = Workspace.open(workspace), moment(now).replace(microsecond=0)
    identifiers = _identifiers(codes)
    with owner.open_ledger(at) as ledger:
        warn_of_restore(ledger)
        ledger.withdraw_by_code(identifiers)
    _report("withdrawn", identifiers, workspace, as_json)


@by_code_app.command(name="list")
def list_codes(
    *, workspace: WorkspaceOption, now: NowOption = None, as_json: JsonOption = False
) -> None:
    """List the certificates that may be opened by their codes, and since when."""
    owner, at = Workspace.open(workspace), moment(now)
    with owner.open_ledger(at) as ledger:
        warn_of_restore(ledger)
        listed = [(code_from_id(each.id), each.allowed_at) for each in ledger.open_by_code()]
    if as_json:
        print_json([_described(owner, code, at) for code, at in listed])
        return
    if listed:
        print_table(screen(), ["code", "since"], [[code, rfc3339(at)] for code, at in listed])
    screen().print("1 certificate" if len(listed) == 1 else f"{len(listed)} certificates")


def _identifiers(codes: list[str]) -> list[bytes]:
    found = []
    for code in codes:
        try:
            found.append(id_from_code(code))
        except ValueError as error:
            raise CommandError(f"{code}: {error}") from error
    return found


def _described(owner: Workspace, code: str, at: datetime) -> dict[str, object]:
    folder = by_code_path(code).removesuffix("index.html")
    return {"code": code, "since": rfc3339(at), "address": f"https://{owner.issuer}/{folder}"}


def _report(done: str, identifiers: list[bytes], workspace: Path, as_json: bool) -> None:
    codes = [code_from_id(each) for each in identifiers]
    if as_json:
        print_json([{"code": code, "by_code": done} for code in codes])
        return
    for code in codes:
        screen().print(f"{done:<10} {code}")
    screen().print(visible(f"next       signedcert publish --workspace {workspace} --out SITE"))
