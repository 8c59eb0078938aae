"""JSON (RFC 8259) read so that every implementation reads the same."""

import math
from collections.abc import Iterable
from typing import Any, NoReturn

#: Deeper than any key set; where a parser's own limit lies differs from one to the next.
DEPTH_MAX = 32
#: An integer of more digits cannot be told apart by an implementation whose numbers are doubles.
_INTEGER_DIGITS = 16


def parse_json(data: bytes) -> Any:
    """The value of a JSON text in UTF-8 without a byte order mark.

    :raises ValueError: when it is none, repeats a member's name in an object, has NaN, Infinity or
        an integer of more than 16 digits, or nests arrays and objects more than 32 deep.
    """
    import json  # here, because a process that only signs has no use for it

    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_fraction,
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    _check_depth(value)
    return value


def _check_depth(value: Any) -> None:
    level: list[Iterable[Any]] = [[value]]
    for _ in range(DEPTH_MAX + 1):
        items = [item for each in level for item in each]
        level = [
            item.values() if isinstance(item, dict) else item
            for item in items
            if isinstance(item, dict | list) and item
        ]
        if not level:
            return
    raise ValueError("nested too deep")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is repeated")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _integer(digits: str) -> int:
    if len(digits.removeprefix("-")) > _INTEGER_DIGITS:
        raise ValueError("an integer has too many digits")
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number
