"""Which system calls of Linux a confined process may make, by their numbers.

What reads files it may open, computes in threads, and tells the time. What is in no list fails with
ENOSYS, as on an old kernel, so that libraries take their other way. Numbers: the kernel's
``arch/x86/entry/syscalls/syscall_64.tbl`` and ``include/uapi/asm-generic/unistd.h``.
"""

import os
from dataclasses import dataclass

#: (name, on x86_64, on aarch64); None where there is no such call.
_ALLOWED: tuple[tuple[str, int | None, int | None], ...] = (
    # Reading, and writing into pipes
    ("read", 0, 63), ("write", 1, 64), ("readv", 19, 65), ("writev", 20, 66),
    ("pread64", 17, 67), ("preadv", 295, 69), ("lseek", 8, 62), ("close", 3, 57),
    ("close_range", 436, 436), ("dup", 32, 23), ("dup2", 33, None), ("dup3", 292, 24),
    ("pipe2", 293, 59), ("fadvise64", 221, 223), ("poll", 7, None), ("ppoll", 271, 73),
    ("select", 23, None), ("pselect6", 270, 72), ("eventfd2", 290, 19),
    ("epoll_create1", 291, 20), ("epoll_ctl", 233, 21), ("epoll_wait", 232, None),
    ("epoll_pwait", 281, 22),
    # What is said of files and folders
    ("fstat", 5, 80), ("stat", 4, None), ("lstat", 6, None), ("newfstatat", 262, 79),
    ("statx", 332, 291), ("access", 21, None), ("faccessat", 269, 48), ("faccessat2", 439, 439),
    ("readlink", 89, None), ("readlinkat", 267, 78), ("getcwd", 79, 17), ("getdents64", 217, 61),
    # Memory
    ("mmap", 9, 222), ("munmap", 11, 215), ("mremap", 25, 216), ("mprotect", 10, 226),
    ("madvise", 28, 233), ("brk", 12, 214), ("mincore", 27, 232), ("membarrier", 324, 283),
    # Threads, and signals within
    ("futex", 202, 98), ("set_robust_list", 273, 99), ("get_robust_list", 274, 100),
    ("set_tid_address", 218, 96), ("rseq", 334, 293), ("sched_yield", 24, 124),
    ("sched_getaffinity", 204, 123), ("sched_getparam", 143, 121),
    ("sched_getscheduler", 145, 120), ("sched_get_priority_max", 146, 125),
    ("sched_get_priority_min", 147, 126), ("getcpu", 309, 168), ("arch_prctl", 158, None),
    ("rt_sigaction", 13, 134), ("rt_sigprocmask", 14, 135), ("rt_sigreturn", 15, 139),
    ("sigaltstack", 131, 132), ("restart_syscall", 219, 128), ("exit", 60, 93),
    ("exit_group", 231, 94),
    # Who and when
    ("getpid", 39, 172), ("gettid", 186, 178), ("getppid", 110, 173), ("getuid", 102, 174),
    ("geteuid", 107, 175), ("getgid", 104, 176), ("getegid", 108, 177), ("getrlimit", 97, 163),
    ("getrusage", 98, 165), ("times", 100, 153), ("uname", 63, 160), ("sysinfo", 99, 179),
    ("getrandom", 318, 278), ("clock_gettime", 228, 113), ("clock_getres", 229, 114),
    ("clock_nanosleep", 230, 115), ("gettimeofday", 96, 169), ("time", 201, None),
    ("nanosleep", 35, 101), ("setitimer", 38, 103), ("getitimer", 36, 102),
)  # fmt: skip

