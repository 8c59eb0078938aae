"""Byte strings as decimal digits, for the numeric mode of QR codes.

Seven bytes become 17 digits, 98.8 % of what numeric mode can carry. Base 45 comes near, but its
alphabet has the space and the percent sign, which scanners and browsers mangle in links.
"""

from signedcert.errors import DecodeError, Reason

_GROUP_BYTES, _GROUP_DIGITS = 7, 17
#: Digits needed for a last group of so many bytes.
_TAIL_DIGITS = {1: 3, 2: 5, 3: 8, 4: 10, 5: 13, 6: 15}
_TAIL_BYTES = {digits: size for size, digits in _TAIL_DIGITS.items()}


def to_digits(data: bytes) -> str:
    """The digits of a byte string: each 7 bytes big-endian as 17 digits, then a shorter tail."""
    return "".join(
        f"{int.from_bytes(group, 'big'):0{_TAIL_DIGITS.get(len(group), _GROUP_DIGITS)}d}"
        for group in (
            data[start : start + _GROUP_BYTES] for start in range(0, len(data), _GROUP_BYTES)
        )
    )


def from_digits(text: str) -> bytes:
    """The byte string of ASCII digits.

    :raises DecodeError: for an impossible number of digits, or a group too large for its bytes.
    """
    groups = bytearray()
    for start in range(0, len(text), _GROUP_DIGITS):
        group = text[start : start + _GROUP_DIGITS]
        size = _TAIL_BYTES.get(len(group), _GROUP_BYTES if len(group) == _GROUP_DIGITS else 0)
        number = int(group)
        if not size or number >> 8 * size:
            raise DecodeError(Reason.DAMAGED_TEXT, "the digits are damaged or cut off")
        groups += number.to_bytes(size, "big")
    return bytes(groups)
