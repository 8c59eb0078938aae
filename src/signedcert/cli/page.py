"""``signedcert page``: the verify page alone, for who checks and wants a page of their own."""

from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.options import JsonOption, given_path
from signedcert.cli.screen import print_json, screen, visible
from signedcert.workspace.site.page import publish_page_alone
from signedcert.workspace.site.paths import PAGE_FOLDERS

#: What people are told where the service workers are retired.
RETIRED_NOTE = "service worker   retired: browsers that come by remove it"


def page(
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", parser=given_path, help="The folder; a static host serves it."
        ),
    ],
    retire_worker: Annotated[
        bool,
        typer.Option(
            "--retire-worker",
            help="Remove the page's service workers from browsers, as long as this is served.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the verify page alone, to serve it on a host of your own.

    It knows no issuer: import a trust bundle into it. Issuers publish it with their site.
    """
    files = publish_page_alone(out, retire_worker=retire_worker)
    if as_json:
        print_json({"site": str(out), "files": list(files), "worker_retired": retire_worker})
        return
    for folder in PAGE_FOLDERS:
        screen().print(visible(f"wrote  {out / folder}, the verify page"))
    if retire_worker:
        screen().print(RETIRED_NOTE)
    screen().print(visible(f"look   signedcert serve {out}"))
