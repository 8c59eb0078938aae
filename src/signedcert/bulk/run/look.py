"""What PDF files look like, as far as a run must know whether it is the same as before."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from signedcert.bulk.run.printing import Printing

if TYPE_CHECKING:
    from signedcert.documents import Theme
    from signedcert.documents.pictures import Picture

#: Bytes that are read at once.
_BLOCK = 2**20


def look_of(printing: Printing | None) -> dict[str, str]:
    """What the look of PDF files depends on, by names that people understand.

    Files count by what is in them, wherever they are; fonts by their names and sizes, because they
    may be gigabytes.

    :raises OSError: when a template or a folder of fonts cannot be read.
    """
    theme = None if printing is None or printing.pdf is None else printing.theme
    language = None if printing is None or printing.pdf is None else printing.language
    return {
        "--theme": "" if theme is None else _theme(theme),
        "--design": "" if theme is None else theme.design.value,
        "--paper": "" if theme is None else theme.paper.value,
        "--fonts": "" if theme is None else _digest(_fonts(theme.font_folders)),
        "--language": language or "",
    }


def _theme(theme: "Theme") -> str:
    """Of colours, pictures and the template."""
    pictures = sorted((name, _picture(each)) for name, each in theme.signatures.items())
    return _digest(
        [
            theme.primary,
            theme.accent,
            None if theme.logo is None else _picture(theme.logo),
            pictures,
            None if theme.template is None else [*_contents(theme.template)],
        ]
    )


def _picture(picture: "Picture") -> str:
    return hashlib.sha256(repr(picture).encode()).hexdigest()


def _contents(folder: Path) -> Iterator[tuple[str, str]]:
    for path in _files(folder):
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        yield str(path.relative_to(folder)), digest.hexdigest()


def _fonts(folders: Iterable[Path]) -> list[list[tuple[str, int]]]:
    return [
        [(str(path.relative_to(folder)), path.stat().st_size) for path in _files(folder)]
        for folder in folders
    ]


def _files(folder: Path) -> list[Path]:
    """The regular files in a folder and below, in an order that is always the same."""
    found = (Path(base, name) for base, _, names in os.walk(folder) for name in names)
    return sorted(path for path in found if path.is_file())


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
