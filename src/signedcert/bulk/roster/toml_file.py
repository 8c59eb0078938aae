"""TOML, read strictly: every table and key is one that is known."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from signedcert.bulk.roster.errors import RosterError, shown
from signedcert.bulk.roster.fields import nearest

#: Room for thousands of courses.
_BYTES_MAX = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a TOML file, and where it stands.

    :ivar name: what messages call the file.
    :ivar path: the table's name as the file writes it; empty for the whole file.
    """

    name: str
    path: str
    values: Mapping[str, Any]

    def place(self, key: str) -> str:
        """File, table and key, for messages."""
        return f"{self.name}: [{self.path}] {shown(key)}" if self.path else f"{self.name}: {key}"

    def refuse_others(self, known: Iterable[str]) -> None:
        """Refuses keys that are not known.

        :raises RosterError: naming the first, and what was probably meant.
        """
        names = tuple(known)
        for key in self.values.keys() - names:
            near = nearest(key, names)
            hint = f"did you mean {near}?" if near else f"there are {', '.join(names)}"
            where = self.place(key) if self.path else f"{self.name}: [{shown(key)}]"
            raise RosterError(f"{where}: there is no such {self._kind}; {hint}")

    @property
    def _kind(self) -> str:
        return "key" if self.path else "table"

    def table(self, key: str) -> "Table":
        """The table within this one, empty where it is left out.

        :raises RosterError: when there is something else.
        """
        path = f"{self.path}.{_written(key)}" if self.path else key
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise RosterError(f"{self.name}: expected a table [{path}], not one value")
        return Table(self.name, path, value)

    def tables(self) -> "dict[str, Table]":
        """All tables within this one.

        :raises RosterError: when there is something else in it.
        """
        return {key: self.table(key) for key in self.values}


def _written(key: str) -> str:
    bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if bare else f'"{shown(key)}"'


def read_toml(data: bytes, name: str) -> dict[str, Any]:
    """The whole of a TOML file. Decimal fractions keep every digit.

    :raises RosterError: when it is none; the message says in which line.
    """
    if len(data) > _BYTES_MAX:
        raise RosterError(f"{name}: it has more than {_BYTES_MAX} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RosterError(f"{name}, line {line}: TOML is UTF-8, and this is not") from None
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise RosterError(f"{name}: it is nested too deeply") from None
    except ValueError as error:  # not TOML, or an integer of thousands of digits
        raise RosterError(f"{name}: {shown_error(error)}") from None


def shown_error(error: Exception) -> str:
    """What a parser said, in one bounded line."""
    return shown(str(error), 200)
