"""Which file of a site a request means. Nothing outside the folder, and nothing that is hidden."""

import os
import stat
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from signedcert.web import INDEX

#: The one folder of a site whose name begins with a dot.
_WELL_KNOWN = ".well-known"
_READ_MAX = 64 << 20


class Served(NamedTuple):
    """A file, as it was found.

    :ivar path: what was asked for, relative to the top: of a folder's page, the folder's path.
    :ivar name: the file's own path.
    """

    path: str
    name: str
    data: bytes


class MovedError(Exception):
    """A folder was asked for without the slash at its end.

    :ivar location: the path with it.
    """

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def served_file(top: Path, target: str) -> Served | None:
    """The file that a request means, or None where there is none to be served.

    :param top: the folder that is served.
    :param target: the request's target: an absolute path, perhaps with a query, which is ignored.
    :raises MovedError: for a folder that was asked for as if it were a file.
    """
    path = _plain_path(target.partition("#")[0].partition("?")[0])
    if path is None:
        return None
    root = Path(os.path.realpath(top))
    place = Path(os.path.realpath(root / path))
    if not place.is_relative_to(root):
        return None
    try:
        if place.is_dir():
            if path and not path.endswith("/"):
                raise MovedError(f"/{quote(path)}/")
            return _read(place / INDEX, root, path, path + INDEX)
        return None if path.endswith("/") else _read(place, root, path, path)
    except OSError:
        return None


def _plain_path(target: str) -> str | None:
    """The path without the slash at its beginning, decoded; None where it is no plain one."""
    try:
        path = unquote_to_bytes(target).decode()
    except UnicodeDecodeError:
        return None
    if not path.startswith("/") or "\\" in path or any(ord(each) < 32 for each in path):
        return None
    path = path[1:]
    names = path.removesuffix("/").split("/") if path else []
    hidden = any(name.startswith(".") for name in names[1:]) or (
        names != [] and names[0].startswith(".") and names[0] != _WELL_KNOWN
    )
    # An empty name would be a second slash, which means another host at the beginning.
    return None if hidden or "" in names else path


def _read(place: Path, root: Path, path: str, name: str) -> Served | None:
    found = Path(os.path.realpath(place))
    # Whatever is no file, such as a pipe, could be waited for without end.
    if not found.is_relative_to(root) or not stat.S_ISREG(found.stat().st_mode):
        return None
    with found.open("rb") as file:
        data = file.read(_READ_MAX + 1)
    return None if len(data) > _READ_MAX else Served(path, name, data)
