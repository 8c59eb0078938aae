"""The JWK Set that an issuer publishes (RFC 7517), with OpenID Federation's members."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from signedcert.codec.base64url import to_base64url
from signedcert.crypto.keys import PublicKey
from signedcert.model.issuer_document import IssuerDocument, KeyEnd, KeyUse, SigningKey
from signedcert.trust.key_entry import Revocation

_REASONS = {KeyEnd.RETIRED: Revocation.SUPERSEDED, KeyEnd.COMPROMISED: Revocation.COMPROMISED}
#: How long a signing key signs, unless said otherwise.
KEY_PERIOD = timedelta(days=365)


def jwk(public_key: PublicKey, created: datetime, period: timedelta) -> dict[str, Any]:
    """A signing key as a JWK (RFC 8037): it signs from its creation until the period is over."""
    seconds = int(created.timestamp())
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": to_base64url(public_key.raw),
        "kid": public_key.kid.hex(),
        "use": "sig",
        "alg": "Ed25519",
        "iat": seconds,
        "nbf": seconds,
        "exp": seconds + int(period.total_seconds()),
    }


def jwk_set(issuer: str, keys: Sequence[dict[str, Any]], made: datetime) -> bytes:
    """The published file: whose keys these are, when the set was made, and the keys."""
    document = {"iss": issuer, "iat": int(made.timestamp()), "keys": list(keys)}
    return (json.dumps(document, indent=2) + "\n").encode()


def published_jwk_set(document: IssuerDocument) -> bytes:
    """The JWK Set that an issuer's document stands for, as JSON in UTF-8.

    It has the Ed25519 keys that sign statements, and those only: whoever reads a JWK Set takes
    what any key in it signed for a statement of the issuer's. Members ``iat``, ``nbf``, ``exp``
    and ``revoked`` are those of OpenID Federation 1.0, section 8.7. What a compromised key did
    sign (``vouched``) cannot be said here.
    """
    content = {
        "iss": document.issuer,
        "iat": int(document.issued_at.timestamp()),
        "keys": [
            _signing_jwk(PublicKey(each.key), each)
            for each in document.keys
            # A key of a kind that this version does not know is a map.
            if each.use is KeyUse.STATEMENTS and isinstance(each.key, bytes)
        ],
    }
    return (json.dumps(content, indent=2) + "\n").encode()


def _signing_jwk(key: PublicKey, listed: SigningKey) -> dict[str, Any]:
    """A key as RFC 8037 and RFC 9864 write it.

    No ``key_ops``: RFC 7517, section 4.3, has it not stand beside ``use``.
    """
    begins = int(listed.valid_from.timestamp())
    members = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": to_base64url(key.raw),
        "kid": key.kid.hex(),
        "use": "sig",
        "alg": "Ed25519",
        "iat": begins,
        "nbf": begins,
        "exp": int(listed.valid_until.timestamp()),
    }
    if (ended := listed.revocation) is not None:
        members["revoked"] = {
            "revoked_at": int(ended.since.timestamp()),
            "reason": _REASONS.get(ended.end, Revocation.UNSPECIFIED),
        }
    return members
