"""A private key behind a function: a cloud's key service, or a signing service of one's own."""

from collections.abc import Callable

from signedcert.crypto.keys import PublicKey
from signedcert.errors import SignerError

_SIGNATURE_SIZE = 64


class CallableSigner:
    """Signs by calling a function that has the private key, or knows who has it.

    The function is called once for each signature, with the whole message. It must give back the
    pure Ed25519 signature (RFC 8032, section 5.1.6): nothing may hash the message before. Whether
    a signature fits the public key is checked by :func:`signedcert.issue`, before it releases a
    token.

    Several threads may sign at once where the function allows it.
    """

    __slots__ = ("_function", "_public_key")

    def __init__(self, public_key: PublicKey, function: Callable[[bytes], bytes]) -> None:
        """:param public_key: the key that verifies what the function signs.

        :param function: takes the message and returns its signature, 64 bytes.
        :raises TypeError: for a key that is no :class:`PublicKey`, or a function that is none.
        """
        if not isinstance(public_key, PublicKey):
            raise TypeError("public_key must be a PublicKey, as public_key_from_spki gives it")
        if not callable(function):
            raise TypeError("function must be one that takes a message and returns its signature")
        self._public_key = public_key
        self._function = function

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies what this signs."""
        return self._public_key

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature (RFC 8032, section 5.1.6) over the whole message.

        :raises SignerError: when the function raises, which is then the cause of this error, or
            returns anything but 64 bytes.
        """
        if not isinstance(message, bytes):
            raise TypeError("the message must be bytes")
        try:
            signature = self._function(message)
        except Exception as error:
            raise SignerError(
                f"the signing function raised {type(error).__name__}; what it said is this "
                "error's __cause__"
            ) from error
        if not isinstance(signature, bytes):
            raise SignerError(
                f"the signing function returned {type(signature).__name__} instead of bytes"
            )
        if len(signature) != _SIGNATURE_SIZE:
            raise SignerError(
                f"the signing function returned {len(signature)} bytes; an Ed25519 signature has "
                f"{_SIGNATURE_SIZE}"
            )
        return signature

    def __repr__(self) -> str:
        # Not the function: a partial or a bound method shows what it carries.
        key = getattr(self, "_public_key", None)
        return f"CallableSigner(kid={key.kid.hex()!r})" if key else "CallableSigner()"
