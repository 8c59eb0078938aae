"""``signedcert share key``: a share key that the learner keeps."""

from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.options import JsonOption, NoPassphraseOption, PassphraseFdOption, given_path
from signedcert.cli.passphrase import new_passphrase, of_keys
from signedcert.cli.screen import print_json, screen, visible
from signedcert.signers.software import SoftwareSigner
from signedcert.workspace.holder_keys import write_key_pair


def key(
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FILE", parser=given_path, help="Where to write the private key."
        ),
    ],
    passphrase_fd: PassphraseFdOption = None,
    no_passphrase: NoPassphraseOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make a share key of the learner's own: FILE, and FILE.pub for the platform.

    The platform issues the record with --holder-key FILE.pub, and can then share nothing of it in
    the learner's name.
    """
    if no_passphrase and passphrase_fd is not None:
        raise CommandError("--no-passphrase and --passphrase-fd contradict each other")
    if out.exists():
        raise CommandError(f"{out} exists already; nothing was changed")
    passphrase = None if no_passphrase else new_passphrase(of_keys(passphrase_fd), "share key")
    made = SoftwareSigner.generate()
    public = write_key_pair(out, made, passphrase)
    if as_json:
        print_json(
            {
                "private_key_file": str(out),
                "public_key_file": str(public),
                "kid": made.public_key.kid.hex(),
            }
        )
        return
    screen().print(visible(f"wrote  {out}: keep it; whoever has it and your record can share it"))
    screen().print(visible(f"wrote  {public}: give this to the platform"))
