"""All text of a document in one row, with the places where a value may begin and end."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from signedcert.documents.comparing.folding import is_right_to_left, key, letters, words_of
from signedcert.documents.comparing.printed_words import Word, lines_of
from signedcert.documents.reading.document import Run

#: Scripts that put no space between words, or whose spaces do not survive extraction: the first
#: words of their letters' names in Unicode.
_UNSPACED = frozenset(
    {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "THAI", "LAO", "KHMER", "MYANMAR",
     "TIBETAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU",
     "KANNADA", "MALAYALAM", "SINHALA"}
)  # fmt: skip
#: Letters among which those of one value are looked for in any order.
_SHUFFLED_MAX = 20_000
#: A part of a value that stands on a line of its own has so many characters.
_PART_MIN = 4
#: Hyphens that are dropped where a line ends with them: in a folded value, and in a printed word.
_AFTER_LETTERS = re.compile(r"(?<=[^\W\d_])-")
_ENDS_IN_DASH = re.compile(r"[^\W\d_][‐‑‒–—―−﹣－-]$")
_BEGINS_WITH_DASH = re.compile(r"[‐‑‒–—―−﹣－-][^\W\d_]")
_SOFT_HYPHEN = "\u00ad"
#: Signs that belong to the number or grade beside them.
_WITHIN_NUMBERS, _SIGNS = ".,-:/", "+-"
_GRADE_MAX = 2
_NUMBER = re.compile(r"\d+")
_TIME = re.compile(r"\d\d?:\d\d")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is printed.

    :ivar size: the largest in it, in points.
    :ivar page: the number of its page, from 0.
    """

    text: str
    size: float
    page: int


