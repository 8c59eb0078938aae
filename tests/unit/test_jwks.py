"""JWK Sets: what is read, what is skipped, what is refused."""

import copy
import json
import pickle
from datetime import UTC, datetime

import pytest

import signedcert as sc
from issuing import (
    ISSUER,
    NOW,
    OTHER_ISSUER,
    OTHER_SIGNER,
    SIGNER,
    TRUST,
    check,
    jwk,
    jwks,
    minimal,
)
from signedcert.crypto.keys import PublicKey
from signedcert.trust.jwks import JWKS_MAX
from signedcert.trust.key_entry import KeyEntry, Revocation

TOKEN = sc.issue(minimal(), SIGNER)
AT = 1_793_613_600
MOMENT = datetime.fromtimestamp(AT, UTC)


def read(*keys: object, **members: object) -> sc.Trust:
    return sc.Trust.from_jwks(ISSUER, json.dumps({"keys": keys} | members).encode())


def refusal(data: bytes, issuer: object = ISSUER) -> str:
    with pytest.raises(sc.TrustError) as caught:
        sc.Trust.from_jwks(issuer, data)
    return str(caught.value)


def test_one_key():
    trust = read(jwk())
    assert trust.keys == (KeyEntry(ISSUER, SIGNER.public_key),)
    assert trust.keys_for(SIGNER.public_key.kid) == trust.keys
    assert trust.keys_for(bytes(8)) == ()
    assert dict(trust.published) == {ISSUER: None}
    assert trust == TRUST
    assert check(TOKEN, trust).status is sc.Status.VALID


def test_a_key_set_as_it_comes():
    # RFC 8037, appendix A.2, with members of RFC 7517 and of others; RFC 7515's RSA key beside it.
    x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    trust = read(
        {"kty": "RSA", "n": "AQAB", "e": "AQAB", "alg": "RS256", "use": "sig", "kid": "1"},
        {"kty": "OKP", "crv": "Ed25519", "x": x, "alg": "Ed25519", "use": "sig", "kid": "2",
         "key_ops": ["verify"], "x5t": "?", "nbf": AT, "exp": AT + 1, "unknown": [1, {}]},
        iss=f"https://{ISSUER}", iat=AT, other={"nested": [None]},
    )  # fmt: skip
    assert trust.keys == (KeyEntry(ISSUER, SIGNER.public_key, MOMENT, MOMENT.replace(second=1)),)
    assert dict(trust.published) == {ISSUER: MOMENT}


@pytest.mark.parametrize(
    "members",
    [
        {"kty": "EC", "crv": "P-256"}, {"kty": "okp"}, {"kty": None}, {"crv": "Ed448"},
        {"crv": "X25519"},
        {"crv": ["Ed25519"]}, {"alg": "Ed448"}, {"alg": "ES256"}, {"alg": ["EdDSA"]},
        {"use": "enc"}, {"use": {}}, {"key_ops": []}, {"key_ops": ["sign"]},
        {"key_ops": 5}, {"key_ops": True}, {"key_ops": "verify"}, {"key_ops": {"verify": 1}},
        {"key_ops": [["verify"]]},
    ],
)  # fmt: skip
def test_keys_of_other_kinds_and_uses_are_skipped(members):
    trust = read(jwk(**members), jwk(OTHER_SIGNER))
    assert [entry.public_key for entry in trust.keys] == [OTHER_SIGNER.public_key]
    assert check(TOKEN, trust).status is sc.Status.INDETERMINATE


@pytest.mark.parametrize("entry", [None, 5, "key", [], True, {}, {"x": "?"}])
def test_entries_that_are_no_keys_are_skipped(entry):
    assert read(entry, jwk()).keys == TRUST.keys


@pytest.mark.parametrize(
    "members",
    [
        {"alg": "EdDSA"},
        {"alg": None},
        {"use": None},
        {"key_ops": None},
        {"use": "sig"},
        {"key_ops": ["sign", "verify"]},
        {"kid": 7},
    ],
)
def test_keys_for_signatures_are_taken(members):
    assert read(jwk(**members)).keys == TRUST.keys


def test_an_empty_key_set_is_one():
    trust = read()
    assert trust.keys == ()
    assert dict(trust.published) == {ISSUER: None}


@pytest.mark.parametrize("member", ["d", "k", "p", "q", "dp", "dq", "qi", "oth"])
def test_a_private_key_is_refused_and_never_quoted(member):
    for key in (jwk(**{member: "c2VjcmV0"}), {"kty": "RSA", member: "c2VjcmV0"}):
        message = refusal(jwks(jwk(OTHER_SIGNER), key))
        assert "private key" in message
        assert "compromised" in message
        assert "c2VjcmV0" not in message


