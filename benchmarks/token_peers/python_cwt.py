"""python-cwt: a CWT in COSE_Sign1, signed with Ed25519 (by OpenSSL)."""

import base64

import cwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cwt import COSEKey

from benchmarks.token_peers.serving import ISSUER, SEED, Content, body, one_by_one, serve

#: Private use (RFC 8392, section 9.1).
_CERTIFICATE = -65537
#: It adds an end of one hour to tokens that have none.
_FOREVER = 2**33


def main() -> None:
    """Answers the lines on standard input."""
    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()
    jwk = {"kty": "OKP", "crv": "Ed25519", "alg": "Ed25519", "use": "sig", "kid": "8 bytes."}
    jwk["x"] = _base64url(public)
    checking = COSEKey.from_jwk(jwk)
    signing = COSEKey.from_jwk(jwk | {"d": _base64url(SEED)})

    def issue(content: Content) -> bytes:
        issued_at = content["issued_at"]
        token: bytes = cwt.encode(
            {
                1: ISSUER,
                4: _FOREVER,
                5: issued_at,
                6: issued_at,
                7: bytes.fromhex(content["id"]),
                _CERTIFICATE: body(content),
            },
            signing,
        )
        return token

    def verify(token: bytes) -> object:
        claims = cwt.decode(token, checking)
        if claims[1] != ISSUER:
            raise ValueError("of another issuer")
        return claims

    serve(one_by_one(issue, verify))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


if __name__ == "__main__":
    main()
