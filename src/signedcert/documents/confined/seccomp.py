"""A filter of system calls (seccomp(2), mode 2), written in classic BPF."""

import ctypes
import errno
import os
import platform
import struct

from signedcert.documents.confined.kernel import call
from signedcert.documents.confined.system_calls import Architecture, Condition, architecture

_SET_MODE_FILTER = 1
#: For threads too that libraries may have started already.
_FLAG_TSYNC = 1
# linux/bpf_common.h, linux/seccomp.h
_LOAD, _IF_EQUAL, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _ERROR, _KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
# struct seccomp_data: number, architecture, place, then arguments of 64 bits. Both architectures
# have the lower half of a number first.
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_INSTRUCTION = struct.Struct("<HBBI")


def filter_system_calls() -> None:
    """Has the kernel refuse whatever :mod:`system_calls` does not list, for good.

    :raises OSError: when the kernel, or the container, has no such filters for this process, or the
        architecture is not known.
    """
    known = architecture(platform.machine(), os.getpid())
    if known is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    code = program(known)
    buffer = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: how many instructions, and where they are.
    filter_ = struct.pack("@HP", len(code) // _INSTRUCTION.size, ctypes.addressof(buffer))
    call(known.seccomp, _SET_MODE_FILTER, _FLAG_TSYNC, ctypes.create_string_buffer(filter_))


def program(known: Architecture) -> bytes:
    """The filter's instructions.

    A call of another architecture (32-bit programs on a 64-bit kernel have other numbers) ends the
    process.
    """
    code = [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_IF_EQUAL, known.audit, 1, 0),
        _instruction(_RETURN, _KILL_PROCESS),
        _instruction(_LOAD, _NUMBER),
    ]
    code += [each for number in known.allowed for each in _if_number(number, _ALLOW)]
    for number, condition in known.conditions:
        block = _if_condition(condition)
        code += [_instruction(_IF_EQUAL, number, 0, len(block)), *block]
    refused = _ERROR | errno.EPERM
    code += [each for number in known.not_permitted for each in _if_number(number, refused)]
    return b"".join([*code, _instruction(_RETURN, _ERROR | errno.ENOSYS)])


def _if_number(number: int, result: int) -> tuple[bytes, bytes]:
    return _instruction(_IF_EQUAL, number, 0, 1), _instruction(_RETURN, result)


def _if_condition(condition: Condition) -> list[bytes]:
    """Loads the argument and returns in any case."""
    allowed, refused = (_instruction(_RETURN, result) for result in (_ALLOW, _ERROR | errno.EPERM))
    code = [_instruction(_LOAD, _ARGUMENTS + 8 * condition.argument)]
    for value in condition.equals:
        code += _if_number(value, _ALLOW)
    if condition.has:
        code += [_instruction(_IF_ANY_BIT, condition.has, 0, 1), allowed]
    if condition.has_not:
        code += [_instruction(_IF_ANY_BIT, condition.has_not, 1, 0), allowed]
    return [*code, refused]


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return _INSTRUCTION.pack(code, if_true, if_false, value)