@pytest.mark.parametrize(
    "text",
    [
        '{"keys": [], "keys": []}',
        '{"keys": [], "iss": "a.b", "iss": "a.b"}',
        '{"keys": [{"kty": "OKP", "kty": "OKP"}]}',
        '{"keys": [], "other": {"deep": [{"a": 1, "a": 2}]}}',
    ],
)
def test_repeated_members_are_refused(text):
    assert "repeated" in refusal(text.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"not json", b"\xff\xfe{}", b'\xef\xbb\xbf{"keys":[]}', b'{"keys":[]}x', b"'",
        b'{"keys":[],"a":"\xff"}', b"[" * 100_000, b'{"keys":' + b"[" * 100_000, b'{"a":' * 50_000,
        b'{"keys":[' + b"9" * 5000 + b"]}", b'{"keys":[],"n":12345678901234567}',
        b'{"keys":[],"n":1e999}',
        b'{"keys":[],"n":NaN}',
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused(data):
    assert "not plain JSON" in refusal(data)


@pytest.mark.parametrize(
    "text", ["[]", "5", "null", '"keys"', "{}", '{"keys": {}}', '{"keys": null}']
)
def test_what_is_no_key_set_is_refused(text):
    assert "JWK Set" in refusal(text.encode())


def test_the_largest_key_set():
    filler = b" " * (JWKS_MAX - len(jwks()))
    assert sc.Trust.from_jwks(ISSUER, jwks() + filler).keys == TRUST.keys
    assert "larger than" in refusal(jwks() + filler + b" ")


@pytest.mark.parametrize(
    "x",
    [
        None,
        5,
        [],
        {},
        "",
        "AA",
        "A" * 42,
        "A" * 44,
        "é" * 43,
        "=" * 43,
        "A" * 42 + "B",
        "A" * 42 + "=",
    ],
)
def test_a_damaged_key_is_refused_and_named(x):
    assert refusal(jwks(jwk(OTHER_SIGNER), jwk(x=x))).startswith("key 2 of the key set")


def test_a_key_without_x_is_refused():
    key = jwk()
    del key["x"]
    assert "key 1 of the key set" in refusal(jwks(key))


@pytest.mark.parametrize("name", ["nbf", "exp"])
@pytest.mark.parametrize("value", ["1", True, False, -1, 253_402_300_800, 1e300, [], {}])
def test_damaged_times_of_a_key_are_refused(name, value):
    assert f"member {name}" in refusal(jwks(jwk(**{name: value})))


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have_are_refused(text):
    refusal(jwks().replace(b'"kty"', b'"nbf": ' + text.encode() + b', "kty"'))


@pytest.mark.parametrize("value", ["1", True, -1, 253_402_300_800, []])
def test_damaged_time_of_the_set_is_refused(value):
    assert "member iat" in refusal(jwks(iat=value))


def test_times_are_floored_to_seconds():
    entry = read(jwk(nbf=AT + 0.999, exp=AT)).keys[0]
    assert (entry.not_before, entry.not_after) == (MOMENT, MOMENT)
    entry = read(jwk(nbf=0, exp=253_402_300_799)).keys[0]
    assert entry.not_before == datetime(1970, 1, 1, tzinfo=UTC)
    assert entry.not_after == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert read(jwk(nbf=None, exp=None, revoked=None)).keys == TRUST.keys


@pytest.mark.parametrize(
    ("member", "revocation"),
    [
        ({"revoked_at": AT}, Revocation.UNSPECIFIED),
        ({"revoked_at": AT, "reason": "unspecified"}, Revocation.UNSPECIFIED),
        ({"revoked_at": AT, "reason": "compromised"}, Revocation.COMPROMISED),
        ({"revoked_at": AT, "reason": "superseded"}, Revocation.SUPERSEDED),
        ({"revoked_at": AT, "reason": "Superseded"}, Revocation.UNSPECIFIED),
        ({"revoked_at": AT, "reason": None}, Revocation.UNSPECIFIED),
        ({"revoked_at": AT, "reason": {}}, Revocation.UNSPECIFIED),
    ],
)
def test_revocations(member, revocation):
    entry = read(jwk(revoked=member)).keys[0]
    assert (entry.revocation, entry.revoked_at) == (revocation, MOMENT)
    assert entry.compromised is (revocation is not Revocation.SUPERSEDED)


def test_a_superseded_key_without_a_moment_must_not_count_as_current():
    # Since when is it replaced? Unknown, so nothing can be said to be from before.
    member = {"revoked_at": None, "reason": "superseded"}
    assert "revoked_at" in refusal(jwks(jwk(revoked=member)))


@pytest.mark.parametrize("member", [True, "yes", 5, [], {}, {"reason": "superseded"}])
def test_damaged_revocations_are_refused(member):
    assert "revoked" in refusal(jwks(jwk(revoked=member)))


def test_one_key_twice_is_refused():
    message = refusal(jwks(jwk(), jwk(OTHER_SIGNER), jwk(exp=1)))
    assert SIGNER.public_key.kid.hex() in message
    assert "twice" in message


@pytest.mark.parametrize("issuer", [ISSUER, f"https://{ISSUER}"])
@pytest.mark.parametrize("named", [ISSUER, f"https://{ISSUER}"])
def test_the_issuer_that_the_set_names(issuer, named):
    trust = sc.Trust.from_jwks(issuer, jwks(iss=named))
    assert list(trust.published) == [ISSUER]
    assert trust.keys == TRUST.keys


def test_a_set_that_names_another_issuer():
    message = refusal(jwks(iss=f"https://{OTHER_ISSUER}"))
    assert OTHER_ISSUER in message
    assert ISSUER in message


@pytest.mark.parametrize(
    "issuer",
    [None, 5, [], {}, "", "localhost", "Learn.Example.edu", "http://learn.example.edu", "a b.c",
    "a.b:8",
     "learn.example.edu/", "https://https://learn.example.edu", "192.168.0.1", "münchen.de",
     "a.b?c"],
)  # fmt: skip
def test_damaged_issuers_are_refused(issuer):
    assert "issuer" in refusal(jwks(), issuer)
    if issuer is not None:  # null names nobody
        assert "issuer" in refusal(jwks(iss=issuer))


def test_issuers_are_added_and_never_replaced():
    trust = TRUST.with_jwks(OTHER_ISSUER, jwks(jwk(OTHER_SIGNER), iat=AT))
    assert dict(trust.published) == {ISSUER: None, OTHER_ISSUER: MOMENT}
    assert len(trust.keys) == 2
    assert dict(TRUST.published) == {ISSUER: None}
    with pytest.raises(sc.TrustError, match="trusted already"):
        trust.with_jwks(ISSUER, jwks())
    theirs = sc.issue(minimal(issuer=OTHER_ISSUER), OTHER_SIGNER)
    assert sc.verify(theirs, trust, now=NOW).status is sc.Status.VALID
    assert check(TOKEN, trust).status is sc.Status.VALID


def test_trust_is_immutable():
    with pytest.raises(AttributeError):
        TRUST.published = {}
    with pytest.raises(TypeError):
        TRUST.published["x"] = None
    assert sc.Trust.empty().keys == ()


def nested_key_set(arrays: int, inner: bytes = b"") -> bytes:
    return b'{"keys":[],"n":' + b"[" * arrays + inner + b"]" * arrays + b"}"


def test_the_deepest_key_set():
    # At most 32 arrays and objects around any value, be it an empty array.
    assert sc.Trust.from_jwks(ISSUER, nested_key_set(31, b"0")).keys == ()
    assert sc.Trust.from_jwks(ISSUER, nested_key_set(32)).keys == ()
    assert "nested too deep" in refusal(nested_key_set(32, b"0"))
    assert "nested too deep" in refusal(nested_key_set(33))


def test_numbers_of_sixteen_digits_are_the_longest():
    assert sc.Trust.from_jwks(ISSUER, jwks(n=-9999999999999999)).keys == TRUST.keys


def test_two_keys_of_one_issuer_may_share_a_kid(monkeypatch):
    # 64 bits of a hash: nobody has such a pair at hand, so every key is given the same kid.
    monkeypatch.setattr(PublicKey, "thumbprint", property(lambda _: bytes(32)))
    trust = sc.Trust.from_jwks(ISSUER, jwks(jwk(), jwk(OTHER_SIGNER)))
    assert len(trust.keys_for(bytes(8))) == 2
    with pytest.raises(sc.TrustError, match="twice"):
        sc.Trust.from_jwks(ISSUER, jwks(jwk(), jwk(OTHER_SIGNER), jwk()))


def test_trust_travels_to_other_processes():
    trust = sc.Trust.from_jwks(ISSUER, jwks(iat=1_700_000_000))
    for copied in (pickle.loads(pickle.dumps(trust)), copy.deepcopy(trust)):
        assert copied == trust
        with pytest.raises(TypeError):
            copied.published["x"] = None


@pytest.mark.parametrize("data", ["{}", None, bytearray(b"{}")])
def test_a_key_set_is_bytes(data):
    with pytest.raises(TypeError, match="bytes"):
        sc.Trust.from_jwks(ISSUER, data)
