"""System calls of Linux that Python has no names for."""

import ctypes
import os

_PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


def call(number: int, *arguments: int | ctypes.Array[ctypes.c_char] | None) -> int:
    """Makes a system call.

    :param arguments: numbers, None for a null pointer, and buffers, which are given by address.
    :raises OSError: when the kernel refuses it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    passed = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result = int(libc.syscall(ctypes.c_long(number), *passed))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def prctl(option: int, value: int) -> None:
    """Changes one property of this process.

    :raises OSError: when the kernel refuses it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(ctypes.c_int(option), *(ctypes.c_ulong(each) for each in (value, 0, 0, 0))) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def die_with_parent(signal_number: int) -> None:
    """Has the kernel send this process a signal when the thread that started it ends.

    :raises OSError: when the kernel refuses it.
    """
    prctl(_PR_SET_PDEATHSIG, signal_number)
