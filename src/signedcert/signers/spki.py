"""Ed25519 public keys as other systems hand them out: SubjectPublicKeyInfo (RFC 5280, RFC 8410)."""

import base64
import re

from signedcert.crypto.keys import KEY_SIZE, PublicKey
from signedcert.errors import KeyFileError

#: RFC 8410, section 4: SEQUENCE { SEQUENCE { 1.3.101.112 }, BIT STRING } up to the 32 bytes of the
#: key. DER writes it in no other way.
_BEFORE_KEY = bytes.fromhex("302a300506032b6570032100")
#: RFC 8410, section 7: SEQUENCE { 0, SEQUENCE { 1.3.101.112 }, … up to the private key.
_BEFORE_PRIVATE_KEY = bytes.fromhex("302e020100300506032b6570")
#: PKCS#8 in the clear and encrypted, OpenSSH, and older forms alike.
_PRIVATE_PEM = b"PRIVATE KEY-----"
_PUBLIC_PEM = b"-----BEGIN PUBLIC KEY-----"
#: RFC 7468, sections 3 and 13.
_PEM = re.compile(
    rb"\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]*)-----END PUBLIC KEY-----\s*", re.ASCII
)


def public_key_from_spki(data: bytes) -> PublicKey:
    """The public key of a SubjectPublicKeyInfo, as key services and OpenSSL give it.

    :param data: DER, or PEM with one ``PUBLIC KEY``.
    :raises KeyFileError: for a key of another kind, a private key, a certificate, or damage.
    """
    if not isinstance(data, bytes):
        raise TypeError("data must be bytes; encode PEM text first")
    if _PRIVATE_PEM in data or data.startswith(_BEFORE_PRIVATE_KEY):
        raise KeyFileError(
            "this is the private half of a key, which its owner gives to nobody; its public half "
            "is meant: signedcert share key writes it beside FILE as FILE.pub"
        )
    der = data if data.startswith(_BEFORE_KEY[:1]) else _der_of(data)
    if len(der) != len(_BEFORE_KEY) + KEY_SIZE or not der.startswith(_BEFORE_KEY):
        raise KeyFileError(
            "this is not an Ed25519 public key (SubjectPublicKeyInfo, RFC 8410); if it comes from "
            "a key service, make a key there whose kind is Ed25519"
        )
    return PublicKey(der[len(_BEFORE_KEY) :])


def is_public_half(data: bytes) -> bool:
    """Whether the content of a file that should be a private key is a public key's."""
    is_pem = _PUBLIC_PEM in data and _PRIVATE_PEM not in data
    return is_pem or data.startswith(_BEFORE_KEY)


def _der_of(pem: bytes) -> bytes:
    found = _PEM.fullmatch(pem)
    if not found:
        raise KeyFileError(
            "this is neither the DER nor the PEM form of a public key; PEM begins with "
            "-----BEGIN PUBLIC KEY-----"
        )
    try:
        return base64.b64decode(b"".join(found[1].split()), validate=True)
    except ValueError:
        raise KeyFileError("the PEM form of the public key is damaged: it is not base64") from None


def spki_pem(key: PublicKey) -> bytes:
    """A public key as PEM (RFC 7468, section 13), which :func:`public_key_from_spki` reads."""
    body = base64.b64encode(_BEFORE_KEY + key.raw)
    return b"-----BEGIN PUBLIC KEY-----\n%b\n-----END PUBLIC KEY-----\n" % body
