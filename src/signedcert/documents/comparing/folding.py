"""Text as it is compared: without what fonts, lines and programs change on its way."""

import re
import unicodedata

_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛ʼʹ´`′", "'") | dict.fromkeys("“”„‟«»″", '"'))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
#: A hyphen between two letters or before a word, and one at a line's end: it may be printed and not
#: be meant. (In Portuguese, a line begins with the hyphen that the one before ended with.)
_HYPHEN = re.compile(r"(?:(?<=[^\W\d_])|^)-(?=[^\W\d_])")
_AT_LINE_END = re.compile(r"(?<=[^\W\d_])-\n")
#: Tatweel lengthens Arabic words; the dot is what remains of a Turkish capital I.
_DROPPED = {"\u0640", "\u0307"}


def folded(word: str) -> str:
    """A word without white space, as it is compared.

    Compatibility forms (ligatures, presentation forms, wide letters) become plain letters, capital
    letters small ones, digits of all scripts 0 to 9. Marks of direction and soft hyphens go.
    """
    # Some quotes would become a space and an accent.
    text = unicodedata.normalize("NFKC", word.translate(_QUOTES)).translate(_DASHES)
    text = unicodedata.normalize("NFKC", text.casefold())
    text = _HYPHEN.sub("", text)
    if text.isascii():
        return text
    return "".join(_plain(each) for each in text)


def words_of(text: str) -> list[str]:
    """The words of a text, each folded. A word that a hyphen divides at a line's end is one."""
    text = unicodedata.normalize("NFC", text).translate(_DASHES)
    return [word for each in _AT_LINE_END.sub("", text).split() if (word := folded(each))]


def key(text: str) -> str:
    """A text as it is looked for: its words, joined."""
    return "".join(words_of(text))


def is_right_to_left(text: str) -> bool:
    """Whether a text has letters that are written from right to left."""
    return not text.isascii() and any(
        unicodedata.bidirectional(each) in ("R", "AL") for each in text
    )


def is_mixed(text: str) -> bool:
    """Whether a text has letters of both directions, or numbers among those from right to left."""
    return is_right_to_left(text) and any(
        unicodedata.bidirectional(each) in ("L", "EN", "AN") for each in text
    )


def letters(text: str) -> str:
    """The letters, digits and marks of a folded text."""
    return "".join(each for each in text if unicodedata.category(each)[0] in "LNM")


def _plain(character: str) -> str:
    if character in _DROPPED or unicodedata.category(character) == "Cf":
        return ""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
