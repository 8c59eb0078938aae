"""Tokens in text: verify URLs, links' fragments, and what a scanner reads from a QR code."""

import re

from signedcert.codec.base64url import from_base64url, to_base64url
from signedcert.codec.digits import from_digits, to_digits
from signedcert.codec.framing import Frame
from signedcert.codec.packed import pack, pack_smallest, unpack_frame
from signedcert.errors import DecodeError, EncodeError, Reason

#: Longer than any token in text, with room for the link before it. In code points.
TEXT_MAX = 65_536
_SPACE = " \t\r\n"
_LINK = re.compile(r"https?://[A-Za-z0-9\-.~_\[\]:]+/[A-Za-z0-9\-._~:/?@!$&'()*+,;=%]*")


def verify_url(page: str, token: bytes) -> str:
    """The link that a learner shares: the page, then the token in the fragment.

    The fragment is not part of the request that a browser sends, so the page's server never sees
    the certificate.

    :param page: the http(s) URL of a verify page, without a fragment, such as
        ``https://learn.example.edu/c/``. It is for convenience alone and proves nothing.
    :raises EncodeError: when the page is no such URL.
    :raises DecodeError: when the token is not one.
    """
    return f"{checked_page(page)}#{to_base64url(pack(token))}"


def qr_text(page: str, token: bytes) -> tuple[str, str]:
    """The two parts of a QR code's text: the page with ``#``, and the token as decimal digits.

    :raises EncodeError: when the page is not an http(s) URL without a fragment.
    :raises DecodeError: when the token is not one.
    """
    return f"{checked_page(page)}#", to_digits(pack_smallest(token))


def token_from_text(text: str) -> bytes:
    """The token in a verify URL, a link's fragment, or the text of a QR code. Nothing is verified.

    :raises DecodeError: naming what is wrong with the text (spec, section 8).
    """
    return frame_from_text(text).to_bytes()


def frame_from_text(text: str) -> Frame:
    """Like :func:`token_from_text`, taken apart."""
    if len(text) > TEXT_MAX:
        raise DecodeError(Reason.TOO_LARGE, f"a link has at most {TEXT_MAX} characters")
    before, mark, fragment = text.strip(_SPACE).partition("#")
    if not mark:
        fragment = before
        if "://" in fragment:
            raise DecodeError(
                Reason.NO_FRAGMENT, "the link ends before its '#': the certificate is cut off"
            )
    if not fragment:
        raise DecodeError(Reason.EMPTY_INPUT, "there is nothing to check")
    # str.isdigit alone is true for digits of other scripts.
    if fragment.isdigit() and fragment.isascii():
        return unpack_frame(from_digits(fragment))
    return unpack_frame(from_base64url(fragment))


def checked_page(page: str) -> str:
    """The URL of a verify page, unchanged.

    :raises EncodeError: unless it is an http(s) URL with a path and without a fragment.
    """
    if not _LINK.fullmatch(page):
        raise EncodeError(
            "the verify page must be an http(s) URL with a path and without a fragment, "
            "such as https://learn.example.edu/c/"
        )
    return page
