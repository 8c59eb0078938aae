"""Passphrases in the environment stay out of the environment of processes that are started."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from signedcert.cli.passphrase import PIN_VARIABLE, ROOT_VARIABLE, VARIABLE
from signedcert.workspace.key_file import AskPassphrase


@contextmanager
def secrets_hidden() -> Iterator[Mapping[str, str]]:
    """Takes passphrases and PINs out of the environment, and puts them back at the end.

    Worker processes, and Python's own helper for them, would inherit them, and other programs of
    the same user can read the environment of a process. A worker gets what it needs by its pipe.

    :returns: what was taken, for :func:`asking_with`.
    """
    names = (VARIABLE, ROOT_VARIABLE, PIN_VARIABLE)
    taken = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield taken
    finally:
        os.environ.update(taken)


def asking_with(taken: Mapping[str, str], ask: AskPassphrase) -> AskPassphrase:
    """What asks for a secret, and finds the environment as it was for as long as it asks."""

    def asked(path: Path) -> bytes:
        os.environ.update(taken)
        try:
            return ask(path)
        finally:
            for name in taken:
                del os.environ[name]

    return asked
