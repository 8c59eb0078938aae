"""A site in a folder: readers see the old one or the new one, whatever happens while it is written.

A publication writes the whole new site into a folder beside the old one, then exchanges both. In
the parent folder of a site NAME lie, during a publication, ``.NAME.XXXXXXXXXXXX.new`` (and, where
the system cannot exchange folders, ``.old``), and for good the empty file ``.NAME.lock``, which two
publications cannot both hold. (Were it removed, a third could lock another file of that name.)
"""

import contextlib
import os
import re
import secrets
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from signedcert.workspace.folder_lock import locked
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.site.folder_copy import (
    carry_over,
    finish_folder,
    remove_tree,
    sync_folder,
)
from signedcert.workspace.site.folder_exchange import put_in_place
from signedcert.workspace.site.manifest import check_paths, manifest, read_manifest
from signedcert.workspace.site.paths import MANIFEST_FILE


class InTheWayError(WorkspaceError):
    """A file or folder of the user's is where one of the site's belongs.

    :ivar path: the relative path that is wanted for the site.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


def publish_folder(out: Path, files: Mapping[str, bytes]) -> None:
    """Makes the folder hold these files, and whatever else was in it that is not ours.

    Readers see the site as it was or as it is now: also after a crash, SIGKILL, power failure, on
    a full disk. (On Windows and file systems that cannot exchange two folders, there is no site
    for the moment between two renames; killed just then, the next publication brings it back.)

    Which files are ours is written in ``.well-known/signedcert/files.txt``, part of the site; of
    those, the ones not published again disappear. Other files are carried over as hard links to
    the same files. Nothing else should write into the folder during a publication. A shell whose
    current folder it is has to enter it again afterwards.

    :param out: the folder; made where it is missing. Where it is a symbolic link, the folder to
        which it leads. Its parent must exist and be writable.
    :param files: relative POSIX path → content. Files get mode 644, new folders 755.
    :raises ValueError: for a path that is not relative and plain, or that is a folder as well.
    :raises InTheWayError: when one of the files would replace a file of the user's.
    :raises WorkspaceError: when the folder cannot be published into: it is a file or a mount point,
        or another publication is going on.
    :raises OSError: when something cannot be read or written; the site is as it was.
    """
    check_paths(files)
    place = Path(os.path.realpath(out))
    if not place.parent.is_dir():
        raise WorkspaceError(f"{place.parent} is no folder; make it first")
    if os.path.ismount(place):
        raise WorkspaceError(
            f"{place} is where a file system is mounted, and cannot be exchanged; publish into a "
            "folder inside it"
        )
    with locked(place), _naming(place):
        _clear_leftovers(place)
        if os.path.lexists(place) and not place.is_dir():
            raise WorkspaceError(f"{place} is a file; publish into a folder")
        token = secrets.token_hex(6)
        new, aside = (place.with_name(f".{place.name}.{token}.{end}") for end in ("new", "old"))
        try:
            ours = _build(new, place, files)
            old = put_in_place(new, place, aside)
            sync_folder(place.parent)
            if old is not None:
                # What came into the old site since it was read must not vanish with it.
                late = carry_over(old, place, ours | files.keys())
                _finish(place, old, late)
                _remove(old)
        finally:
            _remove(new)


def _build(new: Path, place: Path, files: Mapping[str, bytes]) -> set[str]:
    """Writes the new site, and returns which files of the old one are ours."""
    try:
        new.mkdir(mode=0o700)
    except PermissionError as error:
        raise WorkspaceError(
            f"{place.parent} is not writable: a site is made beside its folder, then exchanged for "
            "it"
        ) from error
    old = place if place.is_dir() else None
    ours = read_manifest(place)
    folders = [] if old is None else carry_over(old, new, ours)
    for path, data in {**files, MANIFEST_FILE: manifest(files)}.items():
        folders += _make_parents(new, place, path)
        _write(new, place, path, data)
    _finish(new, place, folders)
    finish_folder(new, old)
    return ours


def _finish(new: Path, old: Path, folders: list[str]) -> None:
    for folder in reversed(folders):
        there = old / folder
        finish_folder(new / folder, there if there.is_dir() else None)


def _make_parents(new: Path, place: Path, path: str) -> Iterator[str]:
    """Makes the folders above a file, and says which."""
    for parent in reversed(Path(path).parents[:-1]):
        folder = new / parent
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise InTheWayError(
                path,
                f"{place / parent} is no folder, and {path} belongs into one of that name; move it "
                "away",
            )
        if not folder.exists():
            folder.mkdir(mode=0o700)
            yield parent.as_posix()


def _write(new: Path, place: Path, name: str, data: bytes) -> None:
    path = new / name
    if os.path.lexists(path):
        # It was carried over, so it is the user's.
        if path.is_symlink() or not path.is_file() or path.read_bytes() != data:
            raise InTheWayError(
                name,
                f"{place / name} was not published by signedcert, and would be replaced; move it "
                "away",
            )
        path.unlink()
    try:
        # O_EXCL: never through a link that somebody put there.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            if sys.platform != "win32":
                os.fchmod(descriptor, 0o644)  # whatever the umask: a web server reads it
            file.write(data)
            file.flush()
            os.fsync(descriptor)
    except OSError as error:
        # The system does not say which file it could not write.
        raise OSError(error.errno, error.strerror, str(path)) from error


def _clear_leftovers(place: Path) -> None:
    """Removes what killed publications left. Nobody writes there: the lock is ours."""
    pattern = re.compile(rf"\.{re.escape(place.name)}\.[0-9a-f]{{12}}\.(?:new|old)")
    leftovers = [
        path
        for path in place.parent.iterdir()
        if pattern.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
    ]
    for path in leftovers:
        if path.suffix == ".old" and not os.path.lexists(place):
            path.rename(place)
        else:
            _remove(path)


def _remove(folder: Path) -> None:
    """Removes what is not the site, if it is there; what stays, the next publication removes."""
    with contextlib.suppress(OSError):
        remove_tree(folder)


@contextlib.contextmanager
def _naming(place: Path) -> Iterator[None]:
    """Names files by their places in the site; temporary names mean nothing to those who read."""
    beside = re.compile(re.escape(str(place.with_name(f".{place.name}."))) + r"\w{12}\.new")
    try:
        yield
    except OSError as error:
        name = beside.sub(lambda _: str(place), str(error.filename or place))
        raise OSError(error.errno, error.strerror, name) from error
