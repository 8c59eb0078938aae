"""``signedcert retire`` and ``compromise``: the end of a signing key before its time."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from signedcert.cli.failures import CommandError
from signedcert.cli.keys import keys_json
from signedcert.cli.ledger_notes import warn_of_restore
from signedcert.cli.options import (
    JsonOption,
    NowOption,
    PassphraseFdOption,
    RootKeyOption,
    RootPassphraseFdOption,
    WorkspaceOption,
    moment,
)
from signedcert.cli.passphrase import of_keys, of_root
from signedcert.cli.root_options import opening_root
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.verdict_output import rfc3339
from signedcert.errors import SignedCertError
from signedcert.model.issuer_document import (
    DIGEST_SIZE,
    IssuerDocument,
    KeyEnd,
    KeyRevocation,
    KeyUse,
)
from signedcert.workspace.document_changes import joined, key_of
from signedcert.workspace.document_file import changing
from signedcert.workspace.key_changes import end_key
from signedcert.workspace.key_ends import take_back_ends
from signedcert.workspace.workspace import Workspace

KidArgument = Annotated[
    str, typer.Argument(metavar="KID", help="Which key: 16 digits; see signedcert keys.")
]
WhyOption = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Why, to be published with it.")
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="Since when, if not now: 2026-11-02T10:00:00Z."),
]


def retire(
    *,
    kid: KidArgument,
    workspace: WorkspaceOption,
    since: SinceOption = None,
    reason: WhyOption = None,
    root_key: RootKeyOption = None,
    passphrase_fd: PassphraseFdOption = None,
    root_passphrase_fd: RootPassphraseFdOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a signing key out of use in good order: what it signed before stays good.

    Needs the root key. Publish afterwards.
    """
    owner, at = Workspace.open(workspace), moment(now).replace(microsecond=0)
    start = at if since is None else moment(since, "--since")
    revocation = KeyRevocation(end=KeyEnd.RETIRED, since=start, why=_checked(reason, start))
    _end(
        owner,
        kid_of(kid),
        lambda _: revocation,
        (root_key, passphrase_fd, root_passphrase_fd),
        at,
    )
    _report(owner, as_json, [f"retired    {kid} since {rfc3339(start)}"])


def compromise(
    *,
    kid: KidArgument,
    workspace: WorkspaceOption,
    since: SinceOption = None,
    reason: WhyOption = None,
    vouch_ledger: Annotated[
        bool,
        typer.Option(
            "--vouch-ledger",
            help="Vouch for every token of the key that is in the ledger: they stay good.",
        ),
    ] = False,
    drop_vouched: Annotated[
        bool, typer.Option("--drop-vouched", help="Vouch no more for what you vouched for before.")
    ] = False,
    root_key: RootKeyOption = None,
    passphrase_fd: PassphraseFdOption = None,
    root_passphrase_fd: RootPassphraseFdOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that somebody else may have a signing key: nothing that it signed is good any more.

    Except, with --vouch-ledger, what the ledger knows that you signed; or sign that anew with
    signedcert reissue --key KID. Needs the root key. Publish afterwards.
    """
    owner, at = Workspace.open(workspace), moment(now).replace(microsecond=0)
    start = at if since is None else moment(since, "--since")
    words, which = _checked(reason, start), kid_of(kid)
    if vouch_ledger and drop_vouched:
        raise CommandError("--vouch-ledger and --drop-vouched contradict each other")
    said: list[KeyRevocation] = []

    def revocation(document: IssuerDocument) -> KeyRevocation:
        key = key_of(document, which)
        if vouch_ledger and key.use is not KeyUse.STATEMENTS:
            raise CommandError("--vouch-ledger is for keys that sign statements")
        # What was vouched for stays so: saying it again must not make certificates invalid.
        vouched = b"" if key.revocation is None else key.revocation.vouched or b""
        if vouch_ledger:
            with owner.open_ledger(at) as ledger:
                warn_of_restore(ledger)
                # From here on the ledger refuses what this would not vouch for.
                vouched = joined(vouched, ledger.end_key(which))
        kept = None if drop_vouched else vouched or None
        said.append(KeyRevocation(end=KeyEnd.COMPROMISED, since=start, why=words, vouched=kept))
        return said[-1]

    _end(owner, which, revocation, (root_key, passphrase_fd, root_passphrase_fd), at)
    lines = [f"compromised {kid} since {rfc3339(start)}"]
    vouched = said[-1].vouched or b""
    if vouched or vouch_ledger:  # whoever asked for it should know where there was nothing
        lines.append(f"vouched for {len(vouched) // DIGEST_SIZE} tokens")
    _report(owner, as_json, lines)


def _end(
    owner: Workspace,
    kid: bytes,
    revocation: Callable[[IssuerDocument], KeyRevocation],
    options: tuple[Path | None, int | None, int | None],
    at: datetime,
) -> None:
    root_key, passphrase_fd, root_passphrase_fd = options
    open_root = opening_root(owner, root_key, of_keys(passphrase_fd), of_root(root_passphrase_fd))
    try:
        end_key(owner, kid, revocation, open_root, at)
    except BaseException:
        # What was said in the ledger and never came to be. If this fails, too, publishing does it.
        with suppress(SignedCertError, OSError), changing(owner) as document:
            if owner.ledger_file.exists():
                with owner.open_ledger(at) as ledger:
                    take_back_ends(ledger, document)
        raise


def _report(owner: Workspace, as_json: bool, lines: list[str]) -> None:
    if as_json:
        print_json(keys_json(owner))
        return
    for line in lines:
        screen().print(visible(line))
    screen().print(visible(f"next       signedcert publish --workspace {owner.folder} --out SITE"))


def kid_of(text: str) -> bytes:
    """The kid that was typed.

    :raises CommandError: when it is none.
    """
    if not re.fullmatch("[0-9a-fA-F]{16}", text):
        raise CommandError("KID: expected 16 hexadecimal digits; see signedcert keys")
    return bytes.fromhex(text)


def _checked(reason: str | None, since: datetime) -> str | None:
    """The reason, which will be published.

    :raises CommandError: when it cannot be.
    """
    if reason is not None and not reason.strip():
        raise CommandError("--reason: it is empty")
    try:
        return KeyRevocation(end=KeyEnd.RETIRED, since=since, why=reason).why
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise CommandError(f"--reason: {problem['msg'].removeprefix('Value error, ')}") from None
