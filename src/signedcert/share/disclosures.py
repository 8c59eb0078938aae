"""Disclosures: byte strings that hold ``[salt, value, label]``, ``[salt, value]`` or ``[salt]``.

The first reveals an entry of the body, the second a row of a list, the third that there is nothing
(draft-ietf-spice-sd-cwt-09, sections "Types of Redacted Claims" and "Decoy Digests"). They are kept
with the heads of the byte strings, as they are hashed. What reveals a list holds the digests of its
rows, each under tag 60: its layout is fixed, so it is made and taken apart by position.
"""

from collections.abc import Iterable
from typing import Any, Final

from signedcert.codec.cbor import encode
from signedcert.codec.framing import bytes_head
from signedcert.codec.record_framing import array_head
from signedcert.share.digests import DIGEST_SIZE

SALT_SIZE: Final = 16
#: How many rows a list may have, decoys included.
ROWS_MAX: Final = 256
#: Heads of the three arrays, each with the head of the salt after it.
ENTRY, ROW, DECOY = b"\x83\x50", b"\x82\x50", b"\x81\x50"
#: Where, in the content, the value begins, and a decoy ends.
VALUE_AT: Final = len(ENTRY) + SALT_SIZE
#: How a decoy begins, and how long it is, with its own head.
DECOY_START: Final = bytes_head(VALUE_AT) + DECOY
DECOY_SIZE: Final = 1 + VALUE_AT
#: Tag 60, and the head of a digest.
_BEFORE_DIGEST = bytes.fromhex("d83c5820")
_DIGEST_AT = len(_BEFORE_DIGEST)
_ITEM = _DIGEST_AT + DIGEST_SIZE


def entry(salt: bytes, value: Any, label: int) -> bytes:
    """What reveals an entry of the body."""
    return _wrapped(ENTRY + salt + encode(value) + encode(label))


def row(salt: bytes, value: Any) -> bytes:
    """What reveals a row of a list."""
    return _wrapped(ROW + salt + encode(value))


def decoy(salt: bytes) -> bytes:
    """What reveals that there is nothing."""
    return _wrapped(DECOY + salt)


def listing(salt: bytes, digests: Iterable[bytes], label: int) -> bytes:
    """What reveals a list: the digests of its rows, each of which may still be withheld."""
    items = [_BEFORE_DIGEST + each for each in digests]
    return _wrapped(ENTRY + salt + array_head(len(items)) + b"".join(items) + bytes((label,)))


def content_at(disclosure: bytes) -> int:
    """Where the content of a disclosure begins: after the head, which has 1 to 3 bytes."""
    first = disclosure[0]
    return 2 if first == 0x58 else 3 if first == 0x59 else 1


def listed(disclosure: bytes) -> list[bytes] | None:
    """The digests of the rows that a disclosure of a list holds; None where it is not made so.

    :param disclosure: one that begins as that of an entry does.
    """
    start = content_at(disclosure) + VALUE_AT
    count, rest = divmod(len(disclosure) - start - 1, _ITEM)
    if not 0 < count <= ROWS_MAX:
        return None
    head = array_head(count)
    if rest != len(head) or not disclosure.startswith(head, start):
        return None
    items = disclosure[start + rest : -1]
    # Each of the bytes before a digest, of all digests at once.
    for place, byte in enumerate(_BEFORE_DIGEST):
        if items[place::_ITEM].strip(bytes((byte,))):
            return None
    return [items[place + _DIGEST_AT : place + _ITEM] for place in range(0, len(items), _ITEM)]


def _wrapped(content: bytes) -> bytes:
    return bytes_head(len(content)) + content
