"""Public keys, kids, and RFC 9679 thumbprints."""

import copy
import hashlib
import pickle
import re

import cbor2
import pytest

import cbor_oracle
from signedcert import PublicKey
from vector_files import VECTORS

FOLDER = VECTORS / "cose-key-thumbprint"
RFC8032_KEY = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")


def members(name: str) -> dict[int, bytes | int]:
    """The members of a COSE_Key in the diagnostic notation of the vectors."""
    text = re.sub(r"/[^/]*/", "", (FOLDER / f"{name}.diag").read_text())
    pairs = re.findall(r"(-?\d+)\s*:\s*(?:h'([^']*)'|'[^']*'|(\d+))", text)
    return {
        int(label): int(number) if number else bytes.fromhex("".join(data.split()))
        for label, data, number in pairs
    }


def thumbprint(key: dict[int, bytes | int], required: tuple[int, ...]) -> bytes:
    content = cbor_oracle.dumps({label: key[label] for label in required})
    return hashlib.sha256(content).digest()


def test_oracle_agrees_with_rfc9679_example():
    expected = (FOLDER / "ec2_p256.hash.validate").read_bytes()
    assert thumbprint(members("ec2_p256"), (1, -1, -2, -3)) == expected


def test_thumbprint_of_the_vectors_ed25519_key():
    key = members("ed25519")
    assert key[-2] == RFC8032_KEY
    public_key = PublicKey(key[-2])
    assert public_key.thumbprint == thumbprint(key, (1, -1, -2))
    assert public_key.thumbprint.hex() == (
        "866eefbd6718c8846cd7ddfe43fc74ab1daac4538ff8514ea2ec2d410a415743"
    )
    assert public_key.kid.hex() == "866eefbd6718c884"


def test_thumbprint_is_over_the_cose_key():
    raw = bytes(range(32))
    content = cbor2.dumps({1: 1, -1: 6, -2: raw})
    assert PublicKey(raw).thumbprint == hashlib.sha256(content).digest()


@pytest.mark.parametrize("raw", [b"", bytes(31), bytes(33), bytearray(32), "0" * 32, None])
def test_only_32_bytes_are_a_key(raw):
    with pytest.raises(ValueError, match="32 bytes"):
        PublicKey(raw)


def test_keys_are_values():
    key = PublicKey(RFC8032_KEY)
    assert key == PublicKey(RFC8032_KEY) != PublicKey(bytes(32))
    assert len({key, PublicKey(RFC8032_KEY)}) == 1
    assert RFC8032_KEY.hex() in repr(key)
    with pytest.raises(AttributeError):
        key.raw = bytes(32)
    for twin in (copy.copy(key), copy.deepcopy(key), pickle.loads(pickle.dumps(key))):
        assert twin == key
        assert twin.kid == key.kid
