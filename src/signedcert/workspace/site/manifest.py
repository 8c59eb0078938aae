"""Which files of a published site are ours: the rest is the user's, and is never touched.

The manifest is public, and so names no sealed shares: whoever knew the names could fetch the files
and keep them until a link leaks. Nor does it name the pages that lead from printed codes to
certificates: that would be a list of them. Those are ours by their place and form.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from signedcert.workspace.site.by_code import by_code_pages_in
from signedcert.workspace.site.paths import (
    MANIFEST_FILE,
    SEALED_FOLDER,
    is_by_code_path,
    is_sealed_path,
)

#: A plain name, but neither ``.`` nor ``..``; several with slashes between.
_NAME = r"(?!\.{1,2}(?:/|$))[\w.~-]+"
_SAFE_PATH = re.compile(rf"{_NAME}(?:/{_NAME})*", re.ASCII)
_SIZE_MAX = 16_777_216
_HEAD = (
    "# What signedcert published here. The next publication replaces these files, and removes\n"
    "# those that it has no more. Every other file in this folder is carried over as it is.\n"
)


def manifest(paths: Iterable[str]) -> bytes:
    """The content of the file: the paths and its own, one a line."""
    unnamed = (is_sealed_path, is_by_code_path)
    named = {MANIFEST_FILE, *(path for path in paths if not any(each(path) for each in unnamed))}
    return (_HEAD + "".join(f"{path}\n" for path in sorted(named))).encode()


def read_manifest(site: Path) -> set[str]:
    """The files that earlier publications wrote into a folder; none, where there is no manifest.

    A damaged line names no file: it is better to keep one of ours than to lose one of the user's.

    :raises OSError: when it is there and cannot be read.
    """
    path = site / MANIFEST_FILE
    if path.is_symlink() or not path.is_file():
        return set()
    with path.open("rb") as file:
        lines = file.read(_SIZE_MAX).decode("utf-8", "replace").splitlines()
    found = (each.relative_to(site).as_posix() for each in (site / SEALED_FOLDER).glob("*"))
    sealed = {path for path in found if is_sealed_path(path)}
    by_code = by_code_pages_in(site).keys()
    return {line for line in lines if _SAFE_PATH.fullmatch(line)} | sealed | by_code


def check_paths(files: Mapping[str, bytes]) -> None:
    """Sees that every path stays inside the folder, on every system.

    :raises ValueError: for a path that is not relative and plain, or that is a folder as well.
    """
    for path in files:
        if not _SAFE_PATH.fullmatch(path) or path == MANIFEST_FILE:
            raise ValueError(f"{path!r} is not a relative path of plain names")
        if any(parent.as_posix() in files for parent in Path(path).parents):
            raise ValueError(f"{path!r} lies in a folder that has another file's name")
