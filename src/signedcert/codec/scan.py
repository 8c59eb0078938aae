"""A look at CBOR before it is decoded, without building anything.

Two kinds of input cost more to decode than to refuse: very many tiny items, and maps whose keys are
arrays. Python hashes tuples of integers without a secret, so that keys can be chosen which all
collide, and decoding them takes time that grows with the square of their number.
"""

from typing import Final

#: How many items, keys included, one piece of CBOR may have (spec, section 4.1).
ITEMS_MAX: Final = 4096
#: Input of at most so many bytes costs little whatever is in it.
SMALL: Final = 1024


def is_cheap(data: bytes) -> bool:
    """Whether decoding takes time in proportion to the length, with a small constant.

    That is so when ``data`` has at most 4,096 items, no tags, and no arrays or maps as keys. What
    else is wrong with it, the decoder finds.
    """
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
            if in_map and left & 1:
                return False
            around.append((left, in_map))
            left, in_map = (argument, False) if major == 4 else (2 * argument, True)
        elif major == 6:
            return False
