"""Passphrases and PINs: from a file descriptor, the environment or the keyboard.

Never from arguments, which other users of the machine can read.
"""

import getpass
import os
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path

from signedcert.cli.failures import CommandError
from signedcert.cli.screen import error_screen
from signedcert.workspace.key_file import PASSPHRASE_MAX, AskPassphrase, checked_passphrase

VARIABLE = "SIGNEDCERT_PASSPHRASE"
ROOT_VARIABLE = "SIGNEDCERT_ROOT_PASSPHRASE"
PIN_VARIABLE = "SIGNEDCERT_PIN"


class Source:
    """Where a secret may come from."""

    def __init__(
        self,
        what: str,
        variable: str,
        option: str | None,
        descriptor: int | None,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """:param what: what to call it.

        :param variable: the environment variable that may hold it.
        :param option: the option that names a file descriptor; None where there is none.
        :param descriptor: the descriptor that was named, or None.
        :param environment: where the variable is looked for.
        """
        self.environment = environment
        self.what = what
        self.variable = variable
        self.option = option
        self._descriptor = descriptor
        self._line: bytes | None = None

    def given(self) -> bytes | None:
        """The secret, where it was given without the keyboard."""
        if self._descriptor is None:
            value = self.environment.get(self.variable)
            return None if value is None else os.fsencode(value)
        # A pipe gives its line once.
        if self._line is None:
            self._line = _line(self._descriptor, str(self.option))
        return self._line

    def typed(self, prompt: str, more_ways: str = "") -> bytes:
        """The secret from the keyboard.

        :raises CommandError: where there is none.
        """
        use = "" if self.option is None else f"use {self.option}, or "
        missing = CommandError(
            f"{self.what} is needed: set {self.variable}, or {use}call this from a terminal"
            f"{more_ways}"
        )
        if not (sys.stdin.isatty() or sys.stderr.isatty()):
            raise missing
        try:
            with warnings.catch_warnings():
                # Rather no passphrase than one that shows.
                warnings.simplefilter("error", getpass.GetPassWarning)
                return os.fsencode(getpass.getpass(prompt))
        except (getpass.GetPassWarning, EOFError):
            raise missing from None


def of_keys(descriptor: int | None, environment: Mapping[str, str] = os.environ) -> Source:
    """The passphrase of signing keys."""
    what = "the private key needs a passphrase: one"
    return Source(what, VARIABLE, "--passphrase-fd", descriptor, environment)


def of_root(descriptor: int | None) -> Source:
    """The passphrase of root keys."""
    return Source("the root key's passphrase", ROOT_VARIABLE, "--root-passphrase-fd", descriptor)


def of_hardware(environment: Mapping[str, str] = os.environ) -> Source:
    """The PIN of the hardware that holds a key."""
    return Source("the PIN of the hardware", PIN_VARIABLE, None, None, environment)


def new_passphrase(source: Source, name: str) -> bytes:
    """The passphrase for a key to be made; a typed one is asked for twice.

    :param name: which key, for the prompt.
    """
    given = source.given()
    if given is None:
        given = source.typed(f"Passphrase for the new {name}: ", ", or --no-passphrase")
        if source.typed("The same once more: ") != given:
            raise CommandError("the two passphrases differ; nothing was made")
    return checked_passphrase(given)


def new_root_passphrase(keys: Source, root: Source) -> bytes:
    """The passphrase for a root key to be made.

    Where one was given for the signing keys but none for the root, the root gets the same, and that
    is said: it works for scripts, but is not how to keep a root.
    """
    if root.given() is None and (shared := keys.given()) is not None:
        error_screen().print(
            "signedcert: the root key has the same passphrase as the signing keys; give it its own "
            f"with {ROOT_VARIABLE}"
        )
        return checked_passphrase(shared)
    return new_passphrase(root, "root key")


def asking(keys: Source) -> AskPassphrase:
    """What to call for the passphrase of a signing key's file, or the PIN of its hardware.

    :param keys: where the passphrase may come from; the PIN's variable is looked for where its is.
    """

    def ask(path: Path) -> bytes:
        in_hardware = path.suffix == ".pkcs11"
        source = of_hardware(keys.environment) if in_hardware else keys
        given = source.given()
        what = "PIN" if in_hardware else "Passphrase"
        return source.typed(f"{what} of {path}: ") if given is None else given

    return ask


def asking_root(keys: Source, root: Source) -> AskPassphrase:
    """What to call for the passphrase of a root key's file."""

    def ask(path: Path) -> bytes:
        given = root.given()
        if given is None:
            given = keys.given()  # as new_root_passphrase gave it
        return root.typed(f"Passphrase of {path}: ") if given is None else given

    return ask


def _line(descriptor: int, option: str) -> bytes:
    try:
        with open(descriptor, "rb", closefd=False) as file:
            line = file.read(PASSPHRASE_MAX + 3).partition(b"\n")[0]
    except OSError as error:
        raise CommandError(f"{option} {descriptor}: {error.strerror}") from None
    return line.removesuffix(b"\r")
