"""What the exit codes mean. Scripts rely on them."""

from collections.abc import Iterable
from enum import IntEnum

from signedcert.verify.verdict import Status


class ExitCode(IntEnum):
    """The code that a command exits with."""

    #: Valid, or done.
    DONE = 0
    #: Invalid; garbage is invalid too.
    INVALID = 1
    #: Wrong usage, or what was asked could not be done.
    USAGE = 2
    #: No check failed, but at least one could not be answered.
    INDETERMINATE = 3
    #: There was nothing to check: no such file, empty input, no QR code in the picture.
    NOTHING_READ = 4
    #: A fault of this program's own (EX_SOFTWARE of sysexits.h).
    INTERNAL = 70
    #: Stopped by the user, as shells report it (128 + SIGINT).
    INTERRUPTED = 130
    #: Whoever read the output stopped reading (128 + SIGPIPE).
    OUTPUT_CLOSED = 141


OF_STATUS = {
    Status.VALID: ExitCode.DONE,
    Status.INVALID: ExitCode.INVALID,
    Status.INDETERMINATE: ExitCode.INDETERMINATE,
}
_WORST_FIRST = (ExitCode.NOTHING_READ, ExitCode.INVALID, ExitCode.INDETERMINATE, ExitCode.DONE)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """The code for several inputs: 4 where any could not be read, else 1, else 3, else 0."""
    return min(codes, key=_WORST_FIRST.index)
