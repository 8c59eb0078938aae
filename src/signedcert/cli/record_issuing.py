"""Issuing a course record: whose key shares it, its file, what to tell."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from signedcert.cli.failures import CommandError, os_error
from signedcert.cli.options import given_path
from signedcert.cli.passphrase import Source, asking
from signedcert.cli.screen import print_json, screen, visible
from signedcert.crypto.keys import PublicKey
from signedcert.crypto.signer import Signer
from signedcert.errors import KeyFileError
from signedcert.model.code import code_from_id
from signedcert.model.course_record import CourseRecord
from signedcert.share.recovery_code import ENTROPY_SIZE, recovery_code
from signedcert.signers.software import SoftwareSigner
from signedcert.signers.spki import public_key_from_spki
from signedcert.workspace.atomic_files import write_new
from signedcert.workspace.holder_keys import holder_key_file, keep_holder_key
from signedcert.workspace.ledger import DuplicateIdError, Ledger
from signedcert.workspace.record_issuing import IssuedRecord, issue_record_recorded
from signedcert.workspace.workspace import Workspace

HolderKeyOption = Annotated[
    Path | None,
    typer.Option(
        "--holder-key",
        metavar="FILE",
        parser=given_path,
        help="Of a record: the public half of the learner's own share key, as share key writes it.",
    ),
]
NewCodeOption = Annotated[
    bool,
    typer.Option(
        "--recovery-code",
        help="Of a record: make the share key from a code that is printed once, for the learner.",
    ),
]
#: A record's token shows everything in it.
RECORD_MODE = 0o600
_KEY_SIZE_MAX = 65_536


class Asked:
    """Passphrases that were asked for, so that nobody types one twice."""

    def __init__(self, source: Source) -> None:
        """:param source: of the passphrase of signing keys."""
        self.source = source
        self._ask = asking(source)
        self._given: dict[Path, bytes] = {}

    def __call__(self, path: Path) -> bytes:
        """The passphrase of a key's file, or the PIN of its hardware."""
        if path not in self._given:
            self._given[path] = self._ask(path)
        return self._given[path]

    def for_share_keys(self, owner: Workspace) -> bytes | None:
        """What share keys are encrypted under: what the signing keys are; None: in the clear."""
        for path, passphrase in self._given.items():
            if path.suffix == ".pem":
                return passphrase
        if any(b"ENCRYPTED" not in path.read_bytes() for path in owner.keys_folder.glob("*.pem")):
            return None
        given = self.source.given()
        return self.source.typed("Passphrase for the share key: ") if given is None else given


