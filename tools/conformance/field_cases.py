"""Sections 4.2, 4.3 and 6.2: texts, names, URLs and languages, at their bounds and beyond."""

from collections.abc import Iterator
from typing import Any

from conformance import field_tables as fields
from conformance.expectations import VALID, Answer, fails, undecided
from conformance.field_tables import Place, shown_entry, wire_entry
from conformance.layout import Case, Topic, table
from conformance.tokens import INTEGER_MAX, certificate_body
from conformance.trust import in_document

WRONG = VALID.but(fails("SCHEMA", "schema_violation"))
UNKNOWN_VALUE = VALID.but(undecided("SCHEMA", "unknown_value"))
BROKEN = VALID.but(fails("SCHEMA", "not_deterministic"))
#: The refused code points that end a range, and those beside them that are allowed.
REFUSED = (
    *(0x00, 0x09, 0x0B, 0x0D, 0x1F, 0x7F, 0x80, 0x9F, 0x2028, 0x2029),
    *(0x202A, 0x202E, 0x2066, 0x2069, 0xE0000, 0xE0001, 0xE007F),
)
ALLOWED = (
    *(0x20, 0x7E, 0xA0, 0xAD, 0x200B, 0x200E, 0x200F, 0x2027, 0x202F, 0x2060, 0x2065, 0x206A),
    *(0xD7FF, 0xE000, 0xFDD0, 0xFEFF, 0xFFFE, 0xFFFF, 0x10000, 0xDFFFF, 0xE0080, 0x10FFFF),
)


def case(name: str, fault: str, place: Place, value: Any, expected: Answer) -> Case:
    """A certificate whose field has a value."""
    return Case(name, fault, certificate_body(wire_entry(place, value)), expected)


def good(name: str, fault: str, place: Place, value: Any, shown: Any) -> Case:
    """Likewise, where that is allowed."""
    return case(name, fault, place, value, VALID.showing(shown_entry(place, shown)))


def _texts() -> Iterator[Case]:
    for name, (place, bound, paragraphs) in fields.TEXTS.items():
        longest = "𝔸" * bound
        yield good(
            f"{name}: longest", f"{bound} code points beyond the BMP", place, longest, longest
        )
        yield case(f"{name}: too long", "a code point too many", place, "é" * bound + "x", WRONG)
        yield case(f"{name}: empty", "no text", place, "", WRONG)
        yield case(f"{name}: bytes", "a value of the wrong type", place, b"text", WRONG)
        if paragraphs:
            yield good(f"{name}: line feed", "a line feed", place, "a\nb\n", "a\nb\n")
        else:
            yield case(f"{name}: line feed", "a line feed in a line", place, "a\nb", WRONG)
        yield case(f"{name}: refused", "a control character", place, "a\u202eb", WRONG)
    learner = fields.TEXTS["learner.name"][0]
    for point in REFUSED:
        text = f"a{chr(point)}b"
        yield case(f"U+{point:04X}", "a code point that is refused", learner, text, WRONG)
    for point in ALLOWED:
        text = f"a{chr(point)}b"
        yield good(f"U+{point:04X}", "a code point that is allowed", learner, text, text)
    for title, text in (
        ("decomposed", "A\u030angstro\u0308m"), ("blank", " \u3000 "),
        ("combining alone", "\u0301"),
        ("ligature", "\ufb01"), ("Hangul jamo", "\u1112\u1161\u11ab"), ("space around", " x "),
    ):  # fmt: skip
        yield good(f"text: {title}", "what is not normalised is kept", learner, text, text)
    both = fields.TEXTS["course.description"][0]
    for name, place in (("learner.name", learner), ("course.description", both)):
        for title, text in (("U+FEFF first", "\ufeffAda"), ("U+FEFF alone", "\ufeff")):
            fault = "a byte order mark, which belongs to the text"
            yield good(f"{name}: {title}", fault, place, text, text)
    for title, text in (("CR LF", "a\r\nb"), ("tab", "a\tb"), ("U+0085", "a\u0085b")):
        yield case(f"course.description: {title}", "no line feed", both, text, WRONG)


