"""Section 8: from text to packed form."""

from collections.abc import Iterator

from conformance.carriers import PAGE, base64url, digits, form1, link
from conformance.expectations import VALID, Answer, fails
from conformance.layout import Case, Topic
from conformance.trust import in_document

PACKED = form1()
LINK, FRAGMENT, DIGITS = link(PACKED), base64url(PACKED), digits(PACKED)

#: Texts that are read, and what is special about them.
READ = {
    "link": ("a link", LINK),
    "fragment alone": ("the page is missing", FRAGMENT),
    "fragment after #": ("the page is missing", f"#{FRAGMENT}"),
    "digits after a page": ("the text of a QR code", f"{PAGE}#{DIGITS}"),
    "digits alone": ("the page is missing", DIGITS),
    "digits after #": ("the page is missing", f"#{DIGITS}"),
    "spaces around": ("each character that is removed, on both ends", f" \t\r\n{LINK}\n\r\t "),
    "page in upper case": ("what stands before # is ignored", LINK.replace(PAGE, PAGE.upper())),
    "page of another host": ("likewise", link(PACKED, "https://evil.example/")),
    "page without a scheme": ("likewise", link(PACKED, "learn.example.edu/c/")),
    "page that is no URL": ("likewise", link(PACKED, "Zertifikat für Ada: \ud800 \u0000")),
    "page percent-encoded": ("likewise", link(PACKED, "https%3A%2F%2Flearn.example.edu%2F")),
    "space before the page": ("likewise: only what is after # is read", f"\u00a0{LINK}"),
    "65,536 code points beyond the BMP": (
        "code points are counted, not UTF-16 units",
        f"{'𝔸' * 99}{'p' * (65_436 - len(FRAGMENT))}#{FRAGMENT}",
    ),
}  # fmt: skip

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _unused_bits() -> Iterator[tuple[str, tuple[str, str]]]:
    """Texts whose last character has bits that are not used, one of them set."""
    for size, unused in ((1, 4), (2, 2)):
        text = base64url(bytes([1]) * size)
        for bit in range(unused):
            last = _ALPHABET[_ALPHABET.index(text[-1]) | 1 << bit]
            name = f"unused bit {bit} of {unused} set"
            yield name, (name, f"#{text[:-1]}{last}")


#: Texts that are damaged, and how.
DAMAGED = {
    "padding": ("RFC 4648 padding", f"{FRAGMENT}=="),
    "plus": ("a character of the other base64 alphabet", f"#{FRAGMENT[:50]}+{FRAGMENT[51:]}"),
    "slash": ("likewise", f"#{FRAGMENT[:50]}/{FRAGMENT[51:]}"),
    "space within": ("a space where a line was broken", f"#{FRAGMENT[:50]} {FRAGMENT[50:]}"),
    "line feed within": ("a line feed", f"#{FRAGMENT[:50]}\n{FRAGMENT[50:]}"),
    "space after #": ("only the ends of the whole text are trimmed", f"{PAGE}# {FRAGMENT}"),
    "no-break space at the end": ("a space that is not trimmed", f"{LINK}\u00a0"),
    "form feed at the end": ("likewise", f"{LINK}\f"),
    "vertical tab at the beginning": ("likewise", f"\v{FRAGMENT}"),
    "line separator at the end": ("likewise", f"{LINK}\u2028"),
    "byte order mark": ("a character that some trim", f"\ufeff{FRAGMENT}"),
    "zero-width space": ("an invisible character", f"{LINK}\u200b"),
    "NUL at the end": ("a control character", f"{LINK}\u0000"),
    "letter outside ASCII": ("a letter that is none of the alphabet", f"#{FRAGMENT[:-1]}é"),
    "fullwidth letter": ("a letter that looks right", f"#{FRAGMENT[:-1]}\uff21"),
    "lone high surrogate": ("no Unicode at all", f"#{FRAGMENT}\ud800"),
    "lone low surrogate": ("no Unicode at all", f"\udfff{FRAGMENT}"),
    "beyond the BMP": ("a code point of two UTF-16 units", f"#{FRAGMENT}𝔸"),
    "percent-encoded": ("an escape", f"#%41{FRAGMENT[1:]}"),
    "percent-encoded #": ("an escape in place of #", f"learn.example.edu/c/%23{FRAGMENT}"),
    "second #": ("the first # counts", f"#{FRAGMENT}#{FRAGMENT}"),
    "length 1 modulo 4": ("one character more", f"#{'AQAA' * 5}A"),
    "one character": ("no byte at all", "#A"),
    "sentence": ("no link", "Please find my certificate attached."),
    "page without a scheme alone": ("a link cut off before #", "learn.example.edu/c/"),
    **{
        f"{rest} digits too many": (
            "a rest that no group of bytes has",
            f"#{'0' * 17}{'0' * rest}",
        )
        for rest in (1, 2, 4, 6, 7, 9, 11, 12, 14, 16)
    },
    **{
        f"{size} digits of nines": (
            "a number that does not fit the bytes of its group",
            f"#{'9' * size}",
        )
        for size in (3, 5, 8, 10, 13, 15, 17)
    },
    **{
        f"2^{8 * size}": (
            "the first number that does not fit",
            f"#{2 ** (8 * size):0{places}}",
        )
        for size, places in ((1, 3), (2, 5), (3, 8), (4, 10), (5, 13), (6, 15), (7, 17))
    },
    "fullwidth digits": ("digits that are not ASCII", f"#{DIGITS[:-1]}\uff10"),
    "Arabic-Indic digits": ("digits of another script", "#\u0663\u0663\u0663"),
    "superscript digit": ("what some libraries call a digit", f"#{DIGITS[:-1]}\u00b2"),
    "digits with a space": ("a space between groups", f"#{DIGITS[:17]} {DIGITS[17:]}"),
    "digits with a sign": ("a sign", f"#+{DIGITS[1:]}"),
    **dict(_unused_bits()),
}  # fmt: skip

