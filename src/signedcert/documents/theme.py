"""An issuer's theme: design, paper, colours, logo and signature images, out of ``theme.toml``.

::

    design = "classic"            # or "modern"; or, instead of it,
    # template = "our-design"     # a folder with a design of your own
    paper = "a4"                  # or "us-letter"

    [colours]
    primary = "#1b365d"           # of headings: at least 4.5 : 1 against white
    accent = "#8a6d2f"            # of lines and ornaments: at least 1.5 : 1

    [logo]
    file = "logo.svg"             # SVG, PNG or JPEG, beside this file or below
    description = "Seal of the University of Pennsylvania"

    [signatures]
    "Charles Severance" = "severance.png"

    [fonts]
    folders = ["fonts"]
"""

import enum
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from signedcert.documents.colours import contrast_to_white
from signedcert.documents.errors import PictureRefused, ThemeError
from signedcert.documents.pictures import PICTURE_SIZE_MAX, Picture, checked
from signedcert.documents.printed import Paper
from signedcert.documents.theme_folder import ThemeFolder
from signedcert.documents.theme_values import Table

FILE_SIZE_MAX = 100_000
#: Web Content Accessibility Guidelines 2.2, success criterion 1.4.3: for text of any size.
PRIMARY_CONTRAST_MIN = 4.5
#: Ornaments say nothing that is not said elsewhere; below this they are not seen at all.
ACCENT_CONTRAST_MIN = 1.5
_SIGNATURES_MAX = 32
_FOLDERS_MAX = 16


class Design(enum.StrEnum):
    """Our own designs."""

    CLASSIC = "classic"
    MODERN = "modern"


@dataclass(frozen=True, slots=True)
class Theme:
    """How an issuer's documents look.

    :ivar primary: ``#rrggbb``, of headings and other large text.
    :ivar accent: ``#rrggbb``, of ornaments.
    :ivar signatures: images of signatures, by the name of the signatory as it is signed.
    :ivar template: a folder with a design of the issuer's own, used instead of ``design``.
    :ivar font_folders: folders with fonts beyond ours.
    """

    design: Design = Design.CLASSIC
    paper: Paper = Paper.A4
    primary: str = "#1b365d"
    accent: str = "#8a6d2f"
    logo: Picture | None = None
    signatures: Mapping[str, Picture] = field(default_factory=lambda: MappingProxyType({}))
    template: Path | None = None
    font_folders: tuple[Path, ...] = ()


def read_theme(path: Path) -> Theme:
    """The theme in a file. What it names must be in the file's own folder, or below.

    :raises ThemeError: when the file cannot be read, or has a fault.
    :raises PictureRefused: when one of its pictures is not what it should be.
    """
    folder = ThemeFolder(path.parent)
    top = Table(_parsed(path), f"{path.name}")
    top.check_keys("design", "paper", "template", "colours", "logo", "signatures", "fonts")
    colours = top.table("colours")
    colours.check_keys("primary", "accent")
    fonts = top.table("fonts")
    fonts.check_keys("folders")
    plain = Theme()
    template = top.text("template")
    if template is not None and top.text("design") is not None:
        raise ThemeError(f"{path.name}: give a design or a template, not both")
    return Theme(
        design=Design(top.choice("design", [each.value for each in Design]) or plain.design),
        paper=Paper(top.choice("paper", [each.value for each in Paper]) or plain.paper),
        primary=_colour(colours, "primary", plain.primary, PRIMARY_CONTRAST_MIN),
        accent=_colour(colours, "accent", plain.accent, ACCENT_CONTRAST_MIN),
        logo=_logo(top, folder),
        signatures=_signatures(top.table("signatures"), folder),
        template=None if template is None else folder.folder(template, f"{path.name}: template"),
        font_folders=tuple(
            folder.folder(each, f"{path.name}: fonts.folders")
            for each in fonts.texts("folders", _FOLDERS_MAX)
        ),
    )


def _parsed(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            content = file.read(FILE_SIZE_MAX + 1)
    except OSError as error:
        raise ThemeError(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > FILE_SIZE_MAX:
        raise ThemeError(f"{path} has more than {FILE_SIZE_MAX // 1000} KB; it is no theme")
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise ThemeError(f"{path} is not in UTF-8; save it in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(f"{path} is no TOML: {error}") from None
    except RecursionError:
        raise ThemeError(f"{path} is nested too deeply") from None


def _colour(colours: Table, key: str, default: str, least: float) -> str:
    text = colours.text(key)
    if text is None:
        return default
    contrast = contrast_to_white(text)
    if contrast is None:
        raise ThemeError(f'{colours.place(key)}: {text!r} is no colour like "#1b365d"')
    if contrast < least:
        # Rounded down: 4.497 is not 4.5.
        shown = int(contrast * 100) / 100
        raise ThemeError(
            f"{colours.place(key)}: {text} has a contrast of {shown:.2f} : 1 against white, and "
            f"needs {least} : 1 to be {'read' if key == 'primary' else 'seen'}; take a darker one"
        )
    return text.lower()


def _logo(top: Table, folder: ThemeFolder) -> Picture | None:
    logo = top.table("logo")
    logo.check_keys("file", "description")
    file, description = logo.text("file"), logo.text("description")
    if file is None and description is None:
        return None
    if file is None or description is None:
        raise ThemeError(
            f"{logo.place()}: it needs a file and a description, which is read out to those who "
            "cannot see it"
        )
    return _picture(folder, file, description, logo.place("file"))


def _signatures(table: Table, folder: ThemeFolder) -> Mapping[str, Picture]:
    names = table.keys()
    if len(names) > _SIGNATURES_MAX:
        raise ThemeError(f"{table.place()}: {_SIGNATURES_MAX} signatures are the most")
    files = {name: table.text(name) for name in names}
    return MappingProxyType(
        {
            name: _picture(folder, file, name, table.place(name))
            for name, file in files.items()
            if file is not None
        }
    )


def _picture(folder: ThemeFolder, file: str, description: str, place: str) -> Picture:
    data = folder.content(file, PICTURE_SIZE_MAX, place)
    try:
        return checked(data, description, name=file)
    except PictureRefused as refused:
        raise PictureRefused(f"{place}: {file}: {refused}") from None
