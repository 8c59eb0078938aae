"""``signedcert issue``: a JSON file → a signed token, its link and its QR code."""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from signedcert.cli.failures import CommandError
from signedcert.cli.issuing import Issued, Write, issue_into
from signedcert.cli.options import (
    JsonOption,
    NowOption,
    PassphraseFdOption,
    WorkspaceOption,
    moment,
)
from signedcert.cli.passphrase import asking
from signedcert.cli.screen import error_screen, print_json, screen, visible
from signedcert.cli.size_output import print_sizes
from signedcert.cli.statement_json import read_statement
from signedcert.codec.lower import lower
from signedcert.model.certificate import Certificate
from signedcert.model.course_record import CourseRecord
from signedcert.qr.size_report import savings
from signedcert.workspace.atomic_files import write_new
from signedcert.workspace.workspace import Workspace

#: A statement's JSON is some times larger than its token, which has at most 16 KiB.
_JSON_MAX = 1_000_000


def issue(  # noqa: PLR0913 - each is an option of the command
    *,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="The certificate as JSON, or - for stdin."),
    ],
    workspace: WorkspaceOption,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Where to write token and QR code; a copy of the token stays in the workspace.",
        ),
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="The file is a course record, not a certificate.")
    ] = False,
    now: NowOption = None,
    passphrase_fd: PassphraseFdOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign a certificate, and write its token and QR code.

    The file follows schemas/certificate-input.json, or course-record-input.json with --record.

    The workspace's folder issued keeps every token. No id is signed twice.
    """
    at = moment(now)
    owner = Workspace.open(workspace)
    statement = _statement(file, record=record, owner=owner, at=at)
    # Too large a statement is no reason to ask for a passphrase.
    lower(statement)
    _warn(statement, at)
    signer = owner.signer(statement.issued_at, asking(passphrase_fd))
    kept = owner.make_issued_folder()
    folder = kept if out is None else out
    folder.mkdir(parents=True, exist_ok=True)
    try:
        issued = issue_into(
            folder / statement.code, statement, signer, owner.page, _keeping(kept, folder)
        )
    except FileExistsError as error:
        raise CommandError(
            f"{error.filename} exists: this id was issued already; nothing was written"
        ) from error
    if as_json:
        print_json(issued_json(issued, owner.page))
    else:
        _print(screen(), issued, owner)


def issued_json(issued: Issued, page: str) -> dict[str, object]:
    """What was issued, in JSON's types."""
    return {
        "code": issued.statement.code,
        "url": issued.url,
        "token_file": str(issued.token_file),
        "qr_files": [str(path) for path in issued.qr_files],
        "qr_version": issued.sizes.qr_version,
        "sizes": issued.sizes.to_dict(),
        "savings": [
            {"without": saving.field, "bytes": saving.saved, "qr_version": saving.qr_version}
            for saving in savings(page, issued.token, issued.statement)
        ],
    }


def _keeping(kept: Path, folder: Path) -> Write:
    """Writes an issued statement's files, and the issuer's own copy of the token."""
    if folder.samefile(kept):
        return write_new

    def write(files: Mapping[Path, bytes]) -> None:
        own = {kept / path.name: data for path, data in files.items() if path.suffix == ".cose"}
        # The own copy first: of two that sign one id into different folders, one wins.
        write_new(own | dict(files))

    return write


def _warn(statement: Certificate | CourseRecord, at: datetime) -> None:
    """Says what verifiers will make of it, where the issuer may not expect that."""
    warnings = []
    if statement.status is not None:
        warnings.append("no status list is published yet: verifiers will answer INDETERMINATE")
    if statement.expires_at is not None and statement.expires_at <= at:
        warnings.append("expires_at lies in the past: verifiers will answer INVALID")
    for warning in warnings:
        error_screen().print(f"signedcert: warning: {warning}")


def _statement(
    file: str, *, record: bool, owner: Workspace, at: datetime
) -> Certificate | CourseRecord:
    if file == "-":
        name, data = "standard input", sys.stdin.buffer.read(_JSON_MAX + 1)
    else:
        name = file
        with Path(file).open("rb") as opened:
            data = opened.read(_JSON_MAX + 1)
    if len(data) > _JSON_MAX:
        raise CommandError(f"{name}: it has more than {_JSON_MAX} bytes")
    if not data.strip():
        raise CommandError(f"{name}: it is empty; expected a certificate as JSON")
    return read_statement(name, data, CourseRecord if record else Certificate, owner.issuer, at)


def _print(console: Console, issued: Issued, owner: Workspace) -> None:
    console.print(f"code   {issued.statement.code}")
    console.print(f"url    {issued.url}")
    for path in (issued.token_file, *issued.qr_files):
        console.print(visible(f"wrote  {path}"))
    console.print()
    print_sizes(console, issued.sizes, savings(owner.page, issued.token, issued.statement))
