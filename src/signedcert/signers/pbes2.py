"""Encrypted private-key files that resist guessing: PKCS#8 with PBES2 (RFC 8018, section 6.2).

The libraries write such files with 2,048 rounds of PBKDF2, which a graphics card tries millions of
times a second. The same standard lets one ask for more, and OpenSSL reads what is written here.
"""

import hashlib
import secrets
from base64 import encodebytes

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

#: OWASP's advice for PBKDF2 with HMAC-SHA-256 (2023): about a quarter of a second.
ROUNDS = 600_000

_SEQUENCE, _INTEGER, _OCTETS, _NULL = 0x30, 0x02, 0x04, b"\x05\x00"
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_PBKDF2 = bytes.fromhex("06092a864886f70d01050c")
_HMAC_SHA256 = bytes.fromhex("06082a864886f70d0209")
_AES256_CBC = bytes.fromhex("060960864801650304012a")


def encrypted_pem(private_key_info: bytes, passphrase: bytes) -> bytes:
    """The PEM file (RFC 7468, section 11) of a private key, encrypted under a passphrase.

    :param private_key_info: the key as PKCS#8 in DER (RFC 5958).
    :param passphrase: not empty.
    """
    salt, iv = secrets.token_bytes(16), secrets.token_bytes(16)
    key = hashlib.pbkdf2_hmac("sha256", passphrase, salt, ROUNDS)
    padder = PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES256(key), modes.CBC(iv)).encryptor()
    padded = padder.update(private_key_info) + padder.finalize()
    rounds = ROUNDS.to_bytes(3, "big")
    function = _der(
        _SEQUENCE,
        _PBKDF2
        + _der(
            _SEQUENCE,
            _der(_OCTETS, salt) + _der(_INTEGER, rounds) + _der(_SEQUENCE, _HMAC_SHA256 + _NULL),
        ),
    )
    cipher = _der(_SEQUENCE, _AES256_CBC + _der(_OCTETS, iv))
    algorithm = _der(_SEQUENCE, _PBES2 + _der(_SEQUENCE, function + cipher))
    encrypted = _der(_OCTETS, encryptor.update(padded) + encryptor.finalize())
    lines = encodebytes(_der(_SEQUENCE, algorithm + encrypted)).replace(b"\n", b"")
    body = b"\n".join(lines[start : start + 64] for start in range(0, len(lines), 64))
    label = b"ENCRYPTED PRIVATE KEY-----\n"
    return b"-----BEGIN " + label + body + b"\n-----END " + label


def _der(tag: int, content: bytes) -> bytes:
    """One DER element (X.690, section 8.1); what is written here is shorter than 256 bytes."""
    length = len(content)
    return bytes((tag, length) if length < 128 else (tag, 0x81, length)) + content
