"""The folder of a theme file. What the file names is in it, and nowhere else."""

import os
import stat
from pathlib import Path, PurePosixPath, PureWindowsPath

from signedcert.documents.errors import ThemeError

# A pipe would block for ever, and links are followed before this.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)


class ThemeFolder:
    """Finds files and folders by the names that a theme file gives.

    :param folder: where the theme file is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def content(self, name: str, most: int, place: str) -> bytes:
        """The bytes of a regular file, one more than ``most`` where it has more.

        :param place: where the theme file names it, for messages.
        :raises ThemeError: when it is elsewhere, missing, or no regular file.
        """
        path = self._inside(name, place)
        try:
            descriptor = os.open(path, _READ)
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise ThemeError(f"{place}: {name} is no regular file")
                return file.read(most + 1)
        except OSError as error:
            raise ThemeError(f"{place}: {name} cannot be read: {error.strerror}") from None

    def folder(self, name: str, place: str) -> Path:
        """A folder in it.

        :param place: where the theme file names it, for messages.
        :raises ThemeError: when it is elsewhere, missing, or no folder.
        """
        path = self._inside(name, place)
        if not path.is_dir():
            raise ThemeError(f"{place}: there is no folder {name}")
        return path

    def _inside(self, name: str, place: str) -> Path:
        # Both kinds of paths: a theme is carried from one system to another.
        parts = {*PurePosixPath(name).parts, *PureWindowsPath(name).parts}
        if ".." in parts or PurePosixPath(name).is_absolute() or PureWindowsPath(name).anchor:
            raise ThemeError(
                f"{place}: {name} must be in the folder of the theme file; copy it there, and "
                "write its name without .. and without a / at the beginning"
            )
        try:
            path = (self._folder / name).resolve()
        except (OSError, RuntimeError):  # a ring of links
            raise ThemeError(f"{place}: {name} cannot be read") from None
        if not path.is_relative_to(self._folder):
            raise ThemeError(
                f"{place}: {name} is a link out of the folder of the theme file; copy the file"
            )
        return path
