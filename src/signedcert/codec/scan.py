"""A look at CBOR before it is decoded, without building anything.

Two kinds of input cost more to decode than to refuse: very many tiny items, and maps whose keys are
arrays. Python hashes tuples of integers without a secret, so that keys can be chosen which all
collide, and decoding them takes time that grows with the square of their number. It hashes integers
without one, too, which is why maps are bounded as well where there may be more items than 4,096.
"""

from typing import Final

#: How many items, keys included, one piece of CBOR may have (spec, section 4.1).
ITEMS_MAX: Final = 4096
#: Input of at most so many bytes costs little whatever is in it.
SMALL: Final = 1024


def is_cheap(data: bytes, items_max: int = ITEMS_MAX, entries_max: int = ITEMS_MAX) -> bool:
    """Whether decoding takes time in proportion to the length, with a small constant.

    That is so when ``data`` has at most ``items_max`` items, no map of more than ``entries_max``
    entries, no tags, and no arrays or maps as keys. What else is wrong with it, the decoder finds.
    """
    return extent(data, items_max, entries_max) is not None


def extent(data: bytes, items_max: int = ITEMS_MAX, entries_max: int = ITEMS_MAX) -> int | None:
    """How many bytes the item at the start of ``data`` says that it has.

    Decoders ignore what comes after the first item; whoever must not, compares this with the
    length. It is more than the length where the item is cut off within a string.

    :returns: None unless decoding is cheap (:func:`is_cheap`); so always for indefinite lengths.
    """
    position, items, left, in_map = 0, 0, 1, False
    around: list[tuple[int, bool]] = []
    while True:
        while not left:
            if not around:
                return position
            left, in_map = around.pop()
        left -= 1
        items += 1
        if items > items_max or position >= len(data):
            return None
        major, argument = data[position] >> 5, data[position] & 31
        position += 1
        if argument > 23:
            if argument > 27:
                return None
            end = position + (1 << (argument - 24))
            argument = int.from_bytes(data[position:end], "big")
            position = end
        if major in (2, 3):
            position += argument
        elif major in (4, 5):
            # In a map, keys are the items after which an odd number is left.
            if (in_map and left & 1) or (major == 5 and argument > entries_max):
                return None
            around.append((left, in_map))
            left, in_map = (argument, False) if major == 4 else (2 * argument, True)
        elif major == 6:
            return None
