"""The printed code of a certificate: 10 bytes as 16 characters of Crockford's base32."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: The letters of ten bits: a code made of five bits at a time takes several times as long.
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
#: Crockford's aliases: letters that people read or type for others.
_ALIASES = str.maketrans("OILoil", "011011", "- ")


def code_from_id(identifier: bytes) -> str:
    """The code of a 10-byte id, in four groups of four, most significant bits first."""
    number, pairs = int.from_bytes(identifier, "big"), _PAIRS
    return (
        f"{pairs[number >> 70]}{pairs[number >> 60 & 1023]}-"
        f"{pairs[number >> 50 & 1023]}{pairs[number >> 40 & 1023]}-"
        f"{pairs[number >> 30 & 1023]}{pairs[number >> 20 & 1023]}-"
        f"{pairs[number >> 10 & 1023]}{pairs[number & 1023]}"
    )


def id_from_code(code: str) -> bytes:
    """The 10-byte id of a code as people type it: any case, O for 0, I and L for 1.

    :raises ValueError: when it is not 16 characters of the alphabet.
    """
    if len(code.translate(_ALIASES)) != 16:
        raise ValueError("expected a code of 16 Crockford base32 characters")
    number = 0
    for value in symbols_of(code):
        number = number << 5 | value
    return number.to_bytes(10, "big")


def symbols_of(code: str) -> list[int]:
    """The value of each character, from 0 to 31, without hyphens and spaces.

    :raises ValueError: for a character that no code contains.
    """
    if not code.isascii():
        raise ValueError("expected a code of Crockford base32 characters")
    values = []
    for letter in code.translate(_ALIASES).upper():
        value = ALPHABET.find(letter)
        if value < 0:
            raise ValueError(f"the code has the character {letter!r}, which no code contains")
        values.append(value)
    return values
