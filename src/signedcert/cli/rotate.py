"""``signedcert rotate``: a new signing key, or new root keys."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.hardware import hardware_key, saying_what_was_made
from signedcert.cli.keys import keys_json
from signedcert.cli.options import (
    DocumentDaysOption,
    JsonOption,
    KeyDaysOption,
    NoPassphraseOption,
    NowOption,
    PassphraseFdOption,
    Pkcs11NewOption,
    Pkcs11Option,
    RootKeyOption,
    RootPassphraseFdOption,
    WorkspaceOption,
    duration,
    given_path,
    moment,
)
from signedcert.cli.passphrase import (
    Source,
    new_passphrase,
    new_root_passphrase,
    of_keys,
    of_root,
)
from signedcert.cli.root_options import opening_root
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.verdict_output import rfc3339
from signedcert.model.issuer_document import KeyUse
from signedcert.workspace.key_changes import NewKey, rotate_root
from signedcert.workspace.key_changes import rotate as rotate_key
from signedcert.workspace.workspace import Workspace


def rotate(
    *,
    workspace: WorkspaceOption,
    root: Annotated[
        bool, typer.Option("--root", help="New root keys, in the place of all present ones.")
    ] = False,
    status: Annotated[
        bool, typer.Option("--status", help="A new key for status lists, not for statements.")
    ] = False,
    starts_in: Annotated[
        str,
        typer.Option(
            "--starts-in",
            metavar="TIME",
            help="When the new key begins to sign: 7d leaves verifiers a week to fetch it.",
        ),
    ] = "0s",
    key_days: KeyDaysOption = 365,
    document_days: DocumentDaysOption = 400,
    pkcs11: Pkcs11Option = None,
    pkcs11_new: Pkcs11NewOption = False,
    spare_root: Annotated[
        Path | None,
        typer.Option(
            "--spare-root",
            metavar="FILE",
            parser=given_path,
            help="With --root: make a second root key here.",
        ),
    ] = None,
    root_key: RootKeyOption = None,
    passphrase_fd: PassphraseFdOption = None,
    root_passphrase_fd: RootPassphraseFdOption = None,
    no_passphrase: NoPassphraseOption = False,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a new signing key; the ones before it stay good for what they signed. Needs the root.

    With --root: hand over to new root keys. Publish afterwards.
    """
    _check(root, status, starts_in, pkcs11, spare_root)
    owner, at = Workspace.open(workspace), moment(now).replace(microsecond=0)
    keys, roots = of_keys(passphrase_fd), of_root(root_passphrase_fd)
    open_root = opening_root(owner, root_key, keys, roots)
    lifetime = timedelta(days=document_days)
    if root:
        secret = None if no_passphrase else new_root_passphrase(keys, roots)
        made = rotate_root(owner, open_root, secret, spare_root, at, lifetime)
        done = [f"root key   {owner.root_folder / made[0].kid.hex()}.pem"]
        done += [f"           fingerprint {key.thumbprint.hex()}" for key in made]
    else:
        hardware = hardware_key(pkcs11, new=pkcs11_new)
        new = NewKey(
            KeyUse.STATUS if status else KeyUse.STATEMENTS,
            _after(at, duration(starts_in, "--starts-in")),
            timedelta(days=key_days),
            _secret(keys, needed=not (no_passphrase or pkcs11)),
            hardware,
        )
        with saying_what_was_made(hardware):
            key = rotate_key(owner, new, open_root, at, lifetime)
        done = [f"new key    {key.kid.hex()}, signs from {_when(new.begin)} on"]
    if as_json:
        print_json(keys_json(owner))
        return
    for line in done:
        screen().print(visible(line))
    screen().print(visible(f"next       signedcert publish --workspace {owner.folder} --out SITE"))


def _secret(keys: Source, *, needed: bool) -> bytes | None:
    return new_passphrase(keys, "signing key") if needed else None


def _check(
    root: bool, status: bool, starts_in: str, pkcs11: str | None, spare: Path | None
) -> None:
    if root and (status or pkcs11 or starts_in != "0s"):
        raise CommandError("--root makes root keys: it does not go with options of signing keys")
    if status and pkcs11:
        raise CommandError("--pkcs11 is for the key that signs statements, not for --status")
    if spare and not root:
        raise CommandError("--spare-root goes with --root")


def _after(at: datetime, wait: timedelta) -> datetime:
    try:
        return at + wait
    except OverflowError:
        raise CommandError("--starts-in: that is after the year 9999") from None


def _when(at: datetime) -> str:
    return rfc3339(at)
