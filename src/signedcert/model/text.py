"""The rules for text: which characters are refused, and how issuers normalise.

The rules name code points and never a Unicode property, so that every implementation, whatever
version of Unicode it was built with, gives one answer (docs/spec.md, section 4.3).
"""

import re
import unicodedata
from decimal import Decimal
from functools import cache

#: Control characters, line and paragraph separators, bidirectional embeddings, overrides and
#: isolates, tag characters and surrogates. LRM and RLM (U+200E, U+200F) are not refused: they
#: cannot reorder what stands outside their own line, and honest right-to-left text needs them.
_REFUSED = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\U000e0000-\U000e007f\ud800-\udfff"
)
REFUSED_IN_LINE = f"[\n{_REFUSED}]"
REFUSED_IN_PARAGRAPHS = f"[{_REFUSED}]"

#: A lower-case host in A-label form with at least two labels, the last one not a number (so no
#: IPv4 address), then optional path segments.
ISSUER = (
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?(?:/[a-z0-9-]+)*"
)
ISSUER_MAX = 200

#: RFC 3986 characters only; other characters must be percent-encoded, hosts in A-label form.
URL = r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+"
URL_MAX = 1000

#: An https URL with a path in which {number} stands once (RFC 6570, level 1), never in the host.
URI_TEMPLATE = (
    r"https://[a-z0-9.\-]+(?::[0-9]{1,5})?/[A-Za-z0-9\-._~/]*\{number\}[A-Za-z0-9\-._~/]*"
)

#: A printed code: 16 characters of Crockford's base32, in groups of four.
CODE = "[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}"
CODE_LENGTH = 19

#: RFC 5646 section 2.1 "langtag", in the case that section 2.1.1 recommends. Grandfathered and
#: purely private tags are left out.
LANGUAGE = (
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"
    r"(?:-[A-Z][a-z]{3})?"
    r"(?:-(?:[A-Z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"
)
LANGUAGE_MAX = 35


@cache
def compiled(source: str) -> re.Pattern[str]:
    """The pattern, compiled when it is first needed, so that importing does not wait for all."""
    return re.compile(source)


def kind_of(value: object) -> str:
    """What a value is, in words for people who write JSON rather than Python."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float() | Decimal():
            return "a number"
        case str():
            return "text"
        case list() | tuple():
            return "an array"
        case dict():
            return "an object"
    return type(value).__name__


def refused_character(value: str, *, paragraphs: bool = False) -> re.Match[str] | None:
    """The first character of a text that is refused.

    :param paragraphs: whether line feeds are allowed.
    """
    return compiled(REFUSED_IN_PARAGRAPHS if paragraphs else REFUSED_IN_LINE).search(value)


def normalised(value: object, maximum: int, *, paragraphs: bool = False) -> str:
    """The text as an issuer signs it: bounded, free of refused characters, in NFC.

    :param maximum: the bound in code points, checked before and after normalising, because NFC
        can lengthen a text.
    :param paragraphs: whether line feeds are allowed.
    :raises ValueError: naming what was refused.
    """
    if not isinstance(value, str):
        raise ValueError(f"expected text, got {kind_of(value)}")
    _bound(value, maximum)
    # Before NFC: unicodedata leaves refused characters as they are, but a refusal that names a
    # position should name the caller's own.
    refused = refused_character(value, paragraphs=paragraphs)
    if refused:
        hint = "; line breaks are allowed in descriptions only" if refused[0] in "\r\n" else ""
        raise ValueError(
            f"character U+{ord(refused[0]):04X} at position {refused.start()} is not allowed "
            f"(control, bidirectional override, tag or surrogate){hint}"
        )
    if not value.strip():
        raise ValueError("the text is blank; leave the field out instead")
    value = unicodedata.normalize("NFC", value)
    _bound(value, maximum)
    return value


def _bound(value: str, maximum: int) -> None:
    if not value:
        raise ValueError("the text is empty; leave the field out instead")
    if len(value) > maximum:
        raise ValueError(f"the text has {len(value)} characters, at most {maximum} are allowed")
