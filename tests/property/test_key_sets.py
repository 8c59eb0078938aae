"""Whatever JSON a key set holds, it is read or refused with a TrustError."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import signedcert as sc
from issuing import ISSUER, SIGNER, TRUST, check, jwk, minimal

#: Within what every implementation reads alike; what is beyond has tests of its own.
NUMBERS = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)
MEMBERS = ["kty", "crv", "x", "alg", "use", "key_ops", "nbf", "exp", "iat", "revoked", "kid", "y"]
TIMES = st.integers(-1, 2**60) | st.floats() | JSON
REVOKED = st.dictionaries(
    st.sampled_from(["revoked_at", "reason"]), TIMES | st.sampled_from(["superseded"]), max_size=2
)
TOKEN = sc.issue(minimal(), SIGNER)


def read(document: object) -> sc.Trust | None:
    try:
        return sc.Trust.from_jwks(ISSUER, json.dumps(document).encode())
    except sc.TrustError:
        return None


@given(JSON)
def test_any_document(document):
    trust = read(document)
    assert trust is None or trust.keys == ()


@given(st.dictionaries(st.sampled_from(MEMBERS), JSON | TIMES | REVOKED, max_size=4))
def test_any_members_of_a_key(members):
    trust = read({"keys": [jwk(**members)]})
    assert trust is None or {entry.issuer for entry in trust.keys} <= {ISSUER}
    if trust is not None:
        check(TOKEN, trust)


@given(st.dictionaries(st.sampled_from(["iss", "iat", "exp", "other"]), JSON | TIMES, max_size=3))
def test_any_members_of_the_set(members):
    trust = read({"keys": [jwk()]} | members)
    assert trust is None or trust.keys == TRUST.keys


@given(st.lists(JSON | st.just(jwk()), max_size=4))
def test_any_entries(entries):
    trust = read({"keys": entries})
    if trust is None:
        assert entries.count(jwk()) > 1 or any(isinstance(entry, dict) for entry in entries)
    else:
        assert len(trust.keys) == entries.count(jwk()) <= 1


@given(st.binary(max_size=60))
def test_any_bytes(data):
    with pytest.raises(sc.TrustError):
        sc.Trust.from_jwks(ISSUER, data)
