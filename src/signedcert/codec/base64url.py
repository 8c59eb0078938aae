"""Unpadded base64url (RFC 4648, section 5), one text for each byte string."""

import base64
import binascii

from signedcert.errors import DecodeError, Reason

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#: To the standard alphabet, which binascii reads; every other byte to one that it refuses.
_STANDARD = bytes(
    {ord("-"): ord("+"), ord("_"): ord("/")}.get(byte, byte) if byte in _ALPHABET else ord("!")
    for byte in range(256)
)
#: By length modulo 4: the padding that is left out, and the last characters with unused bits zero.
_TAILS = {0: (b"", _ALPHABET), 2: (b"==", _ALPHABET[::16]), 3: (b"=", _ALPHABET[::4])}


def to_base64url(data: bytes) -> str:
    """The text of a byte string."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The byte string of a text.

    :raises DecodeError: for other characters, padding, an impossible length, or unused bits set.
    """
    try:
        encoded = text.encode("ascii")
        padding, last = _TAILS[len(encoded) & 3]
        if encoded and encoded[-1] not in last:
            raise ValueError("unused bits")
        return binascii.a2b_base64(encoded.translate(_STANDARD) + padding, strict_mode=True)
    except (ValueError, KeyError) as error:
        raise DecodeError(
            Reason.DAMAGED_TEXT, "the link is damaged or cut off: it is not base64url"
        ) from error