@dataclass(frozen=True, slots=True)
class Holder:
    """Who can share a record.

    :ivar key: the public half of the share key.
    :ivar kept: the share key, where the workspace is to keep it.
    :ivar code: the recovery code that stands for it, to be printed once.
    """

    key: PublicKey
    kept: SoftwareSigner | None = None
    code: str | None = None

    @classmethod
    def chosen(cls, public_key: Path | None, *, with_code: bool) -> "Holder":
        """As the options say: the learner's own key, one from a code, or one in the workspace.

        :raises CommandError: when they contradict each other, or the file holds no public key.
        """
        if public_key is not None:
            if with_code:
                raise CommandError("--holder-key and --recovery-code contradict each other")
            try:
                with public_key.open("rb") as file:
                    return cls(public_key_from_spki(file.read(_KEY_SIZE_MAX)))
            except KeyFileError as error:
                raise CommandError(f"{public_key}: {error}") from error
        if with_code:
            code = recovery_code(secrets.token_bytes(ENTROPY_SIZE))
            return cls(SoftwareSigner.from_recovery_code(code).public_key, None, code)
        key = SoftwareSigner.generate()
        return cls(key.public_key, key)

    def keep(self, owner: Workspace, asked: Asked) -> Path | None:
        """Puts the share key into the workspace, where that is to keep it."""
        if self.kept is None:
            return None
        return keep_holder_key(owner, self.kept, asked.for_share_keys(owner))


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """What was made of a course record.

    :ivar token_file: its token.
    :ivar holder: who can share it.
    :ivar holder_file: where the share key is, in the workspace.
    :ivar problem: why its file was not written, or None. It is in the ledger then, and what is said
        of it is said all the same: a recovery code is in no other place.
    """

    issued: IssuedRecord
    token_file: Path
    holder: Holder
    holder_file: Path | None
    problem: str | None = None

    def to_json(self) -> dict[str, object]:
        """In JSON's types. A record has no link: that would show all of it to whoever has it."""
        return {
            "code": self.issued.record.code,
            "url": None,
            "token_file": None if self.problem else str(self.token_file),
            "qr_version": None,
            "sizes": {"token": len(self.issued.token)},
            "holder_key": self.holder.key.raw.hex(),
            "holder_key_file": None if self.holder_file is None else str(self.holder_file),
            "recovery_code": self.holder.code,
        }

    def print(self, console: Console) -> None:
        """For people."""
        console.print(f"code   {self.issued.record.code}")
        if self.problem is None:
            console.print(visible(f"wrote  {self.token_file}"))
        console.print(
            f"size   {len(self.issued.token)} bytes; it shows everything in it, and is for the "
            "learner alone"
        )
        if self.holder_file is not None:
            console.print(
                visible(f"key    {self.holder_file}: this workspace shares for the learner")
            )
        elif self.holder.code is not None:
            console.print(f"code for sharing  {self.holder.code}")
            console.print(
                "       It is not stored and not shown again. Whoever has it and the record's file "
                "can share the record."
            )
        else:
            console.print("key    the learner's own")


def issue_record_into(  # noqa: PLR0917 - what is issued, by whom, where
    folder: Path,
    record: CourseRecord,
    signer: Signer,
    holder: Holder,
    owner: Workspace,
    asked: Asked,
    ledger: Ledger,
    now: datetime,
    *,
    status: bool = True,
    then: Callable[[], object] = lambda: None,
) -> WrittenRecord:
    """Signs a record, keeps it in the ledger, and writes ``CODE.cose``.

    :param then: called once the token is in the ledger, before its file is written.
    :returns: what was issued, also when the file could not be written.
    :raises CommandError: when its id was issued before, or the file exists.
    """
    token_file = folder / f"{record.code}.cose"
    if token_file.exists():
        raise CommandError(f"{token_file} exists; nothing was signed")
    # The key first: no record is to name one that nobody has.
    holder_file = holder.keep(owner, asked)
    try:
        issued = issue_record_recorded(ledger, record, signer, holder.key, now, withdrawable=status)
    except BaseException as error:
        if holder_file is not None:
            holder_file.unlink(missing_ok=True)
        if isinstance(error, DuplicateIdError):
            raise CommandError(
                f"{code_from_id(error.id)} was issued already; nothing was signed"
            ) from error
        raise
    then()
    kept = holder_file or holder_key_file(owner, holder.key)
    problem = written(token_file, issued, _write_new)
    return WrittenRecord(issued, token_file, holder, kept, problem)


def written(token_file: Path, issued: IssuedRecord, write: Callable[..., object]) -> str | None:
    """Writes the file of a record, for its owner alone.

    :param write: writes bytes to a path, with a mode.
    :returns: why it could not be written, or None. The token stays in the ledger.
    """
    try:
        write(token_file, issued.token, mode=RECORD_MODE)
    except OSError as error:
        code = issued.record.code
        return (
            f"{os_error(error)}. {code} is signed and in the ledger; write its file elsewhere "
            f"with: signedcert reissue {code} --out DIR"
        )
    return None


def _write_new(path: Path, data: bytes, *, mode: int) -> None:
    write_new({path: data}, mode=mode)


def report_record(done: WrittenRecord, *more: tuple[str, object], as_json: bool) -> None:
    """Says what was issued.

    :param more: what JSON says besides.
    :raises CommandError: when its file was not written, once the rest was said.
    """
    if as_json:
        print_json(done.to_json() | dict(more))
    else:
        done.print(screen())
    if done.problem is not None:
        raise CommandError(done.problem)
