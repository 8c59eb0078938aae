"""Which files a process may open (Landlock, https://docs.kernel.org/userspace-api/landlock.html)."""

import ctypes
import os
import struct
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from signedcert.documents.confined.kernel import call

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
#: How many rights over files each version of the interface knows, from the first.
_FILE_RIGHTS = (13, 14, 15, 15, 16)
#: From the fourth: bind and connect TCP. From the sixth: abstract sockets and signals to others.
_NETWORK_VERSION, _NETWORK = 4, 0b11
_SCOPE_VERSION, _SCOPES = 6, 0b11


def allow_reading(paths: Iterable[Path]) -> None:
    """Lets this thread, and those that it starts, open only what is beneath the paths, to read it.

    What exists can still be asked (stat), not what is in it.

    :param paths: folders, with all that is in them, and files. What does not exist is left out.
    :raises OSError: when the kernel, or the container, has no Landlock.
    """
    version = call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    ruleset = call(_CREATE_RULESET, *_attributes(version), 0)
    try:
        for path in paths:
            with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                _allow(ruleset, path)
        call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _attributes(version: int) -> tuple[ctypes.Array[ctypes.c_char], int]:
    """Everything that this version can refuse, and the size of the structure."""
    rights = (1 << _FILE_RIGHTS[min(version, len(_FILE_RIGHTS)) - 1]) - 1
    fields = [rights]
    if version >= _NETWORK_VERSION:
        fields.append(_NETWORK)
    if version >= _SCOPE_VERSION:
        fields.append(_SCOPES)
    packed = struct.pack(f"={len(fields)}Q", *fields)
    return ctypes.create_string_buffer(packed, len(packed)), len(packed)


def _allow(ruleset: int, path: Path) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = _READ_FILE | _READ_FOLDER if path.is_dir() else _READ_FILE
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, descriptor))
        call(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)
