"""A private key in this process's memory."""

from typing import Any, NoReturn, Self

from nacl.signing import SigningKey

from signedcert.crypto.keys import PublicKey
from signedcert.share.recovery_code import seed_of_code
from signedcert.signers import jwk, pkcs8


class SoftwareSigner:
    """Signs with an Ed25519 key held in memory.

    The key shows in no repr and is never pickled or copied; :meth:`to_pem` is the way to keep it.
    It is in this process's memory, where a debugger, or whoever reads private attributes, finds it.
    """

    __slots__ = ("_key", "_public_key")

    def __init__(self, seed: bytes) -> None:
        """:param seed: the 32-byte private key (RFC 8032, section 5.1.5). Keep it secret.

        :raises ValueError: for anything but 32 bytes.
        """
        if not isinstance(seed, bytes) or len(seed) != 32:
            raise ValueError("an Ed25519 private key has 32 bytes")
        self._key = SigningKey(seed)
        self._public_key = PublicKey(bytes(self._key.verify_key))

    @classmethod
    def generate(cls) -> Self:
        """A new key from the operating system's randomness."""
        return cls(bytes(SigningKey.generate()))

    @classmethod
    def from_pem(cls, pem: bytes, passphrase: bytes | None = None) -> Self:
        """The key of a PKCS#8 file (RFC 5958, RFC 8410), as OpenSSL writes it.

        :param passphrase: what the file is encrypted under, or None.
        :raises KeyFileError: wrong or missing passphrase, damaged file, or not an Ed25519 key.
        """
        if not isinstance(pem, bytes) or not isinstance(passphrase, bytes | None):
            raise TypeError("pem and passphrase must be bytes")
        return cls(pkcs8.seed_of(pem, passphrase))

    def to_pem(self, passphrase: bytes | None) -> bytes:
        """The key as PKCS#8, encrypted under the passphrase, or in the clear where it is None.

        :raises ValueError: for an empty passphrase.
        """
        # Checked here: a traceback that shows locals must not meet the key in pkcs8's.
        if not isinstance(passphrase, bytes | None):
            raise TypeError("the passphrase must be bytes")
        if passphrase == b"":
            raise ValueError("the passphrase is empty; pass None to write the key in the clear")
        return pkcs8.pem_of(bytes(self._key), passphrase)

    @classmethod
    def from_jwk(cls, data: bytes) -> Self:
        """The key of a private JWK (RFC 7517, RFC 8037): JSON with kty, crv, x and d.

        Members that say something else about the key, such as kid, are not looked at.

        :raises KeyFileError: not such a JWK, not an Ed25519 key, not for signing, or x does not
            belong to d.
        """
        found = jwk.seed_or_refusal(data)
        del data  # a traceback that shows locals must not meet the key here
        if not isinstance(found, bytes):
            raise found
        return cls(found)

    @classmethod
    def from_recovery_code(cls, code: str) -> Self:
        """The share key that a recovery code stands for (:func:`signedcert.share.recovery_code`).

        :param code: as people type it: any case, with or without hyphens.
        :raises KeyFileError: when it is no such code, or mistyped.
        """
        return cls(seed_of_code(code))

    def to_jwk(self) -> bytes:
        """The key as a private JWK (RFC 8037) in the clear: whoever reads it can sign."""
        return jwk.jwk_of(bytes(self._key), self._public_key.raw)

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies what this signs."""
        return self._public_key

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature (RFC 8032, section 5.1.6) over the whole message."""
        if not isinstance(message, bytes):  # PyNaCl's traceback would have the key in its locals
            raise TypeError("the message must be bytes")
        return self._key.sign(message).signature

    def __repr__(self) -> str:
        # A signer that failed to be made has no key yet, and may stand in a traceback.
        key = getattr(self, "_public_key", None)
        return f"SoftwareSigner(kid={key.kid.hex()!r})" if key else "SoftwareSigner()"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("a SoftwareSigner is never pickled or copied: it holds a private key")