#: Those that programs ask for and can be told "not permitted" of.
_NOT_PERMITTED: tuple[tuple[str, int | None, int | None], ...] = (
    ("socket", 41, 198), ("socketpair", 53, 199), ("connect", 42, 203), ("bind", 49, 200),
    ("sendto", 44, 206), ("execve", 59, 221), ("execveat", 322, 281), ("fork", 57, None),
    ("vfork", 58, None), ("kill", 62, 129), ("tkill", 200, 130), ("ptrace", 101, 117),
    ("process_vm_readv", 310, 270), ("process_vm_writev", 311, 271), ("io_uring_setup", 425, 425),
    ("mkdir", 83, None), ("mkdirat", 258, 34), ("unlink", 87, None), ("unlinkat", 263, 35),
    ("rmdir", 84, None), ("rename", 82, None), ("renameat", 264, 38), ("renameat2", 316, 276),
    ("link", 86, None), ("linkat", 265, 37), ("symlink", 88, None), ("symlinkat", 266, 36),
    ("chmod", 90, None), ("fchmodat", 268, 53), ("truncate", 76, 45), ("ftruncate", 77, 46),
)  # fmt: skip

#: clone(2): a thread of this process instead of another process.
_CLONE_THREAD = 0x00010000
#: ioctl(2): FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, and TCGETS, which asks for a terminal.
_IOCTLS = (0x541B, 0x5421, 0x5451, 0x5450, 0x5401)
#: fcntl(2): F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC. Not F_SETOWN, which
#: sends signals.
_FCNTLS = (0, 1, 2, 3, 4, 1030)
#: prctl(2): PR_SET_NAME and PR_GET_NAME, of threads, and PR_SET_VMA, of memory.
_PRCTLS = (15, 16, 0x53564D41)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True, slots=True)
class Condition:
    """A call that is allowed by the lower half of one of its arguments.

    :ivar numbers: of the call, on x86_64 and on aarch64.
    :ivar argument: its place, from 0.
    :ivar equals: the values that are allowed.
    :ivar has: or bits of which one must be set.
    :ivar has_not: or bits of which none may be set.
    """

    numbers: tuple[int | None, int | None]
    argument: int
    equals: tuple[int, ...] = ()
    has: int = 0
    has_not: int = 0


@dataclass(frozen=True, slots=True)
class Architecture:
    """The system calls of one architecture.

    :ivar audit: its number in the kernel's audit (``AUDIT_ARCH_…``).
    :ivar seccomp: number of seccomp(2).
    :ivar conditions: with the number of the call on this architecture.
    """

    audit: int
    seccomp: int
    allowed: tuple[int, ...]
    not_permitted: tuple[int, ...]
    conditions: tuple[tuple[int, Condition], ...]


def architecture(machine: str, pid: int) -> Architecture | None:
    """The system calls on a machine; None where they are not known.

    :param machine: as :func:`platform.machine` names it.
    :param pid: of the process to be confined, which may send signals to itself alone.
    """
    column = {"x86_64": 0, "aarch64": 1}.get(machine)
    if column is None:
        return None
    conditions = (
        Condition((56, 220), 0, has=_CLONE_THREAD),  # clone
        Condition((234, 131), 0, equals=(pid,)),  # tgkill, of abort(3)
        Condition((302, 261), 0, equals=(0, pid)),  # prlimit64
        Condition((16, 29), 1, equals=_IOCTLS),  # ioctl
        Condition((72, 25), 1, equals=_FCNTLS),  # fcntl
        Condition((157, 167), 0, equals=_PRCTLS),  # prctl
        Condition((257, 56), 2, has_not=_WRITING),  # openat
        Condition((2, None), 1, has_not=_WRITING),  # open
    )
    return Architecture(
        audit=(0xC000003E, 0xC00000B7)[column],
        seccomp=(317, 277)[column],
        allowed=_numbers(_ALLOWED, column),
        not_permitted=_numbers(_NOT_PERMITTED, column),
        conditions=tuple(
            (number, each) for each in conditions if (number := each.numbers[column]) is not None
        ),
    )


def _numbers(calls: tuple[tuple[str, int | None, int | None], ...], column: int) -> tuple[int, ...]:
    found = ((on_x86_64, on_aarch64)[column] for _, on_x86_64, on_aarch64 in calls)
    return tuple(number for number in found if number is not None)
