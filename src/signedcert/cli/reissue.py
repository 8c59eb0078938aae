"""``signedcert reissue``: writes issued certificates again, signed anew where that is asked for."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from signedcert.cli.failures import CommandError, os_error
from signedcert.cli.issue import OutOption, output_folder, refuse_if_closed
from signedcert.cli.issuing import Issued, write_issued
from signedcert.cli.ledger_notes import warn_of_restore
from signedcert.cli.options import (
    JsonOption,
    NowOption,
    PassphraseFdOption,
    WorkspaceOption,
    moment,
)
from signedcert.cli.passphrase import asking, of_keys
from signedcert.cli.record_issuing import RECORD_MODE
from signedcert.cli.retire import kid_of
from signedcert.cli.screen import print_json, screen, visible
from signedcert.model.code import code_from_id, id_from_code
from signedcert.model.course_record import CourseRecord
from signedcert.model.issuer_document import KeyUse
from signedcert.workspace.atomic_files import replace, replace_each
from signedcert.workspace.document_changes import key_of
from signedcert.workspace.key_ends import check_still_signs
from signedcert.workspace.ledger import Issued as Recorded
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.reissue import (
    Passed,
    Reissued,
    reissue_key,
    statement_of,
)
from signedcert.workspace.reissue import reissue as reissue_one
from signedcert.workspace.workspace import Workspace


def reissue(
    *,
    codes: Annotated[
        list[str] | None,
        typer.Argument(metavar="CODE...", help="Printed codes of what was issued."),
    ] = None,
    workspace: WorkspaceOption,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="KID", help="Everything that this key signed, signed anew."),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Sign the named ones anew, with the present key.")
    ] = False,
    out: OutOption = None,
    now: NowOption = None,
    passphrase_fd: PassphraseFdOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the files of issued certificates again, from the ledger.

    With --key or --anew they are signed anew, and keep their codes and their status. Learners need
    the new files: the old links stay what they are.
    """
    if bool(codes) == bool(key):
        raise CommandError("say which: CODE..., or --key KID")
    owner, at = Workspace.open(workspace), moment(now).replace(microsecond=0)
    kid = kid_of(key) if key else None
    if kid is not None:
        key_of(owner.document(), kid)  # refuses one that never was
    with owner.open_ledger(at) as ledger:
        warn_of_restore(ledger)
        found = [_recorded(ledger, code) for code in codes or ()]
        results: Iterable[Reissued | Passed]
        check: Callable[[str], None] | None = None  # nothing new is signed
        if kid is None and not anew:
            results = (Reissued(statement_of(each), each.token or b"") for each in found)
        else:
            refuse_if_closed(owner)
            signer = owner.signer(KeyUse.STATEMENTS, at, asking(of_keys(passphrase_fd)))
            check = partial(check_still_signs, owner, signer.public_key)
            results = (
                reissue_key(ledger, kid, signer, at)
                if kid is not None
                else (reissue_one(ledger, each, signer, at) for each in found)
            )
        done = list(_written(results, check, output_folder(owner, out), owner.page))
    if as_json:
        print_json([_json(each) for each in done])
        return
    for each in done:
        screen().print(visible(_line(each)))
    left = sum(isinstance(each, Passed) for each in done)
    screen().print(f"{len(done) - left} written, {left} left as they were")


class RewrittenRecord(NamedTuple):
    """A course record whose file was written again.

    :ivar token_file: that file.
    """

    record: CourseRecord
    token_file: Path


def _written(
    results: Iterable[Reissued | Passed],
    check: Callable[[str], None] | None,
    folder: Path,
    page: str,
) -> Iterator[Issued | Passed | RewrittenRecord]:
    for result in results:
        if isinstance(result, Passed):
            yield result
            continue
        statement, token = result
        if check is not None:
            check(statement.code)
        if isinstance(statement, CourseRecord):
            yield RewrittenRecord(statement, _rewritten(folder, statement, token))
        else:
            yield write_issued(folder / statement.code, statement, token, page, replace_each)


def _rewritten(folder: Path, record: CourseRecord, token: bytes) -> Path:
    path = folder / f"{record.code}.cose"
    try:
        replace(path, token, mode=RECORD_MODE)
    except OSError as error:
        raise CommandError(f"{os_error(error)}. {record.code} is in the ledger") from error
    return path


def _recorded(ledger: Ledger, code: str) -> Recorded:
    try:
        identifier = id_from_code(code)
    except ValueError as error:
        raise CommandError(f"{code}: {error}") from error
    found = ledger.find(identifier)
    if found is None or found.token is None:
        raise CommandError(f"{code}: no token of this code is in the ledger")
    return found


def _json(each: Issued | Passed | RewrittenRecord) -> dict[str, object]:
    if isinstance(each, Passed):
        return {"code": code_from_id(each.id), "left": each.why}
    if isinstance(each, RewrittenRecord):
        return {"code": each.record.code, "url": None, "token_file": str(each.token_file)}
    return {
        "code": each.statement.code,
        "url": each.url,
        "token_file": str(each.token_file),
        "qr_files": [str(path) for path in each.qr_files],
    }


def _line(each: Issued | Passed | RewrittenRecord) -> str:
    if isinstance(each, Passed):
        return f"left   {code_from_id(each.id)}: {each.why}"
    return f"wrote  {each.token_file}"
