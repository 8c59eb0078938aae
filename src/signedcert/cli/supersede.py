"""``signedcert supersede``: a corrected certificate in the place of a faulty one."""

from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.issue import (
    OutOption,
    issued_json,
    output_folder,
    print_issued,
    refuse_if_closed,
)
from signedcert.cli.issued_reference import meant
from signedcert.cli.issuing import issue_into
from signedcert.cli.ledger_notes import tell_of_new_list, warn_of_restore
from signedcert.cli.options import (
    JsonOption,
    NowOption,
    PassphraseFdOption,
    WorkspaceOption,
    moment,
)
from signedcert.cli.passphrase import asking, of_keys
from signedcert.cli.revoke import CodeArgument
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.statement_json import statement_in
from signedcert.codec.lower import lower
from signedcert.model.certificate import Certificate
from signedcert.model.course_record import CourseRecord
from signedcert.model.issuer_document import KeyUse
from signedcert.workspace.issuing import check_unreferenced
from signedcert.workspace.key_ends import check_still_signs
from signedcert.workspace.workspace import Workspace


def supersede(
    *,
    code: CodeArgument,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The corrected certificate as JSON, or - .")
    ],
    workspace: WorkspaceOption,
    out: OutOption = None,
    record: Annotated[
        bool, typer.Option("--record", help="The file is a course record, not a certificate.")
    ] = False,
    now: NowOption = None,
    passphrase_fd: PassphraseFdOption = None,
    as_json: JsonOption = False,
) -> None:
    """Issue a corrected certificate, and revoke the faulty one with the reason superseded.

    The corrected one has a code of its own. Takes effect when it is published.
    """
    at = moment(now)
    owner = Workspace.open(workspace)
    refuse_if_closed(owner)
    statement = statement_in(file, CourseRecord if record else Certificate, owner.issuer, at)
    check_unreferenced(statement)
    lower(statement)
    with owner.open_ledger(at) as ledger:
        warn_of_restore(ledger)
        old = meant(owner, ledger, code, at)
        found = ledger.find(old.id)
        if old.id == statement.id:
            raise CommandError("the corrected certificate needs an id of its own; leave it out")
        if found is not None and found.superseded_by is not None:
            raise CommandError(f"{old.code} was superseded already; supersede what replaced it")
        signer = owner.signer(
            KeyUse.STATEMENTS, statement.issued_at, asking(of_keys(passphrase_fd))
        )
        before = [each.number for each in ledger.lists()]

        def in_its_place() -> None:
            check_still_signs(owner, signer.public_key, statement.code)
            ledger.supersede(old.id, statement.id, at, reference=old.reference)

        issued = issue_into(
            output_folder(owner, out),
            statement,
            signer,
            owner.page,
            ledger,
            at,
            then=in_its_place,
        )
    reference = issued.statement.status
    tell_of_new_list(before, None if reference is None else reference.list)
    if as_json:
        print_json(issued_json(issued, owner.page) | {"supersedes": old.code})
        return
    print_issued(screen(), issued, owner)
    screen().print()
    screen().print(visible(f"revoked {old.code}: superseded"))
    screen().print(visible(f"next    signedcert publish --workspace {owner.folder} --out SITE"))
