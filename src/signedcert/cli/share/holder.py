"""The learner's share key: in the workspace, in a key file, or as a recovery code."""

import os
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.options import given_path
from signedcert.cli.passphrase import Source, asking
from signedcert.crypto.keys import PublicKey
from signedcert.signers.software import SoftwareSigner
from signedcert.workspace.holder_keys import open_holder_key
from signedcert.workspace.key_file import read_key_file
from signedcert.workspace.workspace import Workspace

VARIABLE = "SIGNEDCERT_RECOVERY_CODE"

KeyOption = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        parser=given_path,
        help="The learner's own share key, as share key writes it.",
    ),
]
CodeOption = Annotated[
    bool,
    typer.Option(
        "--recovery-code",
        help=f"The share key comes from the recovery code: from {VARIABLE}, or typed in.",
    ),
]


def holder_signer(
    owner: Workspace | None,
    wanted: PublicKey,
    key_file: Path | None,
    *,
    from_code: bool,
    passphrase: Source,
) -> SoftwareSigner:
    """The share key of a record, from where the options say.

    :param owner: the workspace, which may keep it; None where there is none.
    :param wanted: the public half, as the record names it.
    :raises CommandError: when it is not said where it is, or what is there is another key.
    :raises WorkspaceError: when the workspace does not keep it.
    :raises KeyFileError: when a key file or code cannot be used.
    """
    if key_file is not None and from_code:
        raise CommandError("--key and --recovery-code contradict each other")
    ask = asking(passphrase)
    if key_file is not None:
        signer, what = read_key_file(key_file, ask), str(key_file)
    elif from_code:
        signer, what = SoftwareSigner.from_recovery_code(_code()), "the recovery code"
    elif owner is not None:
        return open_holder_key(owner, wanted, ask)
    else:
        raise CommandError(
            "say where the share key is: --key FILE, --recovery-code, or --workspace DIR where the "
            "platform keeps it"
        )
    if signer.public_key != wanted:
        raise CommandError(f"{what} is not the share key of this record")
    return signer


def _code() -> str:
    source = Source("the recovery code", VARIABLE, None, None)
    given = source.given()
    return os.fsdecode(source.typed("Recovery code: ") if given is None else given)
