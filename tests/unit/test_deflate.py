"""The DEFLATE encoder against zlib, the decoder that receivers use (RFC 1951)."""

import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from many_cases import check_each
from signedcert.codec.deflate import deflate_smallest
from signedcert.codec.huffman import BitWriter, code_lengths, dynamic_header, smoothed
from signedcert.codec.lz77 import WINDOW, cheapest_parse, find_matches, fixed_costs

NOISE = random.Random(1951).randbytes(WINDOW + 300)
DICTIONARIES = [
    b"",
    b"ab",
    b"Introduction to Data Science, University of Machine Learning and Data Analysis",
    bytes(range(256)) * 4,
    NOISE[:WINDOW],
    NOISE,
]


def inflate(stream: bytes, dictionary: bytes) -> bytes:
    """Inflate as a receiver does, and insist on a finished stream without a rest."""
    inflater = zlib.decompressobj(-15, zdict=dictionary)
    data = inflater.decompress(stream) + inflater.flush()
    assert inflater.eof
    assert not inflater.unused_data
    return data


def zlib_size(data: bytes, dictionary: bytes) -> int:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=dictionary)
    return len(compressor.compress(data) + compressor.flush())


def check(data: bytes, dictionary: bytes) -> bytes:
    stream = deflate_smallest(data, dictionary)
    assert inflate(stream, dictionary) == data
    assert len(stream) <= zlib_size(data, dictionary)
    assert stream == deflate_smallest(data, dictionary)
    return stream


def distances(data: bytes, dictionary: bytes) -> list[int]:
    tokens, _ = cheapest_parse(data, find_matches(data, dictionary), *fixed_costs())
    return [distance for _, distance in tokens if distance]


pieces = st.lists(
    st.one_of(
        st.binary(max_size=20),
        st.sampled_from([b"Data ", b"Science", b"University of ", b"ab", b"\x00" * 40]),
    ),
    max_size=25,
).map(b"".join)


@settings(deadline=None, max_examples=60)
@given(data=pieces, dictionary=st.sampled_from(DICTIONARIES))
def test_round_trip_never_longer_than_zlib(data: bytes, dictionary: bytes) -> None:
    check(data, dictionary)


@settings(deadline=None, max_examples=40)
@given(data=st.binary(max_size=300), dictionary=st.binary(max_size=40))
def test_round_trip_of_arbitrary_bytes(data: bytes, dictionary: bytes) -> None:
    check(data + dictionary, dictionary)


def test_empty_input_is_one_empty_fixed_block() -> None:
    assert check(b"", b"whatever") == b"\x03\x00"


def test_every_match_length() -> None:
    dictionary = NOISE[:300]

    def check_length(length: int) -> None:
        check(b"<" + dictionary[7 : 7 + length] + b">", dictionary)

    check_each(check_length, [(f"length {each}", (each,)) for each in range(3, 259)])


@pytest.mark.parametrize("length", [3, 4, 10, 11, 257, 258, 259, 260, 516, 2000])
def test_overlapping_run(length: int) -> None:
    data = b"a" * (length + 1)
    assert set(distances(data, b"")) == {1}
    check(data, b"")
    check(b"abc" * length, b"")


@pytest.mark.parametrize("before", [0, 1, 7])
def test_match_at_the_farthest_distance(before: int) -> None:
    dictionary = NOISE[:WINDOW]
    data = NOISE[-before:] * bool(before) + dictionary[before : before + 50]
    assert distances(data, dictionary) == [WINDOW]
    check(data, dictionary)


def test_no_match_beyond_the_window() -> None:
    dictionary = NOISE[:WINDOW]
    data = b"?" + dictionary[:50]
    assert all(distance <= WINDOW for distance in distances(data, dictionary))
    assert len(check(data, dictionary)) > 45
    # Bytes that the window no longer holds when the data begin are never used.
    longer = NOISE[: WINDOW + 60]
    assert distances(longer[:60], longer) == []
    check(longer[:60], longer)


def test_match_inside_data_leaves_the_window() -> None:
    data = b"University" + NOISE[:WINDOW] + b"University"
    assert all(distance <= WINDOW for distance in distances(data, b""))


