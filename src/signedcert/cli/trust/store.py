"""The trust store on disk: a bundle, read and replaced as a whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.options import given_path
from signedcert.codec.framing import parse_document_frame
from signedcert.errors import DecodeError, TrustError
from signedcert.model.kinds import SIGNED_BUNDLE
from signedcert.trust.bundle import BUNDLE_MAX, decode_bundle
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
        parser=given_path,
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


def own_store() -> Path:
    """The trust store of whoever verifies and names none.

    :raises CommandError: when there is none.
    """
    path = store_path(None)
    if not path.exists():
        raise CommandError(
            f"say whom to trust, with --trust FILE; or begin a trust store of your own ({path}) "
            "with: signedcert trust add ISSUER"
        )
    return path


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


def refuse_replacing(path: Path, out: Path) -> None:
    """What is made from the trust store takes the place of an older one of its kind, or of nothing.

    Not of the trust store itself: what is made has an end, or a signature.

    :param path: the trust store.
    :param out: the file to be written.
    :raises CommandError: when it would take the place of anything else.
    :raises OSError: when what is there cannot be read.
    """
    if not os.path.lexists(out):
        return
    if not out.is_file():
        raise CommandError(f"{out} is there already and no regular file; write to another file")
    if path.exists() and out.samefile(path):
        raise CommandError(f"{out} is the trust store itself; write to another file")
    with out.open("rb") as file:
        data = file.read(BUNDLE_MAX + 1)
    if data and not _is_bundle(data):
        raise CommandError(
            f"{out} is there already and no trust bundle, so it is not replaced; write to another "
            "file, or move it away"
        )


def _is_bundle(data: bytes) -> bool:
    """Whether this is a trust bundle, whoever may have signed it."""
    try:
        payload = parse_document_frame(data, SIGNED_BUNDLE, BUNDLE_MAX).payload
    except DecodeError:
        payload = data
    try:
        decode_bundle(payload)
    except TrustError:
        return False
    return True


def write_store(path: Path, trust: Trust) -> None:
    """Puts the trust store in the place of the one before.

    :raises OSError: when it cannot be written; the one before stays.
    """
    # Where a link leads, so that the link stays one.
    replace(path.resolve(), trust.to_bundle())
