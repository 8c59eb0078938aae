"""did:web, Multikey and base58: names of an issuer and its keys for software of others."""

import json
from datetime import UTC, datetime, timedelta

import pytest

import signedcert as sc
from issuing import OTHER_SIGNER, SIGNER
from signedcert.model.additional import FrozenMap
from signedcert.model.issuer_document import (
    IssuerDocument,
    KeyEnd,
    KeyRevocation,
    KeyUse,
    SigningKey,
)
from signedcert.workspace.site.base58 import to_base58
from signedcert.workspace.site.did import did_document, did_web, multikey
from vector_files import load_json

VECTORS = load_json("did-key/ed25519-x25519.json")
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, 12, 30, 5, tzinfo=UTC)
SINCE = datetime(2026, 6, 1, tzinfo=UTC)
STATUS_SIGNER = sc.SoftwareSigner(bytes(31) + b"\7")
ROOT = sc.SoftwareSigner(bytes(31) + b"\x08").public_key.raw


def signing(signer: sc.SoftwareSigner = SIGNER, use=KeyUse.STATEMENTS, end=None) -> SigningKey:
    revocation = None if end is None else KeyRevocation(end=end, since=SINCE)
    return SigningKey(
        key=signer.public_key.raw, use=use, valid_from=BEGIN, valid_until=END, revocation=revocation
    )


def resolved(*keys: SigningKey, issuer: str = "learn.example.edu") -> dict:
    document = IssuerDocument(
        issuer=issuer, issued_at=BEGIN, version=1, next_update=BEGIN + timedelta(days=30),
        roots=(ROOT,), handovers=(b"x",), keys=keys,
    )  # fmt: skip
    return json.loads(did_document(document))


@pytest.mark.parametrize("did", VECTORS)
def test_multikey_is_what_did_key_names_the_key(did):
    signer = sc.SoftwareSigner(bytes.fromhex(VECTORS[did]["seed"]))
    assert f"did:key:{multikey(signer.public_key)}" == did


PAIRS = [vector["verificationKeyPair"] for vector in VECTORS.values()]


@pytest.mark.parametrize(
    ("pair", "seed"),
    [
        (pair, vector["seed"])
        for pair, vector in zip(PAIRS, VECTORS.values(), strict=True)
        if "publicKeyBase58" in pair
    ],
)
def test_base58_of_published_keys(pair, seed):
    raw = sc.SoftwareSigner(bytes.fromhex(seed)).public_key.raw
    assert to_base58(raw) == pair["publicKeyBase58"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        # draft-msporny-base58-03, section 5.
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
        (b"", ""),
        (bytes(3), "111"),
        (b"\0\x39", "1z"),
        (b"\x3a", "21"),
    ],
)
def test_base58_keeps_leading_zeros(data, text):
    assert to_base58(data) == text


@pytest.mark.parametrize(
    ("issuer", "did"),
    [
        ("learn.example.edu", "did:web:learn.example.edu"),
        ("example.edu/learn", "did:web:example.edu:learn"),
        ("example.edu/a/b-c", "did:web:example.edu:a:b-c"),
    ],
)
def test_did_web_has_colons_for_slashes(issuer, did):
    assert did_web(issuer) == did
    document = resolved(signing(), issuer=issuer)
    assert document["id"] == did
    (method,) = document["verificationMethod"]
    assert method["controller"] == did
    assert method["id"] == f"{did}#{SIGNER.public_key.kid.hex()}"
    assert document["assertionMethod"] == [method["id"]]


def test_a_method_is_a_multikey_with_its_end():
    document = resolved(signing())
    assert document["@context"] == [
        "https://www.w3.org/ns/did/v1",
        "https://w3id.org/security/multikey/v1",
    ]
    (method,) = document["verificationMethod"]
    assert method["type"] == "Multikey"
    assert method["publicKeyMultibase"] == multikey(SIGNER.public_key)
    assert method["publicKeyMultibase"].startswith("z6Mk")
    assert method["expires"] == "2027-01-01T12:30:05Z"
    assert "revoked" not in method


@pytest.mark.parametrize(("end", "asserts"), [(KeyEnd.RETIRED, 2), (KeyEnd.COMPROMISED, 1)])
def test_a_compromised_key_is_for_no_assertion(end, asserts):
    document = resolved(signing(end=end), signing(OTHER_SIGNER))
    first, second = document["verificationMethod"]
    assert first["revoked"] == "2026-06-01T00:00:00Z"
    assert "revoked" not in second
    assert document["assertionMethod"] == [first["id"], second["id"]][-asserts:]


def test_a_status_key_is_for_no_assertion():
    document = resolved(signing(), signing(STATUS_SIGNER, KeyUse.STATUS))
    assert len(document["verificationMethod"]) == 2
    assert [name.rpartition("#")[2] for name in document["assertionMethod"]] == [
        SIGNER.public_key.kid.hex()
    ]


def test_a_key_of_an_unknown_kind_and_the_roots_are_left_out():
    unknown = SigningKey(
        key=FrozenMap({1: 2, -1: 1, -2: b"x"}), use=KeyUse.STATEMENTS, valid_from=BEGIN,
        valid_until=END,
    )  # fmt: skip
    document = resolved(unknown, signing())
    assert [each["publicKeyMultibase"] for each in document["verificationMethod"]] == [
        multikey(SIGNER.public_key)
    ]
