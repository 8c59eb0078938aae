"""Files that are there whole or not at all, also after a crash or a full disk."""

import contextlib
import errno
import functools
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

#: What link() says on file systems that have no hard links.
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


def write_new(files: Mapping[Path, bytes], *, mode: int = 0o644) -> None:
    """Writes all of the files, or none of them. Never overwrites.

    Each is written beside its place under a temporary name, flushed to the disk, and only then
    given its name.

    :param mode: permissions of the files, less those that the umask takes away.
    :raises FileExistsError: when one of them exists.
    :raises OSError: when they cannot be written; nothing is left behind.
    """
    staged: list[tuple[Path, Path]] = []
    placed: list[Path] = []
    try:
        for path, data in files.items():
            temporary = _temporary_name(path)
            staged.append((temporary, path))
            with _naming(path):
                _write(temporary, functools.partial(_all_of, data), mode)
        for temporary, path in staged:
            with _naming(path):
                _place_new(temporary, path)
            placed.append(path)
        _sync_folders(files)
    except BaseException:
        _discard([*placed, *(temporary for temporary, _ in staged)])
        raise
    for temporary, path in staged:
        with _naming(path):
            temporary.unlink(missing_ok=True)


def replace(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Writes one file, in place of an older one of that name. Readers see the old or the new.

    :raises OSError: when it cannot be written; the older file is as it was. What is there and is no
        file, such as a device, is left alone.
    """
    replace_from(path, lambda file: file.write(data), mode=mode)


def replace_from(path: Path, write: Callable[[BinaryIO], object], *, mode: int = 0o644) -> None:
    """Writes one file as :func:`replace` does, however large it is.

    :param write: writes its content.
    :raises OSError: as :func:`replace` does.
    """
    temporary = _temporary_name(path)
    try:
        with _naming(path):
            if path.exists() and not path.is_file():
                raise FileExistsError(errno.EEXIST, "there is something that is no file")
            _write(temporary, write, mode)
            temporary.replace(path)
        _sync_folders([path])
    except BaseException:
        _discard([temporary])
        raise


def move_new(finished: Path, path: Path) -> None:
    """Gives a file that was written elsewhere on the same file system its name. Never overwrites.

    :raises FileExistsError: when there is one of that name.
    :raises OSError: when it cannot be done.
    """
    with _naming(path):
        descriptor = os.open(finished, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _place_new(finished, path)
        _sync_folders([path])
        finished.unlink(missing_ok=True)


def replace_each(files: Mapping[Path, bytes]) -> None:
    """Writes several files one by one, each in place of an older one of its name.

    :raises OSError: when one cannot be written; those before it are, the others are as they were.
    """
    for path, data in files.items():
        replace(path, data)


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Names the file in what the system says; temporary names mean nothing to those who read it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _temporary_name(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}")


def _all_of(data: bytes, file: BinaryIO) -> None:
    file.write(data)


def _write(path: Path, write: Callable[[BinaryIO], object], mode: int) -> None:
    # O_EXCL: never through a link that somebody put there.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
        write(file)
        file.flush()
        os.fsync(descriptor)


def _place_new(temporary: Path, path: Path) -> None:
    try:
        # Unlike rename, link refuses to overwrite.
        os.link(temporary, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # Only one process can make it; what it made is then replaced by the whole file.
        # A kill in between leaves it empty, but not for others to read.
        mode = stat.S_IMODE(temporary.stat().st_mode)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        try:
            temporary.replace(path)
        except BaseException:
            _discard([path])
            raise


def _discard(paths: Iterable[Path]) -> None:
    """Removes what is there of files, after an error that is the one to be told."""
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()


def _sync_folders(paths: Iterable[Path]) -> None:
    if os.name == "nt":  # folders cannot be opened there
        return
    for folder in {path.parent for path in paths}:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            # Some network file systems refuse it; the names are then as durable as they can be.
            with contextlib.suppress(OSError):
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