def _choices() -> Iterator[Case]:
    for name, (place, count, first, last, other) in fields.CHOICES.items():
        yield good(f"{name}: 0", "the first name", place, 0, first)
        yield good(f"{name}: {count - 1}", "the last name", place, count - 1, last)
        yield case(f"{name}: {count}", "a number of no name", place, count, UNKNOWN_VALUE)
        yield case(f"{name}: -1", "a negative number", place, -1, WRONG)
        yield case(f"{name}: true", "no number", place, value=True, expected=WRONG)
        if other:
            yield good(f"{name}: name as text", "a name in words", place, first, first)
        else:
            yield case(f"{name}: text", "words where none may be", place, first, WRONG)
    place = fields.CHOICES["course.delivery"][0]
    yield case("course.delivery: largest", "a number of no name", place, INTEGER_MAX, UNKNOWN_VALUE)


def _urls() -> Iterator[Case]:
    long = "https://a/" + "b" * 990
    for name, place in fields.URLS.items():
        yield good(f"{name}: longest", "1,000 characters", place, long, long)
        yield case(f"{name}: too long", "a character too many", place, f"{long}b", WRONG)
        yield case(f"{name}: other scheme", "neither http nor https", place, "ftp://a", WRONG)
        yield case(f"{name}: empty", "no URL", place, "", WRONG)
    place = fields.URLS["course.url"]
    every = "http://AZaz09-._~:/?#[]@!$&'()*+,;=%"
    yield good("url: every character", "every character", place, every, every)
    for title, url in (
        ("shortest", "http://a"), ("user", "https://u:p@[::1]:80/?q#f#g"), ("percent", "https://%"),
    ):  # fmt: skip
        yield good(f"url: {title}", "what the expression allows", place, url, url)
    for title, url in table(
        ("space", "https://a b"), ("non-ASCII", "https://ä.example"), ("brace", "https://a/{b}"),
        ("backslash", "https://a\\b"), ("quote", 'https://a"'), ("caret", "https://a^b"),
        ("upper-case scheme", "HTTPS://a"), ("scheme alone", "https://"),
        ("no scheme", "a.example"),
        ("line feed at the end", "https://a\n"), ("javascript", "javascript://a"),
        ("space before", " https://a"), ("bar", "https://a|b"), ("angle", "https://<a>"),
        ("backtick", "https://a`"), ("fullwidth", "https://\uff41"), ("bytes", b"https://a"),
    ):  # fmt: skip
        yield case(f"url: {title}", "what the expression does not allow", place, url, WRONG)


def _languages() -> Iterator[Case]:
    for name, place in fields.LANGUAGES.items():
        tag = "zh-Hant-TW-x-" + "a" * 8 + "-" + "b" * 8 + "-cccc"
        assert len(tag) == 35
        yield good(f"{name}: longest", "35 characters", place, tag, tag)
        yield case(f"{name}: too long", "a character too many", place, f"{tag}c", WRONG)
        yield case(f"{name}: empty", "no tag", place, "", WRONG)
    place = fields.LANGUAGES["language"]
    for tag in (
        "de", "gsw", "zh-yue", "zh-min-nan", "sl-rozaj-biske-1994", "de-1996", "abcd", "abcdefgh",
        "en-US", "es-419", "sr-Latn-RS", "de-a-value", "en-u-ca-gregory-x-y", "en-x-a",
        "hy-Latn-IT-arevela", "zz-Zzzz-ZZ", "de-0-ab", "en-a-bb-b-aa", "aa-aaa-aaa-aaa",
    ):  # fmt: skip
        yield good(f"language: {tag}", "a tag of the syntax", place, tag, tag)
    for tag in (
        "EN", "e", "en-us", "en-Us", "EN-US", "i-klingon", "x-private", "en_US", "en-", "-en",
        "en--US", "en-LATN", "abcdefghi", "zh-min-nan-yue-abc", "en-a", "en-x", "en-x-abcdefghi",
        "en-US-US", "en-x-US", "en-1234567890", "en-a1", "ab1", "en\n", "ён",
    ):  # fmt: skip
        yield case(f"language: {tag!r}", "no tag of the syntax", place, tag, WRONG)


def _cases() -> Iterator[Case]:
    for cases in (_texts(), _choices(), _urls(), _languages()):
        yield from cases


TOPIC = Topic(
    "texts",
    "Sections 4.2 and 4.3: texts, enumerations, URLs and languages, in every field that has them.",
    {"document": in_document()},
    tuple(_cases()),
)
