"""A QR code as PNG, as SVG, and as text for a terminal."""

import io

import segno

#: ISO/IEC 18004, section 5.3.8: four modules of quiet zone on every side.
QUIET_ZONE = 4
#: By twice the module above, and the one below.
HALF_BLOCKS = " ▄▀█"


def png(code: segno.QRCode, *, scale: int = 8) -> bytes:
    """The code as a PNG image, black on white.

    :param scale: pixels a module.
    """
    buffer = io.BytesIO()
    code.save(buffer, kind="png", scale=scale, border=QUIET_ZONE)
    return buffer.getvalue()


def svg(code: segno.QRCode, *, scale: int = 4) -> bytes:
    """The code as a stand-alone SVG image in UTF-8, black on white.

    :param scale: user units a module.
    """
    buffer = io.BytesIO()
    code.save(
        buffer, kind="svg", scale=scale, border=QUIET_ZONE, light="#fff", xmldecl=False, nl=True
    )
    return buffer.getvalue()


def terminal(code: segno.QRCode) -> str:
    """The code in half blocks, two modules a character, dark on light whatever the theme.

    The colours are set by escape sequences, so it scans in dark terminals too.
    """
    rows = [list(row) for row in code.matrix_iter(border=QUIET_ZONE)]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    black_on_white, reset = "\x1b[38;5;16;48;5;231m", "\x1b[0m"
    lines = (
        "".join(HALF_BLOCKS[2 * above + below] for above, below in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )
    return "".join(f"{black_on_white}{line}{reset}\n" for line in lines)
