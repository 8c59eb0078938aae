"""The one acceptance rule against other people's signature vectors, on both backends."""

import pytest

from many_cases import check_each
from signedcert import SoftwareSigner, ed25519_verify
from signedcert.crypto.ed25519 import with_libsodium, with_openssl
from vector_files import load_json

WYCHEPROOF = load_json("wycheproof/ed25519_test.json")
WYCHEPROOF_CASES = [
    (f"tc{test['tcId']}", (group["publicKey"]["pk"], test))
    for group in WYCHEPROOF["testGroups"]
    for test in group["tests"]
]
SPECCHECK = load_json("ed25519-speccheck/cases.json")
RFC8032 = load_json("rfc8032/rfc8032-ed25519.json")

backends = pytest.mark.parametrize("verifier", [ed25519_verify, with_libsodium, with_openssl])


def test_no_vector_was_lost():
    assert len(WYCHEPROOF_CASES) == WYCHEPROOF["numberOfTests"] == 151
    assert len(SPECCHECK) == 12
    assert len(RFC8032) == 4


@backends
def test_wycheproof(verifier):
    def check(public_key, test):
        arguments = (bytes.fromhex(text) for text in (public_key, test["msg"], test["sig"]))
        assert verifier(*arguments) is (test["result"] == "valid")

    check_each(check, WYCHEPROOF_CASES)


# Case 3 alone has neither a small order nor a wrong encoding: both points are of mixed order, and
# the equation without the cofactor holds. "Taming the many EdDSAs", table 5, row libsodium.
@backends
@pytest.mark.parametrize(
    ("number", "accepted"), list(enumerate(mark == "V" for mark in "XXXVXXXXXXXX"))
)
def test_speccheck(verifier, number, accepted):
    case = SPECCHECK[number]
    arguments = (bytes.fromhex(case[name]) for name in ("pub_key", "message", "signature"))
    assert verifier(*arguments) is accepted


@backends
@pytest.mark.parametrize("case", RFC8032, ids=lambda case: f"{len(case['msg']) // 2} bytes")
def test_rfc8032(verifier, case):
    seed, key, message, signature = (
        bytes.fromhex(case[name]) for name in ("priv", "pub", "msg", "sig")
    )
    signer = SoftwareSigner(seed[:32])
    assert signer.public_key.raw == key
    assert signer.sign(message) == signature
    assert verifier(key, message, signature) is True
    assert verifier(key, message + b"\0", signature) is False
