"""The command line: ``signedcert init | keys | issue | verify | inspect | qr | demo``.

It needs the extra ``cli``. Without it, :func:`main` says what to install.
"""

import sys
from importlib.util import find_spec

_NEEDED = ("typer", "rich", "segno", "zxingcpp", "PIL")


def main() -> None:
    """Runs the command that the process was started with, and exits with its code."""
    if any(find_spec(name) is None for name in _NEEDED):
        sys.stderr.write(
            "signedcert: the command line needs packages that are not installed. Install them "
            "with:\n  pip install 'signedcert[cli]'\n"
        )
        raise SystemExit(2)
    try:
        from signedcert.cli.app import app

        app()
    except KeyboardInterrupt:  # before a command could begin
        raise SystemExit(130) from None
