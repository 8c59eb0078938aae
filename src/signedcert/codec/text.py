"""Tokens in text: verify URLs, links' fragments, and what a scanner reads from a QR code."""

import re

from signedcert.codec.base64url import from_base64url, to_base64url
from signedcert.codec.digits import from_digits, to_digits
from signedcert.codec.frames import AnyFrame
from signedcert.codec.packed import (
    SEALED_FORM,
    check_sealed,
    check_secret,
    pack,
    pack_smallest,
    unpack_frame,
)
from signedcert.errors import DecodeError, EncodeError, Reason

#: Longer than any token in a link, with room for the page before it. In code points.
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


def frame_from_text(text: str) -> AnyFrame:
    """Like :func:`token_from_text`, taken apart."""
    return unpack_frame(packed_from_text(text))


def sealed_url(page: str, secret: bytes) -> str:
    """The link of a sealed share: the page, then form 04 with the secret in the fragment.

    :param secret: 32 bytes.
    :raises EncodeError: when the page is no http(s) URL without a fragment.
    :raises ValueError: for a secret of another length.
    """
    return f"{checked_page(page)}#{to_base64url(_sealed(secret))}"


def sealed_qr_text(page: str, secret: bytes) -> tuple[str, str]:
    """The two parts of a QR code's text: the page with ``#``, and the secret as decimal digits.

    :raises EncodeError: when the page is no http(s) URL without a fragment.
    :raises ValueError: for a secret of another length than 32 bytes.
    """
    return f"{checked_page(page)}#", to_digits(_sealed(secret))


def secret_from_text(text: str) -> bytes:
    """The secret in the link of a sealed share: 32 bytes.

    :raises DecodeError: naming what is wrong with the text (spec, section 8), or with
        ``unknown_format`` when it is another link.
    """
    packed = packed_from_text(text)
    check_sealed(packed)
    return packed[1:]


def _sealed(secret: bytes) -> bytes:
    check_secret(secret)
    return bytes((SEALED_FORM,)) + secret


def packed_from_text(text: str) -> bytes:
    """The packed form in a URL, a link's fragment, or the text of a QR code.

    :raises DecodeError: naming what is wrong with the text (spec, section 8).
    """
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
        return from_digits(fragment)
    return from_base64url(fragment)


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
