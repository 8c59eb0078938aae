"""``signedcert publish``: the issuer's site, as a folder for any static host."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.ledger_notes import tell, tell_of_adopted, warn_of_restore
from signedcert.cli.options import (
    DocumentDaysOption,
    JsonOption,
    NowOption,
    PassphraseFdOption,
    RootKeyOption,
    RootPassphraseFdOption,
    WorkspaceOption,
    duration,
    given_path,
    moment,
)
from signedcert.cli.page import RETIRED_NOTE
from signedcert.cli.passphrase import asking, of_keys, of_root
from signedcert.cli.root_options import opening_root
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.site_answers import (
    AdoptOption,
    IgnoreSiteListsOption,
    NothingWasPublishedOption,
)
from signedcert.cli.verdict_output import rfc3339
from signedcert.workspace.adoption import Answers
from signedcert.workspace.key_changes import renew as renew_document
from signedcert.workspace.publication import PageChoice, Published
from signedcert.workspace.publication import publish as publish_site
from signedcert.workspace.site.folder import InTheWayError
from signedcert.workspace.site.headers import page_name
from signedcert.workspace.site.paths import BY_CODE_FOLDER, PAGE_FOLDERS, is_by_code_path
from signedcert.workspace.site.place import check_place
from signedcert.workspace.workspace import Workspace

#: How long before its end an issuer document should be renewed.
_SOON = timedelta(days=45)


def publish(
    *,
    workspace: WorkspaceOption,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="SITE", parser=given_path, help="The folder; a static host serves it."
        ),
    ],
    renew: Annotated[
        bool,
        typer.Option("--renew", help="Sign the issuer document anew first. Needs the root key."),
    ] = False,
    document_days: DocumentDaysOption = 400,
    list_days: Annotated[
        int,
        typer.Option("--list-days", min=1, max=3660, help="How long the status lists count."),
    ] = 30,
    ttl: Annotated[
        str, typer.Option("--ttl", metavar="TIME", help="How often verifiers should fetch them.")
    ] = "12h",
    no_page: Annotated[
        bool, typer.Option("--no-page", help="Leave the verify page out of the site.")
    ] = False,
    retire_worker: Annotated[
        bool,
        typer.Option(
            "--retire-worker",
            help="Remove the page's service workers from browsers, as long as this is published.",
        ),
    ] = False,
    adopt: AdoptOption = False,
    ignore_site_lists: IgnoreSiteListsOption = False,
    nothing_was_published: NothingWasPublishedOption = False,
    root_key: RootKeyOption = None,
    passphrase_fd: PassphraseFdOption = None,
    root_passphrase_fd: RootPassphraseFdOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the issuer's site: issuer document, keys, fresh status lists, and the verify page.

    Publish after every change, and before the status lists grow stale. Readers of the folder see
    the old site or the new one.
    """
    owner, at = Workspace.open(workspace), moment(now).replace(microsecond=0)
    keys, root = of_keys(passphrase_fd), of_root(root_passphrase_fd)
    often = duration(ttl, "--ttl")
    if not timedelta(0) < often <= timedelta(days=list_days):
        raise CommandError("--ttl: expected more than nothing, and not more than --list-days")
    check_place(out, owner.folder)
    if renew:
        open_root = opening_root(owner, root_key, keys, root)
        renew_document(owner, open_root, at, timedelta(days=document_days))
    if not owner.document().final:
        with owner.open_ledger(at) as ledger:
            warn_of_restore(ledger)
    choice = PageChoice(not no_page, retire_worker)
    with _or_without_the_page():
        done = publish_site(
            owner,
            out,
            asking(keys),
            at,
            lifetime=timedelta(days=list_days),
            ttl=often,
            page=choice,
            answers=Answers(adopt, ignore_site_lists, nothing_was_published),
            tell=tell,
        )
    tell_of_adopted(done.adopted)
    end = done.document.next_update
    if end is not None and end - at < _SOON:
        tell(f"the issuer document grows stale on {rfc3339(end)}; publish with --renew before that")
    if as_json:
        print_json(_json(out, done, choice))
    else:
        _print(out, done, choice)


@contextlib.contextmanager
def _or_without_the_page() -> Iterator[None]:
    """Says how a file of the user's and the site can both stay, where the page is in its way."""
    try:
        yield
    except InTheWayError as error:
        if page_name(error.path) is None:
            raise
        raise CommandError(f"{error}, or publish without the page: --no-page") from error


def _json(out: Path, done: Published, choice: PageChoice) -> dict[str, object]:
    end = done.document.next_update
    return {
        "site": str(out),
        "issuer": done.document.issuer,
        "version": done.document.version,
        "next_update": None if end is None else rfc3339(end),
        "status_lists": list(done.lists),
        "status_lists_until": None if done.lists_until is None else rfc3339(done.lists_until),
        "files": list(done.files),
        "page": choice.whole,
        "worker_retired": choice.retire_worker,
        "by_code": done.by_code,
        "adopted": done.adopted,
    }


def _print(out: Path, done: Published, choice: PageChoice) -> None:
    console = screen()
    until = "for ever" if done.lists_until is None else f"until {rfc3339(done.lists_until)}"
    for name in done.files:
        # Of the page's files there are many, and of those under codes there may be.
        if page_name(name) is None and not is_by_code_path(name):
            console.print(visible(f"wrote  {out / name}"))
    if choice.whole:
        for folder in PAGE_FOLDERS:
            console.print(visible(f"wrote  {out / folder}, the verify page"))
    if done.by_code:
        console.print(visible(f"wrote  {out / BY_CODE_FOLDER}, by code: {done.by_code}"))
    console.print()
    console.print(f"issuer document  version {done.document.version}")
    console.print(f"status lists     {len(done.lists)}, good {until}")
    if choice.retire_worker:
        console.print(RETIRED_NOTE)
    console.print(visible(f"serve {out} as https://{done.document.issuer}/"))
