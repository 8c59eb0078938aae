"""COSE_Encrypt0 (RFC 9052, section 5.2) with AES-256-GCM (RFC 9053, section 4.1), and HKDF.

cryptography is imported where it is used: nothing but sealed shares needs it here.
"""

from typing import Final

from signedcert.codec.cbor import encode

KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12
TAG_SIZE: Final = 16


def derive(secret: bytes, label: str, size: int) -> bytes:
    """Key material for one purpose: HKDF with SHA-256 and no salt (RFC 5869).

    :param secret: as random as a key.
    :param label: the purpose, in ASCII: HKDF's info.
    :param size: how many bytes, at most 8,160.
    """
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), size, None, label.encode("ascii")).derive(secret)


def encrypt(
    key: bytes, nonce: bytes, plaintext: bytes, protected: bytes, external_aad: bytes
) -> bytes:
    """The ciphertext with its tag of 16 bytes.

    :param key: 32 bytes.
    :param nonce: 12 bytes, never twice with one key and different plaintexts.
    :param protected: the encoded protected header.
    :param external_aad: what both sides know, and is not sent.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key).encrypt(nonce, plaintext, _enc_structure(protected, external_aad))


def decrypt(
    key: bytes, nonce: bytes, ciphertext: bytes, protected: bytes, external_aad: bytes
) -> bytes | None:
    """The plaintext; None where anything differs from what was encrypted."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(nonce, ciphertext, _enc_structure(protected, external_aad))
    except InvalidTag:
        return None


def _enc_structure(protected: bytes, external_aad: bytes) -> bytes:
    """``["Encrypt0", protected, external_aad]``, encoded (RFC 9052, section 5.3)."""
    return encode(("Encrypt0", protected, external_aad))
