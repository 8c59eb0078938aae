"""The words and the formats of one document."""

from dataclasses import dataclass

from signedcert.documents.languages.words import Direction, Words, direction_of, words_for
from signedcert.documents.variables.formats import Formats, formats_for
from signedcert.model.numbers import Quantity
from signedcert.model.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Spoken:
    """In what language a document speaks of what was signed."""

    words: Words
    formats: Formats

    def say(self, group: str, name: str, /, **values: str) -> str:
        """As :meth:`Words.say` does."""
        return self.words.say(group, name, **values)

    def named(self, group: str, value: Vocabulary | str | None) -> str | None:
        """As :meth:`Words.named` does; None of None."""
        return None if value is None else self.words.named(group, value)

    def direction(self, text: str) -> Direction:
        """Of a text that was signed; that of the words where it has no letters."""
        return direction_of(text, self.words.direction)

    def scored(self, score: Quantity | None, maximum: Quantity | None) -> str | None:
        """Points of a maximum, or a percentage where there is none; None where neither is stated.

        (docs/spec.md, section 6.2, Result.)
        """
        if maximum is None:
            return None if score is None else self.formats.percent(score)
        return self.say(
            "value",
            "score_of",
            score="–" if score is None else self.formats.number(score),
            maximum=self.formats.number(maximum),
        )

    def language(self, tag: str) -> str:
        """The name of a language with its tag."""
        name = self.formats.language(tag)
        return tag if name == tag else self.say("value", "language", name=name, tag=tag)


def spoken(tag: str | None) -> Spoken:
    """For a statement in this language; English where there are no words in it."""
    words = words_for(tag)
    return Spoken(words, formats_for(tag, words.language))
