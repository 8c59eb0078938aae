"""How a CSV file is written, found from its first lines: what stands between cells, the header."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from signedcert.bulk.roster.csv_options import can_delimit
from signedcert.bulk.roster.errors import EmptyFileError, RosterError, shown
from signedcert.bulk.roster.fields import same_name, target_named
from signedcert.bulk.roster.mapping import RosterMapping

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
#: The line by which Excel is told what stands between cells.
_EXCEL = re.compile(r'"?sep=([^"])"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """How a file is written.

    :ivar sep_line: whether the first line is Excel's ``sep=``.
    :ivar header: the names of the columns.
    """

    delimiter: str
    sep_line: bool
    header: tuple[str, ...]

    def rows(self, lines: Iterable[str]) -> "CsvReader":
        """Reads rows; quotes are doubled within quotes, and nothing else is accepted."""
        return _rows(lines, self.delimiter)


def dialect_of(name: str, first: list[str], mapping: RosterMapping) -> CsvDialect:
    """How a file is written.

    :param first: its first lines, the header among them.
    :raises RosterError: when there is no header, or the header could be read in several ways.
    """
    excel = _EXCEL.fullmatch(first[0].strip(" \r\n")) if first else None
    sep_line = excel is not None and can_delimit(excel[1])
    lines = first[1:] if sep_line else first
    if not any(line.strip() for line in lines):
        raise EmptyFileError(f"{name}: it is empty; expected a first line with the columns' names")
    if mapping.csv.delimiter is not None:
        delimiter = mapping.csv.delimiter
    elif excel is not None and sep_line:
        delimiter = excel[1]
    else:
        delimiter = _found(name, lines, mapping)
    header = _header(lines, delimiter)
    if header is None:
        line = 2 if sep_line else 1
        raise RosterError(
            f"{name}, line {line}: the header cannot be read: a quote in it is not closed, or is "
            f"followed by other text, or a name has more than {csv.field_size_limit():,} characters"
        )
    return CsvDialect(delimiter, sep_line, header)


def _found(name: str, lines: list[str], mapping: RosterMapping) -> str:
    """What stands between the cells of the header."""
    headers = {sign: header for sign in _WORDS if (header := _header(lines, sign))}
    several = [sign for sign, header in headers.items() if len(header) > 1]
    if not several:
        return ","
    if len(several) == 1:
        return several[0]
    asked = {same_name(each) for each in mapping.columns.values()} | mapping.ignored
    known = [
        sign
        for sign in several
        if any(target_named(each) or same_name(each) in asked for each in headers[sign])
    ]
    if len(known) == 1:
        return known[0]
    words = " or ".join(_WORDS[sign] for sign in several)
    line = shown("".join(lines[:1]).strip(), 200)
    raise RosterError(
        f"{name}: the header could be separated by {words}: {line}; write in a mapping under [csv] "
        f'which one it is, such as delimiter = "{_WORDS[several[0]]}"'
    )


def _header(lines: Iterable[str], delimiter: str) -> tuple[str, ...] | None:
    """The first row that is not blank, or None where it cannot be read so."""
    try:
        for row in _rows(lines, delimiter):
            if "".join(row).strip():
                return tuple(cell.strip() for cell in row)
    except csv.Error:
        pass
    return None


def _rows(lines: Iterable[str], delimiter: str) -> "CsvReader":
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
