"""Strings and numbers in a page's content (ISO 32000-1, section 7.3)."""

import re

_LITERAL = rb"\((?:[^()\\]|\\.)*\)"
for _ in range(2):
    # Parentheses that pair up may stand in a literal string as they are.
    _LITERAL = rb"\((?:[^()\\]|\\.|" + _LITERAL + rb")*\)"
#: A string in either form, for other expressions. Deeper nesting is not looked for.
STRING = rb"(?:<[0-9A-Fa-f]*>|" + _LITERAL + rb")"
NUMBER = rb"-?\d*\.?\d+"

_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}
_BOM = b"\xfe\xff"


def string_value(written: bytes) -> bytes:
    """The bytes of a string."""
    if written.startswith(b"<"):
        return bytes.fromhex(written[1:-1].decode())
    return _ESCAPE.sub(_unescaped, written[1:-1])


def text_value(written: bytes) -> str:
    """The characters of a text string, as Typst writes one (section 7.9.2.2)."""
    value = string_value(written)
    if value.startswith(_BOM):
        return value[len(_BOM) :].decode("utf-16-be", "replace")
    return value.decode("ascii", "replace")


def string(value: bytes) -> bytes:
    """A string, in the form that needs no escapes."""
    return b"<" + value.hex().upper().encode() + b">"


def text_string(text: str) -> bytes:
    """A text string."""
    return string(_BOM + text.encode("utf-16-be"))


def number(value: float) -> bytes:
    """A number, to a hundred-thousandth."""
    return f"{value:.5f}".rstrip("0").rstrip(".").encode()


def _unescaped(escape: re.Match[bytes]) -> bytes:
    code = escape[1]
    if code[:1].isdigit():
        return bytes([int(code, 8) & 0xFF])
    return _ESCAPED.get(code, code)
