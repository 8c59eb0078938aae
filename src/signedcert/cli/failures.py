"""What goes wrong becomes one clear message on standard error and the right exit code."""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any, TextIO, cast

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.screen import visible
from signedcert.errors import DecodeError, SignedCertError
from signedcert.qr.read import PictureError

#: Wrong options and arguments, which typer words itself. Older versions have the class from click,
#: newer ones have their own; either way it is the third in line.
_USAGE = cast(type[Exception], typer.BadParameter.mro()[2])


#: What a command finds as its context's object where it has the process to itself, and not where a
#: program calls it, as tests do.
OWN_PROCESS = "own process"


class CommandError(Exception):
    """What a command has to say before it gives up.

    :ivar code: the exit code.
    """

    def __init__(self, message: str, code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(message)
        self.code = code


class Commands(TyperGroup):
    """The commands. No exception leaves them but typer's own."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Reads the options before the command, and prints help and version."""
        try:
            return super().make_context(*args, **kwargs)
        except SystemExit as error:  # a closed pipe, see _report
            raise typer.Exit(_report(error)) from None

    def invoke(self, ctx: Any) -> Any:
        """Runs the command that was named."""
        _print_whatever_the_encoding()
        try:
            with _flushed():
                return super().invoke(ctx)
        except (typer.Exit, typer.Abort, _USAGE):
            raise
        # Everything: a traceback helps nobody, and could show what must stay secret.
        except BaseException as error:  # noqa: BLE001  # no traceback is to reach a user
            raise typer.Exit(_report(error)) from None


def run() -> None:
    """Runs the command line, up to what is printed outside of any command: help, usage, version."""
    # The application imports this module.
    from signedcert.cli.app import app

    try:
        with _flushed():
            app(obj=OWN_PROCESS)
    except OSError as error:
        raise SystemExit(_report(error)) from None


@contextlib.contextmanager
def _flushed() -> Iterator[None]:
    """Flushes standard output while a failure to do so can still be reported."""
    try:
        yield
    finally:
        sys.stdout.flush()


def _report(error: BaseException) -> ExitCode:
    # SystemExit is what rich makes of a closed pipe under typer's help.
    if isinstance(error, BrokenPipeError | SystemExit):
        _drop(sys.stdout)
        return ExitCode.OUTPUT_CLOSED
    message, code = _explain(error)
    with contextlib.suppress(OSError):
        for line in message.split("\n"):
            sys.stderr.write(f"{visible(line)}\n")
    if isinstance(error, OSError):
        for stream in (sys.stdout, sys.stderr):
            _drop(stream)
    return code


def _explain(error: BaseException) -> tuple[str, ExitCode]:
    match error:
        case CommandError():
            return f"signedcert: {error}", error.code
        case DecodeError():
            return f"signedcert: {error} ({error.reason})", ExitCode.INVALID
        case PictureError():
            return f"signedcert: {error}", ExitCode.NOTHING_READ
        case SignedCertError():
            return f"signedcert: {error}", ExitCode.USAGE
        case ValidationError():
            return f"signedcert: {error.error_count()} wrong values", ExitCode.USAGE
        case OSError():
            return f"signedcert: {os_error(error)}", ExitCode.USAGE
        case KeyboardInterrupt():
            return "signedcert: stopped", ExitCode.INTERRUPTED
        case OverflowError() if "date" in str(error):  # as datetime says it
            words = "a moment here is out of range: dates go from the year 1 to the year 9999"
            return f"signedcert: {words}", ExitCode.USAGE
        case MemoryError():
            return "signedcert: out of memory", ExitCode.USAGE
    return (
        f"signedcert: this is a fault of signedcert itself ({type(error).__name__}); please report "
        "the command that led to it",
        ExitCode.INTERNAL,
    )


def os_error(error: OSError) -> str:
    """What the operating system said, and about which file."""
    words = error.strerror or type(error).__name__
    name = error.filename2 or error.filename
    return words if name is None else f"{os.fsdecode(name)}: {words}"


def _print_whatever_the_encoding() -> None:
    """Names in any script must not break a terminal of another encoding."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _drop(stream: TextIO) -> None:
    """Sends what is still to be written nowhere: Python would try again at its end, and fail."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
