"""``signedcert doctor``: an issuer's published files, checked against each other."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.text import Text

from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError
from signedcert.cli.options import JsonOption, NowOption, moment
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.trust.sites import issuer_named, site_of
from signedcert.cli.verdict_output import rfc3339
from signedcert.crypto.keys import PublicKey
from signedcert.errors import TrustError
from signedcert.model.issuer_document import IssuerDocument
from signedcert.trust.jwks import checked_issuer
from signedcert.workspace.key_set import published_jwk_set
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.site.did import did_document
from signedcert.workspace.site.headers import expected_headers
from signedcert.workspace.site.page import verify_page
from signedcert.workspace.site.paths import DID_FILE, ISSUER_FILE, JWKS_FILE
from signedcert.workspace.site.private_files import private_files
from signedcert.workspace.workspace import SETTINGS_FILE

if TYPE_CHECKING:
    from signedcert.fetch.doctor.checks import Report
    from signedcert.fetch.doctor.page import ExpectedPage

#: It has no say in what is compared.
_ANY_TTL = timedelta(hours=12)
#: Which marks the levels have, and in which colours.
_MARKS = {
    "ok": ("✓", "green"),
    "note": ("·", "dim"),
    "warning": ("!", "yellow"),
    "fault": ("✗", "red"),
}


class _Place(NamedTuple):
    """What is to be checked.

    :ivar issuer: whose site it is by its address, or None where that does not say.
    :ivar source: as ``--site`` has it; None for the issuer's own site.
    """

    issuer: str | None
    source: str | None


def doctor(
    *,
    site: Annotated[
        str,
        typer.Argument(
            metavar="SITE_OR_URL",
            help="The folder that publish or page wrote, an issuer's host, or the URL of its site.",
            show_default=False,
        ),
    ],
    issuer: Annotated[
        str | None,
        typer.Option(
            "--issuer",
            metavar="ISSUER",
            help="Whose site it is, for a URL that is not https://ISSUER/.",
        ),
    ] = None,
    allow_loopback: Annotated[
        bool,
        typer.Option(
            "--allow-loopback",
            help="Let the URL name this machine, in plain http too: for tests.",
        ),
    ] = False,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check what an issuer publishes, and say what to do about what is wrong.

    Exit code 0: nothing is wrong; there may be warnings. 1: something is. 2: the issuer document
    could not be read, so nothing was checked.
    """
    at = moment(now)
    place = _place(site)
    named = place.issuer if issuer is None else issuer_named(issuer)
    report, unread = _examined(place, named, at, allow_loopback=allow_loopback)
    if as_json:
        print_json(_json(site, report, at))
    else:
        _print(screen(), report)
    if unread:
        raise typer.Exit(ExitCode.USAGE)
    if report.faults:
        raise typer.Exit(ExitCode.INVALID)


def _examined(
    place: _Place, issuer: str | None, now: datetime, *, allow_loopback: bool
) -> tuple["Report", bool]:
    """The report, and whether there was no answer to report on."""
    # Here, because httpx takes a while to load, and few other commands need it.
    from signedcert.fetch.doctor.checks import Expected, check_site
    from signedcert.fetch.doctor.snapshot import read_snapshot
    from signedcert.fetch.published import FolderSite, WebSite
    from signedcert.fetch.target import target_of

    site = site_of(place.issuer or "", place.source, allow_loopback=allow_loopback)
    assert isinstance(site, WebSite | FolderSite)  # site_of makes no other
    if isinstance(site, WebSite):  # a URL that may not be fetched is wrong usage, not a finding
        target_of(site.base, allow_loopback=allow_loopback)
    # The machine's own clock is compared with the server's, whatever moment is taken for now.
    page = _page()
    paths = () if page is None else page.files.keys()
    found = read_snapshot(site, lambda: datetime.now(UTC), private_files, paths)
    report = check_site(found, now, Expected(_made_from, _media_type, page), issuer)
    return report, found.document.problem is not None and not found.document.missing


def _place(text: str) -> _Place:
    """What an argument names.

    :raises CommandError: when it is neither a folder, nor a URL, nor an issuer.
    """
    if not text:
        raise CommandError(
            "the site to check is empty, as a variable is that was not set; name a folder, a URL "
            "or an issuer's host"
        )
    if "://" in text:
        return _Place(_issuer_at(text), text)
    folder = Path(text)
    if folder.is_dir():
        if (folder / SETTINGS_FILE).exists() and not (folder / ISSUER_FILE).exists():
            raise CommandError(
                f"{folder} is a workspace, which is never published; check what is: signedcert "
                f"publish --workspace {folder} --out SITE, then signedcert doctor SITE"
            )
        return _Place(None, text)
    try:
        return _Place(checked_issuer(text.rstrip("/")), None)
    except TrustError:
        raise CommandError(
            f"{text}: neither a folder, nor a URL, nor an issuer's host such as learn.example.edu"
        ) from None


def _issuer_at(url: str) -> str | None:
    """Whose site a URL is, if it can be an issuer's own: https, without a port."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.port in (None, 443):
            return checked_issuer(f"{parts.hostname}{parts.path}".rstrip("/"))
    except (TrustError, ValueError):
        pass
    return None


def _made_from(document: IssuerDocument) -> Mapping[str, bytes]:
    return {JWKS_FILE: published_jwk_set(document), DID_FILE: did_document(document)}


def _page() -> "ExpectedPage | None":
    """The verify page that this version publishes; None where it was installed without."""
    from signedcert.fetch.doctor.page import ExpectedPage  # as httpx above

    try:
        files, retired = verify_page(), verify_page(whole=False, retire_worker=True)
    except WorkspaceError:
        return None
    return ExpectedPage(files, retired, lambda path: expected_headers(path, ttl=_ANY_TTL))


def _media_type(path: str) -> str:
    return expected_headers(path, ttl=_ANY_TTL)["Content-Type"]


def _json(site: str, report: "Report", now: datetime) -> dict[str, Any]:
    document = report.document
    roots = () if document is None else document.roots
    end = None if document is None else document.next_update
    return {
        "site": site,
        "issuer": None if document is None else document.issuer,
        "version": None if document is None else document.version,
        "next_update": None if end is None else rfc3339(end),
        "roots": [PublicKey(root).thumbprint.hex() for root in roots if isinstance(root, bytes)],
        "checked_at": rfc3339(now),
        "faults": report.faults,
        "warnings": report.warnings,
        "findings": [
            {"level": each.level.value, "check": each.check, "says": each.says}
            | ({"advice": each.advice} if each.advice else {})
            for each in report.findings
        ],
    }


def _print(console: Console, report: "Report") -> None:
    for each in report.findings:
        mark, colour = _MARKS[each.level]
        label = f" {each.level}: " if each.level in ("warning", "fault") else " "
        console.print(Text.assemble((f"{mark}{label}", colour), visible(each.says)))
        if each.advice:
            console.print(Text(f"  → {visible(each.advice)}.", style="dim"))
    faults, warnings = report.faults, report.warnings
    console.print()
    if faults:
        console.print(f"Something has to be done. Faults: {faults}. Warnings: {warnings}.")
    elif warnings:
        console.print(f"No faults. Warnings: {warnings}.")
    else:
        console.print("All is well.")