def test_match_from_dictionary_into_data() -> None:
    assert distances(b"xyxyxyxyxyxyxy", b"zzxy") == [2]
    check(b"xyxyxyxyxyxyxy", b"zzxy")


@pytest.mark.parametrize("start", range(1, 400, 13))
def test_every_distance_code(start: int) -> None:
    distance = min(WINDOW, round(1.027**start) + 6)
    dictionary = NOISE[:distance]
    assert distances(dictionary[:6], dictionary) == [distance]
    check(dictionary[:6], dictionary)


def test_fixed_block_is_optimal_on_a_greedy_trap() -> None:
    # The longest match at each step (then a literal tail) is not the cheapest parse.
    dictionary = b"abcde...bcdefghijklmnop...abc"
    stream = check(b"abcdefghijklmnop", dictionary)
    assert len(stream) <= 5


def test_dynamic_block_wins_on_long_skewed_text() -> None:
    text = bytes(random.Random(3).choices(b"etaoin shrdlu", range(26, 13, -1), k=4000))
    stream = check(text, b"")
    assert stream[0] & 7 == 0b101
    only_literals = bytes(random.Random(4).sample(range(100, 256), 150))
    check(only_literals, b"")


def test_incompressible_input_falls_back_to_zlib() -> None:
    data = NOISE[:600]
    assert len(check(data, b"")) == 605


def test_each_byte_as_a_literal() -> None:
    check_each(check, [(f"byte {each}", (bytes([each]), b"")) for each in range(256)])


@settings(deadline=None)
@given(st.lists(st.integers(0, 1000), max_size=60), st.integers(6, 15))
def test_code_lengths_are_complete_and_limited(counts: list[int], limit: int) -> None:
    lengths = code_lengths(counts, limit)
    used = [length for length, count in zip(lengths, counts, strict=True) if count]
    assert all(length == 0 for length, count in zip(lengths, counts, strict=True) if not count)
    assert all(1 <= length <= limit for length in used)
    if len(used) > 1:
        assert sum(2.0**-length for length in used) == 1


def test_code_lengths_of_extreme_frequencies() -> None:
    fibonacci = [1, 1]
    while len(fibonacci) < 30:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    assert max(code_lengths(fibonacci, 15)) == 15
    assert max(code_lengths(fibonacci, 40)) == 29
    assert code_lengths([0, 9, 0], 15) == [0, 1, 0]
    assert code_lengths([0, 0], 15) == [0, 0]


def test_smoothing_keeps_unused_symbols_unused() -> None:
    assert smoothed([0, 4, 5, 3, 0, 0, 9, 1], 2) == [0, 4, 4, 4, 0, 0, 9, 1]
    assert smoothed([3, 1, 2], 0) == [3, 1, 2]


@settings(deadline=None)
@given(st.lists(st.sampled_from([0, 0, 0, 7, 7, 8, 9]), min_size=1, max_size=280))
def test_header_spells_its_lengths(lengths: list[int]) -> None:
    literals = (lengths + [0] * 286)[:286]
    literals[256] = 7
    header = dynamic_header(literals, [5, 0, 5])
    spelled: list[int] = []
    for symbol, extra in header.symbols:
        if symbol < 16:
            spelled.append(symbol)
        elif symbol == 16:
            spelled += [spelled[-1]] * (3 + extra)
        else:
            spelled += [0] * (extra + (3 if symbol == 17 else 11))
    assert tuple(spelled) == header.literal_lengths + header.distance_lengths
    assert list(header.literal_lengths) == literals[: len(header.literal_lengths)]
    assert not any(literals[len(header.literal_lengths) :])


def test_bit_writer_starts_at_the_low_bit() -> None:
    writer = BitWriter()
    writer.put(1, 1)
    writer.put(0b10, 2)
    writer.put(0, 7)
    assert writer.getvalue() == b"\x05\x00"
    writer = BitWriter()
    for number in range(200):
        writer.put(number, 8)
    assert writer.getvalue() == bytes(range(200))
