"""``signedcert close``: the end of an issuer whose certificates outlive it."""

from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.keys import keys_json
from signedcert.cli.ledger_notes import tell, tell_of_adopted, warn_of_restore
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
from signedcert.cli.site_answers import (
    AdoptOption,
    IgnoreSiteListsOption,
    NothingWasPublishedOption,
)
from signedcert.workspace.adoption import Answers
from signedcert.workspace.closing import close as close_issuer
from signedcert.workspace.workspace import Workspace


def close(
    *,
    workspace: WorkspaceOption,
    yes: Annotated[
        bool, typer.Option("--yes", help="Yes, for ever: this cannot be taken back.")
    ] = False,
    site: Annotated[
        Path | None,
        typer.Option(
            "--site",
            metavar="SITE",
            help="The folder of the site as last published: what it says is withdrawn stays so.",
        ),
    ] = None,
    adopt: AdoptOption = False,
    ignore_site_lists: IgnoreSiteListsOption = False,
    nothing_was_published: NothingWasPublishedOption = False,
    root_key: RootKeyOption = None,
    passphrase_fd: PassphraseFdOption = None,
    root_passphrase_fd: RootPassphraseFdOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Close the issuer: a final document and final status lists, which never grow stale.

    Nothing can be issued or withdrawn after it. Publish once more, then destroy the private keys.
    Needs the root key.
    """
    owner, at = Workspace.open(workspace), moment(now).replace(microsecond=0)
    if not yes:
        raise CommandError(
            f"closing {owner.issuer} is for ever: nothing can be issued or withdrawn after it. If "
            "that is what you mean, add --yes"
        )
    open_root = opening_root(owner, root_key, of_keys(passphrase_fd), of_root(root_passphrase_fd))
    if not owner.document().final:
        with owner.open_ledger(at) as ledger:
            warn_of_restore(ledger)
    answers = Answers(adopt, ignore_site_lists, nothing_was_published)
    tell_of_adopted(close_issuer(owner, open_root, at, site=site, answers=answers, tell=tell))
    if as_json:
        print_json(keys_json(owner))
        return
    screen().print(visible(f"closed     {owner.issuer}"))
    screen().print(visible(f"next       signedcert publish --workspace {owner.folder} --out SITE"))
    screen().print("           then destroy the private keys: they have nothing left to sign")
