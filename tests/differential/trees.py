"""CBOR taken apart into plain values, changed somewhere, and put together again, right or wrong."""

from collections.abc import Callable
from random import Random
from typing import Any

import cbor2

from cbor_oracle import Pairs, Raw, Simple, Tagged, dumps
from differential.values import CHARACTERS, FAULTY, INTEGERS, LABELS, SIZES, TEXTS

Tree = Any
#: What comes of taking something for what it is not any more.
OTHERWISE = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)


def tree_of(data: bytes) -> Tree:
    """The value of one item of CBOR.

    :raises ValueError: when it is none.
    """
    try:
        return _plain(cbor2.loads(data))
    except (cbor2.CBORError, OverflowError, TypeError, RecursionError) as error:
        raise ValueError("no CBOR") from error


def _plain(value: Any) -> Tree:
    match value:
        case cbor2.CBORTag():
            return Tagged(value.tag, _plain(value.value))
        case cbor2.CBORSimpleValue():
            return Simple(value.value)
        case list() | tuple():
            return [_plain(item) for item in value]
        case bool() | int() | float() | str() | bytes() | None:
            return value
    if hasattr(value, "items"):
        return {_plain_key(key): _plain(item) for key, item in value.items()}
    return Raw(b"\xf7")  # undefined, and what else cbor2 has a type for


def _plain_key(key: Any) -> Any:
    plain = _plain(key)
    return plain if plain.__hash__ is not None else repr(plain)


def changed(tree: Tree, random: Random) -> Tree:
    """The tree with one change somewhere in it."""
    places = list(_places(tree))
    path = random.choice(places)
    return _at(tree, path, lambda value: _mutated(value, random))


def encoded(tree: Tree, random: Random) -> bytes:
    """The tree as bytes; seldom with a byte that is wrong."""
    data = dumps(tree)
    if data and random.random() < 0.02:
        return spoilt(data, random)
    return data


def spoilt(data: bytes, random: Random) -> bytes:
    """Bytes of which some were flipped, inserted, taken away, or put elsewhere."""
    if not isinstance(data, bytes):  # a change before this one put something else in its place
        raise TypeError(data)
    result = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        at = random.randrange(len(result) + 1)
        match random.randrange(8):
            case 0 | 1 if result:
                result[at % len(result)] ^= 1 << random.randrange(8)
            case 2 if result:
                result[at % len(result)] = random.choice((0, 1, 0x7F, 0x80, 0xFF, 0xF6, 0x18, 0xA0))
            case 3:
                result[at:at] = random.randbytes(random.choice((1, 1, 2, 9)))
            case 4 if result:
                del result[at % len(result) : at % len(result) + random.choice((1, 1, 2, 20))]
            case 5:
                del result[at:]
            case 6:
                start = random.randrange(len(result) + 1)
                result[at:at] = result[start : start + random.randrange(1, 40)]
            case _:
                result += random.choice((b"\0", b"\xff", bytes(result[:9])))
    return bytes(result)


