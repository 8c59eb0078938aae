"""Reading JSON strictly (RFC 8259, and RFC 7493's ban on repeated members)."""

import json
import re
from decimal import Decimal
from json.decoder import scanstring  # type: ignore[attr-defined]  # not in the stubs
from typing import Any, NoReturn

from signedcert.cli.failures import CommandError

_SPACE = re.compile(r"[ \t\n\r]*")


def parse_json(name: str, data: bytes) -> Any:
    """The value of a JSON text in UTF-8; decimal numbers keep every digit.

    :param name: what to call the text in messages.
    :raises CommandError: with line and column of what is wrong.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before) - before.rfind(b"\n")
        raise CommandError(f"{name}: not UTF-8 at line {line}, byte {column}") from None
    try:
        return _Strict(parse_float=Decimal, parse_constant=_refuse).decode(text)
    except json.JSONDecodeError as error:
        raise CommandError(
            f"{name}: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None
    except RecursionError:
        raise CommandError(f"{name}: it is nested too deeply") from None
    except ValueError as error:  # an integer of thousands of digits, or NaN
        raise CommandError(f"{name}: {error}") from None


class _Strict(json.JSONDecoder):
    """A decoder that refuses repeated members where they stand."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.parse_object = _object
        # The C scanner ignores parse_object.
        self.scan_once = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]  # likewise


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _object(start: tuple[str, int], strict: bool, scan_once: Any, *_: Any) -> tuple[Any, int]:
    """The members of an object that begins before the position, and the position after it."""
    text, position = start
    members: dict[str, Any] = {}
    position = _skip(text, position)
    if text[position : position + 1] == "}":
        return members, position + 1
    while True:
        if text[position : position + 1] != '"':
            raise json.JSONDecodeError("expected a name in double quotes", text, position)
        name_at = position
        name, position = scanstring(text, position + 1, strict)
        if name in members:
            raise json.JSONDecodeError(f"the member {name!r} is repeated", text, name_at)
        position = _skip(text, position)
        if text[position : position + 1] != ":":
            raise json.JSONDecodeError("expected ':'", text, position)
        position = _skip(text, position + 1)
        try:
            members[name], position = scan_once(text, position)
        except StopIteration as stopped:
            raise json.JSONDecodeError("expected a value", text, stopped.value) from None
        position = _skip(text, position) + 1
        sign = text[position - 1 : position]
        if sign == "}":
            return members, position
        if sign != ",":
            raise json.JSONDecodeError("expected ',' or '}'", text, position - 1)
        position = _skip(text, position)


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return position if found is None else found.end()
