"""Tokens that an honest issuer would never make, correctly signed by the test issuer's key."""

from typing import Any

import cbor2

import cbor_oracle
from issuing import SIGNER
from signedcert import SoftwareSigner
from signedcert.codec.lower import lower
from signedcert.model.statement import Statement

CERTIFICATE = "application/vnd.signedcert.certificate"
RECORD = "application/vnd.signedcert.record+sd-cwt"
BODY = -65537


def claims(statement: Statement) -> dict[int, Any]:
    """The claims of a statement, as plain lists and dicts to be changed."""
    return dict(cbor2.loads(lower(statement)))


def header(signer: SoftwareSigner = SIGNER, media_type: str = CERTIFICATE) -> dict[Any, Any]:
    """The protected header of an honest token."""
    return {1: -19, 4: signer.public_key.kid, 16: media_type}


def signed(
    payload: Any, protected: Any = None, unprotected: Any = None, signer: SoftwareSigner = SIGNER
) -> bytes:
    """A COSE_Sign1 of any payload (bytes as they are) and headers, signed over what it holds."""
    body = payload if isinstance(payload, bytes) else cbor_oracle.dumps(payload)
    first = cbor_oracle.dumps(header(signer) if protected is None else protected)
    message = cbor_oracle.dumps(["Signature1", first, b"", body])
    parts = [first, {} if unprotected is None else unprotected, body, signer.sign(message)]
    return cbor_oracle.dumps(cbor_oracle.Tagged(18, parts))


def changed(statement: Statement, label: int, value: Any) -> bytes:
    """A signed certificate with one entry of its body added or replaced."""
    content = claims(statement)
    content[BODY] = {**content[BODY], label: value}
    return signed(content)
