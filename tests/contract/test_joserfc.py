"""joserfc, which knows nothing of us, reads the published JWK Set and verifies with its keys."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jws
from joserfc.errors import BadSignatureError, InvalidKeyIdError
from joserfc.jwk import KeySet

import signedcert as sc
from issuing import ISSUER, OTHER_SIGNER, SIGNER
from signedcert.codec.base64url import to_base64url
from signedcert.crypto.keys import PublicKey
from signedcert.model.issuer_document import (
    IssuerDocument,
    KeyEnd,
    KeyRevocation,
    KeyUse,
    SigningKey,
)
from signedcert.workspace.key_set import published_jwk_set

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
STATUS_SIGNER = sc.SoftwareSigner(bytes(31) + b"\7")


def published() -> bytes:
    retired = KeyRevocation(end=KeyEnd.RETIRED, since=BEGIN + timedelta(days=3))
    keys = [
        SigningKey(
            key=signer.public_key.raw, use=use, valid_from=BEGIN,
            valid_until=BEGIN + timedelta(days=365), revocation=revocation,
        )
        for signer, use, revocation in (
            (SIGNER, KeyUse.STATEMENTS, None),
            (OTHER_SIGNER, KeyUse.STATEMENTS, retired),
            (STATUS_SIGNER, KeyUse.STATUS, None),
        )
    ]  # fmt: skip
    document = IssuerDocument(
        issuer=ISSUER, issued_at=BEGIN, version=1, next_update=BEGIN + timedelta(days=30),
        roots=(bytes(32),), handovers=(b"x",), keys=tuple(keys),
    )  # fmt: skip
    return published_jwk_set(document)


def signed(signer: sc.SoftwareSigner) -> str:
    """A compact JWS (RFC 7515, section 7.1), as RFC 9864 has it sign with Ed25519."""
    header = {"alg": "Ed25519", "kid": signer.public_key.kid.hex()}
    message = f"{to_base64url(json.dumps(header).encode())}.{to_base64url(b'hello')}"
    return f"{message}.{to_base64url(signer.sign(message.encode()))}"


@pytest.mark.parametrize("signer", [SIGNER, OTHER_SIGNER])
def test_joserfc_finds_a_key_by_its_kid_and_verifies_with_it(signer):
    keys = KeySet.import_key_set(json.loads(published()))
    compact = signed(signer)
    assert jws.deserialize_compact(compact, keys, ["Ed25519"]).payload == b"hello"
    head, body, _ = compact.split(".")
    other = OTHER_SIGNER if signer is SIGNER else SIGNER
    forged = f"{head}.{body}.{to_base64url(other.sign(f'{head}.{body}'.encode()))}"
    with pytest.raises(BadSignatureError):
        jws.deserialize_compact(forged, keys, ["Ed25519"])


def test_joserfc_has_no_key_for_what_a_status_key_signed():
    keys = KeySet.import_key_set(json.loads(published()))
    with pytest.raises(InvalidKeyIdError):
        jws.deserialize_compact(signed(STATUS_SIGNER), keys, ["Ed25519"])


def test_joserfc_reads_what_each_key_is_for():
    keys = KeySet.import_key_set(json.loads(published())).keys
    assert [key.kid for key in keys] == [
        signer.public_key.kid.hex() for signer in (SIGNER, OTHER_SIGNER)
    ]
    for key in keys:
        key.check_use("sig")
        key.check_key_op("verify")
        assert not key.is_private
        raw = key.public_key.public_bytes_raw()
        assert PublicKey(raw).kid.hex() == key.kid
