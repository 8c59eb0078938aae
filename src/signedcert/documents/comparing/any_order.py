"""Words in any order: lines in both directions come from programs in pieces.

In a line with words from right to left and from left to right, PDFium gives the words in another
order than they are read in, and some letters too. There, no more can be told than whether each
word of a value stands in these lines.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from signedcert.documents.comparing.folding import is_right_to_left, letters, words_of

#: A part of a word that stands on a line of its own has so many letters.
_END_MIN = 4
_HYPHENS = re.compile("[‐‑‒–—―−﹣－-]")
_SIGNS = "+#"
#: So many lines before and after one with letters from right to left belong to it.
_AROUND = 3
#: Scripts of which lines end between any two letters, as their names in Unicode begin.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "THAI", "LAO", "KHMER", "MYANMAR")


@dataclass(frozen=True, slots=True)
class KnownWords:
    """Words that are known, whatever the order of their letters.

    :ivar shuffled: each with its letters sorted.
    :ivar ends: how longer ones begin and end: they may be divided between two lines.
    :ivar unspaced: all text of scripts that put no space between words.
    """

    shuffled: frozenset[str]
    ends: frozenset[str]
    unspaced: str

    @classmethod
    def of(cls, values: Iterable[str]) -> "KnownWords":
        """The words of these values."""
        listed = list(values)
        # A line may end between the parts of a word with a hyphen.
        listed += [part for value in listed for part in _HYPHENS.split(value)]
        parts = {part for value in listed for part in _parts(value)}
        ends = {
            end
            for part in parts
            for at in range(_END_MIN, len(part) - _END_MIN + 1)
            for end in (part[:at], part[at:])
        }
        unspaced = " ".join(filter(_is_unspaced, parts))
        return cls(frozenset(map(_shuffled, parts)), frozenset(ends), unspaced)

    def all_in(self, line: str) -> bool:
        """Whether each word of a line is known, alone or together with the one beside it."""
        words = list(_parts(line))
        at = 0
        while at < len(words):
            if self._has(words[at]):
                at += 1
            elif _shuffled("".join(words[at : at + 2])) in self.shuffled:
                at += 2
            else:
                return False
        return True

    def _has(self, word: str) -> bool:
        if len(word) == 1 and is_right_to_left(word):
            # What is left of a word of which the rest came at another place.
            return True
        is_part = word in self.ends or (_is_unspaced(word) and word in self.unspaced)
        return is_part or _shuffled(word) in self.shuffled


@dataclass(frozen=True, slots=True)
class MixedLines:
    """Lines that follow each other, with words from right to left in some of them.

    :ivar words: what stands in them between white space and signs.
    :ivar shuffled: those from right to left, each with its letters sorted.
    :ivar unspaced: all their text without what parts words.
    """

    words: frozenset[str]
    shuffled: frozenset[str]
    unspaced: str

    @classmethod
    def of(cls, lines: Iterable[str]) -> "MixedLines":
        """What stands in these lines."""
        parts = [part for line in lines for part in _parts(line)]
        shuffled = {_shuffled(part) for part in parts if is_right_to_left(part)}
        return cls(frozenset(parts), frozenset(shuffled), "".join(parts))

    def have(self, value: str) -> bool:
        """Whether each word of a value stands in these lines, whole or in two parts."""
        parts = list(_parts(value))
        return bool(parts) and all(map(self._has, parts))

    def _has(self, word: str) -> bool:
        if word in self.words or (_is_unspaced(word) and word in self.unspaced):
            return True
        if is_right_to_left(word) and _shuffled(word) in self.shuffled:
            return True
        return any(
            self._has_whole(word[:at]) and self._has_whole(word[at:]) for at in range(1, len(word))
        )

    def _has_whole(self, part: str) -> bool:
        return part in self.words or (is_right_to_left(part) and _shuffled(part) in self.shuffled)


def mixed_lines(lines: Iterable[str]) -> Iterator[MixedLines]:
    """The places of a page in which there are letters from right to left.

    :param lines: of a page, as they follow each other. Some before and after one with such
        letters count as well: a value that wraps may begin or end there.
    """
    listed = list(lines)
    with_such = [is_right_to_left(line) for line in listed]
    place: list[str] = []
    for at, line in enumerate(listed):
        if any(with_such[max(at - _AROUND, 0) : at + _AROUND + 1]):
            place.append(line)
        elif place:
            yield MixedLines.of(place)
            place = []
    if place:
        yield MixedLines.of(place)


def _shuffled(word: str) -> str:
    # Numbers keep their order, whatever program takes them out of a PDF.
    return word if word.isdigit() else "".join(sorted(word))


def _parts(text: str) -> Iterator[str]:
    """The words and the numbers of a text, without the signs in them that may change sides.

    Plus and number signs tell one course or grade from another: each counts as a word.
    """
    for word in words_of(text):
        kept = (each if each in _SIGNS else letters(each) or " " for each in word)
        yield from re.findall(r"\d+|[^\W\d]+|[+#]", "".join(kept))


def _is_unspaced(word: str) -> bool:
    return not word.isascii() and all(
        unicodedata.name(each, "").startswith(_UNSPACED) for each in word
    )