@dataclass(slots=True)
class Stream:
    """Folded text without white space.

    :ivar text: the text.
    :ivar starts: where a word begins: at these places a value may begin or end.
    :ivar dashes: where a word ended in a hyphen at a line's end, which was dropped.
    :ivar led: where a word began with a hyphen, which was dropped.
    :ivar lines: the line that each character stands in.
    :ivar sizes: the size of each character, in points.
    :ivar shown: the lines.
    """

    text: str = ""
    starts: set[int] = field(default_factory=set)
    dashes: set[int] = field(default_factory=set)
    led: set[int] = field(default_factory=set)
    lines: list[int] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    shown: list[Line] = field(default_factory=list)

    @classmethod
    def of(cls, pages: Iterable[Iterable[Run]], wanted: Callable[[Word], bool]) -> "Stream":
        """The words that are wanted, of all pages."""
        stream = cls()
        parts: list[str] = []
        for page, runs in enumerate(pages):
            for line in lines_of(runs):
                stream._append([word for word in line if wanted(word)], page, parts)
        stream.text = "".join(parts)
        return stream

    def _append(self, line: list[Word], page: int, parts: list[str]) -> None:
        if not line:
            return
        number = len(self.shown)
        text = " ".join(word.text for word in line)
        self.shown.append(Line(text, max(word.size for word in line), page))
        at = len(self.lines)
        for word in line:
            if _BEGINS_WITH_DASH.match(word.text):
                self.led.add(at)
            for part in words_of(word.text + "\n" * word.ends_line):
                self.starts.add(at)
                parts.append(part)
                at += len(part)
                self.lines += [number] * len(part)
                self.sizes += [word.size] * len(part)
            if word.ends_line and _ENDS_IN_DASH.search(word.text):
                self.dashes.add(at)

    def may_part(self, at: int) -> bool:
        """Whether a value may begin or end before the character at this place."""
        if at in (0, len(self.text)):
            return True
        before, after = self.text[at - 1], self.text[at]
        if _is_mark(after) and not _differ(_script(before), _script(after)):
            return False
        if at in self.starts:
            return True
        if after in _SIGNS and before.isalpha():
            return False
        if before in _WITHIN_NUMBERS and after.isdigit():
            return not (at > 1 and self.text[at - 2].isdigit())
        if after in _WITHIN_NUMBERS and before.isdigit():
            # What follows behind a space is another number, but for a day's time.
            if at + 1 in self.starts:
                return not _TIME.match(self.text, at + 1)
            return not self.text[at + 1 : at + 2].isdigit()
        if not (before.isalnum() and after.isalnum()) and not _is_mark(before):
            return True
        scripts = _script(before), _script(after)
        return scripts[0] in _UNSPACED or scripts[1] in _UNSPACED or _differ(*scripts)

    def places(self, wanted: str, *, dashed: bool | None = None) -> Iterator[int]:
        """Where a folded text stands as whole words.

        :param dashed: whether a hyphen at a line's end must follow, or must not; None for either.
        """
        at = self.text.find(wanted) if wanted else -1
        while at >= 0:
            end = at + len(wanted)
            stands = dashed in (None, end in self.dashes) and not self._is_signed(at, end)
            if stands and self.may_part(at) and self.may_part(end):
                yield at
            at = self.text.find(wanted, at + 1)

    def _is_signed(self, start: int, end: int) -> bool:
        """Whether a sign stands before a grade, where it comes to stand from right to left."""
        if end - start > _GRADE_MAX or not self.text[start:end].isalpha():
            return False
        return start in self.led or (start not in self.starts and self.text[start - 1] in _SIGNS)

    def spans(self, value: str) -> list[tuple[int, int]]:
        """From where to where a value is printed.

        Programs disagree about the order of right-to-left text: there, the same letters in any
        order, from one word's beginning to another's end, count as the value.
        """
        wanted = key(value)
        found = [
            (at, at + len(form))
            for form, dashed in _forms(value, wanted)
            for at in self.places(form, dashed=dashed)
        ]
        if not found and is_right_to_left(wanted):
            return list(self._shuffled(letters(wanted)))
        return found

    def spans_in_two(self, wanted: str) -> list[tuple[int, int]]:
        """Where the two parts of a folded text stand, if it is divided between two lines."""
        for at in range(_PART_MIN, len(wanted) - _PART_MIN + 1):
            parts = wanted[:at], wanted[at:]
            found = [next(self.places(part), None) for part in parts]
            if None not in found:
                return [
                    (start, start + len(part))
                    for start, part in zip(found, parts, strict=True)
                    if start is not None
                ]
        return []

    def _shuffled(self, wanted: str) -> Iterator[tuple[int, int]]:
        """Where these letters stand together in any order."""
        positions = [at for at, each in enumerate(self.text) if letters(each)][:_SHUFFLED_MAX]
        size = len(wanted)
        numbers = sorted(_NUMBER.findall(wanted))
        missing = Counter(wanted)
        for at, position in enumerate(positions):
            missing[self.text[position]] -= 1
            if not missing[self.text[position]]:
                del missing[self.text[position]]
            if at >= size:
                leaving = self.text[positions[at - size]]
                missing[leaving] += 1
                if not missing[leaving]:
                    del missing[leaving]
            if at >= size - 1 and not missing:
                start, end = positions[at - size + 1], position + 1
                if not (self.may_part(start) and self.may_part(end)):
                    continue
                # Numbers keep their order, whatever program takes them out of a PDF.
                if sorted(_NUMBER.findall(self.text[start:end])) == numbers:
                    yield start, end


def _forms(value: str, wanted: str) -> Iterator[tuple[str, bool | None]]:
    """A folded value as it stands in a stream, and whether a hyphen that was dropped follows it."""
    # A soft hyphen is printed at a line's end alone.
    dashed = None if value.endswith(_SOFT_HYPHEN) else False
    yield wanted, dashed
    hyphens = [at.start() for at in _AFTER_LETTERS.finditer(wanted)]
    for at in hyphens:
        yield wanted[:at] + wanted[at + 1 :], at == len(wanted) - 1 or dashed
    if len(hyphens) > 1:
        yield _AFTER_LETTERS.sub("", wanted), wanted.endswith("-") or dashed


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


def _differ(one: str, other: str) -> bool:
    """Whether letters of these scripts are not of one word. Digits and accents go with all."""
    return one != other and not {"DIGIT", "COMBINING"}.intersection((one, other))
