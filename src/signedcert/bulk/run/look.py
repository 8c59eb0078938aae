"""What PDF files look like, as far as a run must know whether it is the same as before."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from signedcert.bulk.run.printing import Printing

if TYPE_CHECKING:
    from signedcert.documents import Theme
    from signedcert.documents.pictures import Picture


def look_of(printing: Printing | None) -> dict[str, str]:
    """What the look of PDF files depends on, by names that people understand.

    Files count by what is in them, wherever they are; fonts by their names and sizes, because they
    may be gigabytes.

    :raises OSError: when a template cannot be read.
    """
    look = dict.fromkeys(("--theme", "--design", "--paper", "--fonts", "--language"), "")
    if printing is None or printing.pdf is None:
        return look
    if (theme := printing.theme) is not None:
        look |= {
            "--theme": _theme(theme),
            "--design": theme.design.value,
            "--paper": theme.paper.value,
            "--fonts": _digest(_fonts(theme.font_folders)),
        }
    return look | {"--language": printing.language or ""}


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
    for path in _files(folder, onerror=_raise):
        # As where a template is copied: an editor's own files are no part of it.
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        with path.open("rb") as file:
            yield str(path.relative_to(folder)), hashlib.file_digest(file, "sha256").hexdigest()


def _fonts(folders: Iterable[Path]) -> list[list[tuple[str, int]]]:
    return [
        [(str(path.relative_to(folder)), path.stat().st_size) for path in _files(folder)]
        for folder in folders
    ]


def _files(folder: Path, onerror: Callable[[OSError], object] | None = None) -> list[Path]:
    """The regular files in a folder and below, in an order that is always the same."""
    walked = os.walk(folder, onerror=onerror)
    found = (Path(base, name) for base, _, names in walked for name in names)
    return sorted(path for path in found if path.is_file())


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _raise(error: OSError) -> None:
    raise error
