"""One change at a time to one folder or file."""

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from signedcert.workspace.settings import WorkspaceError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

#: Never through a link that somebody put there. Windows has no such flag.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


@contextlib.contextmanager
def locked(place: Path) -> Iterator[None]:
    """Holds the lock file ``.NAME.lock`` beside a folder or file NAME; the lock file itself stays.

    The system lets go of it when the process ends, however it ends. Whoever holds it may remove the
    lock file with the folder that it is in.

    :raises WorkspaceError: when another process holds it, or removed it just now; or when the
        parent folder is not writable.
    :raises OSError: when the file system has no locks.
    """
    path = place.with_name(f".{place.name}.lock")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o644)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        raise WorkspaceError(
            f"{path} cannot be written ({error.strerror}): the new one is made beside {place}, so "
            f"{place.parent} must be writable too"
        ) from error
    try:
        try:
            if sys.platform == "win32":
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
                raise OSError(error.errno, error.strerror, str(path)) from error
            raise _busy(place) from error
        if not _is_there(path, descriptor):
            raise _busy(place)
        yield
    finally:
        os.close(descriptor)


def _is_there(path: Path, descriptor: int) -> bool:
    """Whether the lock is that of the file with this name, and not of one that was removed."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _busy(place: Path) -> WorkspaceError:
    return WorkspaceError(f"another process is changing {place}; nothing was changed, try again")
