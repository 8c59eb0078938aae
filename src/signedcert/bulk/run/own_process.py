"""Processes that run nothing but our own code, and take little memory for it."""

import contextlib
import ctypes
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import pyarrow as pa

#: Of glibc (malloc.h): how many arenas there are at most.
_ARENA_MAX = -8


class _NoPandas(MetaPathFinder):
    """Says that pandas is not installed, which pyarrow takes well."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is not needed here", name=fullname)
        return None


def take_little_memory() -> None:
    """For processes that run nobody else's code: pandas stays out, and memory is given back.

    pyarrow loads pandas, where it is installed, as soon as it makes an array, to see whether the
    values are pandas' own: half a second and 30 MB in each process. Its own allocator keeps what it
    once had, some 15 MB, and glibc the same for each thread.
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # another C library has no such thing
            ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
    pa.set_memory_pool(pa.system_memory_pool())
    if not any(isinstance(each, _NoPandas) for each in sys.meta_path):
        sys.meta_path.insert(0, _NoPandas())
