"""The JWK Set that an issuer publishes (RFC 7517), with OpenID Federation's members."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from signedcert.codec.base64url import to_base64url
from signedcert.crypto.keys import PublicKey

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
