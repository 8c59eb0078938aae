"""What can sign."""

from typing import Protocol, runtime_checkable

from signedcert.crypto.keys import PublicKey


@runtime_checkable
class Signer(Protocol):
    """A private key, wherever it lives."""

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies what this signs."""

    def sign(self, message: bytes) -> bytes:
        """The 64-byte pure Ed25519 signature (RFC 8032, section 5.1.6) over the whole message."""
