"""Putting one folder in another's place, at one moment where the system can."""

import contextlib
import ctypes
import errno
import os
import sys
from pathlib import Path

from signedcert.workspace.settings import WorkspaceError

_AT_FDCWD = -100
#: Linux: RENAME_EXCHANGE of renameat2(2). macOS: RENAME_SWAP of renamex_np(2).
_EXCHANGE = 2
#: What file systems and kernels say that cannot exchange.
_CANNOT = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


def put_in_place(new: Path, place: Path, aside: Path) -> Path | None:
    """Gives ``new`` the name ``place``, and says which name an older folder there has now.

    With Linux 3.15 and macOS 10.12 both names are exchanged at one moment, so it has the name
    ``new``. Where the system or the file system cannot (Windows, NFS), the older folder is renamed
    to ``aside`` first, and for the moment between two renames there is nothing at ``place``; killed
    in that moment, the older folder is still at ``aside``.

    :raises WorkspaceError: when a folder cannot be moved, being a mount point or in use.
    :raises OSError: for everything else.
    """
    try:
        if not os.path.lexists(place):
            new.rename(place)
            return None
        if exchange(new, place):
            return new
        _rename_both(new, place, aside)
    except OSError as error:
        if error.errno in (errno.EBUSY, errno.EXDEV):
            raise WorkspaceError(
                f"{place} cannot be exchanged for the new site: something is mounted on it, or it "
                "is in use; publish into a folder inside it"
            ) from error
        raise
    return aside


def exchange(one: Path, other: Path) -> bool:
    """Exchanges two names at one moment. False, with nothing changed, where that cannot be done.

    :raises OSError: when it can, and did not succeed.
    """
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "linux":
            library = ctypes.CDLL(None, use_errno=True)
            failed = library.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _EXCHANGE)
        elif sys.platform == "darwin":
            library = ctypes.CDLL(None, use_errno=True)
            failed = library.renamex_np(first, second, _EXCHANGE)
        else:
            return False
    except AttributeError:  # a C library without it
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _rename_both(new: Path, place: Path, aside: Path) -> None:
    try:
        place.rename(aside)
        new.rename(place)
    except BaseException:
        if not os.path.lexists(place):
            with contextlib.suppress(FileNotFoundError):
                aside.rename(place)
        raise
