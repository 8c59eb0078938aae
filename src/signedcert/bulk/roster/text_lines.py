"""Bytes of a CSV file → its lines, in bounded blocks, with strict decoding."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from signedcert.bulk.roster.errors import RosterError

#: Bytes that are read at once.
BLOCK = 2**18
#: Characters that a line, and a row of several lines, may have.
ROW_MAX = 2**20
#: The first character that has two bytes in UTF-8, and the first that has three.
_NOT_ASCII, _THREE_BYTES = "\x80", "\u0800"
#: Encodings in which two bytes that UTF-8 has, too, are usual text.
_OF_TWO_BYTES = frozenset(
    codecs.lookup(name).name
    for name in ("cp932", "shift_jis", "euc_jp", "cp949", "euc_kr", "gbk", "gb18030", "cp950",
                 "big5", "cp874", "iso8859-11")
)  # fmt: skip
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What other files begin with, and what they are.
_OTHERS = (
    (b"PK\x03\x04", "a spreadsheet or ZIP file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file"),
    (b"%PDF-", "a PDF file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x28\xb5\x2f\xfd", "a compressed file"),
)


def encoding_of(name: str, head: bytes, asked: str | None) -> tuple[str, int]:
    """The encoding of a file, and the length of the byte order mark that it begins with.

    :param head: how the file begins, at least eight bytes where it has them.
    :param asked: what the mapping says, by Python's name.
    :raises RosterError: when it is no text, or the mapping contradicts its mark.
    """
    for magic, what in _OTHERS:
        if head.startswith(magic):
            raise RosterError(f"{name}: this is {what}, no CSV; save it as CSV UTF-8")
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            if asked is not None and not encoding.startswith(asked.removesuffix("-sig")):
                raise RosterError(
                    f"{name}: it begins with the mark of {encoding}, but the mapping says "
                    f"[csv] encoding = {asked}; remove that line"
                )
            return encoding, len(mark)
    if asked == "utf-16":
        raise RosterError(
            f"{name}: it has no byte order mark; write [csv] encoding as utf-16-le or utf-16-be"
        )
    if asked is None and b"\0" in head:
        raise RosterError(
            f"{name}: it has NUL bytes, so it is no CSV in UTF-8; if it is UTF-16, write in a "
            'mapping under [csv] encoding = "utf-16-le"'
        )
    return asked or "utf-8", 0


class TextLines:
    """The lines of a text file, with the line ends that they have: CRLF, LF or CR.

    :ivar nul: whether a NUL character was among them.
    """

    def __init__(self, name: str, file: BinaryIO, encoding: str) -> None:
        self._name = name
        self._file = file
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        # Decides whether the file is UTF-8 after all; gone once that is known.
        self._utf_8 = (
            None if encoding.startswith("utf") else codecs.getincrementaldecoder("utf-8")()
        )
        self._lines = 0
        self.nul = False

    def blocks(self) -> Iterator[list[str]]:
        """The lines, some thousand at once.

        :raises RosterError: for bytes that are not in the encoding, for UTF-8 that would be taken
            for another one, and for an endless line.
        """
        rest = ""
        final = False
        while not final:
            data = self._file.read(BLOCK)
            final = not data
            self._refuse_utf_8(data, final=final)
            text = rest + self._decoded(rest, data, final=final)
            # A CR at the end may be the half of a CRLF.
            cut = len(text) if final else _last_end(text)
            rest = text[cut:]
            if len(rest) > ROW_MAX:
                raise RosterError(
                    f"{self._name}, line {self._lines + 1 + _count(text[:cut])}: the line has more "
                    f"than {ROW_MAX:,} characters; this is no roster as CSV"
                )
            whole = text[:cut]
            if whole:
                self.nul = self.nul or "\0" in whole
                lines = io.StringIO(whole, newline="").readlines()
                self._lines += len(lines)
                yield lines

    def _refuse_utf_8(self, data: bytes, *, final: bool) -> None:
        """Looks at the first bytes that are not ASCII.

        Text in another encoding is no UTF-8 by accident, but for a few characters in those that
        have characters of two bytes: of these, three bytes in a row are asked for.
        """
        if self._utf_8 is None:
            return
        try:
            found = max(self._utf_8.decode(data, final), default="")
        except UnicodeDecodeError:
            self._utf_8 = None
            return
        if found < _NOT_ASCII:
            return
        self._utf_8 = None
        if found >= _THREE_BYTES or self._encoding not in _OF_TWO_BYTES:
            raise RosterError(
                f"{self._name}: it is UTF-8, but the mapping says [csv] encoding = "
                f"{self._encoding}; remove that line"
            )

    def _decoded(self, rest: str, data: bytes, *, final: bool) -> str:
        try:
            return self._decoder.decode(data, final)
        except UnicodeDecodeError as error:
            before = rest + error.object[: error.start].decode(self._encoding)
            line = self._lines + 1 + _count(before)
            column = len(before) - max(before.rfind("\n"), before.rfind("\r"))
            byte = error.object[error.start]
        raise RosterError(
            f"{self._name}, line {line}, column {column}: the byte 0x{byte:02X} is not "
            f"{self._encoding.upper()}; save the file as CSV UTF-8, or name its encoding in a "
            'mapping under [csv], such as encoding = "cp1252"'
        )


def _last_end(text: str) -> int:
    """Where the last line that is surely complete ends."""
    end = len(text) - 1 if text.endswith("\r") else len(text)
    return max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1


def _count(text: str) -> int:
    """How many line ends a text has."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")
