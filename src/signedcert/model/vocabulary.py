"""Closed lists of values, and the leaf that holds one of them."""

from enum import IntEnum
from typing import Any

from signedcert.model import text
from signedcert.model.leaf import Leaf
from signedcert.model.text import compiled

#: Text that somebody meant to be a name of a vocabulary.
_LIKE_A_NAME = "[a-z0-9]+(_[a-z0-9]+)+"


class Vocabulary(IntEnum):
    """A closed list of values, each with its number on the wire. JSON shows the lower-case name."""

    @property
    def json_name(self) -> str:
        """The value as JSON writes it."""
        return self.name.lower()


class Choice(Leaf):
    """One value of a vocabulary; with ``other`` > 0, or free text of at most that many characters.

    Free text that looks like a name of the vocabulary but is none is refused: it is a slip, and
    would be printed on the certificate as it stands.
    """

    __slots__ = __match_args__ = ("vocabulary", "other")

    def __init__(self, vocabulary: type[Vocabulary], other: int = 0) -> None:
        self.vocabulary = vocabulary
        self.other = other

    def check(self, value: object) -> Vocabulary | str:
        if isinstance(value, self.vocabulary):
            return value
        names = [member.json_name for member in self.vocabulary]
        if isinstance(value, str):
            if value in names:
                return self.vocabulary[value.upper()]
            if self.other and not compiled(_LIKE_A_NAME).fullmatch(value):
                return text.normalised(value, self.other)
        free = ", or free text that does not look like one of these" if self.other else ""
        raise ValueError(f"expected one of {', '.join(names)}{free}")

    def to_json(self, value: Vocabulary | str) -> str:
        return value.json_name if isinstance(value, Vocabulary) else value

    def json_schema(self) -> dict[str, Any]:
        names: dict[str, Any] = {"enum": [member.json_name for member in self.vocabulary]}
        if not self.other:
            return {"type": "string"} | names
        free = {
            "type": "string",
            "minLength": 1,
            "maxLength": self.other,
            "not": {"pattern": f"^{_LIKE_A_NAME}$"},
        }
        return {"anyOf": [names, free]}
