"""A published key: whose it is, and from when to when it may sign."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from signedcert.codec.frames import signed_part
from signedcert.crypto.keys import PublicKey
from signedcert.model.issuer_document import DIGEST_SIZE


class Revocation(StrEnum):
    """Why a key was revoked before its end (OpenID Federation 1.0, section 8.7.3)."""

    #: It was replaced in good order: what it signed before stays good.
    SUPERSEDED = "superseded"
    #: Somebody else may have it: no signature by it is good, whatever date the signature claims.
    COMPROMISED = "compromised"
    #: The issuer gives no reason. Treated as compromised: nothing says that it was not.
    UNSPECIFIED = "unspecified"


class KeyEntry(NamedTuple):
    """One issuer's public key. A key is the pair of both: another issuer's entry is another key.

    :ivar issuer: the issuer that lists the key.
    :ivar public_key: the key.
    :ivar not_before: signatures dated before this moment are not good, or None.
    :ivar not_after: signatures dated at or after this moment are not good, or None.
    :ivar revocation: why the key was revoked, or None.
    :ivar revoked_at: the moment since when, where it was revoked.
    :ivar vouched: of a compromised key, the digests (:func:`token_digest`) of the tokens that the
        issuer says it did sign with it: 16 bytes each, ascending.
    """

    issuer: str
    public_key: PublicKey
    not_before: datetime | None = None
    not_after: datetime | None = None
    revocation: Revocation | None = None
    revoked_at: datetime | None = None
    vouched: bytes = b""

    @property
    def compromised(self) -> bool:
        """Whether no signature by this key is good."""
        return self.revocation in (Revocation.COMPROMISED, Revocation.UNSPECIFIED)

    def vouches_for(self, token: bytes) -> bool:
        """Whether the issuer says that it did sign this very token with the compromised key."""
        digest, low, high = token_digest(token), 0, len(self.vouched) // DIGEST_SIZE
        while low < high:
            middle = (low + high) // 2
            found = self.vouched[middle * DIGEST_SIZE : (middle + 1) * DIGEST_SIZE]
            if found == digest:
                return True
            low, high = (middle + 1, high) if found < digest else (low, middle)
        return False


def token_digest(token: bytes) -> bytes:
    """The first 16 bytes of the token's SHA-256: its name in lists of vouched tokens.

    Of a course record or share, of the record's token that reveals nothing: whatever its holder
    reveals, the issuer signed one thing.
    """
    return signed_digest(signed_part(token))


def signed_digest(token: bytes) -> bytes:
    """:func:`token_digest` of a certificate, or of a record's token that reveals nothing."""
    return hashlib.sha256(token).digest()[:DIGEST_SIZE]


def distinct_keys(entries: tuple[KeyEntry, ...]) -> tuple[PublicKey, ...]:
    """The public keys of entries, each once."""
    if len(entries) == 1:
        return (entries[0].public_key,)
    return tuple(dict.fromkeys(entry.public_key for entry in entries))
