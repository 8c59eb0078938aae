"""Results of a pure function, remembered within a bound."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

#: What an entry takes besides the bytes that are counted.
_ENTRY = 512


class Memory(Generic[T]):
    """What came out before, as long as it all fits; when it does not, all of it is forgotten.

    It shows in nothing but time. Threads may share one: each finds the right answer or none.

    :ivar get: what came out for a key, or None.
    """

    __slots__ = ("_bytes_max", "_found", "_taken", "get")

    get: Callable[[Hashable], T | None]

    def __init__(self, bytes_max: int) -> None:
        """:param bytes_max: how many bytes it may take, roughly."""
        self._bytes_max = bytes_max
        self._found: dict[Hashable, T] = {}
        self._taken = 0
        self.get = self._found.get

    def put(self, key: Hashable, result: T, size: int) -> None:
        """Remembers a result.

        :param size: how many bytes key and result have.
        """
        self._taken += size + _ENTRY
        if self._taken > self._bytes_max:
            self._found.clear()
            self._taken = size + _ENTRY
        if self._taken <= self._bytes_max:
            self._found[key] = result
