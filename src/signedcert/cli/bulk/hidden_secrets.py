"""Passphrases in the environment stay out of the environment of processes that are started."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from signedcert.cli.passphrase import PIN_VARIABLE, ROOT_VARIABLE, VARIABLE


@contextmanager
def secrets_hidden() -> Iterator[Mapping[str, str]]:
    """Takes passphrases and PINs out of the environment, and puts them back at the end.

    Worker processes, and Python's own helper for them, would inherit them, and other programs of
    the same user can read the environment of a process. A worker gets what it needs by its pipe.

    :returns: what was taken: the environment for those who ask meanwhile.
    """
    names = (VARIABLE, ROOT_VARIABLE, PIN_VARIABLE)
    taken = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield taken
    finally:
        os.environ.update(taken)
