"""Tokens of a test issuer, honest or not, written with the tests' own encoder of CBOR."""

from typing import Any

from cbor_oracle import Raw, Tagged, dumps
from signedcert import SoftwareSigner

ISSUER, OTHER_ISSUER = "learn.example.edu", "other.example.org"
CERTIFICATE = "application/vnd.signedcert.certificate"
#: 2026-11-02T10:00:00Z, and thirty days later.
ISSUED_AT, NOW = 1793613600, 1796205600
DAY, SKEW = 86_400, 300
BODY = -65537
INTEGER_MAX, MOMENT_MAX = 2**53 - 1, 253402300799

#: RFC 8032, section 7.1, tests 1 and 2: keys that everybody knows. So are all others here.
SIGNER = SoftwareSigner(
    bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
)
OTHER_SIGNER = SoftwareSigner(
    bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
)
CERTIFICATE_ID = bytes(range(10))
CERTIFICATE_CODE = "000G-40R4-0M30-E209"


def header(signer: SoftwareSigner = SIGNER, media_type: str = CERTIFICATE) -> dict[Any, Any]:
    """The protected header of a statement or document."""
    return {1: -19, 4: signer.public_key.kid, 16: media_type}


def to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure (RFC 9052, section 4.4)."""
    return dumps(["Signature1", protected, b"", payload])


def sign1(
    payload: Any,
    protected: Any = None,
    unprotected: Any = None,
    signer: SoftwareSigner = SIGNER,
    signature: bytes | None = None,
) -> bytes:
    """A COSE_Sign1 of any payload and headers (bytes go out as they are), rightly signed."""
    body = payload if isinstance(payload, bytes) else dumps(payload)
    first = header(signer) if protected is None else protected
    first = first if isinstance(first, bytes) else dumps(first)
    made = signer.sign(to_be_signed(first, body)) if signature is None else signature
    return dumps(Tagged(18, [first, {} if unprotected is None else unprotected, body, made]))


def claims() -> dict[Any, Any]:
    """The claims of a certificate that has only what none can lack."""
    return {
        1: ISSUER,
        6: ISSUED_AT,
        7: CERTIFICATE_ID,
        BODY: {
            0: "Ada Lovelace",
            1: {0: "Analytical Engines", 1: "University of Example"},
            2: 20759,
        },
    }


#: What it says, in JSON.
STATEMENT = {
    "id": CERTIFICATE_CODE,
    "issuer": ISSUER,
    "issued_at": "2026-11-02T10:00:00Z",
    "learner": {"name": "Ada Lovelace"},
    "course": {"title": "Analytical Engines", "institution": "University of Example"},
    "completed_on": "2026-11-02",
}


def with_entries(content: dict[Any, Any], changed: dict[Any, Any]) -> dict[Any, Any]:
    """A map with other entries; None takes one away."""
    merged = {**content, **changed}
    return {key: value for key, value in merged.items() if value is not None}


def with_claims(changed: dict[Any, Any]) -> dict[Any, Any]:
    """The claims of the certificate with others; None takes one away."""
    return with_entries(claims(), changed)


def with_body(changed: dict[Any, Any]) -> dict[Any, Any]:
    """The claims of the certificate with other entries of its body."""
    return with_claims({BODY: with_entries(claims()[BODY], changed)})


def certificate(changed: dict[Any, Any] | None = None, signer: SoftwareSigner = SIGNER) -> bytes:
    """The certificate with other claims."""
    return sign1(with_claims(changed or {}), signer=signer)


def certificate_body(changed: dict[Any, Any]) -> bytes:
    """The certificate with other entries of its body."""
    return sign1(with_body(changed))


def raw_map(*pairs: tuple[Any, Any]) -> Raw:
    """A map whose entries keep their order, right or wrong."""
    head = bytes((0xA0 + len(pairs),)) if len(pairs) < 24 else bytes((0xB8, len(pairs)))
    return Raw(head + b"".join(dumps(key) + dumps(value) for key, value in pairs))
