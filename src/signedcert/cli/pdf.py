"""``signedcert pdf``: certificates and course records as PDF, PNG and SVG files."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

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
from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError
from signedcert.cli.issue import OutOption
from signedcert.cli.issued_token import TokenGiven, certificates_in, token_given
from signedcert.cli.options import JsonOption, NowOption, moment
from signedcert.cli.printed_files import Made, PrintedFiles
from signedcert.cli.screen import error_screen, print_json, screen, visible
from signedcert.errors import SignedCertError
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.workspace import Workspace

_FORMATS = ("pdf", "png", "svg")
_PPI_MIN, _PPI_MAX = 36, 600


def pdf(
    *,
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INPUT...",
            help="Codes of what the workspace issued; or token files, links, pictures, PDFs.",
        ),
    ] = None,
    workspace: OptionalWorkspaceOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every certificate in the workspace's ledger.")
    ] = False,
    page: PageOption = None,
    out: OutOption = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="LIST", help="Of pdf, png, svg: pdf,png.")
    ] = "pdf",
    theme: ThemeOption = None,
    design: DesignOption = None,
    paper: PaperOption = None,
    fonts: FontsOption = None,
    language: LanguageOption = None,
    portrait: PortraitOption = None,
    salt: SaltOption = None,
    ppi: Annotated[
        int, typer.Option("--ppi", min=_PPI_MIN, max=_PPI_MAX, help="Pixels an inch, of PNG.")
    ] = 150,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print certificates and course records: CODE.pdf, CODE-page-1.png, CODE-page-1.svg.

    The signed token is attached to the PDF, so that "signedcert verify CODE.pdf" checks it.
    Nothing is verified here: print what you issued yourself, or have verified.
    """
    check_installed()
    from signedcert.documents import Printer  # heavy; only this command needs it

    wanted = _formats(formats)
    if bool(inputs) == everything or (everything and workspace is None):
        raise CommandError("say which: INPUT..., or --all with --workspace DIR")
    if portrait is not None and (inputs is None or len(inputs) != 1):
        raise CommandError("--portrait is of one learner: name one certificate")
    owner = None if workspace is None else Workspace.open(workspace)
    folder = _folder(owner, out)
    at = moment(now)
    chosen = theme_from(owner, theme, design, paper, fonts)
    with contextlib.ExitStack() as stack:
        printer = stack.enter_context(Printer(chosen))
        ledger = None if owner is None else stack.enter_context(owner.open_ledger(at))
        files = PrintedFiles(printer, folder, wanted, language, ppi)
        tokens: list[TokenGiven | Made]
        if everything:
            assert owner is not None  # checked above
            assert ledger is not None
            tokens = list(certificates_in(ledger, owner.page))
        elif len(inputs or ()) == 1:
            tokens = [token_given((inputs or [""])[0], owner, ledger, page)]
        else:
            tokens = [_given(each, owner, ledger, page) for each in inputs or ()]
        photo = None
        if isinstance(tokens[0], TokenGiven) and (portrait or salt):
            photo = portrait_from(tokens[0], portrait, salt)
        made = [
            files.write(each, photo) if isinstance(each, TokenGiven) else each
            for each in _with_progress(tokens, quiet=as_json)
        ]
        for each in made:
            if each.statement is not None:
                tell_of_end(each.statement, ledger, at)
    _report(made, as_json=as_json)
    if any(each.error for each in made):
        raise typer.Exit(ExitCode.USAGE)


def _formats(given: str) -> list[str]:
    names = [each.strip().lower() for each in given.split(",")]
    for name in names:
        if name not in _FORMATS:
            raise CommandError(f"--format takes {', '.join(_FORMATS)}, with commas between them")
    return names


def _folder(owner: Workspace | None, out: Path | None) -> Path:
    if out is None:
        return Path() if owner is None else owner.make_issued_folder()
    out.mkdir(parents=True, exist_ok=True)
    return out


def _with_progress(tokens: list[TokenGiven | Made], *, quiet: bool) -> Iterator[TokenGiven | Made]:
    """The tokens one by one; with a bar that shows rate and time left where there are many."""
    console = error_screen()
    yield from track(
        tokens,
        description="printing",
        console=console,
        transient=True,
        disable=quiet or len(tokens) < 2 or not console.is_terminal,
    )


def _given(
    argument: str, owner: Workspace | None, ledger: Ledger | None, page: str | None
) -> TokenGiven | Made:
    """One of several inputs. That one cannot be read does not stop the others."""
    try:
        return token_given(argument, owner, ledger, page)
    except (SignedCertError, CommandError) as error:
        return Made(argument, error=str(error))


def _report(made: list[Made], *, as_json: bool) -> None:
    if as_json:
        print_json([_json(each) for each in made])
        return
    for each in made:
        if each.error is not None:
            error_screen().print(visible(f"signedcert: {each.name}: {each.error}"))
            continue
        size = "no QR code is large enough" if each.qr is None else f"QR code of version {each.qr}"
        for path in each.files:
            screen().print(visible(f"wrote {path} ({size})"))


def _json(each: Made) -> dict[str, Any]:
    if each.error is not None:
        return {"input": each.name, "error": each.error}
    return {"input": each.name, "files": [str(path) for path in each.files], "qr": each.qr}
