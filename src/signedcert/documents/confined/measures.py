"""What confines a child, each named so that people and tests can ask for it."""

import enum


class Measure(enum.StrEnum):
    """One measure, which is in force or is not.

    :cvar MEMORY: no more memory than agreed (RLIMIT_AS).
    :cvar RESOURCES: no files written by size, no core files, few files open (setrlimit).
    :cvar ALARM: the system ends it when a request takes too long, even where its parent is gone.
    :cvar DIES_WITH_PARENT: the system ends it as soon as its parent ends (PR_SET_PDEATHSIG).
    :cvar NO_NEW_PRIVILEGES: no program gives it more rights (PR_SET_NO_NEW_PRIVS).
    :cvar FILES: only Python, this package and the folders named are readable, nothing is writable
        (Landlock).
    :cvar SYSTEM_CALLS: no sockets, no processes, no signals to others, no files opened to be
        written (seccomp).
    """

    MEMORY = "memory"
    RESOURCES = "resources"
    ALARM = "alarm"
    DIES_WITH_PARENT = "dies_with_parent"
    NO_NEW_PRIVILEGES = "no_new_privileges"
    FILES = "files"
    SYSTEM_CALLS = "system_calls"
