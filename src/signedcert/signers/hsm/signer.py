"""A private key on a PKCS#11 token, which it never leaves."""

from types import TracebackType
from typing import Any, NoReturn, Self

from pkcs11.types import Session
from pkcs11.types import SignMixin as SigningKey

from signedcert.crypto.keys import PublicKey
from signedcert.errors import SignerError
from signedcert.signers.hsm import keys
from signedcert.signers.hsm.token import Pin, Pkcs11Token
from signedcert.signers.hsm.uri import Pkcs11Uri


class Pkcs11Signer:
    """Signs with an Ed25519 key on a token: a smart card, a module in a server, SoftHSM2.

    One login serves a token and process, so :meth:`open` allows one signer on a token; for several,
    open a :class:`Pkcs11Token` and make each on it. Threads may share a signer. Open it after any
    fork, in the process that signs.
    """

    __slots__ = ("_key", "_owned", "_public_key", "_token")

    def __init__(
        self, token: Pkcs11Token, *, label: str | None = None, identifier: bytes | None = None
    ) -> None:
        """:param token: stays open when this signer is closed.

        :param label: the label of the key (CKA_LABEL), or None for any.
        :param identifier: the identifier of the key (CKA_ID), or None for any.
        :raises SignerError: when no key or several match, or the token does not answer.
        """

        def find(session: Session) -> tuple[SigningKey, PublicKey]:
            key = keys.find_key(session, label, identifier)
            return key, keys.public_key_of(session, key)

        self._token = token
        self._owned = False
        self._key, self._public_key = token.use(find)

    @classmethod
    def open(cls, uri: Pkcs11Uri | str, pin: str) -> Self:
        """The key that a PKCS#11 URI (RFC 7512) names, on a token of the signer's own.

        Close the signer, or use it in a ``with`` statement.

        :param uri: such as ``pkcs11:token=issuer;object=signing?module-path=/usr/lib/module.so``.
        :param pin: the token's user PIN. It is not kept.
        :raises SignerError: the URI cannot be used, no token or no key matches, or several do, or
            the token refuses the PIN.
        """
        secret = Pin(pin)
        del pin  # a traceback that shows locals must not meet it here
        where = Pkcs11Uri.parse(uri) if isinstance(uri, str) else uri
        token = Pkcs11Token.open(where, secret)
        try:
            signer = cls(token, label=where.object, identifier=where.id)
        except BaseException:
            token.close()
            raise
        signer._owned = True
        return signer

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies what this signs."""
        return self._public_key

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature (RFC 8032, section 5.1.6) over the whole message.

        It is what the token gave; :func:`signedcert.issue` checks it before it releases a token.

        :raises SignerError: when the token refuses or is gone, or the signer was closed.
        """
        if not isinstance(message, bytes):  # python-pkcs11 would sign text in UTF-8
            raise TypeError("the message must be bytes")
        return self._token.use(lambda _: keys.sign_with(self._key, message))

    def close(self) -> None:
        """Logs out of the token where the signer opened it. A second call does nothing."""
        if self._owned:
            self._token.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        key = getattr(self, "_public_key", None)
        return f"Pkcs11Signer(kid={key.kid.hex()!r})" if key else "Pkcs11Signer()"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("a Pkcs11Signer is never pickled or copied: its key stays on the token")


def generate_key(uri: Pkcs11Uri | str, pin: str) -> PublicKey:
    """Makes an Ed25519 key pair on a token, of which the private half can never be read.

    The private key is marked SENSITIVE, PRIVATE and not EXTRACTABLE.

    :param uri: its object is the new key's label; its id, where there is one, the new key's
        identifier, otherwise random.
    :param pin: the token's user PIN. It is not kept.
    :returns: the public key.
    :raises SignerError: when the token has an object of that label or id, or as for
        :meth:`Pkcs11Token.open`.
    """
    secret = Pin(pin)
    del pin  # a traceback that shows locals must not meet it here
    where = Pkcs11Uri.parse(uri) if isinstance(uri, str) else uri
    with Pkcs11Token.open(where, secret, writable=True) as token:
        label = where.object
        if label is None:
            raise SignerError("the PKCS#11 URI does not name the new key: add object= and a label")
        return token.use(lambda session: keys.make_key(session, label, where.id))
