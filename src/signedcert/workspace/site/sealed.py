"""Sealed shares to be published: encrypted files that an issuer's site hands out, unread."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from signedcert.workspace.site.paths import SEALED_FOLDER, is_sealed_path


def sealed_file(folder: Path, name: str) -> Path:
    """The file of a sealed share, by its name of 32 hexadecimal digits."""
    return folder / f"{name}.cose"


def read_sealed(folder: Path, tell: Callable[[str], None]) -> dict[str, bytes]:
    """The sealed shares in a folder: name → content; none, where there is no such folder.

    :param tell: is told of each file that is none.
    :raises OSError: when a file cannot be read.
    """
    found = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not is_sealed_path(f"{SEALED_FOLDER}/{path.name}"):
            tell(f"{path} is ignored: a sealed share is named by 32 hexadecimal digits and .cose")
        elif path.is_symlink() or not path.is_file():
            tell(f"{path} is ignored: it is no file")
        else:
            with contextlib.suppress(FileNotFoundError):  # its share was reset at this moment
                found[path.stem] = path.read_bytes()
    return found
