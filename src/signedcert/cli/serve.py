"""``signedcert serve``: a published site, to be looked at on this machine."""

import contextlib
import errno
import sys
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError, os_error
from signedcert.cli.ledger_notes import tell
from signedcert.cli.options import JsonOption, given_path
from signedcert.cli.screen import print_json, screen, visible
from signedcert.errors import TrustError
from signedcert.model.issuer_document import DOCUMENT_MAX
from signedcert.trust.chain import look_into
from signedcert.web import INDEX
from signedcert.workspace.site.paths import HEADERS_FILE, ISSUER_FILE, PAGE_FOLDERS
from signedcert.workspace.site.preview import HOST, Preview
from signedcert.workspace.site.private_files import private_files
from signedcert.workspace.workspace import SETTINGS_FILE

PORT = 8000


def serve(
    *,
    site: Annotated[
        Path,
        typer.Argument(
            metavar="SITE",
            parser=given_path,
            help="The folder that publish or page wrote.",
            show_default=False,
        ),
    ],
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=65535, help="On which port; 0: any that is free."),
    ] = PORT,
    as_json: JsonOption = False,
) -> None:
    """Show a published site on this machine, with the headers that a host should send.

    Only programs on this machine reach it. Stop it with Ctrl-C.
    """
    issuer = _whose(site)
    if not (site / HEADERS_FILE).exists():
        tell(f"{site / HEADERS_FILE} is missing, so browsers are told less than by a host")
    try:
        server = Preview(site, port, issuer=issuer, tell=_tell_answer)
    except OSError as error:
        raise CommandError(_why_not(error, port)) from error
    # Ctrl-C is the way to end it, not a failure.
    with server, contextlib.suppress(KeyboardInterrupt):
        if as_json:
            print_json(_json(server, site))
        else:
            _print(server, site)
        # Whoever reads it, reads it now.
        sys.stdout.flush()
        server.serve_forever()


def _whose(site: Path) -> str:
    """Whose site is in a folder; nobody's where there is a page alone.

    :raises CommandError: when there is neither.
    """
    if not site.is_dir():
        raise CommandError(f"{site}: no such folder", ExitCode.NOTHING_READ)
    if (site / SETTINGS_FILE).exists():
        raise CommandError(
            f"{site} is a workspace, which is never published; serve what is: signedcert publish "
            f"--workspace {site} --out SITE, then signedcert serve SITE"
        )
    if private := private_files(site):
        raise CommandError(
            f"{site / private[0]} looks like a private key or a part of a workspace, and must not "
            "be in a site; move it away"
        )
    try:
        with (site / ISSUER_FILE).open("rb") as file:
            return look_into(file.read(DOCUMENT_MAX + 1)).issuer
    except TrustError:
        return ""  # as on the web: the page says what is wrong with it
    except OSError:
        if any((site / folder / INDEX).is_file() for folder in PAGE_FOLDERS):
            return ""
        raise CommandError(
            f"{site} is no site: it has neither {ISSUER_FILE} nor a verify page; write one with "
            "signedcert publish, or signedcert page",
            ExitCode.NOTHING_READ,
        ) from None


def _why_not(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use; name another one: --port N, or 0 for any that is free"
    if error.errno == errno.EACCES:
        return f"port {port} is reserved for the system; name another one: --port N"
    return f"{HOST}, port {port}: {os_error(error)}"


def _json(server: Preview, site: Path) -> dict[str, object]:
    return {
        "site": str(site),
        "issuer": server.issuer or None,
        "url": server.url,
        "pages": _pages(server, site),
    }


def _pages(server: Preview, site: Path) -> list[str]:
    """The addresses of the verify pages that there are."""
    there = [folder for folder in PAGE_FOLDERS if (site / folder / INDEX).is_file()]
    return [f"{server.url}{folder}/" for folder in there]


def _print(server: Preview, site: Path) -> None:
    console, pages = screen(), _pages(server, site)
    console.print(visible(f"serving  {site} on this machine alone; stop with Ctrl-C"))
    console.print(f"site     {server.url}")
    for each in pages:
        console.print(f"page     {each}")
    if pages and server.issuer:
        console.print(
            visible(f"A link that begins with https://{server.issuer}/ opens here when it begins ")
            + f"with {server.url}"
        )


def _tell_answer(method: str, path: str, status: int) -> None:
    tell(f"{method} {path} {status}")
