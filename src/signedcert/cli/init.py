"""``signedcert init``: an issuer's own folder."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.keys import keys_json
from signedcert.cli.options import JsonOption, PassphraseFdOption
from signedcert.cli.passphrase import new_passphrase
from signedcert.cli.screen import print_json, screen, visible
from signedcert.workspace.workspace import create_workspace


def init(  # noqa: PLR0913 - each is an option of the command
    *,
    workspace: Annotated[
        Path, typer.Option("--workspace", metavar="DIR", help="The folder to make.")
    ],
    issuer: Annotated[
        str, typer.Option("--issuer", metavar="HOST", help="Who signs: learn.example.edu.")
    ],
    page: Annotated[
        str | None,
        typer.Option(
            "--page", metavar="URL", help="The verify page; https://HOST/c/ unless said otherwise."
        ),
    ] = None,
    key_days: Annotated[
        int, typer.Option("--key-days", min=1, max=3660, help="How long the key signs.")
    ] = 365,
    passphrase_fd: PassphraseFdOption = None,
    no_passphrase: Annotated[
        bool, typer.Option("--no-passphrase", help="Store the private key in the clear.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a workspace: a signing key, and the key set to publish.

    The private key is encrypted under a passphrase from SIGNEDCERT_PASSPHRASE, from
    --passphrase-fd, or typed in.
    """
    if no_passphrase and passphrase_fd is not None:
        raise CommandError("--no-passphrase and --passphrase-fd contradict each other")

    def passphrase() -> bytes | None:
        return None if no_passphrase else new_passphrase(passphrase_fd)

    made = create_workspace(
        workspace,
        issuer,
        f"https://{issuer.removeprefix('https://')}/c/" if page is None else page,
        passphrase,
        now=datetime.now(UTC).replace(microsecond=0),
        key_period=timedelta(days=key_days),
    )
    if as_json:
        print_json(keys_json(made))
        return
    (entry,) = made.listed_keys()
    console = screen()
    console.print(visible(f"workspace  {made.folder}, signing for {made.issuer}"))
    console.print(visible(f"key        {made.key_file(entry.public_key)}"))
    console.print(visible(f"publish    {made.jwks_file} as {made.published_at}"))
    if no_passphrase:
        console.print("The private key is stored in the clear: whoever reads it signs as you.")
