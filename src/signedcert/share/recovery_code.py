"""A share key as a code that fits on a note: 128 random bits, printed once."""

import hashlib
from typing import Final

from signedcert.crypto.encrypt0 import derive
from signedcert.errors import KeyFileError
from signedcert.model.code import ALPHABET, symbols_of

ENTROPY_SIZE: Final = 16
#: Of the code's 140 bits, 12 tell a slip of the pen from the code.
_CHECK_BITS: Final = 12
_SYMBOLS: Final = 28
_SEED_SIZE: Final = 32
_LABEL: Final = "signedcert share key from recovery code"


def recovery_code(entropy: bytes) -> str:
    """The code of 16 random bytes: 28 characters of Crockford's base32, in groups of four.

    :raises ValueError: for another length.
    """
    if not isinstance(entropy, bytes) or len(entropy) != ENTROPY_SIZE:
        raise ValueError(f"a recovery code is made from {ENTROPY_SIZE} random bytes")
    number = int.from_bytes(entropy, "big") << _CHECK_BITS | _check(entropy)
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(_SYMBOLS)))
    return "-".join(letters[start : start + 4] for start in range(0, _SYMBOLS, 4))


def seed_of_code(code: str) -> bytes:
    """The Ed25519 private key that a recovery code stands for: 32 bytes.

    :param code: as people type it: any case, O for 0, I and L for 1, with or without hyphens.
    :raises KeyFileError: when it is no such code, or mistyped. The message does not quote it.
    """
    number = 0
    try:
        symbols = symbols_of(code)
    except ValueError:
        symbols = []
    if len(symbols) != _SYMBOLS:
        # Not from the error: that has the code in it.
        raise KeyFileError(
            f"a recovery code has {_SYMBOLS} letters and digits, in seven groups of four"
        )
    for value in symbols:
        number = number << 5 | value
    entropy = (number >> _CHECK_BITS).to_bytes(ENTROPY_SIZE, "big")
    if number & (1 << _CHECK_BITS) - 1 != _check(entropy):
        raise KeyFileError("the recovery code is mistyped: compare it letter by letter")
    return derive(entropy, _LABEL, _SEED_SIZE)


def _check(entropy: bytes) -> int:
    digest = hashlib.sha256(b"signedcert recovery code" + entropy).digest()
    return int.from_bytes(digest[:2], "big") >> 16 - _CHECK_BITS
