"""Text files as lines, which are read from the beginning as often as they are wanted."""

from pathlib import Path
from typing import BinaryIO

from signedcert.bulk.roster.mapping import RosterMapping
from signedcert.bulk.roster.text_lines import TextLines, encoding_of

_HEAD = 4096


class TextFile:
    """A text file that is open.

    :param mapping: how it is written, as far as that is known.
    :raises RosterError: when it is no text.
    :raises OSError: when it cannot be read.
    """

    def __init__(self, path: Path, mapping: RosterMapping) -> None:
        self.name = str(path)
        self.size = path.stat().st_size
        self._file: BinaryIO = path.open("rb")
        try:
            head = self._file.read(_HEAD)
            self._encoding, self._mark = encoding_of(self.name, head, mapping.csv.encoding)
        except BaseException:
            self._file.close()
            raise

    @property
    def bytes_read(self) -> int:
        """How far the present reading has come."""
        return 0 if self._file.closed else self._file.tell()

    def lines(self) -> TextLines:
        """Its lines, from the first; an earlier reading ends with that."""
        self._file.seek(self._mark)
        return TextLines(self.name, self._file, self._encoding)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()
