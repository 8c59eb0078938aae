"""Matches and the cheapest parse: the first half of DEFLATE (RFC 1951, sections 2 and 3.2.5).

Promise: for given prices of the symbols, `cheapest_parse` is exactly optimal over literals and,
for each length, the nearest match of that length in the data or the preset dictionary.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import log2
from typing import TypeAlias

from signedcert.codec.huffman import FIXED_DISTANCE_LENGTHS, FIXED_LITERAL_LENGTHS

WINDOW = 32768
MIN_MATCH = 3
MAX_MATCH = 258

# RFC 1951, section 3.2.5: number of extra bits of the length codes 257... and distance codes.
_LENGTH_EXTRA = (*(0,) * 8, *(n for n in range(1, 6) for _ in range(4)), 0)
_DISTANCE_EXTRA = (0, 0, *(n for n in range(14) for _ in range(2)))
# Costs are counted in sixteenths of a bit, so that estimates below one bit stay integers.
UNIT = 16

Token: TypeAlias = tuple[int, int]  # (byte, 0) for a literal, (length, distance) for a match
Code: TypeAlias = tuple[int, int, int]  # (symbol, number of extra bits, their value)


def _length_codes() -> tuple[Code, ...]:
    codes: list[Code] = [(0, 0, 0)] * (MAX_MATCH + 1)
    base = MIN_MATCH
    for index, bits in enumerate(_LENGTH_EXTRA[:-1]):
        for extra in range(min(1 << bits, MAX_MATCH - base)):
            codes[base + extra] = (257 + index, bits, extra)
        base += 1 << bits
    # Section 3.2.5: 258 has a code of its own, although the code before it could reach it.
    codes[MAX_MATCH] = (285, 0, 0)
    return tuple(codes)


LENGTH_CODES = _length_codes()


@lru_cache(maxsize=WINDOW)
def distance_code(distance: int) -> Code:
    """Return how section 3.2.5 spells a distance of 1 to 32768."""
    if distance <= 2:
        return (distance - 1, 0, 0)
    bits = (distance - 1).bit_length() - 2
    symbol = 2 * bits + ((distance - 1) >> bits)
    return (symbol, bits, (distance - 1) & ((1 << bits) - 1))


@lru_cache(maxsize=8)
def _index(dictionary: bytes) -> dict[bytes, list[int]]:
    """Return where each three-byte string of the dictionary begins, nearest to its end first."""
    index: dict[bytes, list[int]] = {}
    for i in range(len(dictionary) - MIN_MATCH, -1, -1):
        index.setdefault(dictionary[i : i + MIN_MATCH], []).append(i)
    return index


def find_matches(data: bytes, dictionary: bytes) -> list[list[Token]]:
    """Return for each position the (length, distance) pairs worth considering.

    For every length that can match at all, the first pair at least as long has the smallest
    distance possible. Lengths and distances both increase along the list.
    """
    dictionary = dictionary[-WINDOW:]
    start = len(dictionary)
    window = dictionary + data
    end = len(window)
    far = _index(dictionary)
    # Strings that begin in the dictionary and end in the data are indexed with the data.
    near: dict[bytes, list[int]] = {}
    for i in range(max(0, start - MIN_MATCH + 1), start):
        near.setdefault(window[i : i + MIN_MATCH], []).append(i)
    found: list[list[Token]] = []
    for i in range(start, end):
        key = window[i : i + MIN_MATCH]
        recent = near.setdefault(key, [])
        pairs: list[Token] = []
        best = MIN_MATCH - 1
        limit = min(MAX_MATCH, end - i)
        for places in (reversed(recent), far.get(key, ())):
            for place in places:
                if best >= limit or i - place > WINDOW:
                    break
                if window[place + best] != window[i + best]:
                    continue
                length = 0
                while length < limit and window[place + length] == window[i + length]:
                    length += 1
                if length > best:
                    best = length
                    pairs.append((length, i - place))
        recent.append(i)
        found.append(pairs)
    return found


def cheapest_parse(
    data: bytes,
    matches: list[list[Token]],
    literal_costs: Sequence[int],
    distance_costs: Sequence[int],
) -> tuple[list[Token], list[int]]:
    """Return the tokens of least total cost, and the least cost from each position to the end.

    The two tables give the cost of each symbol; extra bits are added here. Exact, by dynamic
    programming from the end.
    """
    length_costs = [literal_costs[symbol] + UNIT * bits for symbol, bits, _ in LENGTH_CODES]
    size = len(data)
    costs = [0] * (size + 1)
    choices: list[Token] = [(0, 0)] * size
    for i in range(size - 1, -1, -1):
        least = literal_costs[data[i]] + costs[i + 1]
        choice = (data[i], 0)
        low = MIN_MATCH
        for high, distance in matches[i]:
            symbol, bits, _ = distance_code(distance)
            base = distance_costs[symbol] + UNIT * bits
            for length in range(low, high + 1):
                cost = base + length_costs[length] + costs[i + length]
                if cost < least:
                    least = cost
                    choice = (length, distance)
            low = high + 1
        costs[i] = least
        choices[i] = choice
    tokens: list[Token] = []
    i = 0
    while i < size:
        tokens.append(choices[i])
        i += choices[i][0] if choices[i][1] else 1
    return tokens, costs


def fixed_costs() -> tuple[list[int], list[int]]:
    """Return the costs of the symbols of the fixed code (section 3.2.6)."""
    return (
        [UNIT * length for length in FIXED_LITERAL_LENGTHS],
        [UNIT * length for length in FIXED_DISTANCE_LENGTHS],
    )


def estimated_costs(frequencies: list[int]) -> list[int]:
    """Return what each symbol would cost an ideal code; an unused one costs as if used once."""
    total = sum(frequencies) + 1
    return [round(UNIT * log2(total / max(1, count))) for count in frequencies]
