"""Gives up rights, in the child, once everything is loaded that the task needs."""

import os
import signal
import sys
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from signedcert.documents.confined.measures import Measure

_OPEN_FILES = 256
#: Where the system keeps libraries, for modules that are loaded when they are first used.
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")


def lock_down(memory: int, readable: Sequence[Path]) -> frozenset[Measure]:
    """Takes every measure that the system has, and tells which are in force.

    :param memory: bytes of address space.
    :param readable: folders and files to be read, beside Python and what is loaded.
    """
    in_force = {Measure.ALARM} if hasattr(signal, "setitimer") else set()
    in_force |= _limited(memory)
    if sys.platform == "linux":
        in_force |= _confined((*readable, *_python()))
    return frozenset(in_force)


def _limited(memory: int) -> set[Measure]:
    if sys.platform == "win32":
        return set()
    import resource  # there is none on Windows

    in_force = set()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _OPEN_FILES if most == resource.RLIM_INFINITY else min(_OPEN_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    in_force.add(Measure.RESOURCES)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        in_force.add(Measure.MEMORY)
    except (ValueError, OSError):  # macOS knows it and refuses it
        pass
    return in_force


def _confined(readable: Sequence[Path]) -> set[Measure]:
    # They are of Linux, as is ctypes.CDLL(None).
    from signedcert.documents.confined import kernel, landlock, seccomp

    in_force = set()
    # The filter comes last: it refuses the others.
    measures: tuple[tuple[Measure, Callable[[], None]], ...] = (
        (Measure.DIES_WITH_PARENT, lambda: kernel.die_with_parent(signal.SIGKILL)),
        (Measure.NO_NEW_PRIVILEGES, lambda: kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)),
        (Measure.FILES, lambda: landlock.allow_reading(readable)),
        (Measure.SYSTEM_CALLS, seccomp.filter_system_calls),
    )
    for measure, take in measures:
        # Landlock binds one thread. Those that a library has started already would be free.
        if measure is Measure.FILES and _threads() != 1:
            continue
        try:
            take()
        except OSError:
            continue
        in_force.add(measure)
    return in_force


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208  # names alone
    except OSError:
        return 1


def _python() -> Iterator[Path]:
    """Python's library, the packages installed, and where what is loaded came from.

    Not the folders of ``sys.path`` as such: one of them may be somebody's own, with other files.
    """
    own = (sysconfig.get_path(each) for each in ("stdlib", "platstdlib", "purelib", "platlib"))
    for path in {*own, *_LIBRARIES}:
        yield Path(path)
    for entry in sys.path:
        if Path(entry).name in ("site-packages", "dist-packages"):
            yield Path(entry)
    for name, module in tuple(sys.modules.items()):
        if "." in name or name == "__main__":
            continue
        file = getattr(module, "__file__", None)
        for place in getattr(module, "__path__", None) or ([file] if file else []):
            yield Path(place)
