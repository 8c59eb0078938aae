"""A QR code on the terminal."""

import sys

import segno
from rich.console import Console

from signedcert import qr
from signedcert.cli.failures import CommandError
from signedcert.qr.render import HALF_BLOCKS, QUIET_ZONE


def print_qr(console: Console, code: segno.QRCode) -> None:
    """Prints the code, or says why it cannot be scanned from here.

    :raises CommandError: when the output's encoding has no half blocks.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        HALF_BLOCKS.encode(encoding)
    except UnicodeEncodeError:
        raise CommandError(
            f"the QR code cannot be shown: the output's encoding, {encoding}, has no half blocks. "
            "Write it to a file instead: signedcert qr --out FILE.png"
        ) from None
    width = code.symbol_size(border=QUIET_ZONE)[0]
    if console.is_terminal and console.width < width:
        console.print(
            f"The QR code needs a terminal {width} characters wide; this one has {console.width}. "
            "Write it to a file instead: signedcert qr --out FILE.png"
        )
        return
    # Escape sequences of our own, and no text: not for rich, which would take them out.
    sys.stdout.write(qr.terminal(code))
