"""What a document shows: which values are found in its text, and what is left when they are."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median

from signedcert.documents.comparing.folding import is_right_to_left, key, letters, words_of
from signedcert.documents.comparing.printed_words import Word
from signedcert.documents.comparing.stream import Line, Stream
from signedcert.documents.reading.document import Document, Run

_COUNTED = "LN"
#: A part of a word that stands on a line of its own has so many letters.
_END_MIN = 4


@dataclass(slots=True)
class Shown:
    """The text that can be seen in a document.

    :ivar stream: in the order in which programs read it.
    :ivar across: lines from left to right, of pages with letters written from right to left.
    """

    stream: Stream
    across: Stream
    _spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document) -> "Shown":
        """The text of all pages that were read."""
        across = (
            [Run(f"{line}\n", 0.0, visible=True) for line in page.across] for page in document.pages
        )
        pages = (page.runs for page in document.pages)
        return cls(Stream.of(pages, _is_visible), Stream.of(across, _is_visible))

    def spans(self, value: str) -> list[tuple[int, int]]:
        """From where to where a value stands in the stream."""
        if value not in self._spans:
            found = self.stream.spans(value)
            if not found and self.across.text and not is_right_to_left(value):
                # Within lines from right to left, a value that wraps is not in one piece.
                found = self.stream.spans_in_two(key(value))
            elif not found and self.across.text:
                found = self._spans_of_parts(value)
            self._spans[value] = found
        return self._spans[value]

    def _spans_of_parts(self, value: str) -> list[tuple[int, int]]:
        """Where the parts of a value in both directions stand, each for itself."""
        words = groupby(value.split(), key=is_right_to_left)
        parts = [" ".join(part) for _, part in words]
        found = [self.stream.spans(part) for part in parts if letters(key(part))]
        return [span for spans in found for span in spans] if len(parts) > 1 and all(found) else []

    def has(self, forms: Iterable[str]) -> bool:
        """Whether a value is shown in one of its forms."""
        listed = list(forms)
        if any(self.spans(each) for each in listed):
            return True
        return bool(self.across.text) and any(self.across.spans(each) for each in listed)

    def pages_of(self, forms: Iterable[str]) -> set[int]:
        """The pages on which a value is shown, as numbers from 0."""
        return {
            stream.shown[stream.lines[start]].page
            for stream in (self.stream, self.across)
            for each in forms
            for start, _ in (self.spans(each) if stream is self.stream else stream.spans(each))
        }

    def largest(self, forms: Iterable[str]) -> float | None:
        """The largest size in which a value is shown; None where that is not known."""
        sizes = [
            min(self.stream.sizes[start:end])
            for each in forms
            for start, end in self.spans(each)
            if end > start
        ]
        return max(sizes, default=None)

    def usual_size(self) -> float:
        """The size of most of the text."""
        return median(self.stream.sizes) if self.stream.sizes else 0.0

    def unexplained(self, values: Collection[str]) -> list[Line]:
        """Lines in which there are letters or digits of none of these values."""
        text, lines = self.stream.text, self.stream.lines
        explained = bytearray(len(text))
        for value in values:
            for start, end in self.spans(value):
                explained[start:end] = b"\1" * (end - start)
        strange = {
            lines[at]
            for at, character in enumerate(text)
            if not explained[at] and unicodedata.category(character)[0] in _COUNTED
        }
        # Among text from right to left, words and letters may stand in another order.
        known = _Words.of(values) if self.across.text and strange else None
        return [
            self.stream.shown[line]
            for line in sorted(strange)
            if known is None or not known.all_in(self.stream.shown[line].text)
        ]


def _is_visible(word: Word) -> bool:
    return word.visible


def _shuffled(word: str) -> str:
    return "".join(sorted(word))


def _parts(text: str) -> Iterator[str]:
    """The words and the numbers of a text, without the signs in them."""
    for word in words_of(text):
        yield from re.findall(r"\d+|[^\W\d]+", "".join(letters(each) or " " for each in word))


@dataclass(frozen=True, slots=True)
class _Words:
    """Words that are known, whatever the order of their letters.

    :ivar ends: how longer ones begin and end: they may be divided between two lines.
    """

    shuffled: frozenset[str]
    ends: frozenset[str]

    @classmethod
    def of(cls, values: Iterable[str]) -> "_Words":
        parts = {part for value in values for part in _parts(value)}
        ends = {
            end
            for part in parts
            for at in range(_END_MIN, len(part) - _END_MIN + 1)
            for end in (part[:at], part[at:])
        }
        return cls(frozenset(map(_shuffled, parts)), frozenset(ends))

    def all_in(self, line: str) -> bool:
        """Whether each word of a line is known, alone or together with the one beside it."""
        words = list(_parts(line))
        at = 0
        while at < len(words):
            if _shuffled(words[at]) in self.shuffled or words[at] in self.ends:
                at += 1
            elif _shuffled("".join(words[at : at + 2])) in self.shuffled:
                at += 2
            else:
                return False
        return True
