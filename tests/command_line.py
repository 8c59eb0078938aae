"""The command line in this process, for tests.

Its commands are made once: to make them anew for each run, as a process has to, takes longer than
most of them run.
"""

import functools
from collections.abc import Mapping, Sequence
from unittest import mock

import typer.testing
from typer.main import get_command
from typer.testing import CliRunner, Result

from signedcert.cli.app import app

_made = functools.cache(get_command)


def run_here(
    arguments: Sequence[object],
    stdin: bytes | str = b"",
    env: Mapping[str, str | None] | None = None,
) -> Result:
    """Runs a command in this process, as typer's own runner does."""
    with mock.patch.object(typer.testing, "_get_command", _made):
        return CliRunner().invoke(app, [str(each) for each in arguments], input=stdin, env=env)
