"""The filter's numbers against the kernel's headers, and what it decides, for both architectures.

The machine that runs this has one of the two. The other's filter runs in the interpreter below.
"""

import errno
import os
import re
import struct
from pathlib import Path

import pytest

from signedcert.documents.confined.seccomp import program
from signedcert.documents.confined.system_calls import (
    _ALLOWED,
    _NOT_PERMITTED,
    Architecture,
    architecture,
)

_PID = 4711
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_NOT_SUPPORTED, _REFUSED = 0x00050000 | errno.ENOSYS, 0x00050000 | errno.EPERM
_HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
_NUMBERS = {
    # openat, clone, tgkill, socket, execve, read, ioctl
    "x86_64": (257, 56, 234, 41, 59, 0, 16),
    "aarch64": (56, 220, 131, 198, 221, 63, 29),
}


def known(machine: str) -> Architecture:
    found = architecture(machine, _PID)
    assert found is not None
    return found


def decided(code: bytes, audit: int, number: int, *arguments: int) -> int:
    """Runs a filter as the kernel does (linux/Documentation/networking/filter.rst)."""
    padded = (*arguments, *(0,) * (6 - len(arguments)))
    data = struct.pack("<iIQ6Q", number, audit, 0, *padded)
    instructions = list(struct.iter_unpack("<HBBI", code))
    place = accumulator = 0
    while True:
        kind, if_true, if_false, value = instructions[place]
        place += 1
        match kind:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, value)
            case 0x15:
                place += if_true if accumulator == value else if_false
            case 0x45:
                place += if_true if accumulator & value else if_false
            case 0x06:
                return int(value)
            case _:
                raise AssertionError(f"no instruction {kind:#x}")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_numbers_are_those_of_the_kernels_headers(machine):
    header = _HEADERS[machine]
    if not header.exists():
        pytest.skip("the headers are not installed (linux-libc-dev)")
    found = re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", header.read_text())
    numbers = {name: int(number) for name, number in found}
    # Its name on 64-bit machines.
    numbers.setdefault("newfstatat", numbers.get("fstatat", -1))
    column = list(_HEADERS).index(machine)
    for name, *both in (*_ALLOWED, *_NOT_PERMITTED):
        if both[column] is not None:
            assert numbers[name] == both[column], name
    for number, condition in known(machine).conditions:
        assert number in numbers.values(), condition


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_no_call_is_in_two_lists(machine):
    found = known(machine)
    numbers = [
        *found.allowed,
        *found.not_permitted,
        *(number for number, _ in found.conditions),
    ]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_allows_reading_and_threads_and_refuses_the_rest(machine):
    found = known(machine)
    code = program(found)
    openat, clone, tgkill, socket, execve, read, ioctl = _NUMBERS[machine]

    def asks(number: int, *arguments: int) -> int:
        return decided(code, found.audit, number, *arguments)

    assert asks(read, 3) == _ALLOW
    assert asks(openat, 0, 0, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY) == _ALLOW
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_RDWR | os.O_CREAT):
        assert asks(openat, 0, 0, flags) == _REFUSED
    assert asks(clone, 0x3D0F00) == _ALLOW  # as glibc starts threads
    assert asks(clone, 17) == _REFUSED  # as glibc forks
    assert asks(clone, 0x10000000) == _REFUSED  # a name space of users
    assert asks(tgkill, _PID, 1, 6) == _ALLOW
    assert asks(tgkill, 1, 1, 9) == _REFUSED
    assert asks(ioctl, 0, 0x5401) == _ALLOW
    assert asks(ioctl, 0, 0x5412) == _REFUSED
    assert asks(socket, 2, 1, 0) == _REFUSED
    assert asks(execve) == _REFUSED
    assert asks(435) == _NOT_SUPPORTED  # clone3: glibc takes clone then
    assert asks(9999) == _NOT_SUPPORTED
    assert decided(code, 0x40000003, read) == _KILL  # a call of a 32-bit program


def test_a_machine_of_another_kind_has_no_filter():
    assert architecture("riscv64", _PID) is None