TOO_LARGE = {
    "65,537 with spaces": ("counted before the ends are trimmed", LINK.rjust(65_537)),
}  # fmt: skip

EMPTY = {
    "nothing": ("nothing", ""),
    "spaces": ("nothing but what is trimmed", " \t\r\n"),
    "# alone": ("an empty fragment", "#"),
    "link with an empty fragment": ("an empty fragment", f"{PAGE}#"),
    "link with an empty fragment and spaces": ("an empty fragment", f" {PAGE}# \r\n"),
}

NO_FRAGMENT = {
    "link without #": ("the fragment is cut off", PAGE),
    "link with the token in its path": ("a token where none is read", f"{PAGE}{FRAGMENT}"),
    "link with the token in its query": ("likewise", f"{PAGE}?{FRAGMENT}"),
    "link with an escaped #": ("nothing is percent-decoded", f"{PAGE}%23{FRAGMENT}"),
    "other scheme": ("any scheme", "ftp://learn.example.edu/"),
    "scheme alone": ("the shortest text that holds ://", "://"),
}


def _answers() -> Iterator[Case]:
    groups: tuple[tuple[dict[str, tuple[str, str]], Answer], ...] = (
        (READ, VALID),
        (DAMAGED, VALID.but(fails("FORMAT", "damaged_text"))),
        (TOO_LARGE, VALID.but(fails("FORMAT", "too_large"))),
        (EMPTY, VALID.but(fails("FORMAT", "empty_input"))),
        (NO_FRAGMENT, VALID.but(fails("FORMAT", "no_fragment"))),
    )
    for texts, expected in groups:
        for name, (fault, text) in texts.items():
            yield Case(name, fault, text, expected)
    for name, fault, text, reason in (
        ("upper case", "letters changed by a scanner", FRAGMENT.upper(), "damaged_compression"),
        ("decimal zeros", "digits of a zero byte", "#000", "unknown_format"),
        ("base64url zeros", "letters of a zero byte", "#AA", "unknown_format"),
        ("cut off", "a link cut off by a chat program", LINK[:-10], "damaged_compression"),
        ("three bytes more", "something after the stream", f"{LINK}AAAA", "damaged_compression"),
    ):
        yield Case(name, fault, text, VALID.but(fails("FORMAT", reason)))


TOPIC = Topic(
    "text",
    "Section 8: links, fragments and digits, to the packed form of one certificate.",
    {"document": in_document()},
    tuple(_answers()),
)
