"""What is remembered stays within its bound."""

from signedcert.bulk.kernel.memory import Memory


def test_what_was_put_in_comes_out_until_it_is_too_much():
    memory = Memory(10_000)
    for number in range(1000):
        memory.put(number, str(number), 500)
        assert memory.get(number) == str(number)
        kept = [other for other in range(number + 1) if memory.get(other) is not None]
        assert kept == list(range(kept[0], number + 1))
        # Each takes something beside the bytes that are counted.
        assert len(kept) <= 9
    assert memory.get("another") is None


def test_what_is_too_large_by_itself_is_not_kept():
    memory = Memory(10_000)
    memory.put("small", 1, 10)
    memory.put("large", 2, 10_001)
    assert memory.get("large") is memory.get("small") is None
    memory.put("small", 1, 10)
    assert memory.get("small") == 1
