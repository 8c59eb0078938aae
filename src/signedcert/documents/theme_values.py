"""Values out of a TOML table, with errors that say where and what to do."""

import difflib
from collections.abc import Sequence

from signedcert.documents.errors import ThemeError

_TEXT_MAX = 300


class Table:
    """A table of a theme file. Every method raises :class:`ThemeError` for what it should not be.

    :param values: as tomllib gives them.
    :param place: what messages call it.
    """

    def __init__(self, values: dict[str, object], place: str, path: str = "") -> None:
        self._values = values
        self._place = place
        self._path = path

    def place(self, key: str = "") -> str:
        """What a message calls the table, or something in it."""
        path = ".".join(each for each in (self._path, key[:60]) if each)
        return f"{self._place}: {path}" if path else self._place

    def keys(self) -> list[str]:
        """The keys, in the order of the file."""
        return list(self._values)

    def check_keys(self, *known: str) -> None:
        """Refuses a key that means nothing, and names the one that was meant."""
        for key in self._values:
            if key not in known:
                near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.5)
                meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
                raise ThemeError(f"{self.place(key)} means nothing here; {meant}")

    def table(self, key: str) -> "Table":
        """A table in it; an empty one where there is none."""
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise ThemeError(f"{self.place(key)} must be a table: write [{key}]")
        return Table(value, self._place, key)

    def text(self, key: str) -> str | None:
        """A text in it, not empty, of one line; None where there is none."""
        value = self._values.get(key)
        if value is None:
            return None
        return self._checked(value, key)

    def texts(self, key: str, most: int) -> list[str]:
        """A list of texts; an empty one where there is none."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or len(value) > most:
            raise ThemeError(f'{self.place(key)} must be a list of up to {most}: ["…", "…"]')
        return [self._checked(each, key) for each in value]

    def choice(self, key: str, names: Sequence[str]) -> str | None:
        """A text that is one of some; None where there is none."""
        value = self.text(key)
        if value is not None and value not in names:
            raise ThemeError(f"{self.place(key)}: {value!r} is none of {', '.join(names)}")
        return value

    def _checked(self, value: object, key: str) -> str:
        if not isinstance(value, str):
            raise ThemeError(f"{self.place(key)} must be a text in quotation marks")
        if not value.strip() or len(value) > _TEXT_MAX or not value.isprintable():
            raise ThemeError(
                f"{self.place(key)} must be one line of up to {_TEXT_MAX} characters, and not empty"
            )
        return value
