"""The COSE working group's examples. None is of our profile; the structures are the same."""

import cbor2
import pytest

import cbor_oracle
import signedcert as sc
from issuing import NOW, SIGNER, TRUST
from signedcert.codec.base64url import to_base64url
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame, protected_header, sig_structure
from signedcert.codec.record_framing import RecordFrame
from signedcert.model.issued_record import VisibleRecord
from vector_files import VECTORS, load_json

FILES = sorted((VECTORS / "cose-wg").rglob("*.json"))
CASES = [
    pytest.param(load_json(f"cose-wg/{file.parent.name}/{file.name}"), id=file.stem)
    for file in FILES
]
SIGN1 = [case for case in CASES if "sign0" in case.values[0]["input"]]
PASSING = [case for case in SIGN1 if not case.values[0].get("fail")]


def parts(case: dict) -> list:
    item = cbor2.loads(bytes.fromhex(case["output"]["cbor"]))
    return item.value if isinstance(item, cbor2.CBORTag) else item


def sig_structure_oracle(protected: bytes, external: bytes, payload: bytes) -> bytes:
    """RFC 9052, section 4.4: an empty map is signed as an empty byte string."""
    protected = b"" if protected == b"\xa0" else protected
    return cbor_oracle.dumps(["Signature1", protected, external, payload])


def test_no_case_was_lost():
    assert len(CASES) == 13
    assert len(SIGN1) == 11
    assert len(PASSING) == 5


@pytest.mark.parametrize("case", PASSING)
def test_oracle_agrees_with_their_sig_structure(case):
    protected, _, payload, _ = parts(case)
    external = bytes.fromhex(case["input"]["sign0"].get("external", ""))
    expected = bytes.fromhex(case["intermediates"]["ToBeSign_hex"])
    assert sig_structure_oracle(protected, external, payload) == expected


# Our protected headers have 40 bytes and more; theirs fewer than 24, whose head is shorter.
@pytest.mark.parametrize("size", [1, 23, 24, 255, 256, 16_384])
@pytest.mark.parametrize("kind", [sc.Certificate, VisibleRecord])
def test_our_sig_structure_agrees_with_the_oracle(kind, size):
    protected, payload = protected_header(kind.media_type, bytes(8)), b"x" * size
    assert protected == cbor_oracle.dumps({1: -19, 4: bytes(8), 16: kind.media_type})
    assert sig_structure(protected, payload) == sig_structure_oracle(protected, b"", payload)
    frame = Frame(kind.media_type, bytes(8), payload, bytes(64))
    parts = [protected, {}, payload, bytes(64)]
    assert frame.to_bytes() == cbor_oracle.dumps(cbor_oracle.Tagged(18, parts))
    assert frame.to_be_signed() == sig_structure(protected, payload)
    expected = frame if kind is sc.Certificate else RecordFrame(frame, ())
    assert parse_frame(frame.to_bytes()) == expected


@pytest.mark.parametrize("size", [24, 100, 255])
def test_sig_structure_for_their_payload(size):
    protected, payload = bytes(size), b"This is the content."
    assert sig_structure(protected, payload) == sig_structure_oracle(protected, b"", payload)


@pytest.mark.parametrize("case", CASES)
def test_none_is_ever_valid(case):
    token = bytes.fromhex(case["output"]["cbor"])
    for verdict in (
        sc.verify(token, TRUST, now=NOW),
        sc.verify_text(to_base64url(token), TRUST, now=NOW),
        sc.verify_text(to_base64url(b"\x02" + token), TRUST, now=NOW),
    ):
        assert verdict.status is sc.Status.INVALID
        assert verdict.statement is None


def test_eddsa_sig_01_verifies_as_a_primitive():
    case = load_json("cose-wg/eddsa-examples/eddsa-sig-01.json")
    key = case["input"]["sign0"]["key"]
    protected, _, payload, signature = parts(case)
    message = sig_structure_oracle(protected, b"", payload)
    assert SIGNER.public_key.raw.hex() == key["x_hex"]
    assert SIGNER.sign(message) == signature
    assert sc.ed25519_verify(bytes.fromhex(key["x_hex"]), message, signature) is True
    assert sc.ed25519_verify(bytes.fromhex(key["x_hex"]), message + b"\0", signature) is False
