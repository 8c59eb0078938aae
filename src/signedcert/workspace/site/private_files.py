"""Files that must never be on a website: private keys, and parts of a workspace."""

import os
import stat
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

#: Parts of a workspace by their names; SQLite's own files lie beside the ledger.
_NAMES = frozenset({"workspace.json", *(f"ledger.sqlite{end}" for end in ("", "-wal", "-journal"))})
#: Where a workspace has its keys. What ends in .pem there is taken for one, whatever is in it.
_KEY_FOLDERS = frozenset({"keys", "roots", "holders"})
_KEY_ENDS = frozenset({".pem", ".key"})
#: The label of every private key in PEM ends so (RFC 7468, sections 10 and 11; RFC 5915).
_LABEL = b"PRIVATE KEY-----"
_BEGIN = b"-----BEGIN "
#: A key's file is smaller. What is said before the key, as OpenSSL does, is within it too.
_READ_MAX = 65_536
_HEAD = 64
#: How many files and folders are looked at, nearest to the top first.
_ENTRIES_MAX = 50_000


def private_files(folder: Path) -> list[str]:
    """The files at any depth that look like private keys or parts of a workspace.

    That is: files of a workspace's names, ``*.pem`` and ``*.key`` in which a private key stands,
    and files of any name that begin with one. Links are followed, as web servers follow them. Of a
    very large folder, the 50,000 entries nearest to its top are looked at. What cannot be read is
    left out.

    :returns: relative POSIX paths, in order; none where there is no such folder.
    """
    entries = islice(_entries(folder), _ENTRIES_MAX)
    return sorted(
        Path(entry).relative_to(folder).as_posix() for entry in entries if _looks_private(entry)
    )


def _entries(top: Path) -> Iterator[os.DirEntry[str]]:
    """Everything in a folder, level by level; each folder once, however many links lead to it."""
    waiting, seen = deque([str(top)]), set()
    while waiting:
        folder = waiting.popleft()
        try:
            there = os.stat(folder)  # noqa: PTH116 - the texts of scandir, which are many
            if (there.st_dev, there.st_ino) in seen:
                continue
            seen.add((there.st_dev, there.st_ino))
            with os.scandir(folder) as found:
                entries = list(found)
        except OSError:
            continue
        for entry in entries:
            yield entry
            if _is_folder(entry):
                waiting.append(entry.path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _looks_private(entry: os.DirEntry[str]) -> bool:
    path = Path(entry.path)
    try:
        # Anything else that can be opened may wait for a writer for ever.
        if not stat.S_ISREG(entry.stat().st_mode):
            return False
        ends_as_key = path.suffix.lower() in _KEY_ENDS
        if path.name in _NAMES or (ends_as_key and path.parent.name in _KEY_FOLDERS):
            return True
        with path.open("rb", buffering=0) as file:
            data = file.read(_READ_MAX if ends_as_key else _HEAD)
    except OSError:
        return False
    return _LABEL in data and (ends_as_key or data.startswith(_BEGIN))
