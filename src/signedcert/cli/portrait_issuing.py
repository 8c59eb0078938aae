"""Issuing with a portrait: its digest goes into the statement, its salt into a file."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from signedcert.cli.document_options import check_installed
from signedcert.cli.failures import CommandError, os_error
from signedcert.cli.options import given_path
from signedcert.cli.screen import screen, visible
from signedcert.model.certificate import Certificate
from signedcert.model.course_record import CourseRecord
from signedcert.workspace.atomic_files import write_new

PortraitOption = Annotated[
    Path | None,
    typer.Option(
        "--portrait",
        metavar="PHOTO",
        parser=given_path,
        help="The learner's photo: its salted digest goes into the identity check, and the salt "
        "into CODE.portrait-salt.",
    ),
]
#: With it, whoever has a photo can tell whether it is the one that was signed.
SALT_MODE = 0o600

S = TypeVar("S", Certificate, CourseRecord)


def portrayed(statement: S, photo: Path | None) -> tuple[S, bytes | None]:
    """The statement with a photo's digest under a new salt, and the salt; or as it is, and None.

    :raises DocumentError: when it is not clear to which identity check the photo belongs.
    :raises PictureRefused: when it is no photo that can be printed.
    :raises OSError: when it cannot be read.
    :raises CommandError: when what it takes is not installed.
    """
    if photo is None:
        return statement, None
    check_installed()
    from signedcert.documents.portrait import (  # needs the extra pdf, which others do without
        new_salt,
        portrait_digest,
        with_portrait,
    )

    salt = new_salt()
    return with_portrait(statement, portrait_digest(salt, photo_in(photo))), salt


def photo_in(path: Path) -> bytes:
    """The bytes of a photo's file, as they are, once it was looked at.

    :raises PictureRefused: when it is no photo that can be printed.
    :raises OSError: when it cannot be read.
    """
    from signedcert.documents.pictures import (  # needs the extra pdf
        PORTRAIT_SIZE_MAX,
        checked_portrait,
    )

    with path.open("rb") as file:
        photo = file.read(PORTRAIT_SIZE_MAX + 1)
    checked_portrait(photo)
    return photo


@dataclass(slots=True)
class SaltFile:
    """Where a salt is kept.

    :ivar path: its file, or None where there is no portrait.
    """

    path: Path | None
    _kept: bool = field(default=False, init=False)

    @property
    def kept(self) -> bool:
        """Whether the digest is signed, so that the salt must not be lost."""
        return self._kept

    def kept_and(self, then: Callable[[], object]) -> Callable[[], object]:
        """What to do once the token is recorded: from then on the file stays, whatever happens."""

        def recorded() -> object:
            self._kept = True
            return then()

        return recorded

    def to_json(self) -> dict[str, object]:
        """What to say of it in JSON's types."""
        return {} if self.path is None else {"portrait_salt_file": str(self.path)}

    def print(self) -> None:
        """Says it to people."""
        if self.path is not None:
            screen().print(visible(f"salt   {self.path}: keep it with the photo"))


@contextlib.contextmanager
def salt_kept(folder: Path, code: str, salt: bytes | None) -> Iterator[SaltFile]:
    """Writes ``CODE.portrait-salt`` before anything is signed, and removes it if nothing is.

    A digest whose salt is lost could never be checked.

    :param salt: None: there is no portrait, and nothing is written.
    :raises CommandError: when it cannot be written.
    """
    if salt is None:
        yield SaltFile(None)
        return
    path = folder / f"{code}.portrait-salt"
    try:
        write_new({path: f"{salt.hex()}\n".encode()}, mode=SALT_MODE)
    except OSError as error:
        raise CommandError(f"{os_error(error)}; nothing was signed") from error
    file = SaltFile(path)
    try:
        yield file
    finally:
        if not file.kept:
            path.unlink(missing_ok=True)
