"""The words of a text layer, line by line, each with its size and whether it can be seen."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from signedcert.documents.reading.document import Run


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it is printed.

    :ivar size: of its largest letter, in points.
    :ivar visible: whether every letter and digit of it can be seen.
    :ivar ends_line: whether it is the last one of its line.
    """

    text: str
    size: float
    visible: bool
    ends_line: bool


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    run: Run


def lines_of(runs: Iterable[Run]) -> Iterator[list[Word]]:
    """The lines of a page, without empty ones."""
    line: list[_Letter] = []
    for run in runs:
        for character in run.text:
            if character != "\n":
                line.append(_Letter(character, run))
            elif line:
                yield from _words(line)
                line = []
    if line:
        yield from _words(line)


def _words(line: list[_Letter]) -> Iterator[list[Word]]:
    words: list[list[_Letter]] = [[]]
    for letter in line:
        if not letter.text.isspace():
            words[-1].append(letter)
        elif words[-1]:
            words.append([])
    listed = [word for word in words if word]
    if listed:
        yield [_word(word, ends_line=word is listed[-1]) for word in listed]


def _word(letters: list[_Letter], *, ends_line: bool) -> Word:
    counted = [each.run for each in letters if unicodedata.category(each.text)[0] in "LN"]
    return Word(
        "".join(each.text for each in letters),
        max(each.run.size for each in letters),
        all(run.visible for run in counted),
        ends_line,
    )
