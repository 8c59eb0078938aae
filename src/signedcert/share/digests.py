"""Redacted Claim Hashes (draft-ietf-spice-sd-cwt-09, section "SD-CWT Definition")."""

from hashlib import sha256
from typing import Final

DIGEST_SIZE: Final = 32


def redacted_claim_hash(disclosure: bytes) -> bytes:
    """What stands in a record for what a disclosure reveals: 32 bytes.

    :param disclosure: the byte string that holds the array ``[salt, value, key]``,
        ``[salt, value]`` or ``[salt]``, with its head, which is hashed with it. (The draft's figure
        "SHA-256 hash of inspector_license_number disclosure" leaves the head out; its tokens do
        not.)
    """
    return sha256(disclosure).digest()
