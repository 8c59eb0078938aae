"""A look at CBOR before it is decoded, without building anything.

Two kinds of input cost more to decode than to refuse: very many tiny items, and maps whose keys are
arrays. Python hashes tuples of integers without a secret, so that keys can be chosen which all
collide, and decoding them takes time that grows with the square of their number.
"""

from typing import Final

#: Input of at most so many bytes is decoded unseen: it cannot have more items, nor many such keys.
ITEMS_MAX: Final = 4096
_CONTAINERS_MAX = 64


def is_cheap(data: bytes) -> bool:
    """Whether decoding takes time in proportion to the length, with a small constant.

    That is so when ``data`` has at most 4,096 bytes, or when it has at most 4,096 items (spec,
    section 4.1), no tags, and only integers and strings as keys. What else is wrong with it, the
    decoder finds.
    """
    return len(data) <= ITEMS_MAX or _count(data)


def _count(data: bytes) -> bool:
    position, items, left, in_map = 0, 0, 1, False
    around: list[tuple[int, bool]] = []
    while True:
        while not left:
            if not around:
                return True
            left, in_map = around.pop()
        left -= 1
        items += 1
        if items > ITEMS_MAX or position >= len(data):
            return False
        major, argument = data[position] >> 5, data[position] & 31
        position += 1
        if argument > 23:
            if argument > 27:
                return False
            end = position + (1 << (argument - 24))
            argument = int.from_bytes(data[position:end], "big")
            position = end
        if major in (2, 3):
            position += argument
        elif major in (4, 5):
            # In a map, keys are the items after which an odd number is left.
            if (in_map and left & 1) or len(around) >= _CONTAINERS_MAX:
                return False
            around.append((left, in_map))
            left, in_map = (argument, False) if major == 4 else (2 * argument, True)
        elif major == 6:
            return False
