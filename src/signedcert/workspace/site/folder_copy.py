"""Carrying a user's files over into a folder that takes the place of theirs; removing trees."""

import contextlib
import errno
import os
import shutil
import stat
import sys
from collections.abc import Set
from pathlib import Path

from signedcert.workspace.settings import WorkspaceError

#: What link() says on file systems without hard links, and of other people's files (Linux).
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


def carry_over(old: Path, new: Path, ours: Set[str]) -> list[str]:
    """Makes everything in ``old`` that is not ours be in ``new`` as well; what is there stays.

    Files become hard links to the same file, where that cannot be copies. Symbolic links are made
    anew and never followed. Folders are made for their owner alone until :func:`finish_folder`.

    :param ours: relative POSIX paths of files that are left out, and with them the folders in which
        there is nothing else.
    :returns: relative POSIX paths of the folders that were made, each after its parent.
    :raises WorkspaceError: for what cannot be carried over: another file system mounted inside.
    :raises OSError: when something cannot be read or written.
    """
    made: list[str] = []
    above_ours = {parent for path in ours for parent in Path(path).parents}
    for folder, folders, names in os.walk(old, onerror=_raise):
        here = Path(folder).relative_to(old)
        # os.walk takes a link to a folder for a folder, though it does not descend into it.
        for name in [*names, *folders]:
            source, path = Path(folder, name), here / name
            if os.path.lexists(new / path):
                continue
            if source.is_dir() and not source.is_symlink():
                # One that has files of ours is needed only if it has others too.
                if path not in above_ours:
                    made += _make_folders(new, path)
            elif path.as_posix() not in ours:
                made += _make_folders(new, here)
                _carry(source, new / path)
    return made


def finish_folder(new: Path, old: Path | None) -> None:
    """Gives a folder the owner, mode and attributes of the old one, or mode 755; and flushes it."""
    if old is None:
        new.chmod(0o755)
    else:
        if sys.platform != "win32":
            # Where this is another user's folder, only root can leave it so.
            with contextlib.suppress(PermissionError):
                status = old.stat()
                os.chown(new, status.st_uid, status.st_gid)
        # After chown, which takes away the bits setuid and setgid.
        shutil.copystat(old, new)
    sync_folder(new)


def sync_folder(folder: Path) -> None:
    """Flushes a folder's names to the disk, as far as the file system does such a thing."""
    if sys.platform == "win32":  # folders cannot be opened there
        return
    # A folder that its owner must not read is flushed with everything else, later.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_tree(top: Path) -> None:
    """Removes a folder and everything in it, also where its mode forbids; follows no link.

    :raises OSError: when something stays.
    """
    top.chmod(0o700)
    for path in list(top.iterdir()):  # all of them, before names vanish
        if path.is_dir() and not path.is_symlink():
            remove_tree(path)
        else:
            path.unlink()
    top.rmdir()


def _make_folders(new: Path, path: Path) -> list[str]:
    """Makes a folder and those above it, where they are missing, and says which."""
    missing = [each for each in (path, *path.parents) if not os.path.lexists(new / each)]
    for each in reversed(missing):
        (new / each).mkdir(mode=0o700)
    return [each.as_posix() for each in reversed(missing)]


def _carry(source: Path, path: Path) -> None:
    if source.is_symlink():
        path.symlink_to(source.readlink(), target_is_directory=source.is_dir())
        return
    try:
        os.link(source, path, follow_symlinks=False)
    except OSError as error:
        if error.errno == errno.EXDEV:
            # A copy would double what is there, and then the original would be removed.
            raise WorkspaceError(
                f"{source} is on another file system, mounted inside the folder to publish into; "
                "publish into a folder without mounts"
            ) from error
        if error.errno not in _NO_LINKS:
            raise
        _copy(source, path)


def _copy(source: Path, path: Path) -> None:
    status = source.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise WorkspaceError(f"{source} is no file and cannot be carried over; move it away")
    shutil.copy2(source, path, follow_symlinks=False)
    if sys.platform != "win32":
        with contextlib.suppress(PermissionError):
            os.chown(path, status.st_uid, status.st_gid)
            path.chmod(stat.S_IMODE(status.st_mode))
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _raise(error: OSError) -> None:
    raise error
