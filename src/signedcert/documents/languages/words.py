"""The words of one language, and sentences made of them."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from signedcert.model.vocabulary import Vocabulary

Direction = Literal["ltr", "rtl"]

#: The languages that there are words for. Chinese is written in simplified characters.
LANGUAGES = ("en", "es", "fr", "de", "pt", "zh", "hi", "ar")
_RIGHT_TO_LEFT = ("ar",)
_PLACE = re.compile(r"\{(\w+)\}")
#: First strong isolate and pop directional isolate (UAX #9): no signed text has either.
_ISOLATE, _POP = "\u2068", "\u2069"
_ISOLATED = re.compile(f"{_ISOLATE}[^{_POP}]*{_POP}")


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue of one language.

    :ivar language: one of :data:`LANGUAGES`.
    :ivar direction: in which its words are written.
    :ivar groups: words by group and name.
    """

    language: str
    direction: Direction
    groups: Mapping[str, Mapping[str, str]]

    def say(self, group: str, name: str, /, **values: str) -> str:
        """A sentence with its values in their places.

        Values are put in as they are. One that has letters of the other direction is isolated, so
        that it does not reorder what stands around it.
        """

        def value(place: re.Match[str]) -> str:
            text = values[place[1]]
            if _has_other_direction(text, self.direction):
                return f"{_ISOLATE}{text}{_POP}"
            return text

        sentence = self.groups[group][name]
        return _PLACE.sub(value, sentence) if values else sentence

    def named(self, group: str, value: Vocabulary | str) -> str:
        """The words for a value of a vocabulary; text that the issuer wrote stays as it is."""
        if isinstance(value, Vocabulary):
            return self.groups[group][value.json_name]
        return value

    def joined(self, parts: list[str]) -> str:
        """The parts as an enumeration, with the language's own comma."""
        if not parts:
            return ""
        sentence, *others = parts
        for other in others:
            sentence = self.say("print", "list", first=sentence, second=other)
        return sentence

    def labelled(self, label: str, value: str) -> str:
        """The label and the value, with the language's own colon."""
        return self.say("print", "labelled", label=label, value=value)


def words_for(tag: str | None) -> Words:
    """The words for a statement in this language: by the first subtag, or else English.

    There are no words in traditional characters: ``zh-Hant`` gets the simplified ones, which its
    readers can read better than English.

    :param tag: a BCP 47 language tag, or None where the statement names no language.
    """
    first = (tag or "").split("-")[0].lower()
    return _words(first if first in LANGUAGES else "en")


@cache
def _words(language: str) -> Words:
    text = (files("signedcert.documents.languages") / f"{language}.json").read_text("utf-8")
    return Words(language, "rtl" if language in _RIGHT_TO_LEFT else "ltr", json.loads(text))


def without_isolates(sentence: str) -> str:
    """The sentence for where text is no more than its characters, such as a file's metadata."""
    return sentence.replace(_ISOLATE, "").replace(_POP, "")


def direction_of(text: str, otherwise: Direction) -> Direction:
    """The direction of the first strong character (UAX #9, rules P2 and P3).

    :param otherwise: the direction of a text that has none.
    """
    for character in text:
        match unicodedata.bidirectional(character):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return otherwise


def _has_other_direction(text: str, direction: Direction) -> bool:
    if text.isascii() and direction == "ltr":
        return False
    text = _ISOLATED.sub("", text)
    others = ("R", "AL") if direction == "ltr" else ("L",)
    # Marks (category Cf) already are about direction, such as those around a per cent sign.
    return any(
        unicodedata.bidirectional(each) in others and unicodedata.category(each) != "Cf"
        for each in text
    )
