"""Public keys and how they are named: COSE key thumbprints and kids."""

import hashlib
from dataclasses import dataclass, field

#: The COSE_Key {1: 1 (OKP), -1: 6 (Ed25519), -2: x} up to x. RFC 9679, section 3, hashes the
#: required members in deterministic CBOR, which for Ed25519 is always these bytes.
_BEFORE_X = bytes.fromhex("a3010120062158 20")
KEY_SIZE = 32


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 public key (RFC 8032, section 5.1.5).

    :ivar raw: its 32 bytes. That they encode a point of large order is checked at verification.
    :ivar kid: the first 8 bytes of the thumbprint: a hint, which several keys may share.
    :raises ValueError: for anything but 32 bytes.
    """

    raw: bytes
    kid: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.raw, bytes) or len(self.raw) != KEY_SIZE:
            raise ValueError("an Ed25519 public key has 32 bytes")
        object.__setattr__(self, "kid", self.thumbprint[:8])

    @property
    def thumbprint(self) -> bytes:
        """SHA-256 over the COSE_Key (RFC 9679): 32 bytes."""
        return hashlib.sha256(_BEFORE_X + self.raw).digest()

    def __repr__(self) -> str:
        return f"PublicKey({self.raw.hex()!r})"
