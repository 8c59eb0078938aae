"""``signedcert init``: an issuer's own folder."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from signedcert.cli.failures import CommandError
from signedcert.cli.hardware import hardware_key, saying_what_was_made
from signedcert.cli.keys import keys_json
from signedcert.cli.options import (
    DocumentDaysOption,
    JsonOption,
    KeyDaysOption,
    NoPassphraseOption,
    PassphraseFdOption,
    Pkcs11NewOption,
    Pkcs11Option,
    RootPassphraseFdOption,
    given_path,
)
from signedcert.cli.passphrase import new_passphrase, new_root_passphrase, of_keys, of_root
from signedcert.cli.screen import print_json, screen, visible
from signedcert.model.issuer_document import KeyUse, LocalName
from signedcert.workspace.creation import LIST_SIZE, Plan, Secrets, create_workspace
from signedcert.workspace.key_store import place_of
from signedcert.workspace.workspace import Workspace, keys_in_order, public_key_of


def init(
    *,
    workspace: Annotated[
        Path,
        typer.Option("--workspace", metavar="DIR", help="The folder to make.", parser=given_path),
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
    name: Annotated[
        list[str] | None,
        typer.Option(
            "--name",
            metavar="[LANG=]NAME",
            help="The issuer's name, as de=Beispieluniversität. Repeatable.",
        ),
    ] = None,
    home_page: Annotated[
        str | None, typer.Option("--home-page", metavar="URL", help="The issuer's home page.")
    ] = None,
    key_days: KeyDaysOption = 365,
    document_days: DocumentDaysOption = 400,
    spare_root: Annotated[
        Path | None,
        typer.Option(
            "--spare-root",
            metavar="FILE",
            help="Make a second root key here, to be kept in another place in case the first is "
            "lost.",
            parser=given_path,
        ),
    ] = None,
    list_size: Annotated[
        int,
        typer.Option(
            "--status-list-size",
            min=2,
            max=134_217_728,
            help="How many certificates share a status list.",
        ),
    ] = LIST_SIZE,
    pkcs11: Pkcs11Option = None,
    pkcs11_new: Pkcs11NewOption = False,
    passphrase_fd: PassphraseFdOption = None,
    root_passphrase_fd: RootPassphraseFdOption = None,
    no_passphrase: NoPassphraseOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make a workspace: keys, the issuer document to publish, an empty ledger.

    The signing keys are encrypted under a passphrase from SIGNEDCERT_PASSPHRASE, from
    --passphrase-fd, or typed in; the root key under SIGNEDCERT_ROOT_PASSPHRASE likewise.
    """
    if no_passphrase and (passphrase_fd is not None or root_passphrase_fd is not None):
        raise CommandError("--no-passphrase and --passphrase-fd contradict each other")
    keys, root = of_keys(passphrase_fd), of_root(root_passphrase_fd)

    def secrets() -> Secrets:
        if no_passphrase:
            return Secrets(None, None)
        signing = new_passphrase(keys, "signing keys")
        return Secrets(signing, new_root_passphrase(keys, root))

    try:
        plan = Plan(
            issuer=issuer,
            page=f"https://{issuer.removeprefix('https://')}/c/" if page is None else page,
            now=datetime.now(UTC).replace(microsecond=0),
            key_period=timedelta(days=key_days),
            lifetime=timedelta(days=document_days),
            names=_names(name or []),
            home_page=home_page,
            spare_root=spare_root,
            list_size=list_size,
        )
        hardware = hardware_key(pkcs11, new=pkcs11_new)
        with saying_what_was_made(hardware):
            made = create_workspace(workspace, plan, secrets, hardware)
    except ValidationError as error:
        first = error.errors()[0]
        option = "--home-page" if "home_page" in first["loc"] else "--name"
        raise CommandError(f"{option}: {first['msg'].removeprefix('Value error, ')}") from error
    if as_json:
        print_json(keys_json(made))
        return
    _print(made, spare_root, in_clear=no_passphrase)


def _names(options: list[str]) -> tuple[LocalName, ...]:
    names = tuple(map(_name, options))
    if len({each.language for each in names}) < len(names):
        raise CommandError("--name: there is more than one name in one language")
    return names


def _name(option: str) -> LocalName:
    language, equals, name = option.partition("=")
    return LocalName(name=name, language=language) if equals else LocalName(name=option)


def _print(made: Workspace, spare: Path | None, *, in_clear: bool) -> None:
    console = screen()
    document = made.document()
    console.print(visible(f"workspace  {made.folder}, signing for {made.issuer}"))
    for use, words in ((KeyUse.STATEMENTS, "key"), (KeyUse.STATUS, "status key")):
        for key in keys_in_order(document, use):
            path = place_of(made.keys_folder, public_key_of(key))
            console.print(visible(f"{words:<9}  {path}"))
    console.print(visible(f"root key   {made.root_folder}"))
    console.print(visible(f"           fingerprint {made.settings.first_root.hex()}"))
    if spare is not None:
        console.print(visible(f"spare root {spare}; keep it in another place than the first"))
    console.print(visible(f"next       signedcert publish --workspace {made.folder} --out SITE"))
    if in_clear:
        console.print("The private keys are stored in the clear: whoever reads them signs as you.")
