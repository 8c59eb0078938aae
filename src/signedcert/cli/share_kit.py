"""``signedcert share-kit``: a folder with everything with which a learner shows a certificate."""

import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from signedcert.cli.document_options import (
    DesignOption,
    FontsOption,
    LanguageOption,
    OptionalWorkspaceOption,
    PageOption,
    PaperOption,
    PortraitOption,
    SaltOption,
    ThemeOption,
    check_installed,
    portrait_from,
    theme_from,
)
from signedcert.cli.ended_note import tell_of_end
from signedcert.cli.failures import CommandError
from signedcert.cli.issued_token import token_given
from signedcert.cli.options import JsonOption, NowOption, given_path, moment
from signedcert.cli.record_issuing import RECORD_MODE
from signedcert.cli.screen import print_json, screen, visible
from signedcert.model.code import code_from_id
from signedcert.workspace.atomic_files import write_new
from signedcert.workspace.site.paths import by_code_path
from signedcert.workspace.workspace import Workspace

if TYPE_CHECKING:
    from datetime import datetime

    from signedcert.documents.sharing import ShareKit

_MODE = 0o644
#: An address on the web, of a folder: no query, no fragment.
_FOLDER = re.compile(r"https?://[^\s/?#\"<>\\]+(/[^\s?#\"<>\\]*)?")


def share_kit(
    *,
    given: Annotated[
        str,
        typer.Argument(
            metavar="INPUT",
            help="The code of a certificate that the workspace issued; or a token file or a link.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help="A folder that is new or empty.", parser=given_path
        ),
    ],
    workspace: OptionalWorkspaceOption = None,
    page: PageOption = None,
    at_url: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="URL",
            help="Where the folder will be on the web: what embed.html and open-graph.html name.",
        ),
    ] = None,
    linkedin_id: Annotated[
        int | None,
        typer.Option(
            "--linkedin-id",
            metavar="N",
            min=1,
            help="The number of the institution's page on LinkedIn, for its logo there.",
        ),
    ] = None,
    theme: ThemeOption = None,
    design: DesignOption = None,
    paper: PaperOption = None,
    fonts: FontsOption = None,
    language: LanguageOption = None,
    portrait: PortraitOption = None,
    salt: SaltOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the certificate, a badge, and texts for LinkedIn, web pages and a CV, for its learner.

    Whoever has one of the files or the link in them can read everything in the certificate.
    Nothing is verified here: make kits of what you issued yourself, or have verified.
    """
    check_installed()
    from signedcert.documents import Printed, Printer  # heavy; only this command needs them
    from signedcert.documents.sharing import Places
    from signedcert.documents.sharing import share_kit as kit_of

    at = moment(now)
    _check_new(out)
    owner = None if workspace is None else Workspace.open(workspace)
    with contextlib.ExitStack() as stack:
        ledger = None if owner is None else stack.enter_context(owner.open_ledger(at))
        token = token_given(given, owner, ledger, page)
        printed = Printed.of_token(token.token, token.page, portrait_from(token, portrait, salt))
        tell_of_end(printed.statement, ledger, at)
    places = Places(
        kit=_folder_url(at_url),
        by_code=_by_code(owner, printed.statement.id, at),
        organisation_id=linkedin_id,
    )
    with Printer(theme_from(owner, theme, design, paper, fonts)) as printer:
        kit = kit_of(printer, printed, places, language)
    written = _write(out, kit, RECORD_MODE if printed.is_private else _MODE)
    if as_json:
        print_json(
            {
                "code": printed.statement.code,
                "url": kit.url,
                "linkedin": kit.linkedin.link,
                "files": [str(path) for path in written],
            }
        )
        return
    for path in written:
        screen().print(visible(f"wrote {path}"))
    screen().print("Whoever has one of these files can read everything in the certificate.")


def _check_new(folder: Path) -> None:
    """Sees that nothing is in the way.

    :raises CommandError: when something is.
    """
    if folder.is_dir():
        names = sorted(path.name for path in folder.iterdir())
        if names:
            raise CommandError(
                f"--out {folder}: it is not empty ({names[0]} is in it); name a new folder, or "
                "remove what is in it"
            )
    elif folder.is_symlink() or folder.exists():
        raise CommandError(f"--out {folder}: it is no folder")


def _folder_url(given: str | None) -> str | None:
    if given is None:
        return None
    if not _FOLDER.fullmatch(given):
        raise CommandError(
            "--at takes the http(s) URL of a folder, such as https://example.edu/jacob/"
        )
    return quote(given.rstrip("/") + "/", safe="%/:@!$&'()*+,;=~[]")


def _by_code(owner: Workspace | None, identifier: bytes, at: "datetime") -> str | None:
    """Where the issuer publishes the certificate under its code, if its learner agreed to that."""
    if owner is None:
        return None
    with owner.open_ledger(at) as ledger:
        if not ledger.is_open_by_code(identifier):
            return None
    path = by_code_path(code_from_id(identifier))
    return f"https://{owner.issuer}/{path.removesuffix('index.html')}"


def _write(folder: Path, kit: "ShareKit", mode: int) -> list[Path]:
    """Writes all of the files, or none."""
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    files = {folder / name: content for name, content in kit.files.items()}
    try:
        write_new(files, mode=mode)
    except BaseException:
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
    return list(files)
