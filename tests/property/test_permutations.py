"""Permutations of any size under any key: in range, invertible, and other under another key."""

from hypothesis import assume, given
from hypothesis import strategies as st

from signedcert.workspace.ledger.permutation import SIZE_MAX, Permutation

KEYS = st.binary(min_size=32, max_size=32)
SIZES = st.integers(2, 2**12) | st.integers(2, SIZE_MAX)


@given(KEYS, SIZES, st.data())
def test_indices_are_in_range_and_lead_back(key: bytes, size: int, data: st.DataObject) -> None:
    permutation = Permutation(key, size)
    counter = data.draw(st.integers(0, size - 1))
    index = permutation.index(counter)
    assert 0 <= index < size
    assert permutation.counter(index) == counter
    assert list(permutation.indices(range(counter, counter + 1))) == [index]


@given(KEYS, st.integers(2, 300))
def test_small_ones_send_no_two_counters_to_one_index(key: bytes, size: int) -> None:
    indices = Permutation(key, size).indices(range(size))
    assert sorted(indices) == list(range(size))


@given(KEYS, KEYS, st.integers(64, SIZE_MAX))
def test_another_key_gives_another_order(first: bytes, second: bytes, size: int) -> None:
    assume(first != second)
    orders = [list(Permutation(key, size).indices(range(30))) for key in (first, second)]
    assert orders[0] != orders[1]
