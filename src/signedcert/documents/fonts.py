"""The fonts of documents: our own, those for Chinese, Japanese and Korean, and given ones.

Never the system's fonts at large: the same document must come out everywhere. Only Noto CJK and
Source Han are looked for there. All are under the SIL Open Font License, which allows embedding;
of given ones it is for the giver to know.
"""

import contextlib
import functools
import importlib.util
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import typst

from signedcert.documents.errors import DocumentError
from signedcert.documents.missing_glyphs import missing

__all__ = ["families", "folders", "missing", "read"]

#: Packages of the extra ``pdf``, each with fonts in its folder ``files``.
_OURS = (
    "fontpkg_eb_garamond",
    "fontpkg_inter",
    "fontpkg_frank_ruhl_libre",
    "fontpkg_heebo",
    "fontpkg_amiri",
    "fontpkg_noto_sans_devanagari",
    "fontpkg_sarabun",
)
#: Packages for further scripts, which are used where they are installed.
_FURTHER = (
    "fontpkg_noto_sans_tamil",
    "fontpkg_noto_sans_telugu",
    "fontpkg_noto_sans_khmer",
    "fontpkg_hind_siliguri",
)
#: Noto CJK and Source Han, whole or one region's part of them.
_EAST_ASIAN = re.compile(
    r"(Noto(Sans|Serif)(CJK|SC|TC|HK|JP|KR)|SourceHan(Sans|Serif))[^/]*\.(ttc|otc|otf|ttf)", re.I
)
_FONT = re.compile(r".*\.(ttc|otc|otf|ttf)", re.I)
#: Where Debian, Arch, Fedora, openSUSE and Alpine put them.
_LINUX = (
    "opentype/noto",
    "noto-cjk",
    "google-noto-cjk",
    "google-noto-sans-cjk-fonts",
    "google-noto-serif-cjk-fonts",
    "google-noto-sans-cjk-vf-fonts",
    "google-noto-serif-cjk-vf-fonts",
    "adobe-source-han-sans",
    "adobe-source-han-serif",
    "truetype",
    "noto",
)
#: Typst looks at every file below a folder that it is given.
_MOST_FILES = 5_000


def folders(extra: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Folders for Typst, which finds no font anywhere else.

    One of them may be temporary and hold symbolic links; it goes when the process ends.

    :param extra: folders with fonts for scripts that ours do not have.
    :raises DocumentError: when the extra ``pdf`` is not installed, or a given folder is
        unusable.
    """
    for folder in extra:
        _check(folder)
    ours = (_packaged(package) for package in _OURS)
    further = (
        _packaged(package) for package in _FURTHER if importlib.util.find_spec(package) is not None
    )
    return (*ours, *further, *_east_asian(), *(folder.absolute() for folder in extra))


@functools.lru_cache(maxsize=8)
def read(where: tuple[Path, ...]) -> typst.Fonts:
    """What Typst needs to know about all fonts in these folders; once for each process.

    :param where: what :func:`folders` gave.
    """
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in where],
    )


def families(extra: Sequence[Path] = ()) -> tuple[str, ...]:
    """Families at hand beyond our own, in alphabetical order; ``designs/fonts.typ`` takes them.

    :raises DocumentError: as :func:`folders` does, and when a given folder holds no font.
    """
    where = folders(extra)
    ours = set(read(where[: len(_OURS)]).families())
    at_hand = read(where).fonts()
    for folder in extra:
        below = f"{folder.absolute()}{os.sep}"
        if not any((font.path or "").startswith(below) for font in at_hand):
            raise DocumentError(
                f"the folder {folder} holds no font: TTF, OTF and TTC files are used"
            )
    return tuple(sorted({font.family for font in at_hand} - ours))


def _packaged(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise DocumentError(
            f"the fonts of {package} are not installed: pip install 'signedcert[pdf]'"
        )
    return Path(spec.submodule_search_locations[0]) / "files"


def _check(folder: Path) -> None:
    if not folder.is_dir():
        raise DocumentError(f"there is no folder {folder} to take fonts from")
    count = 0
    for _, _, names in os.walk(folder, followlinks=True):
        count += 1 + len(names)
        if count > _MOST_FILES:
            raise DocumentError(
                f"the folder {folder} holds more than {_MOST_FILES} files: "
                "give one that holds the wanted fonts and little else"
            )


@functools.cache
def _east_asian() -> tuple[Path, ...]:
    found = []
    links: list[Path] = []
    for folder in _usual_folders():
        try:
            names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
        except OSError:
            continue
        wanted = [name for name in names if _EAST_ASIAN.fullmatch(name)]
        # A folder that holds other fonts too would bring them along.
        if wanted and len(wanted) == sum(_FONT.fullmatch(name) is not None for name in names):
            found.append(folder)
        else:
            links.extend(folder / name for name in wanted)
    return (*found, *_linked(links))


def _usual_folders() -> Iterator[Path]:
    if sys.platform == "darwin":
        yield from (Path.home() / "Library/Fonts", Path("/Library/Fonts"))
    elif sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
        yield Path.home() / "AppData/Local/Microsoft/Windows/Fonts"
    else:
        for name in _LINUX:
            yield Path("/usr/share/fonts", name)


#: Keeps the folder of links until the process ends.
_kept: list[tempfile.TemporaryDirectory[str]] = []


def _linked(fonts: list[Path]) -> tuple[Path, ...]:
    if not fonts:
        return ()
    folder = tempfile.TemporaryDirectory(prefix="signedcert-fonts-")
    _kept.append(folder)
    for font in fonts:
        link = Path(folder.name, font.name)
        try:
            link.symlink_to(font)
        except FileExistsError:
            continue
        except OSError:
            # Windows lets few users make symbolic links; a hard link needs the same drive.
            with contextlib.suppress(OSError):
                os.link(font, link)
    return (Path(folder.name),)
