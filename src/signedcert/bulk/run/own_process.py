"""Processes that run nothing but our own code, and take little memory for it."""

import contextlib
import ctypes
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import pyarrow as pa

#: Of glibc (malloc.h): the largest free end of its memory that it keeps, from which size on a block
#: is mapped by itself, how many arenas there are at most.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
#: Bytes of a block that goes back to the system as soon as it is free.
_LARGE = 256 * 1024


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
    _tune({_ARENA_MAX: 1})
    if "ARROW_DEFAULT_MEMORY_POOL" not in os.environ:  # which decides for C++ as well
        pa.set_memory_pool(pa.system_memory_pool())
    if not any(isinstance(each, _NoPandas) for each in sys.meta_path):
        sys.meta_path.insert(0, _NoPandas())


def give_back_large_blocks() -> None:
    """For the process through which all rows go, on their way to files: no gaps between batches.

    By itself glibc learns from the blocks that it sees freed to keep larger and larger ones, and
    the gaps between them come to some 40 MB. This costs time, because memory that comes from the
    system is cleared; so processes that work on rows do without.
    """
    _tune({_MMAP_THRESHOLD: _LARGE, _TRIM_THRESHOLD: _LARGE})


def _tune(settings: Mapping[int, int]) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # another C library has no such thing
            for setting, value in settings.items():
                ctypes.CDLL(None).mallopt(setting, value)
