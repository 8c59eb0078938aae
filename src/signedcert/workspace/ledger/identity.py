"""How a ledger notices that it is a copy: two small files beside it.

``ledger.id`` is written once. Which file it is (inode, time of its last change) and which file the
ledger is (inode) stand in the ledger: a copy of them, and what a backup is restored to, are other
files. Moving or renaming the folder, a restart or a killed process change neither.

``ledger.mark`` says how far the ledger's history reached; it is replaced after each commit that
outsiders may see the effect of. A ledger that reaches less far is an older one, put in its place.
A process that dies between the commit and the mark leaves a mark that lags: that shows nothing
wrong.
"""

import contextlib
import glob
import os
import re
from pathlib import Path

from signedcert.workspace.atomic_files import replace, write_new

ID_FILE_SIZE = 16
_MODE = 0o600
_MARK = re.compile(rb"([0-9a-f]{32}) ([0-9]{1,18})\n")
_READ_MAX = 1024
#: Seconds.
_LEFT_FOR_DEAD = 3600


def id_file(ledger: Path) -> Path:
    """The file whose identity stands for the folder's."""
    return ledger.with_suffix(".id")


def mark_file(ledger: Path) -> Path:
    """The file that says how far the history reached."""
    return ledger.with_suffix(".mark")


def mark(identifier: bytes, generation: int) -> bytes:
    """The content of the mark."""
    return f"{identifier.hex()} {generation}\n".encode()


def read_mark(ledger: Path, identifier: bytes) -> int | None:
    """The generation in the mark; None where it is missing, damaged or another ledger's.

    :raises OSError: when it cannot be read.
    """
    found = _MARK.fullmatch(_content(mark_file(ledger)))
    return int(found[2]) if found and found[1] == identifier.hex().encode() else None


def write_mark(ledger: Path, identifier: bytes, generation: int) -> None:
    """Moves the mark up to the generation. Another process's higher mark stays.

    Two processes at once may leave the lower of their marks; the next commit mends it.

    :raises OSError: when it cannot be written.
    """
    present = read_mark(ledger, identifier)
    if present is None or present < generation:
        replace(mark_file(ledger), mark(identifier, generation), mode=_MODE)


def tidy(ledger: Path) -> None:
    """Removes what processes left that were killed while they wrote the mark, long before the last.

    :raises OSError: when the folder cannot be read or written.
    """
    present = mark_file(ledger)
    if present.exists():
        # By the files' own times. A process that was merely asleep fails and hands nothing out.
        last = present.stat().st_mtime - _LEFT_FOR_DEAD
        for each in ledger.parent.glob(f".{glob.escape(present.name)}.*"):
            with contextlib.suppress(FileNotFoundError):  # somebody else was first
                if each.stat().st_mtime < last:
                    each.unlink()


def identity(ledger: Path, identifier: bytes, inode: int) -> str | None:
    """What the ledger's files are now; None where ``ledger.id`` is missing or another ledger's.

    :param inode: of the ledger's own file. ``rsync`` leaves files alone whose size and time are the
        backup's, as those of ``ledger.id`` are, but gives the ledger another inode.
    :raises OSError: when it cannot be read.
    """
    path = id_file(ledger)
    if _content(path) != identifier:
        return None
    status = path.stat()
    return f"{status.st_ino} {status.st_ctime_ns} {inode}"


def settle(ledger: Path, identifier: bytes, inode: int) -> str:
    """The identity, after ``ledger.id`` was written where it was missing or another ledger's.

    Copies are often readable by all; the permissions are mended.

    :raises OSError: when that cannot be done.
    """
    path = id_file(ledger)
    if _content(path) != identifier:
        path.unlink(missing_ok=True)
        write_new({path: identifier}, mode=_MODE)
    for each in (ledger, path):
        if os.name != "nt":
            each.chmod(_MODE)
    settled = identity(ledger, identifier, inode)
    assert settled is not None
    return settled


def evidence_of_a_restore(
    *, recorded: str | None, present: str | None, mark: int | None, generation: int
) -> str | None:
    """What shows that the ledger is not the one last written to, or None where nothing does.

    :param recorded: the identity in the ledger.
    :param mark: read before the generation was: another process may commit in between.
    """
    if mark is None:
        return "ledger.mark is missing, damaged or another ledger's"
    if generation < mark:
        return "the ledger is older than ledger.mark"
    if recorded is None or recorded != present:
        return "the ledger's files are copies, or were changed by something else"
    return None


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_READ_MAX)
    except FileNotFoundError:
        return b""