def _places(tree: Tree, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(tree, dict):
        for key, item in tree.items():
            found += _places(item, (*path, key))
    elif isinstance(tree, list):
        for place, item in enumerate(tree):
            found += _places(item, (*path, place))
    elif isinstance(tree, Tagged):
        found += _places(tree.content, (*path, "content"))
    return found


def _at(tree: Tree, path: tuple[Any, ...], change: Callable[[Tree], Tree]) -> Tree:
    if not path:
        return change(tree)
    first, *rest = path
    if isinstance(tree, Tagged):
        return Tagged(tree.tag, _at(tree.content, tuple(rest), change))
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[first] = _at(copy[first], tuple(rest), change)
    return copy


def _mutated(value: Tree, random: Random) -> Tree:
    if random.random() < 0.15:
        return any_value(random)
    if random.random() < 0.05:
        return random.choice(([value], {0: value}, Tagged(random.choice((1, 18, 60)), value)))
    match value:
        case bool():
            return random.choice((not value, int(value), any_value(random)))
        case int():
            return _number(value, random)
        case str():
            return _text(value, random)
        case bytes():
            return _octets(value, random)
        case list():
            return _array(value, random)
        case dict():
            return _map(value, random)
    return any_value(random)


def any_value(random: Random) -> Tree:
    """Any value, within the profile or without."""
    match random.randrange(8):
        case 0 | 1:
            return random.choice(INTEGERS)
        case 2:
            return random.choice(TEXTS)
        case 3:
            return random.randbytes(random.choice(SIZES))
        case 4:
            return [any_value(random) for _ in range(random.choice((0, 1, 2, 2, 3)))]
        case 5:
            return {random.choice(LABELS): any_value(random) for _ in range(random.randrange(3))}
        case 6:
            return random.choice((True, False, None, 1.5, 0.0, Simple(59), "".join(
                random.choice(CHARACTERS) for _ in range(random.randrange(4))
            )))  # fmt: skip
    return random.choice(FAULTY)


def _number(value: int, random: Random) -> Tree:
    other = random.choice((1, -1, 1, -1, 300, 86_400, -300, value, -value, 10, 2**33))
    near = value + other
    if not -(2**64) <= near < 2**64:
        near = 0
    return random.choice((near, near, random.choice(INTEGERS), [near, random.randrange(-1, 11)]))


def _text(value: str, random: Random) -> Tree:
    at = random.randrange(len(value) + 1)
    match random.randrange(7):
        case 0 | 1:
            return value[:at] + random.choice(CHARACTERS) + value[at:]
        case 2:
            return value[:at] + value[at + 1 :]
        case 3:
            return random.choice(TEXTS)
        case 4:
            return random.choice((value.upper(), value.swapcase(), value[::-1], value + value))
        case 5:
            bound = random.choice((35, 50, 100, 200, 300, 500, 1000))
            return (value + "𝔸" * bound)[: bound + random.choice((0, 1))]
    return value.encode("utf-8", "surrogatepass")


def _octets(value: bytes, random: Random) -> Tree:
    match random.randrange(5):
        case 0 if len(value) > 2:
            # Bytes that are CBOR themselves are changed as such.
            try:
                return dumps(changed(tree_of(value), random))
            except OTHERWISE:
                return spoilt(value, random)
        case 1:
            return value + random.randbytes(random.choice((1, 2, 16)))
        case 2:
            return value[: random.randrange(len(value) + 1)]
        case 3:
            return value.hex()[:200]
    return spoilt(value, random)


def _array(value: list[Tree], random: Random) -> Tree:
    copy = list(value)
    match random.randrange(7):
        case 0 if copy:
            del copy[random.randrange(len(copy))]
        case 1 if copy:
            copy.append(random.choice(copy))
        case 2 if len(copy) > 1:
            one, other = random.sample(range(len(copy)), 2)
            copy[one], copy[other] = copy[other], copy[one]
        case 3:
            copy.insert(random.randrange(len(copy) + 1), any_value(random))
        case 4 if copy and len(dumps(copy)) < 2_000:
            return copy * random.choice((2, 20, 51, 101))
        case 5:
            return random.choice(([], {0: copy}))
        case _:
            copy.reverse()
    return copy


def _map(value: dict[Any, Tree], random: Random) -> Tree:
    copy = dict(value)
    match random.randrange(8):
        case 0 | 1 if copy:
            del copy[random.choice(list(copy))]
        case 2 | 3:
            copy[random.choice(LABELS)] = any_value(random)
        case 4 if copy:
            copy[random.choice(LABELS)] = copy.pop(random.choice(list(copy)))
        case 5 if copy:
            pairs = list(copy.items())
            random.shuffle(pairs)
            return Pairs(tuple(pairs))
        case 6 if copy:
            pairs = list(copy.items())
            return Pairs((*pairs, random.choice(pairs)))
        case _:
            copy[random.choice(("x", "", b"x", True, None, 1.0))] = 0
    return copy
