"""Where the commands that fetch read from: the issuer's own site, another URL, or a folder."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.screen import error_screen, visible
from signedcert.errors import TrustError
from signedcert.trust.jwks import checked_issuer

if TYPE_CHECKING:
    from signedcert.fetch import Progress
    from signedcert.fetch.published import Site

SiteOption = Annotated[
    str | None,
    typer.Option(
        "--site",
        metavar="URL_OR_FOLDER",
        help="Where the issuer's published files are, if not at https://ISSUER/.",
    ),
]
LoopbackOption = Annotated[
    bool,
    typer.Option(
        "--allow-loopback",
        help="Let --site name this machine, in plain http too: for tests.",
    ),
]


def site_of(issuer: str, option: str | None, *, allow_loopback: bool) -> "Site":
    """The site to read an issuer's files from.

    :raises CommandError: when the option names no folder, and no URL, or the extra is missing.
    """
    # Here, because httpx takes a while to load, and no other command needs it.
    try:
        from signedcert.fetch import Fetcher
    except ImportError as error:
        raise CommandError(str(error)) from error
    from signedcert.fetch.published import FolderSite, WebSite

    if option is not None and "://" not in option:
        folder = Path(option)
        # An empty option is a variable that was not set, and no name for this folder.
        if not option or not folder.is_dir():
            raise CommandError(f"--site {option}: neither a URL nor a folder")
        return FolderSite(folder)
    base = f"https://{issuer}/" if option is None else option.rstrip("/") + "/"
    return WebSite(Fetcher(allow_loopback=allow_loopback, report=_reporter()), base)


def issuer_named(text: str) -> str:
    """The issuer that was typed.

    :raises CommandError: when it is none.
    """
    try:
        return checked_issuer(text.rstrip("/"))
    except TrustError as error:
        raise CommandError(str(error)) from error


def _reporter() -> "Callable[[Progress], None]":
    console = error_screen()
    seen: set[tuple[str, int]] = set()

    def report(progress: "Progress") -> None:
        if (progress.url, progress.attempt) not in seen:
            seen.add((progress.url, progress.attempt))
            again = "" if progress.attempt == 1 else f" (attempt {progress.attempt})"
            console.print(visible(f"fetching {progress.url}{again}"))
        elif console.is_terminal and progress.received:
            total = "" if progress.total is None else f" of {progress.total:,}"
            console.print(f"  {progress.received:,}{total} bytes", end="\r")

    return report
