"""Whether a CSV file leaves no doubt about where its cells and rows end (RFC 4180, section 2).

Whoever fills in a form decides what a cell says. If such text is read as what stands between cells,
it becomes a row, and the row a certificate. So reading ends where it could be read in two ways.
"""

import re
from collections.abc import Sequence

from signedcert.bulk.roster.errors import RosterError

#: The rest of a quoted cell, up to the quote that closes it.
_QUOTED = r'[^"]*+(?:""[^"]*+)*+'
_REST = re.compile(_QUOTED)
_ENDS = ("", "\n", "\r", "\r\n")
_ESCAPED_ENDS = tuple(f"\\{end}" for end in _ENDS)
_STRAY = (
    "a quote is followed by other text, or stands in a cell that is not in quotes; put the whole "
    "cell in quotes, and double those within it (RFC 4180)"
)
_ESCAPED = (
    "a backslash stands before a quote or at the end of a row: quotes are escaped by backslashes "
    "here; have them doubled when saving (RFC 4180)"
)
_MIXED = (
    "some lines end in CR, and others in LF: a line break within a cell that is not in quotes; "
    "save the file with one kind of line end"
)


class QuoteCheck:
    """Looks at all lines of a file, from the header on, before rows are made of them."""

    def __init__(self, name: str, delimiter: str) -> None:
        """``name`` is what messages call the file."""
        sign = re.escape(delimiter)
        cell = rf'(?: *+"{_QUOTED}"|[^"{sign}\r\n]*+)'
        self._name = name
        self._delimiter = delimiter
        #: A line that begins a cell. The group is there where its last cell goes on in the next.
        self._cells = re.compile(
            rf'(?:{cell}{sign})*+(?:{cell}(?:\r\n?|\n)?|(?P<open> *+"{_QUOTED}))'
        )
        # RFC 4180 closes a cell after an odd number of quotes, and a writer that escapes by
        # backslashes after an even one. Where text follows the even number, it was none of these.
        self._escaped = re.compile(rf'\\(?:"(?:"")*+(?!")|(?:"")++(?={sign}|[\r\n]|\Z))')
        self._inside = False
        self._cr = self._lf = False

    def check(self, lines: Sequence[str], first: int) -> None:
        """Looks at the next lines.

        :param first: the number of the first of them.
        :raises RosterError: naming the line after which rows are in doubt.
        """
        for number, line in enumerate(lines, first):
            if "\\" in line and self._escaped.search(line):
                raise self._doubt(number, _ESCAPED)
            if self._inside or '"' in line:
                self._inside = self._goes_on(line, number)
            if self._inside or line in _ENDS:
                continue
            if line.endswith(_ESCAPED_ENDS):
                raise self._doubt(number, _ESCAPED)
            if line.endswith("\r"):
                self._cr = True
            elif line.endswith("\n"):
                self._lf = True
            if self._cr and self._lf:
                raise self._doubt(number, _MIXED)

    def _goes_on(self, line: str, number: int) -> bool:
        """Whether the line ends within a quoted cell."""
        if self._inside:
            rest = _REST.match(line)
            end = rest.end() if rest else 0
            if end == len(line):
                return True
            line = line[end + 1 :]
            if line in _ENDS:
                return False
            if not line.startswith(self._delimiter):
                raise self._doubt(number, _STRAY)
            line = line[1:]
        found = self._cells.fullmatch(line)
        if found is None:
            raise self._doubt(number, _STRAY)
        return found["open"] is not None

    def _doubt(self, line: int, why: str) -> RosterError:
        return RosterError(
            f"{self._name}, line {line}: {why}. Where the next row begins is in doubt; what "
            "follows was not read"
        )
