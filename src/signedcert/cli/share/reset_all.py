"""Resetting every share of a course record: it is issued anew, with a new share key and places."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from signedcert.cli.failures import CommandError
from signedcert.cli.issue import output_folder
from signedcert.cli.ledger_notes import tell_of_new_lists
from signedcert.cli.passphrase import Source
from signedcert.cli.record_issuing import Asked, Holder, WrittenRecord, written
from signedcert.cli.screen import visible
from signedcert.cli.share.records import id_of
from signedcert.cli.share.reset_one import CANNOT
from signedcert.crypto.keys import PublicKey
from signedcert.model.code import code_from_id
from signedcert.model.issuer_document import KeyUse
from signedcert.workspace.atomic_files import replace
from signedcert.workspace.key_ends import check_still_signs
from signedcert.workspace.key_store import pem_file
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.ledger.shares import RESET
from signedcert.workspace.record_issuing import held_record, replace_record
from signedcert.workspace.site.sealed import sealed_file
from signedcert.workspace.workspace import Workspace

_SAYS = (
    "What a reset of all does: with the next signedcert publish, the status list says that the "
    "record as it was is withdrawn; whoever checks an old link, or a copy of it, against that list "
    "gets INVALID. Sealed files of this workspace leave the site.",
    CANNOT,
)


class ResetRecord(NamedTuple):
    """A record that was issued anew.

    :ivar written: the new one.
    :ivar ended: the printed codes of the shares that ended with the one before.
    """

    written: WrittenRecord
    ended: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """In JSON's types."""
        return self.written.to_json() | {"reset": list(self.ended), "says": list(_SAYS)}

    def print(self, console: Console) -> None:
        """For people."""
        self.written.print(console)
        console.print(
            "The learner needs the new file; shares of the one before end with it. Known here: "
            f"{len(self.ended)}."
        )
        for code in self.ended:
            console.print(visible(f"reset  {code}"))
        console.print()
        for line in _SAYS:
            console.print(line)


def reset_all(  # noqa: PLR0917 - which record, whose key, where
    owner: Workspace,
    ledger: Ledger,
    argument: str,
    holder_key: Path | None,
    with_code: bool,
    passphrase: Source,
    out: Path | None,
    now: datetime,
) -> ResetRecord:
    """Issues a record anew and revokes the one before.

    :raises CommandError: when there is no such record, or it is not said whose the new key is.
    """
    identifier = id_of(argument, "; --all takes a record's printed code")
    found = ledger.find(identifier)
    if found is None or found.token is None:
        raise CommandError(f"{argument}: no course record of this code is in the ledger")
    old_key = PublicKey(held_record(found).visible.holder_key)
    old_file = pem_file(owner.holders_folder, old_key)
    if holder_key is None and not with_code and not old_file.exists():
        raise CommandError(
            "this workspace does not have the share key of this record: the learner has it, or it "
            "was lost. Say what the new one is to be, with --holder-key FILE or --recovery-code. "
            "(This workspace is not to take it over unasked)"
        )
    holder, asked = Holder.chosen(holder_key, with_code=with_code), Asked(passphrase)
    if holder.key == old_key:
        raise CommandError("--holder-key: this is the share key that the record has already")
    signer = owner.signer(KeyUse.STATEMENTS, now, asked)
    folder = output_folder(owner, out)
    before = [each.number for each in ledger.lists()]
    reset_before = {each.id for each in ledger.shares(identifier) if each.reset_at is not None}
    holder_file = holder.keep(owner, asked)
    try:
        issued = replace_record(ledger, found, signer, holder.key, now, RESET)
    except BaseException:
        if holder_file is not None:
            holder_file.unlink(missing_ok=True)
        raise
    check_still_signs(owner, signer.public_key, issued.record.code)
    ended = [
        each
        for each in ledger.shares(identifier)
        if each.reset_at is not None and each.id not in reset_before
    ]
    for share in ended:
        if share.sealed_name is not None:
            sealed_file(owner.sealed_folder, share.sealed_name).unlink(missing_ok=True)
    # It signs nothing that anybody would accept any more.
    old_file.unlink(missing_ok=True)
    tell_of_new_lists(before, ledger)
    token_file = folder / f"{issued.record.code}.cose"
    problem = written(token_file, issued, replace)
    return ResetRecord(
        WrittenRecord(issued, token_file, holder, holder_file, problem),
        tuple(code_from_id(each.id) for each in ended),
    )
