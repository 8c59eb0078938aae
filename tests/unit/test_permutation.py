"""The order in which a status list's indices are handed out: golden values, and what is refused."""

import pickle
from itertools import pairwise

import pytest

from signedcert.workspace.ledger.permutation import SIZE_MAX, Permutation

KEY = bytes(range(32))


@pytest.mark.parametrize("size", [2, 3, 4, 5, 16, 17, 63, 64, 65, 255, 1000, 1024, 1025])
def test_every_index_comes_once_and_leads_back(size):
    permutation = Permutation(KEY, size)
    indices = list(permutation.indices(range(size)))
    assert sorted(indices) == list(range(size))
    assert indices == [permutation.index(counter) for counter in range(size)]
    assert [permutation.counter(index) for index in indices] == list(range(size))


def test_the_order_looks_random():
    size = 1000
    indices = list(Permutation(KEY, size).indices(range(size)))
    steps = {second - first for first, second in pairwise(indices)}
    assert len(steps) > size / 2
    # As many rise as fall, give or take five standard deviations of a random order.
    rising = sum(second > first for first, second in pairwise(indices))
    assert abs(rising - size / 2) < 5 * (size / 12) ** 0.5


@pytest.mark.parametrize(
    ("size", "counter"),
    [(-1, 0), (0, 0), (1, 0), (SIZE_MAX + 1, 0), (8, -1), (8, 8), (SIZE_MAX, SIZE_MAX)],
)
def test_other_sizes_and_numbers_are_refused(size, counter):
    with pytest.raises(ValueError, match=r"from [02] to"):
        Permutation(KEY, size).index(counter)
    with pytest.raises(ValueError, match=r"from [02] to"):
        Permutation(KEY, size).counter(counter)


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33), bytearray(32)])
def test_other_keys_are_refused(key):
    with pytest.raises(ValueError, match="32 bytes"):
        Permutation(key, 8)


def test_it_travels_to_other_processes_and_shows_no_key():
    permutation = Permutation(KEY, 1000)
    assert pickle.loads(pickle.dumps(permutation)).index(7) == permutation.index(7)
    assert repr(permutation) == "Permutation(size=1000)"


#: Frozen: what was handed out under these keys must never be handed out again.
GOLDEN = {
    2: [1, 0, 0],
    3: [1, 2, 0],
    10: [1, 0, 7],
    1000: [986, 804, 813],
    2**16: [40863, 34901, 34169],
    2**20: [88286, 825128, 108775],
    2**20 + 1: [887352, 505859, 583144],
    2**24: [12435411, 6673518, 5763992],
    10**9: [670557775, 112787728, 5589090],
    2**32: [2459608948, 499449000, 747763139],
    2**40 - 1: [699486509899, 563566125756, 564699154338],
    2**40: [699486509899, 563566125756, 61300900138],
}


@pytest.mark.parametrize("size", GOLDEN)
def test_golden_values(size):
    assert [Permutation(KEY, size).index(counter) for counter in (0, 1, size - 1)] == GOLDEN[size]
