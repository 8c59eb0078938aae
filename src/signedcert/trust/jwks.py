"""JWK Sets with Ed25519 keys (RFC 7517, RFC 8037), and the members that OpenID Federation adds."""

from datetime import UTC, datetime
from typing import Any

from signedcert.codec.base64url import from_base64url
from signedcert.crypto.keys import KEY_SIZE, PublicKey
from signedcert.errors import DecodeError, TrustError
from signedcert.model.leaf import ISSUER
from signedcert.model.times import MOMENT_MAX
from signedcert.trust.key_entry import KeyEntry, Revocation
from signedcert.trust.strict_json import parse_json

JWKS_MAX = 1_048_576
_PRIVATE_MEMBERS = frozenset({"d", "k", "p", "q", "dp", "dq", "qi", "oth"})


def parse_jwks(data: bytes) -> dict[str, Any]:
    """The JSON object of a JWK Set.

    :raises TrustError: when it is not one, or has a private key in it.
    """
    if len(data) > JWKS_MAX:
        raise TrustError(f"the key set is larger than {JWKS_MAX} bytes")
    try:
        document = parse_json(data)
    except ValueError as error:
        raise TrustError(f"the key set is not plain JSON in UTF-8: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise TrustError('the key set is not a JWK Set: it has no list of "keys" (RFC 7517)')
    if any(isinstance(key, dict) and _PRIVATE_MEMBERS & key.keys() for key in document["keys"]):
        raise TrustError(
            "the key set has a private key in it; if it was published, treat that key as "
            "compromised. Publish public keys only"
        )
    return document


def issuer_of(document: dict[str, Any]) -> str | None:
    """The issuer that the key set names in its member ``iss``, as host and path, or None.

    :raises TrustError: when it names something else.
    """
    issuer = document.get("iss")
    return None if issuer is None else checked_issuer(issuer)


def checked_issuer(issuer: object) -> str:
    """The issuer without ``https://`` before it.

    :raises TrustError: unless it is a lower-case host, then optional path segments.
    """
    try:
        name: str = ISSUER.check(issuer.removeprefix("https://") if isinstance(issuer, str) else 0)
    except ValueError as error:
        raise TrustError(f"the issuer: {error}") from error
    return name


def published_at(document: dict[str, Any]) -> datetime | None:
    """When the key set says that it was made (``iat``), or None."""
    return _moment(document, "iat")


def entries(document: dict[str, Any], issuer: str) -> tuple[KeyEntry, ...]:
    """The Ed25519 keys for signatures in a key set; keys of other kinds or uses are skipped.

    :raises TrustError: for an Ed25519 key that is damaged: it must not vanish silently.
    """
    return tuple(
        _entry(key, issuer, position)
        for position, key in enumerate(document["keys"], 1)
        if isinstance(key, dict) and _signs(key)
    )


def _signs(key: dict[str, Any]) -> bool:
    return (
        key.get("kty") == "OKP"
        and key.get("crv") == "Ed25519"
        and key.get("alg") in (None, "Ed25519", "EdDSA")
        and key.get("use") in (None, "sig")
        and _verifies(key.get("key_ops"))
    )


def _verifies(key_ops: object) -> bool:
    """Whether ``key_ops`` (RFC 7517, section 4.3) is absent or has ``verify`` in it."""
    return key_ops is None or (isinstance(key_ops, list) and "verify" in key_ops)


def _entry(key: dict[str, Any], issuer: str, position: int) -> KeyEntry:
    try:
        raw = from_base64url(key.get("x", ""))
        if len(raw) != KEY_SIZE:
            raise TrustError(f"its x has {len(raw)} bytes instead of {KEY_SIZE}")
        revocation, revoked_at = _revoked(key.get("revoked"))
        return KeyEntry(
            issuer, PublicKey(raw), _moment(key, "nbf"), _moment(key, "exp"), revocation, revoked_at
        )
    except (TrustError, DecodeError, AttributeError) as error:
        detail = str(error) if isinstance(error, TrustError) else "its x is not base64url"
        raise TrustError(f"key {position} of the key set cannot be used: {detail}") from error


def _revoked(member: object) -> tuple[Revocation | None, datetime | None]:
    if member is None:
        return None, None
    if not isinstance(member, dict) or member.get("revoked_at") is None:
        raise TrustError("its member revoked has no revoked_at")
    reason = member.get("reason")
    known = [str(value) for value in Revocation]
    revocation = Revocation(reason) if reason in known else Revocation.UNSPECIFIED
    return revocation, _moment(member, "revoked_at")


def _moment(members: dict[str, Any], name: str) -> datetime | None:
    """A NumericDate (RFC 7519, section 2), floored to the second."""
    value = members.get(name)
    if value is None:
        return None
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not 0 <= value <= MOMENT_MAX
    ):
        raise TrustError(f"its member {name} is not a number of seconds since 1970")
    return datetime.fromtimestamp(int(value), UTC)
