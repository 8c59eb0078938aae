"""Deterministic CBOR (RFC 8949, section 4.2.1) of the values that tokens may hold.

cbor2 does the work. It is switched to what strictness it offers; what is left (shortest heads,
order of keys, types, trailing bytes) shows in the lengths: each value has one shortest encoding, so
input whose length is the sum of the shortest lengths of what was decoded had no other choice, given
that tags are refused and keys ascend. This costs a walk and no second encoding.
"""

from collections.abc import Iterable
from typing import Any, NoReturn

import cbor2
from cbor2 import frozendict

from signedcert.codec.scan import ITEMS_MAX, is_cheap
from signedcert.errors import DecodeError, Reason
from signedcert.model.numbers import INTEGER_MAX

#: How many arrays and maps may be around an item.
MAX_DEPTH = 8


def _refuse(*_: object) -> NoReturn:
    raise cbor2.CBORDecodeError("a tag")


#: Every tag that some version of cbor2 decodes by itself; all others come to the tag hook.
#: Shared references (28, 29, 25, 256) could make a short input grow without bound, and could make
#: up in length for an encoding that is not the shortest.
_TAGS = dict.fromkeys(
    (*range(6), 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799),
    _refuse,
)


def parse(
    data: bytes,
    *,
    immutable: bool = False,
    unseen: int = 0,
    items_max: int = ITEMS_MAX,
    entries_max: int = ITEMS_MAX,
) -> Any:
    """The value at the start of ``data``; whether it was encoded deterministically is not checked.

    Only for callers that add up the lengths of what they take, as :func:`decode` does.

    :param immutable: whether arrays become tuples and maps frozendicts.
    :param unseen: input of at most so many bytes is decoded without a look at it first
        (:mod:`signedcert.codec.scan`).
    :param items_max: how many items, keys included, it may have.
    :param entries_max: how many entries a map in it may have.
    :raises DecodeError: for what is not well-formed, has tags or duplicate keys, is too deep, or
        has too many items.
    """
    if len(data) > unseen and not is_cheap(data, items_max, entries_max):
        raise not_deterministic()
    try:
        return cbor2.loads(
            data,
            max_depth=MAX_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=_TAGS,
            tag_hook=_refuse,
            immutable=immutable,
        )
    # cbor2 wraps what its own decoders raise, but not everything: unhashable keys are a TypeError,
    # and lengths beyond memory an OverflowError or MemoryError.
    except (cbor2.CBORError, ValueError, TypeError, ArithmeticError, MemoryError) as error:
        raise not_deterministic() from error


def decode(data: bytes, *, items_max: int = ITEMS_MAX, entries_max: int = ITEMS_MAX) -> Any:
    """The value that ``data`` encodes, arrays as tuples and maps as frozendicts.

    :param items_max: how many items, keys included, it may have.
    :param entries_max: how many entries a map in it may have.
    :raises DecodeError: with ``not_deterministic`` unless ``data`` is exactly what :func:`encode`
        makes of the value.
    """
    value = parse(data, immutable=True, items_max=items_max, entries_max=entries_max)
    if encoded_length(value) != len(data):
        raise not_deterministic()
    return value


def encode(value: Any) -> bytes:
    """The deterministic encoding of a value whose maps have their keys in encoded order."""
    return cbor2.dumps(value)


def encoded_length(value: Any) -> int:
    """The length in bytes of the deterministic encoding of a parsed value.

    :raises DecodeError: for a type that tokens do not hold, or keys out of order.
    """
    total = 0
    # A list that grows while it is walked: hostile input may have 16,000 items, and a call for each
    # would be the most of the work.
    pending: list[Iterable[Any]] = [(value,)]
    for items in pending:
        for item in items:
            kind = item.__class__
            if kind is int:
                if not -INTEGER_MAX <= item <= INTEGER_MAX:
                    raise not_deterministic()
                total += 1 if 0 <= item < 24 else head_length(item if item >= 0 else ~item)
            elif kind is str:
                length = len(item) if item.isascii() else len(item.encode())
                total += length + (1 if length < 24 else head_length(length))
            elif kind is bytes:
                total += len(item) + head_length(len(item))
            elif kind is bool:
                total += 1
            elif kind is tuple or kind is list:
                total += head_length(len(item))
                if item:
                    pending.append(item)
            elif kind is frozendict or kind is dict:
                total += head_length(len(item))
                if item:
                    total += _keys_length(item)
                    pending.append(item.values())
            else:
                raise not_deterministic()
    return total


def _keys_length(keys: Iterable[Any]) -> int:
    total = 0
    previous = (False, -1)
    for key in keys:
        if key.__class__ is not int or not -INTEGER_MAX <= key <= INTEGER_MAX:
            raise not_deterministic()
        # Bytewise order of the shortest encodings: 0, 1, 2, … and then -1, -2, -3, …
        order = (key < 0, abs(key))
        if order <= previous:
            raise not_deterministic()
        previous = order
        total += head_length(key if key >= 0 else ~key)
    return total


def head_length(argument: int) -> int:
    """The length in bytes of the shortest head for an argument (RFC 8949, section 3)."""
    if argument < 24:
        return 1
    if argument < 1 << 8:
        return 2
    if argument < 1 << 16:
        return 3
    return 5 if argument < 1 << 32 else 9


def not_deterministic() -> DecodeError:
    """The one error of this module."""
    return DecodeError(
        Reason.NOT_DETERMINISTIC,
        "not in deterministic CBOR (RFC 8949, section 4.2.1) of the values that tokens may hold",
    )
