"""Options of the commands that print documents, and what their values mean."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError
from signedcert.cli.issued_token import TokenGiven
from signedcert.cli.options import given_path
from signedcert.workspace.workspace import Workspace

if TYPE_CHECKING:
    from signedcert.documents.printed import Portrait
    from signedcert.documents.theme import Theme

#: The theme that a workspace has of its own.
THEME_FILE = "theme.toml"
_SALT_SIZE = 16

OptionalWorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        metavar="DIR",
        help="The issuer's own folder: its ledger, its verify page, its theme.",
        parser=given_path,
    ),
]
PageOption = Annotated[
    str | None,
    typer.Option("--page", metavar="URL", help="The verify page, where nothing else says it."),
]
ThemeOption = Annotated[
    Path | None,
    typer.Option(
        "--theme",
        metavar="FILE",
        help=f"Design, colours, logo and signatures; else {THEME_FILE} in the workspace.",
        parser=given_path,
    ),
]
DesignOption = Annotated[
    str | None,
    typer.Option("--design", metavar="NAME", help="classic or modern, instead of the theme's."),
]
PaperOption = Annotated[
    str | None,
    typer.Option("--paper", metavar="NAME", help="a4 or us-letter, instead of the theme's."),
]
FontsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--fonts",
        metavar="DIR",
        help="A folder with fonts for more scripts. Repeatable.",
        parser=given_path,
    ),
]


def _language(given: str) -> str:
    """A language that the words are in.

    :raises typer.BadParameter: when they are not.
    """
    from signedcert.documents.languages.words import LANGUAGES  # files of its own

    if given.split("-", maxsplit=1)[0].lower() not in LANGUAGES:
        raise typer.BadParameter(f"the words are in {', '.join(LANGUAGES)}.")
    return given


LanguageOption = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="TAG",
        help="Of the words, instead of the certificate's own: en, es, fr, de, pt, zh, hi, ar.",
        parser=_language,
    ),
]
PortraitOption = Annotated[
    Path | None,
    typer.Option(
        "--portrait",
        metavar="PHOTO",
        help="The learner's photo, whose digest is in the certificate.",
        parser=given_path,
    ),
]
SaltOption = Annotated[
    str | None,
    typer.Option(
        "--salt",
        metavar="HEX",
        help="The portrait's salt, 32 hexadecimal digits, or the file that has it.",
    ),
]


def check_installed() -> None:
    """Sees that the extra ``pdf`` is installed.

    :raises CommandError: when it is not, with what to do.
    """
    try:
        from signedcert.documents import Printer  # noqa: F401  # is all that it needs there?
    except ImportError as error:
        raise CommandError(str(error)) from None


def theme_from(
    owner: Workspace | None,
    theme: Path | None,
    design: str | None,
    paper: str | None,
    fonts: list[Path] | None,
) -> "Theme":
    """The theme that is named, or the workspace's own, or the plain one.

    :raises CommandError: for a design or paper of another name.
    :raises ThemeError: when the theme file has a fault.
    """
    from signedcert.documents.printed import Paper
    from signedcert.documents.theme import Design, Theme, read_theme

    if theme is None and owner is not None and (owner.folder / THEME_FILE).exists():
        theme = owner.folder / THEME_FILE
    found = Theme() if theme is None else read_theme(theme)
    if design is not None:
        names = [each.value for each in Design]
        if design not in names:
            raise CommandError(f"--design takes one of {', '.join(names)}")
        found = replace(found, design=Design(design), template=None)
    if paper is not None:
        names = [each.value for each in Paper]
        if paper not in names:
            raise CommandError(f"--paper takes one of {', '.join(names)}")
        found = replace(found, paper=Paper(paper))
    for folder in fonts or ():
        if not folder.is_dir():
            raise CommandError(f"--fonts {folder}: no such folder", ExitCode.USAGE)
    return replace(found, font_folders=(*found.font_folders, *(fonts or ())))


def portrait_from(given: TokenGiven, photo: Path | None, salt: str | None) -> "Portrait | None":
    """The portrait that is to be printed, after a look whether it is the one that was signed.

    :raises CommandError: when one of the two is missing, or it is another.
    :raises PictureRefused: when it is no photo that can be printed.
    """
    from signedcert.documents.pictures import checked_portrait
    from signedcert.documents.portrait import PortraitMatch, portrait_match
    from signedcert.documents.printed import Portrait, Printed

    if photo is None and salt is None:
        return None
    if photo is None or salt is None:
        raise CommandError("--portrait and --salt go together")
    with photo.open("rb") as file:
        portrait = Portrait(file.read(_PHOTO_MAX + 1), salt_from(salt))
    checked_portrait(portrait.photo)
    statement = Printed.of_token(given.token, given.page).statement
    if portrait_match(statement, portrait.photo, portrait.salt) is not PortraitMatch.SIGNED:
        raise CommandError(
            f"{photo} with this salt is not the portrait that {statement.code} names; nothing was "
            "printed"
        )
    return portrait


#: More is never read of a photo; what is larger is refused for its size.
_PHOTO_MAX = 5_000_000


def salt_from(given: str) -> bytes:
    """The salt that an option gives, in digits or as the name of a file with them.

    :raises CommandError: when it is none. The message does not repeat it.
    """
    path = Path(given)
    text = given
    if len(given) != 2 * _SALT_SIZE and path.is_file():
        with path.open("rb") as file:
            text = file.read(100).decode("ascii", errors="replace")
    try:
        salt = bytes.fromhex(text.strip())
    except ValueError:
        salt = b""
    if len(salt) != _SALT_SIZE:
        raise CommandError(
            "--salt takes 32 hexadecimal digits, or the file that signedcert wrote them to"
        )
    return salt
