"""What the decoder refuses although cbor2 would take it, and what the encoder writes."""

import cbor2
import pytest
from cbor2 import frozendict

import cbor_oracle
from cbor_oracle import Pairs, Simple, Tagged, head
from many_cases import check_each
from signedcert import DecodeError, Reason
from signedcert.codec.cbor import decode, encode, head_length

LARGEST = 2**53 - 1


def refused(value: object) -> bool:
    data = value if isinstance(value, bytes) else cbor_oracle.dumps(value)
    try:
        decode(data)
    except DecodeError as error:
        return error.reason is Reason.NOT_DETERMINISTIC
    return False


@pytest.mark.parametrize(
    "value",
    [
        0, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, LARGEST, -1, -24, -25, -LARGEST,
        "", "x" * 23, "x" * 24, "é" * 12, "x" * 255, "字" * 100, "𝔸" * 70, b"", bytes(256),
        True, False, [], [[]], {}, {0: 1, 24: 2, 256: 3, -1: 4, -24: 5, -25: 6},
        [1, [2, {3: "x"}]], [0] * 24, [0] * 256, {n: n for n in range(300)},
    ],
)  # fmt: skip
def test_accepts_each_kind_of_value(value):
    data = cbor_oracle.dumps(value)
    assert encode(decode(data)) == data == encode(value)


def test_decoded_values_are_immutable():
    value = decode(cbor_oracle.dumps({1: [2, {3: [4]}]}))
    assert value == frozendict({1: (2, frozendict({3: (4,)}))})
    assert isinstance(value, frozendict)
    assert hash(value) == hash(decode(cbor_oracle.dumps({1: [2, {3: [4]}]})))


@pytest.mark.parametrize("major", range(6))
@pytest.mark.parametrize("width", [1, 2, 4, 8])
def test_heads_that_are_not_the_shortest(major, width):
    # RFC 8949, section 4.2.1: zero needs no byte after the initial one.
    rest = {4: b"", 5: b"", 6: b"\0"}.get(major, b"")
    assert refused(head(major, 0, width) + rest)
    smallest = {1: 24, 2: 256, 4: 65536, 8: 2**32}[width]
    if major < 2:
        assert not refused(head(major, smallest))
        assert refused(head(major, smallest - 1, width))


@pytest.mark.parametrize("initial", [0x5F, 0x7F, 0x9F, 0xBF])
def test_indefinite_lengths(initial):
    assert refused(bytes([initial, 0xFF]))
    assert refused(bytes([0x81, initial, 0xFF]))


@pytest.mark.parametrize("major", range(8))
@pytest.mark.parametrize("reserved", [28, 29, 30])
def test_reserved_additional_information(major, reserved):
    assert refused(bytes([major << 5 | reserved]))


def test_simple_values_other_than_true_and_false():
    def check(number):
        value = Simple(number)
        assert refused(value) is (number not in (20, 21))
        assert refused([value]) is (number not in (20, 21))
        assert refused(Pairs(((value, 1),)))

    numbers = [*range(24), *range(32, 256)]
    check_each(check, [(f"simple value {each}", (each,)) for each in numbers])


@pytest.mark.parametrize(
    "value", [0.0, -0.0, 1.0, -65537.0, 1.5, 1e300, float("inf"), float("nan")]
)
def test_floats(value):
    assert refused(value)
    assert refused([value])
    assert refused({1: value})
    assert refused(Pairs(((value, 1),)))


@pytest.mark.parametrize(
    "key", ["x", "", b"x", True, False, None, 1.0, (), (1,), 2**53, -(2**53), Simple(1), {}]
)
def test_keys_other_than_integers(key):
    assert refused(Pairs(((key, 1),)))


@pytest.mark.parametrize(
    "entries",
    [
        ((1, 0), (1, 0)), ((1, 0), (0, 0)), ((-1, 0), (0, 0)), ((-2, 0), (-1, 0)),
        ((256, 0), (24, 0)), ((1, 0), (True, 0)), ((1, 0), (1.0, 0)), ((0, 0), (-1, 0), (1, 0)),
        ((1, 0), (Simple(1), 0)), ((1, 0), (2, 0), (1, 0)),
    ],
)  # fmt: skip
def test_keys_out_of_order_or_repeated(entries):
    assert refused(Pairs(entries))


def test_minus_one_sorts_after_one_hundred():
    # Bytewise, as RFC 8949 has it in 4.2.1; 4.2.3 is the older rule, by length first.
    assert not refused(Pairs(((100, 0), (-1, 0))))
    assert refused(Pairs(((-1, 0), (100, 0))))


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**64 - 1, -(2**64)])
def test_integers_beyond_doubles(number):
    assert refused(number)
    assert refused([number])


def test_depth():
    # At most eight arrays and maps around any item, be it a number or an empty array.
    for item in (b"\0", b"\x80", b"\xa0", b"\x40"):
        assert not refused(b"\x81" * 8 + item)
        assert refused(b"\x81" * 9 + item)
        assert not refused(b"\xa1\x00" * 8 + item)
        assert refused(b"\xa1\x00" * 9 + item)
    assert refused(b"\x81" * 60_000)
    assert refused(b"\xa1" * 60_000)
    assert refused(b"\xc1" * 60_000)


def test_every_tag_is_refused_wherever_it_stands():
    kept = []
    for tag in range(65_536):
        item = head(6, tag)
        places = (
            item + b"\0", item + b"\x80", item + b"\x60", b"\x81" + item + b"\0",
            b"\xa1\0" + item + b"\0", b"\xa1" + item + b"\0\0", b"\x81\xa1\0\x81" + item + b"\x40",
        )  # fmt: skip
        if not all(map(refused, places)):
            kept.append(tag)
    assert kept == []


@pytest.mark.parametrize("tag", [2**16, 2**32 - 1, 2**32, 2**64 - 1])
def test_large_tags(tag):
    assert refused(Tagged(tag, 0))


@pytest.mark.parametrize(
    "content",
    [0, -1, 1.5, "2026-11-02", "2026-11-02T10:00:00Z", b"\x01", [0, 1], [1, 2, 3], {}, "a/b", "1:2",
     bytes(16), bytes(4), ["x"], Tagged(29, 0)],
)  # fmt: skip
def test_tags_that_cbor2_decodes_with_their_proper_content(content):
    for tag in (*range(6), 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004):
        assert refused(Tagged(tag, content))
        assert refused([Tagged(tag, content), 1])


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x61\xff", b"\x63\xed\xa0\x80", b"\x62\xc0\x80", b"\x64\xf4\x90\x80\x80",
        b"\x5b" + b"\xff" * 8, b"\x7b\x7f" + b"\xff" * 7, b"\x9b\x7f" + b"\xff" * 7,
        b"\xbb" + b"\xff" * 8, b"\x5a\xff\xff\xff\xff", b"\x9a\xff\xff\xff\xff\0",
    ],
)  # fmt: skip
def test_broken_utf8_and_lengths_beyond_memory(data):
    assert refused(data)


@pytest.mark.parametrize("argument", [0, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, LARGEST])
def test_head_length(argument):
    assert head_length(argument) == len(head(0, argument)) == len(cbor2.dumps(argument))


def test_error_quotes_nothing_of_the_input():
    with pytest.raises(DecodeError) as caught:
        decode(b"\x6dsecret value!" + b"\0")
    assert "secret" not in str(caught.value)
