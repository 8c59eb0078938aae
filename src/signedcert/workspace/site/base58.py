"""Base58 in Bitcoin's alphabet (W3C Controlled Identifiers 1.0, section 2.4: base-58-btc)."""

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def to_base58(data: bytes) -> str:
    """The text of a byte string. Every leading zero byte becomes a ``1``, so none is lost."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    number = int.from_bytes(data)
    digits = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(_ALPHABET[digit])
    return _ALPHABET[0] * zeros + "".join(reversed(digits))
