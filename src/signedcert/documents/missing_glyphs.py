"""What to do about a character that no font at hand has."""

import re
import unicodedata
from collections.abc import Iterator

from signedcert.documents.errors import MissingGlyphError

#: As Typst says it, with the text as Rust's ``{:?}`` writes it.
_SAID = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|(.))")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_MOST_NAMED = 8

_EAST_ASIAN = "CJK"
_OTHER = "other"
_UNPRINTABLE = "unprintable"
#: How names of characters begin, for scripts that Noto CJK has.
_EAST_ASIAN_NAMES = (
    "CJK",
    "HIRAGANA",
    "KATAKANA",
    "HANGUL",
    "BOPOMOFO",
    "IDEOGRAPHIC",
    "HALFWIDTH KATAKANA",
)
#: Scripts of which a package on PyPI is used where it is installed.
_PACKAGED = {
    "Tamil": "fontpkg-noto-sans-tamil",
    "Telugu": "fontpkg-noto-sans-telugu",
    "Khmer": "fontpkg-noto-sans-khmer",
    "Bengali": "fontpkg-hind-siliguri",
}
#: How names of characters begin, and what Noto calls the script.
_SCRIPTS = {
    name.upper(): name
    for name in (
        *_PACKAGED,
        *("Adlam", "Arabic", "Armenian", "Balinese", "Chakma", "Cherokee", "Coptic", "Devanagari"),
        *("Ethiopic", "Georgian", "Gothic", "Gujarati", "Gurmukhi", "Hebrew", "Javanese"),
        *("Kannada", "Lao", "Lisu", "Malayalam", "Mongolian", "Myanmar", "Ol Chiki", "Oriya"),
        *("Osage", "Samaritan", "Sinhala", "Sundanese", "Syriac", "Tai Le", "Thaana", "Thai"),
        *("Tifinagh", "Vai", "Yi"),
    )
} | {
    "CANADIAN SYLLABICS": "Canadian Aboriginal",
    "MEETEI MAYEK": "Meetei Mayek",
    "NKO": "NKo",
}
_HOW = "give the folder it is in with --fonts, or as folders in [fonts] of the theme"


def missing(message: str) -> MissingGlyphError | None:
    """The error for texts that Typst could not display.

    :param message: what Typst said, best its whole diagnostic, which names all of them.
    :return: which characters, and which font to install for them; ``None`` when it is about
        something else.
    """
    texts = [_ESCAPE.sub(_unescaped, said) for said in _SAID.findall(message)]
    if not texts:
        return None
    characters = list(dict.fromkeys(_worth_naming("".join(texts))))
    named = ", ".join(_named(character) for character in characters[:_MOST_NAMED])
    more = len(characters) - _MOST_NAMED
    also = f" and {more} more" if more > 0 else ""
    return MissingGlyphError(f"no font at hand has {named}{also}: {_advice(characters)}")


def _unescaped(escape: re.Match[str]) -> str:
    if escape[1]:
        return chr(int(escape[1], 16))
    return _ESCAPED.get(escape[2], escape[2])


def _worth_naming(text: str) -> str:
    # A cluster is told as a whole. Joiners and selectors in it are never what is missing.
    visible = "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Zs"))
    visible = re.sub("[\ufe00-\ufe0f]", "", visible)
    return visible or text


def _named(character: str) -> str:
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return f"“{character}” ({name})" if character.isprintable() else name


def _advice(characters: list[str]) -> str:
    scripts = dict.fromkeys(_script(character) for character in characters)
    advice = []
    if _EAST_ASIAN in scripts:
        advice.append(
            "install Noto Serif CJK and Noto Sans CJK (Debian, Ubuntu: "
            f"apt install fonts-noto-cjk), or {_HOW}"
        )
    advice.extend(
        f"for {script}, pip install {_PACKAGED[script]}"
        for script in scripts
        if script in _PACKAGED
    )
    others = [script for script in scripts if script in _SCRIPTS.values()]
    if others:
        fonts = ", ".join(f"Noto Sans {script} or Noto Serif {script}" for script in others)
        advice.append(f"install {fonts} (Debian, Ubuntu: apt install fonts-noto-core) and {_HOW}")
    if _OTHER in scripts:
        advice.append(
            "leave symbols and rare letters out, or find a font that has them (Noto Sans, "
            f"Noto Sans Symbols 2, Noto Emoji) and {_HOW}"
        )
    if _UNPRINTABLE in scripts:
        advice.append("leave out what is not a character that can be printed")
    return "; ".join(advice)


def _script(character: str) -> str:
    if unicodedata.category(character) in ("Cc", "Co", "Cn", "Cs"):
        return _UNPRINTABLE
    name = unicodedata.name(character, "")
    if name.startswith(_EAST_ASIAN_NAMES):
        return _EAST_ASIAN
    return next((_SCRIPTS[word] for word in _beginnings(name) if word in _SCRIPTS), _OTHER)


def _beginnings(name: str) -> Iterator[str]:
    first, _, rest = name.partition(" ")
    yield f"{first} {rest.partition(' ')[0]}"
    yield first
