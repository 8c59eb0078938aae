"""``signedcert issue``: a JSON file → a signed token, its link and its QR code."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from signedcert.cli.failures import CommandError
from signedcert.cli.issuing import Issued, issue_into
from signedcert.cli.ledger_notes import tell_of_new_list, tell_of_new_lists, warn_of_restore
from signedcert.cli.options import (
    JsonOption,
    NowOption,
    PassphraseFdOption,
    WorkspaceOption,
    given_path,
    moment,
)
from signedcert.cli.passphrase import of_keys
from signedcert.cli.portrait_issuing import PortraitOption, SaltFile, portrayed, salt_kept
from signedcert.cli.record_issuing import (
    Asked,
    Holder,
    HolderKeyOption,
    NewCodeOption,
    WrittenRecord,
    issue_record_into,
    report_record,
)
from signedcert.cli.screen import error_screen, print_json, screen, visible
from signedcert.cli.size_output import print_sizes
from signedcert.cli.statement_json import statement_in
from signedcert.codec.lower import lower
from signedcert.model.certificate import Certificate
from signedcert.model.course_record import CourseRecord
from signedcert.model.issuer_document import KeyUse
from signedcert.qr.size_report import savings
from signedcert.workspace.issuing import check_unreferenced
from signedcert.workspace.key_ends import check_still_signs
from signedcert.workspace.record_issuing import check_size
from signedcert.workspace.workspace import Workspace

OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        parser=given_path,
        help="Where to write token and QR code; else WORKSPACE/issued.",
    ),
]
RecordOption = Annotated[
    bool, typer.Option("--record", help="The file is a course record, not a certificate.")
]
ByCodeOption = Annotated[
    bool,
    typer.Option(
        "--by-code",
        help="The learner agreed that whoever has the printed code may open it: publish puts it on "
        "the site, with everything in it.",
    ),
]


def issue(
    *,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="The certificate as JSON, or - for stdin."),
    ],
    workspace: WorkspaceOption,
    out: OutOption = None,
    record: RecordOption = False,
    no_status: Annotated[
        bool, typer.Option("--no-status", help="Give it no place in a status list, for ever.")
    ] = False,
    holder_key: HolderKeyOption = None,
    new_code: NewCodeOption = False,
    by_code: ByCodeOption = False,
    portrait: PortraitOption = None,
    now: NowOption = None,
    passphrase_fd: PassphraseFdOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign a certificate, and write its token and QR code.

    The file follows schemas/certificate-input.json, or course-record-input.json with --record.

    The ledger keeps every token. No id is signed twice.

    A course record can be shared with its share key: one that this workspace keeps for the learner,
    or with --holder-key or --recovery-code one that the learner has.
    """
    at = moment(now)
    owner = Workspace.open(workspace)
    asked = Asked(of_keys(passphrase_fd))
    if record:
        refuse_by_code(by_code)
        holder = Holder.chosen(holder_key, with_code=new_code)
        done, salt_file = _record(
            owner, file, out, holder, asked, at, portrait, status=not no_status
        )
        report_record(done, *salt_file.to_json().items(), as_json=as_json)
        if not as_json:
            salt_file.print()
        return
    if holder_key is not None or new_code:
        raise CommandError("--holder-key and --recovery-code go with --record")
    statement, salt = portrayed(statement_in(file, Certificate, owner.issuer, at), portrait)
    check_unreferenced(statement)
    refuse_if_closed(owner)
    # Too large a statement is no reason to ask for a passphrase.
    lower(statement)
    warn(statement, at)
    signer = owner.signer(KeyUse.STATEMENTS, statement.issued_at, asked)
    folder = output_folder(owner, out)
    with (
        owner.open_ledger(at) as ledger,
        salt_kept(folder, statement.code, salt) as salt_file,
    ):
        warn_of_restore(ledger)
        before = [each.number for each in ledger.lists()]
        issued = issue_into(
            folder,
            statement,
            signer,
            owner.page,
            ledger,
            at,
            status=not no_status,
            by_code=by_code,
            then=salt_file.kept_and(
                lambda: check_still_signs(owner, signer.public_key, statement.code)
            ),
        )
    reference = issued.statement.status
    if reference is not None and reference.list in ledger.begun:
        tell_of_new_list(before, reference.list)
    if as_json:
        print_json(issued_json(issued, owner.page) | salt_file.to_json())
    else:
        print_issued(screen(), issued, owner)
        salt_file.print()


def _record(  # noqa: PLR0917 - what is issued, by whom, where
    owner: Workspace,
    file: str,
    out: Path | None,
    holder: Holder,
    asked: Asked,
    at: datetime,
    portrait: Path | None,
    *,
    status: bool,
) -> tuple[WrittenRecord, SaltFile]:
    record, salt = portrayed(statement_in(file, CourseRecord, owner.issuer, at), portrait)
    check_unreferenced(record)
    refuse_if_closed(owner)
    # Too large a record is no reason to ask for a passphrase.
    check_size(record, holder.key)
    warn(record, at)
    signer = owner.signer(KeyUse.STATEMENTS, record.issued_at, asked)
    folder = output_folder(owner, out)
    with owner.open_ledger(at) as ledger, salt_kept(folder, record.code, salt) as salt_file:
        warn_of_restore(ledger)
        before = [each.number for each in ledger.lists()]
        done = issue_record_into(
            folder,
            record,
            signer,
            holder,
            owner,
            asked,
            ledger,
            at,
            status=status,
            then=salt_file.kept_and(
                lambda: check_still_signs(owner, signer.public_key, record.code)
            ),
        )
        tell_of_new_lists(before, ledger)
    return done, salt_file


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


def print_issued(console: Console, issued: Issued, owner: Workspace) -> None:
    """What was issued, for people."""
    console.print(f"code   {issued.statement.code}")
    console.print(f"url    {issued.url}")
    for path in (issued.token_file, *issued.qr_files):
        console.print(visible(f"wrote  {path}"))
    console.print()
    print_sizes(console, issued.sizes, savings(owner.page, issued.token, issued.statement))


def refuse_by_code(by_code: bool) -> None:
    """A course record is never published.

    :raises CommandError: when it is asked for.
    """
    if by_code:
        raise CommandError(
            "--by-code is for certificates: nobody opens a course record by its code. What to show "
            "of it, and to whom, its learner says with signedcert share"
        )


def refuse_if_closed(owner: Workspace) -> None:
    """A closed issuer issues nothing.

    :raises CommandError: when it is closed.
    """
    if owner.document().final:
        raise CommandError(f"{owner.issuer} is closed: nothing can be issued any more")


def warn(statement: Certificate | CourseRecord, at: datetime) -> None:
    """Says what verifiers will make of it, where the issuer may not expect that."""
    if statement.expires_at is not None and statement.expires_at <= at:
        error_screen().print(
            "signedcert: warning: expires_at lies in the past: verifiers will answer INVALID"
        )


def output_folder(owner: Workspace, out: Path | None) -> Path:
    """Where to write, made where it is missing."""
    folder = owner.make_issued_folder() if out is None else out
    folder.mkdir(parents=True, exist_ok=True)
    return folder
