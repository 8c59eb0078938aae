"""joserfc: a JWT, signed with Ed25519 (by OpenSSL)."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import OKPKey

from benchmarks.token_peers.serving import ISSUER, SEED, Content, body, one_by_one, serve

#: The name that RFC 9864 gives it; under the old one, joserfc warns at each call.
_ALGORITHMS = ["Ed25519"]


def main() -> None:
    """Answers the lines on standard input."""
    private = Ed25519PrivateKey.from_private_bytes(SEED)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = OKPKey.import_key(pem)
    header = {"alg": _ALGORITHMS[0], "kid": "8 bytes."}
    registry = jwt.JWTClaimsRegistry(iss={"essential": True, "value": ISSUER})

    def issue(content: Content) -> str:
        claims = {
            "iss": ISSUER,
            "iat": content["issued_at"],
            "jti": content["id"],
            "certificate": body(content),
        }
        return jwt.encode(header, claims, key, algorithms=_ALGORITHMS)

    def verify(token: str) -> object:
        decoded = jwt.decode(token, key, algorithms=_ALGORITHMS)
        registry.validate(decoded.claims)
        return decoded.claims

    serve(one_by_one(issue, verify))


if __name__ == "__main__":
    main()
