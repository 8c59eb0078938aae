"""The files of a folder that is to be verified, in an order that depends on their names alone."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from signedcert.cli.failures import os_error

#: Folders that lie deeper are not looked into; they get a row that says so.
DEPTH_MAX = 64
#: A folder with more entries is not looked into: their names are held in memory, to be sorted.
ENTRIES_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file of a folder, or what stands in its place.

    :ivar name: its path within the folder, as the system has it.
    :ivar size: bytes; 0 where it is not read.
    :ivar changed: when it was changed, in nanoseconds; 0 where it is not read.
    :ivar refusal: why it is not read; None where it is.
    """

    name: str
    size: int = 0
    changed: int = 0
    refusal: str | None = None


def files_in(folder: Path, leave_out: frozenset[Path] = frozenset()) -> Iterator[FoundFile]:
    """Every file beneath a folder, at any depth, sorted by name within each folder.

    Hidden files and folders are skipped. Links to folders are not followed; a link to a file is,
    unless it leads out of the folder. What cannot be read is there as well, with the reason.

    :param leave_out: files and folders that are passed over without a word: the run's own output.
    :raises OSError: when the folder itself cannot be read.
    """
    yield from _walk(folder.resolve(), "", 0, frozenset(each.absolute() for each in leave_out))


def _walk(root: Path, within: str, depth: int, leave_out: frozenset[Path]) -> Iterator[FoundFile]:
    for name in _names(root / within):
        # Text, and no Path: there may be millions of them.
        inner = f"{within}{os.sep}{name}" if within else name
        path = root / inner
        if name.startswith(".") or path in leave_out:
            continue
        try:
            found = path.lstat()
            if not stat.S_ISDIR(found.st_mode):
                yield _file(root, inner, found)
                continue
            if depth == DEPTH_MAX:
                yield FoundFile(inner, refusal="the folder lies too deep; it is not looked into")
                continue
            deeper = _walk(root, inner, depth + 1, leave_out)
            first = next(deeper, None)
        except OSError as error:
            yield FoundFile(inner, refusal=os_error(_nameless(error)))
            continue
        if first is not None:
            yield first
            yield from deeper


def _names(folder: Path) -> list[str]:
    names = []
    with os.scandir(folder) as entries:
        for entry in entries:
            names.append(entry.name)
            if len(names) > ENTRIES_MAX:
                raise OSError(None, f"it has more than {ENTRIES_MAX:,} entries")
    return sorted(names)


def _file(root: Path, name: str, found: os.stat_result) -> FoundFile:
    if stat.S_ISLNK(found.st_mode):
        # Of a link that leads to itself, Path.resolve raises what is no OSError.
        target = Path(os.path.realpath(root / name, strict=True))
        if not target.is_relative_to(root):
            return FoundFile(name, refusal="it is a link that leads out of the folder")
        found = target.stat()
        if stat.S_ISDIR(found.st_mode):
            return FoundFile(name, refusal="it is a link to a folder, which is not followed")
    if not stat.S_ISREG(found.st_mode):
        return FoundFile(name, refusal="it is no regular file")
    return FoundFile(name, found.st_size, found.st_mtime_ns)


def _nameless(error: OSError) -> OSError:
    """The error without the path, which the row has already."""
    return OSError(error.errno, error.strerror or type(error).__name__)
