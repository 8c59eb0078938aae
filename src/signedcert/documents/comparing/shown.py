"""What a document shows: which values are found in its text, and what is left when they are."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from statistics import median

from signedcert.documents.comparing.any_order import KnownWords, MixedLines, mixed_lines
from signedcert.documents.comparing.folding import is_mixed, is_right_to_left, key, letters
from signedcert.documents.comparing.printed_words import Word
from signedcert.documents.comparing.stream import Line, Stream
from signedcert.documents.reading.document import Document, Run

_COUNTED = "LN"
#: Beside a grade or a number it makes another one of it.
_SAYING = "+"


@dataclass(slots=True)
class Shown:
    """The text that can be seen in a document.

    :ivar stream: in the order in which programs read it.
    :ivar across: lines from left to right, of pages with letters written from right to left.
    :ivar mixed: the places in which there are such letters, each with the number of its page.
    """

    stream: Stream
    across: Stream
    mixed: tuple[tuple[int, MixedLines], ...] = ()
    _spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document) -> "Shown":
        """The text of all pages that were read."""
        across = (
            [Run(f"{line}\n", 0.0, visible=True) for line in page.across] for page in document.pages
        )
        pages = (page.runs for page in document.pages)
        stream = Stream.of(pages, _is_visible)
        by_page = groupby(stream.shown, key=attrgetter("page"))
        mixed = [
            (page, place)
            for page, lines in by_page
            for place in mixed_lines(line.text for line in lines)
        ]
        return cls(stream, Stream.of(across, _is_visible), tuple(mixed))

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

    def has_words(self, forms: Iterable[str]) -> bool:
        """Whether all words of a value stand, in any order, where there are mixed directions."""
        return any(place.have(each) for each in forms for _, place in self.mixed)

    def pages_of(self, forms: Iterable[str]) -> set[int]:
        """The pages on which a value is shown, as numbers from 0."""
        listed = list(forms)
        found = {
            stream.shown[stream.lines[start]].page
            for stream in (self.stream, self.across)
            for each in listed
            for start, _ in (self.spans(each) if stream is self.stream else stream.spans(each))
        }
        if any(map(is_mixed, listed)):
            found |= {page for page, place in self.mixed if any(map(place.have, listed))}
        return found

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
        """Lines in which there are letters, digits or a plus of none of these values."""
        text, lines = self.stream.text, self.stream.lines
        explained = bytearray(len(text))
        for value in values:
            for start, end in self.spans(value):
                explained[start:end] = b"\1" * (end - start)
        strange = {
            lines[at]
            for at, character in enumerate(text)
            if not explained[at]
            and (character in _SAYING or unicodedata.category(character)[0] in _COUNTED)
        }
        # Among text from right to left, words and letters may stand in another order.
        known = KnownWords.of(values) if self.across.text and strange else None
        return [
            self.stream.shown[line]
            for line in sorted(strange)
            if known is None or not known.all_in(self.stream.shown[line].text)
        ]


def _is_visible(word: Word) -> bool:
    return word.visible
