"""A published key: whose it is, and from when to when it may sign."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from signedcert.crypto.keys import PublicKey


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
    """

    issuer: str
    public_key: PublicKey
    not_before: datetime | None = None
    not_after: datetime | None = None
    revocation: Revocation | None = None
    revoked_at: datetime | None = None

    @property
    def compromised(self) -> bool:
        """Whether no signature by this key is good."""
        return self.revocation in (Revocation.COMPROMISED, Revocation.UNSPECIFIED)
