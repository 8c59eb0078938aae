"""Decimal digits: the table of group sizes, and each way to break it."""

import pytest

from signedcert import DecodeError, Reason
from signedcert.codec.digits import from_digits, to_digits

SIZES = {0: 0, 1: 3, 2: 5, 3: 8, 4: 10, 5: 13, 6: 15, 7: 17}


@pytest.mark.parametrize(("size", "digits"), SIZES.items())
def test_each_size_needs_exactly_so_many_digits(size, digits):
    largest = str(256**size - 1) if size else ""
    assert len(largest) <= digits
    assert to_digits(b"\xff" * size) == largest.zfill(digits) if size else not to_digits(b"")
    assert to_digits(bytes(size)) == "0" * digits
    assert from_digits("0" * digits) == bytes(size)


@pytest.mark.parametrize("length", [n for n in range(18) if n not in SIZES.values()])
@pytest.mark.parametrize("before", ["", "0" * 17])
@pytest.mark.parametrize("digit", "019")
def test_impossible_lengths(length, before, digit):
    with pytest.raises(DecodeError) as caught:
        from_digits(before + digit * length)
    assert caught.value.reason is Reason.DAMAGED_TEXT


@pytest.mark.parametrize("size", range(1, 8))
@pytest.mark.parametrize("before", ["", "0" * 17])
def test_groups_too_large_for_their_bytes(size, before):
    digits = SIZES[size]
    assert from_digits(before + str(256**size - 1).zfill(digits))[-size:] == b"\xff" * size
    for number in (256**size, 10**digits - 1):
        with pytest.raises(DecodeError) as caught:
            from_digits(before + str(number))
        assert caught.value.reason is Reason.DAMAGED_TEXT


def test_worked_example():
    assert to_digits(b"signedcert") == "32485515276412003" + "06648436"
