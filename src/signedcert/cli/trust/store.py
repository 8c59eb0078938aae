"""The trust store on disk: a bundle, read and replaced as a whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.errors import TrustError
from signedcert.trust.bundle import BUNDLE_MAX
from signedcert.trust.trust import Trust
from signedcert.workspace.atomic_files import replace
from signedcert.workspace.folder_lock import locked

VARIABLE = "SIGNEDCERT_TRUST"
StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--trust",
        metavar="FILE",
        help=f"The trust store; else what {VARIABLE} names, else one in your configuration folder.",
    ),
]


def store_path(option: Path | None) -> Path:
    """Where the trust store is: what the option says, the environment, or the usual place."""
    if option is not None:
        return option
    if named := os.environ.get(VARIABLE):
        return Path(named)
    # XDG Base Directory Specification, section 3.
    configured = os.environ.get("XDG_CONFIG_HOME")
    folder = Path(configured) if configured else Path.home() / ".config"
    return folder / "signedcert" / "trust.bundle"


def read_store(path: Path) -> Trust:
    """The trust store.

    :raises CommandError: when it is none, damaged, or missing.
    :raises OSError: when it cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(BUNDLE_MAX + 1)
    except FileNotFoundError:
        raise missing(path) from None
    try:
        return Trust.from_bundle(data)
    except TrustError as error:
        raise CommandError(f"{path}: {error}") from error


@contextmanager
def changing(path: Path) -> Iterator[Trust]:
    """The trust store, or an empty one, which no other process changes meanwhile.

    :raises CommandError: when it is damaged.
    :raises WorkspaceError: when another process is changing it.
    :raises OSError: when it cannot be read, or its folder not made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path):
        yield read_store(path) if path.exists() else Trust.empty()


@contextmanager
def changing_present(path: Path) -> Iterator[Trust]:
    """As :func:`changing`, of a trust store that must be there.

    :raises CommandError: when it is missing too.
    """
    if not path.exists():
        raise missing(path)
    with changing(path) as known:
        yield known


def missing(path: Path) -> CommandError:
    """What to say where there is no trust store."""
    return CommandError(
        f"{path}: there is no trust store yet; make one with: signedcert trust add ISSUER"
    )


def refuse_overwriting(path: Path, out: Path) -> None:
    """What is made from the trust store must not take its place: it has an end, or a signature.

    :raises CommandError: when it would.
    """
    if out.exists() and path.exists() and out.samefile(path):
        raise CommandError(f"{out} is the trust store itself; write to another file")


def write_store(path: Path, trust: Trust) -> None:
    """Puts the trust store in the place of the one before.

    :raises OSError: when it cannot be written; the one before stays.
    """
    # Where a link leads, so that the link stays one.
    replace(path.resolve(), trust.to_bundle())
