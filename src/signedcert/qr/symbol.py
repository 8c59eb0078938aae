"""The modules of a QR code, ten times as fast as :mod:`signedcert.qr.encode` makes them.

For documents, of which there are many. The text, the level and the size are those of
:func:`signedcert.qr.encode`; the mask pattern may be another.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

import zxingcpp

from signedcert.codec.text import qr_text
from signedcert.qr.encode import ErrorLevel, too_large
from signedcert.qr.render import QUIET_ZONE

#: ISO/IEC 18004, section 5.3.1: modules a side of the smallest version, and between versions.
_SMALLEST, _STEP = 21, 4
_LEVELS: tuple[ErrorLevel, ...] = get_args(ErrorLevel)
#: A little more than a module: where rows only touch, viewers draw light lines between them.
_HEIGHT = "1.04"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code without its quiet zone.

    :ivar side: modules a side.
    :ivar error: its level, L to H.
    :ivar modules: row by row from the top left, a byte each; 0 is dark.
    """

    side: int
    error: str
    modules: bytes

    @property
    def version(self) -> int:
        """1 to 40."""
        return (self.side - _SMALLEST) // _STEP + 1

    def svg(self) -> str:
        """It as a stand-alone SVG image, a user unit a module, with its quiet zone."""
        whole = self.side + 2 * QUIET_ZONE
        path = "".join(
            f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{length}v{_HEIGHT}h-{length}z"
            for x, y, length in self._runs()
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{whole}">'
            f'<path fill="#fff" d="M0 0h{whole}v{whole}h-{whole}z"/><path d="{path}"/></svg>'
        )

    def _runs(self) -> Iterator[tuple[int, int, int]]:
        """Dark modules side by side: where they begin, and how many."""
        for y in range(self.side):
            row = self.modules[y * self.side : (y + 1) * self.side]
            start = row.find(0)
            while start >= 0:
                end = row.find(255, start)
                end = self.side if end < 0 else end
                yield start, y, end - start
                start = row.find(0, end)


def symbol(page: str, token: bytes, error: ErrorLevel = "m") -> Symbol:
    """The QR code of a link that carries the whole token.

    :param page: the http(s) URL of a verify page, without a fragment.
    :param error: the least error correction level.
    :raises EncodeError: when the page is no such URL, or no QR code is large enough.
    :raises DecodeError: when the token is not one.
    """
    text = "".join(qr_text(page, token))
    try:
        found = _encoded(text, error.upper())
    except ValueError:
        raise too_large(error) from None
    for better in _LEVELS[_LEVELS.index(error) + 1 :]:
        try:
            other = _encoded(text, better.upper())
        except ValueError:
            break
        if other.side > found.side:
            break
        found = other
    return found


def _encoded(text: str, error: str) -> Symbol:
    # It finds the segments by itself: bytes, then digits.
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=error)
    picture: Any = code.to_image(scale=1, add_quiet_zones=False)  # a buffer, which its types hide
    modules = bytes(memoryview(picture))
    return Symbol(math.isqrt(len(modules)), error, modules)
