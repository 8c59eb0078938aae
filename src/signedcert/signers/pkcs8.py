"""Ed25519 private keys as PKCS#8 files (RFC 5958, RFC 8410), which OpenSSL reads and writes.

cryptography is imported where it is used: verifying and signing do without it, and ``import
signedcert`` is the faster for it.
"""

from signedcert.errors import KeyFileError


def seed_of(pem: bytes, passphrase: bytes | None) -> bytes:
    """The 32-byte private key of a PEM file.

    :raises KeyFileError: wrong or missing passphrase, damaged file, or not an Ed25519 key.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, passphrase)
    except TypeError:
        needed = "needs a passphrase" if passphrase is None else "has no passphrase; give none"
        raise KeyFileError(f"the private key file {needed}") from None
    except ValueError:
        raise KeyFileError(
            "the private key file could not be opened: wrong passphrase, or a damaged file"
        ) from None
    except UnsupportedAlgorithm:
        raise KeyFileError("the private key file has a key of an unknown kind") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError("the private key file has a key of another kind than Ed25519")
    return key.private_bytes_raw()


def pem_of(seed: bytes, passphrase: bytes | None) -> bytes:
    """The PEM file of a 32-byte private key, in the clear where the passphrase is None."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    from signedcert.signers.pbes2 import encrypted_pem

    key = Ed25519PrivateKey.from_private_bytes(seed)
    if passphrase is None:
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return encrypted_pem(der, passphrase)
