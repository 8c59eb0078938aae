"""A token as a QR code of the smallest version that holds it."""

from typing import Any, Literal

import segno

from signedcert.codec.text import qr_text, sealed_qr_text
from signedcert.errors import EncodeError

ErrorLevel = Literal["l", "m", "q", "h"]


def encode(page: str, token: bytes, error: ErrorLevel = "m") -> segno.QRCode:
    """A QR code (ISO/IEC 18004) of a link that carries the whole token.

    The page stands in a byte-mode segment, the token in a numeric-mode segment after it. Scanners
    read one text, which :func:`signedcert.verify_text` takes.

    :param page: the http(s) URL of a verify page, without a fragment.
    :param token: the token, as :func:`signedcert.issue` returns it.
    :param error: the least error correction level; a higher one is used where the same version has
        room for it. M (15 %) is for screens and good print, Q (25 %) for what is handled much.
    :raises EncodeError: when the page is no such URL, or no QR code is large enough.
    :raises DecodeError: when the token is not one.
    """
    return _encoded(qr_text(page, token), error)


def encode_sealed(page: str, secret: bytes, error: ErrorLevel = "m") -> segno.QRCode:
    """A QR code of the link of a sealed share.

    :param page: the http(s) URL of a verify page, without a fragment.
    :param secret: 32 bytes (:func:`signedcert.share.seal`).
    :param error: as for :func:`encode`.
    :raises EncodeError: when the page is no such URL, or no QR code is large enough.
    """
    return _encoded(sealed_qr_text(page, secret), error)


def _encoded(text: tuple[str, str], error: ErrorLevel) -> segno.QRCode:
    page_part, digits = text
    # A list of segments, which segno's documentation knows and its types do not.
    segments: Any = [(page_part,), (digits,)]
    try:
        return segno.make_qr(segments, error=error)
    except segno.DataOverflowError:
        raise too_large(error) from None


def too_large(error: ErrorLevel) -> EncodeError:
    """What to do about content that no QR code holds."""
    return EncodeError(
        f"it does not fit a QR code at level {error.upper()}: share it as a link, leave out "
        "the description or the syllabus, or make it a sealed share"
    )
