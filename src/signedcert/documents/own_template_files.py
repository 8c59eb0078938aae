"""Copies a designer's folder, of which nothing is trusted: not its names, links, sizes or kinds.

Every file and folder is opened first, without following links, relative to the folder it is in, and
then looked at. So what is copied is what was looked at, even where somebody changes the folder
meanwhile.
"""

import errno
import os
import re
import stat
from pathlib import Path

from signedcert.documents.errors import TemplateError

ENTRIES_MAX = 500
DEPTH_MAX = 8
SIZE_MAX = 32_000_000
_CHUNK = 1 << 20
#: Without following links, and without waiting for what writes into a pipe.
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
#: ``import "@preview/…"``. Typst can also compute such a text, so this is for the message alone.
_PACKAGE = re.compile(rb"\b(?:import|include)\s*\(?\s*\"(@[^\"\n]{0,80})")


def copy_template(source: Path, target: Path) -> None:
    """Copies regular files into a new folder. Those with a name that begins with a dot are left.

    :raises TemplateError: when the folder has links, or anything but files and folders, or too
        much; or when a file imports a package.
    """
    if os.open not in os.supports_dir_fd:
        raise TemplateError("templates of your own cannot be taken on this system; use Linux")
    try:
        folder = os.open(source, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    except OSError as error:
        raise TemplateError(f"{source} cannot be read: {error.strerror}") from None
    try:
        _Copy().folder(folder, target, "")
    finally:
        os.close(folder)
    if not (target / "design.typ").is_file():
        raise TemplateError(
            f"{source} has no file design.typ, with the functions certificate(data, picture) and "
            "record(data, picture)"
        )


class _Copy:
    """One copy, which counts what it takes."""

    def __init__(self) -> None:
        self._entries = 0
        self._size = 0

    def folder(self, descriptor: int, target: Path, place: str, depth: int = 1) -> None:
        if depth > DEPTH_MAX:
            raise TemplateError(f"{place} is nested more than {DEPTH_MAX} deep")
        target.mkdir(mode=0o700)
        with os.scandir(descriptor) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                self._entries += 1
                if self._entries > ENTRIES_MAX:
                    raise TemplateError(f"the template has more than {ENTRIES_MAX} files")
                self._entry(descriptor, entry.name, target / entry.name, f"{place}{entry.name}")

    def _entry(self, parent: int, name: str, target: Path, place: str) -> None:
        if not name.isprintable():
            raise TemplateError(f"the name {name!r} is not plain text; rename it")
        try:
            descriptor = os.open(name, _READ, dir_fd=parent)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EMLINK):
                raise TemplateError(
                    f"{place} is a symbolic link; put a copy of the file there"
                ) from None
            raise TemplateError(f"{place} cannot be read: {error.strerror}") from None
        try:
            kind = os.fstat(descriptor)
            if stat.S_ISDIR(kind.st_mode):
                self.folder(descriptor, target, f"{place}/", place.count("/") + 2)
            elif not stat.S_ISREG(kind.st_mode):
                raise TemplateError(f"{place} is neither a file nor a folder")
            elif kind.st_nlink > 1:
                raise TemplateError(
                    f"{place} is a file of another place too (a hard link); put a copy there"
                )
            else:
                self._file(descriptor, target, place)
        finally:
            os.close(descriptor)

    def _file(self, descriptor: int, target: Path, place: str) -> None:
        content = bytearray()
        while part := os.read(descriptor, _CHUNK):
            content += part
            if self._size + len(content) > SIZE_MAX:
                raise TemplateError(f"the template has more than {SIZE_MAX // 1_000_000} MB")
        self._size += len(content)
        if place.endswith(".typ"):
            _check_imports(bytes(content), place)
        try:
            written = os.open(target, _WRITE, 0o600)
        except OSError as error:
            raise TemplateError(f"{place} cannot be copied: {error.strerror}") from None
        with os.fdopen(written, "wb") as file:
            file.write(content)


def _check_imports(content: bytes, place: str) -> None:
    match = _PACKAGE.search(content)
    if match is not None:
        line = content.count(b"\n", 0, match.start()) + 1
        package = match[1].decode(errors="replace")
        raise TemplateError(
            f"{place}:{line}: it imports the package {package}. Packages are not taken; put its "
            "files into the folder and import them from there"
        )
