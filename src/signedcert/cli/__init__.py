"""The command line: ``signedcert init | keys | issue | verify | inspect | qr | demo``.

It needs the extra ``cli``. Without it, :func:`main` says what to install.
"""

import os
import sys
from importlib.util import find_spec

_NEEDED = ("typer", "rich", "segno", "zxingcpp", "PIL")


def main() -> None:
    """Runs the command that the process was started with, and exits with its code."""
    _open_missing_streams()
    if any(find_spec(name) is None for name in _NEEDED):
        sys.stderr.write(
            "signedcert: the command line needs packages that are not installed. Install them "
            "with:\n  pip install 'signedcert[cli]'\n"
        )
        raise SystemExit(2)
    try:
        from signedcert.cli.failures import run

        run()
    except KeyboardInterrupt:  # before a command could begin
        raise SystemExit(130) from None


def _open_missing_streams() -> None:
    """Stands in for the standard streams that the process was started without.

    Otherwise the next file to be opened gets a closed one's number, and what is printed goes there.
    """
    output_missing = sys.stdout is None
    # In the order of their numbers, so that each gets its own.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(descriptor, mode, encoding="utf-8"))
    if output_missing:
        sys.stderr.write("signedcert: standard output is closed\n")
        raise SystemExit(2)
