"""The draft's own lists and tokens (draft-ietf-oauth-status-list-21)."""

import re
import zlib
from datetime import UTC, datetime, timedelta

import cbor2
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from signedcert.codec.base64url import from_base64url
from signedcert.errors import DecodeError, Reason
from signedcert.trust.status_list import deflate_list, inflate_list, pack_statuses
from signedcert.trust.status_token import StatusToken, parse_claims, parse_envelope
from vector_files import VECTORS

FOLDER = VECTORS / "token-status-list"
#: The public part of the key that signed the draft's CWTs (its repository, src/util.py).
X = "I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo"
Y = "6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M"


def appendix() -> dict[int, dict[int, int]]:
    """For each number of bits, the draft's table from index to value."""
    text = (FOLDER / "test-vectors.md").read_text("utf-8")
    tables = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        rows = re.findall(r"^status\[(\d+)\] ?= 0b([01]+)$", section, flags=re.MULTILINE)
        tables[int(section[0])] = {int(index): int(value, 2) for index, value in rows}
    return tables


APPENDIX = appendix()
#: Name, bits, entries, and their values, where others are zero. The short ones stand in section
#: "Compressed Byte Array".
LISTS = [
    ("encoding", 1, 16, dict(enumerate((1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1)))),
    ("encoding2", 2, 12, dict(enumerate((1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3)))),
    ("encoding1_long", 1, 1 << 20, APPENDIX[1]),
    ("encoding2_long", 2, 1 << 20, APPENDIX[2]),
    ("encoding4", 4, 1 << 20, APPENDIX[4]),
    ("encoding8", 8, 1 << 20, APPENDIX[8]),
]
each_list = pytest.mark.parametrize(
    ("name", "bits", "size", "values"), LISTS, ids=[case[0] for case in LISTS]
)


def example(name: str) -> bytes:
    """The bytes of an example; some have the array in words before them."""
    text = (FOLDER / "examples" / f"{name}.md").read_text("ascii")
    return bytes.fromhex(text.rpartition("encoded:")[2])


def accepts(message: bytes, signature: bytes) -> bool:
    """Whether the draft's key accepts an ES256 signature (RFC 9053, section 2.1)."""
    x, y, r, s = (
        int.from_bytes(number, "big")
        for number in (from_base64url(X), from_base64url(Y), signature[:32], signature[32:])
    )
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    try:
        key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def test_no_value_was_lost():
    assert {bits: len(table) for bits, table in APPENDIX.items()} == {1: 11, 2: 11, 4: 15, 8: 256}


@each_list
def test_their_lists_have_the_values_they_say(name, bits, size, values):
    entry = cbor2.loads(example(f"status_list_{name}_cbor"))
    statuses = inflate_list(entry["lst"], entry["bits"])
    assert (statuses.bits, statuses.size) == (bits, size)
    found = {index: statuses.value(index) for index in range(size) if statuses.value(index)}
    assert found == {index: value for index, value in values.items() if value}
    with pytest.raises(IndexError):
        statuses.value(size)


@each_list
def test_ours_are_theirs(name, bits, size, values):
    theirs = cbor2.loads(example(f"status_list_{name}_cbor"))["lst"]
    array = pack_statuses(size, bits, values.items())
    assert array == inflate_list(theirs, bits).array
    assert inflate_list(deflate_list(array), bits).array == array
    # Theirs were made by zlib, ours by whatever stands in for it: zlib-ng compresses otherwise.
    if "ng" not in zlib.ZLIB_RUNTIME_VERSION:
        assert deflate_list(array) == theirs


def test_their_token():
    token = parse_envelope(example("status_list_cwt"))
    assert (token.algorithm, token.kid, len(token.signature)) == (-7, b"12", 64)
    assert accepts(token.to_be_signed(), token.signature)
    claims = parse_claims(token.payload)
    assert claims == StatusToken(
        subject="https://example.com/statuslists/1",
        issued_at=datetime(2023, 6, 16, 12, 56, 10, tzinfo=UTC),
        expires_at=datetime(2042, 8, 15, 12, 56, 10, tzinfo=UTC),
        not_before=None,
        ttl=timedelta(hours=12),
        bits=1,
        lst=bytes.fromhex("78dadbb918000217015d"),
    )
    assert inflate_list(claims.lst, claims.bits).array == b"\xb9\xa3"


def test_their_signature_covers_header_and_payload():
    token = parse_envelope(example("status_list_cwt"))
    tampered = [
        token._replace(payload=token.payload[:-1] + b"\0"),
        token._replace(protected=token.protected[:-1] + b"\0"),
        token._replace(signature=token.signature[:-1] + b"\0"),
    ]
    assert not any(accepts(other.to_be_signed(), other.signature) for other in tampered)


def test_their_referenced_token_is_no_status_list():
    with pytest.raises(DecodeError, match="statuslist") as refused:
        parse_envelope(example("referenced_token_cwt"))
    assert refused.value.reason == Reason.WRONG_TYPE
