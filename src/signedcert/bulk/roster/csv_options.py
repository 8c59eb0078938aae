"""What the mapping may say of the CSV file itself: ``[csv]``."""

import codecs
from dataclasses import dataclass

from signedcert.bulk.roster.errors import RosterError
from signedcert.bulk.roster.toml_file import Table

#: Encodings that spreadsheets and platforms write, by Python's names for them.
_ENCODINGS = frozenset(
    codecs.lookup(name).name
    for name in (
        *("ascii", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"),
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859-{part}" for part in range(1, 17) if part != 12),
        *("cp437", "cp850", "cp852", "cp858", "cp866", "cp874", "mac-roman", "koi8-r", "koi8-u"),
        *("cp932", "shift_jis", "euc_jp", "cp949", "euc_kr", "gbk", "gb18030", "cp950", "big5"),
    )
)
_NAMED = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """How the file is written; None: as the file itself shows.

    :ivar encoding: Python's name of it.
    :ivar list_separator: between the items of a list in one cell.
    """

    delimiter: str | None = None
    encoding: str | None = None
    list_separator: str = "|"


def csv_options(table: Table) -> CsvOptions:
    """The options in ``[csv]``.

    :raises RosterError: naming what is wrong.
    """
    table.refuse_others(("delimiter", "encoding", "list_separator"))
    for key, value in table.values.items():
        if not isinstance(value, str) or not value:
            raise RosterError(f"{table.place(key)}: expected text")
    delimiter = table.values.get("delimiter")
    if delimiter is not None:
        delimiter = _NAMED.get(delimiter, delimiter)
        if not can_delimit(delimiter):
            raise RosterError(
                f"{table.place('delimiter')}: expected one sign between cells, such as "
                '",", ";", "|" or "\\t"'
            )
    encoding = table.values.get("encoding")
    if encoding is not None:
        encoding = _encoding(table, encoding)
    separator = table.values.get("list_separator", "|")
    if len(separator) > 5 or not separator.strip():
        raise RosterError(f"{table.place('list_separator')}: expected a sign, such as |")
    return CsvOptions(delimiter, encoding, separator)


def can_delimit(sign: str) -> bool:
    """Whether a sign can stand between cells: one of ASCII, no letter, quote or backslash."""
    return len(sign) == 1 and (
        sign == "\t" or (" " < sign < "\x7f" and not sign.isalnum() and sign not in "\"'\\")
    )


def _encoding(table: Table, name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        found = ""
    if found not in _ENCODINGS:
        raise RosterError(
            f"{table.place('encoding')}: it is no encoding that is read here; there are utf-8, "
            "utf-16, cp1252 and other cp125…, iso-8859-1 to -16, shift_jis, gb18030 and the like"
        )
    return found
