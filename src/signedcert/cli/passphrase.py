"""Passphrases: from a file descriptor, the environment or the keyboard. Never from arguments."""

import getpass
import os
import sys
import warnings
from pathlib import Path

from signedcert.cli.failures import CommandError
from signedcert.workspace.key_file import PASSPHRASE_MAX, AskPassphrase, checked_passphrase

VARIABLE = "SIGNEDCERT_PASSPHRASE"
_WAYS = f"set {VARIABLE}, or use --passphrase-fd, or call this from a terminal"


def new_passphrase(descriptor: int | None) -> bytes:
    """The passphrase for a key to be made; a typed one is asked for twice."""
    given = _given(descriptor)
    if given is None:
        given = _typed("Passphrase for the new signing key: ", f"{_WAYS}, or --no-passphrase")
        if _typed("The same once more: ", _WAYS) != given:
            raise CommandError("the two passphrases differ; nothing was made")
    return checked_passphrase(given)


def asking(descriptor: int | None) -> AskPassphrase:
    """What to call for the passphrase of an existing key's file."""

    def ask(path: Path) -> bytes:
        given = _given(descriptor)
        return _typed(f"Passphrase of {path}: ", _WAYS) if given is None else given

    return ask


def _given(descriptor: int | None) -> bytes | None:
    if descriptor is None:
        value = os.environ.get(VARIABLE)
        return None if value is None else os.fsencode(value)
    try:
        with open(descriptor, "rb", closefd=False) as file:
            line = file.read(PASSPHRASE_MAX + 3).partition(b"\n")[0]
    except OSError as error:
        raise CommandError(f"--passphrase-fd {descriptor}: {error.strerror}") from None
    return line.removesuffix(b"\r")


def _typed(prompt: str, ways: str) -> bytes:
    missing = CommandError(f"the private key needs a passphrase: {ways}")
    if not (sys.stdin.isatty() or sys.stderr.isatty()):
        raise missing
    try:
        with warnings.catch_warnings():
            # Rather no passphrase than one that shows.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return os.fsencode(getpass.getpass(prompt))
    except (getpass.GetPassWarning, EOFError):
        raise missing from None
