"""``signedcert supersede``: a corrected certificate in the place of a faulty one."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.issue import (
    ByCodeOption,
    OutOption,
    issued_json,
    output_folder,
    print_issued,
    refuse_by_code,
    refuse_if_closed,
)
from signedcert.cli.issued_reference import Meant, meant
from signedcert.cli.issuing import issue_into
from signedcert.cli.ledger_notes import tell, tell_of_new_list, tell_of_new_lists, warn_of_restore
from signedcert.cli.options import (
    JsonOption,
    NowOption,
    PassphraseFdOption,
    WorkspaceOption,
    moment,
)
from signedcert.cli.passphrase import asking, of_keys
from signedcert.cli.record_issuing import Asked, Holder, issue_record_into, report_record
from signedcert.cli.revoke import CodeArgument
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.statement_json import statement_in
from signedcert.codec.lower import lower
from signedcert.crypto.keys import PublicKey
from signedcert.model.certificate import Certificate
from signedcert.model.course_record import CourseRecord
from signedcert.model.issued_record import VisibleRecord
from signedcert.model.issuer_document import KeyUse
from signedcert.workspace.issuing import check_unreferenced
from signedcert.workspace.key_ends import check_still_signs
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.record_issuing import check_size, held_record
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
    by_code: ByCodeOption = False,
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
    if record:
        refuse_by_code(by_code)
        _supersede_record(owner, code, file, out, Asked(of_keys(passphrase_fd)), at, as_json)
        return
    statement = statement_in(file, Certificate, owner.issuer, at)
    check_unreferenced(statement)
    lower(statement)
    with owner.open_ledger(at) as ledger:
        warn_of_restore(ledger)
        old = _superseded(owner, ledger, code, statement.id, at)
        found = ledger.find(old.id)
        if found is not None and found.media_type == VisibleRecord.media_type:
            raise CommandError(f"{old.code} is a course record: correct it with --record")
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
            by_code=by_code,
            then=in_its_place,
        )
        if not by_code and ledger.is_open_by_code(old.id):
            tell(
                f"{old.code} can be opened by its code, and {statement.code} cannot. If its "
                f"learner agrees: signedcert by-code allow {statement.code}"
            )
    reference = issued.statement.status
    if reference is not None and reference.list in ledger.begun:
        tell_of_new_list(before, reference.list)
    if as_json:
        print_json(issued_json(issued, owner.page) | {"supersedes": old.code})
        return
    print_issued(screen(), issued, owner)
    screen().print()
    screen().print(visible(f"revoked {old.code}: superseded"))
    screen().print(visible(f"next    signedcert publish --workspace {owner.folder} --out SITE"))


def _superseded(owner: Workspace, ledger: Ledger, code: str, anew: bytes, at: datetime) -> Meant:
    """What is to be superseded.

    :raises CommandError: when it cannot be.
    """
    old = meant(owner, ledger, code, at)
    found = ledger.find(old.id)
    if old.id == anew:
        raise CommandError("the corrected one needs an id of its own; leave it out")
    if found is not None and found.superseded_by is not None:
        raise CommandError(f"{old.code} was superseded already; supersede what replaced it")
    return old


def _supersede_record(  # noqa: PLR0917 - what is superseded, by what, where
    owner: Workspace,
    code: str,
    file: str,
    out: Path | None,
    asked: Asked,
    at: datetime,
    as_json: bool,
) -> None:
    """The corrected record keeps the learner's share key: it is the learner's, not the record's."""
    record = statement_in(file, CourseRecord, owner.issuer, at)
    check_unreferenced(record)
    with owner.open_ledger(at) as ledger:
        warn_of_restore(ledger)
        old = _superseded(owner, ledger, code, record.id, at)
        found = ledger.find(old.id)
        if found is None:
            raise CommandError(f"{old.code}: the ledger does not know it, nor its share key")
        holder = Holder(PublicKey(held_record(found).visible.holder_key))
        check_size(record, holder.key)
        signer = owner.signer(KeyUse.STATEMENTS, record.issued_at, asked)
        before = [each.number for each in ledger.lists()]

        def in_its_place() -> None:
            check_still_signs(owner, signer.public_key, record.code)
            ledger.supersede(old.id, record.id, at, reference=old.reference)

        done = issue_record_into(
            output_folder(owner, out),
            record,
            signer,
            holder,
            owner,
            asked,
            ledger,
            at,
            then=in_its_place,
        )
        tell_of_new_lists(before, ledger)
    if not as_json:
        screen().print(visible(f"revoked {old.code}: superseded; with it, every share of it"))
    report_record(done, ("supersedes", old.code), as_json=as_json)
    if as_json:
        return
    screen().print(visible(f"next    signedcert publish --workspace {owner.folder} --out SITE"))
