"""Ed25519 private keys as JWKs (RFC 7517, RFC 8037)."""

from typing import Any

from nacl.signing import SigningKey

from signedcert.codec.base64url import from_base64url, to_base64url
from signedcert.crypto.keys import KEY_SIZE
from signedcert.errors import DecodeError, KeyFileError
from signedcert.trust.strict_json import parse_json


def seed_or_refusal(data: object) -> bytes | KeyFileError | TypeError:
    """The 32-byte private key of a JWK, or the error that says why it has none.

    The error is returned, for the caller to raise when it has let go of the data: a traceback that
    shows local variables must not meet the key in this function's.
    """
    if not isinstance(data, bytes):
        return TypeError("a JWK must be given as bytes")
    try:
        jwk = parse_json(data)
    except ValueError:
        return KeyFileError("the private key is not a JWK: it is not plain JSON in UTF-8")
    problem = _problem(jwk)
    if problem:
        return KeyFileError(f"the private key is not a JWK that can sign: {problem}")
    seed = _octets(jwk["d"])
    if seed is None:
        return KeyFileError(f"the JWK's d is not {KEY_SIZE} bytes in base64url (RFC 8037)")
    if _octets(jwk["x"]) != bytes(SigningKey(seed).verify_key):
        return KeyFileError(
            "the JWK's x is not the public key of its d: it is damaged, or mixed from two keys"
        )
    return seed


def jwk_of(seed: bytes, public_key: bytes) -> bytes:
    """The JWK of a private key, in the clear: whoever reads it can sign."""
    import json  # here, because most processes that sign have no use for it

    members = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": to_base64url(public_key),
        "d": to_base64url(seed),
    }
    return json.dumps(members).encode()


def _problem(jwk: Any) -> str | None:
    """Why a JSON value is no Ed25519 private key for signatures, in words, or None."""
    if not isinstance(jwk, dict):
        return "it is no JSON object"
    if "keys" in jwk:
        return "it is a JWK Set; give one of its keys"
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519":
        return 'its kty and crv must be "OKP" and "Ed25519"'
    if "d" not in jwk:
        return "it has no d, so it is a public key"
    if "x" not in jwk:
        return "it has no x (RFC 8037, section 2)"
    if jwk.get("alg") not in (None, "Ed25519", "EdDSA"):
        return "its alg is for something else than Ed25519"
    operations = jwk.get("key_ops", ["sign"])
    if jwk.get("use") not in (None, "sig") or not (
        isinstance(operations, list) and "sign" in operations
    ):
        return "its use or key_ops is for something else than signing"
    return None


def _octets(member: object) -> bytes | None:
    """The 32 bytes of a member, or None where it is anything else."""
    try:
        octets = from_base64url(member) if isinstance(member, str) else b""
    except DecodeError:
        return None
    return octets if len(octets) == KEY_SIZE else None
