"""The look at CBOR before it is decoded: what it lets through, and what it keeps out."""

import itertools

import cbor2
import pytest

import signedcert as sc
from issuing import SIGNER, check, minimal
from signedcert.codec.cbor import decode
from signedcert.codec.lower import lower
from signedcert.codec.scan import ITEMS_MAX, extent, is_cheap
from signedcert.crypto.sign1 import sign
from signedcert.errors import DecodeError
from signedcert.model.statement import BODY


@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        2**63,
        b"",
        b"x" * 70_000,
        "",
        "x" * 300,
        [],
        {},
        [[]],
        {0: {}},
        {0: [1, {2: []}]},
        True,
    ],
)
def test_ordinary_values(value):
    assert is_cheap(cbor2.dumps(value))


@pytest.mark.parametrize("key", ["80", "8101", "a0", "a10000", "8180"])
def test_arrays_and_maps_as_keys(key):
    for data in (f"a1{key}00", f"a20000{key}00", f"81a1{key}00", f"a100a1{key}00", f"a1{key}"):
        assert not is_cheap(bytes.fromhex(data))
    assert is_cheap(bytes.fromhex(f"a100{key}"))
    assert is_cheap(bytes.fromhex(f"a201{key}02{key}"))


@pytest.mark.parametrize("data", ["", "81", "a1", "a100", "8201", "c100", "9fff", "bf", "1c"])
def test_cut_off_or_not_of_the_profile(data):
    assert not is_cheap(bytes.fromhex(data))


def test_items_are_counted_with_keys_and_containers():
    assert is_cheap(cbor2.dumps([0] * (ITEMS_MAX - 1)))
    assert not is_cheap(cbor2.dumps([0] * ITEMS_MAX))
    half = (ITEMS_MAX - 1) // 2
    assert is_cheap(cbor2.dumps(dict.fromkeys(range(half), 0)))
    assert not is_cheap(cbor2.dumps(dict.fromkeys(range(half + 1), 0)))


def test_declared_lengths_beyond_the_end():
    # What is cut off within a string is the decoder's to find, and costs it nothing.
    for data in (b"\x5b\x7f" + b"\xff" * 7, b"\x9b\x7f" + b"\xff" * 7, b"\xbb\x7f" + b"\xff" * 7):
        with pytest.raises(DecodeError):
            decode(data)


@pytest.mark.parametrize(
    "data",
    ["00", "20", "1818", "1903e8", "f5", "f90000", "fb0000000000000000", "f820", "40", "4161",
     "5801ff", "590001ff", "6161", "80", "8100", "82008101", "a0", "a10000", "a20181610202a0"],
)  # fmt: skip
def test_the_extent_ends_where_the_item_ends(data):
    item = bytes.fromhex(data)
    for after in (b"", b"\0", b"\xc1", b"\xff" * 9):
        assert extent(item + after) == len(item)
    for cut in range(len(item)):
        assert extent(item[:cut]) != cut


@pytest.mark.parametrize("data", ["5803ffff", "7bffffffffffffffff00", "19ff", "8240"])
def test_the_extent_of_what_is_cut_off_is_never_its_length(data):
    assert extent(bytes.fromhex(data)) != len(data) // 2


@pytest.mark.parametrize("data", ["", "9fff", "5f4100ff", "c100", "d9d9f700", "a1a00000", "8201c1"])
def test_only_what_is_cheap_has_an_extent(data):
    assert extent(bytes.fromhex(data)) is None
    assert not is_cheap(bytes.fromhex(data))


@pytest.mark.parametrize("depth", range(1, 6))
def test_maps_as_keys_of_maps_are_refused_before_they_are_hashed(depth):
    # In CPython, -1 and -2 have one hash, and so do all arrays of them of one length.
    arrays = itertools.islice(itertools.product(b"\x20\x21", repeat=8), 230)
    inner = [b"\xa1" * depth + b"\x88" + bytes(array) + b"\0" * depth + b"\0" for array in arrays]
    assert not is_cheap(b"\xb8" + bytes((len(inner),)) + b"".join(inner))


def test_the_decoder_looks_first():
    assert len(decode(cbor2.dumps([0] * (ITEMS_MAX - 1)))) == ITEMS_MAX - 1
    with pytest.raises(DecodeError):
        decode(cbor2.dumps([0] * ITEMS_MAX))


def test_payloads_of_too_many_items_are_neither_issued_nor_accepted():
    # The payload's other items: claims, body, and this label, with their keys.
    fits = minimal(additional={128: (0,) * (ITEMS_MAX - 30)})
    assert check(sc.issue(fits, SIGNER)).statement == fits
    crowd = minimal(additional={128: (0,) * ITEMS_MAX})
    with pytest.raises(sc.EncodeError, match="4096 items"):
        sc.issue(crowd, SIGNER)
    claims = cbor2.loads(lower(minimal()))
    claims[BODY][128] = [0] * ITEMS_MAX
    forged = sign(sc.Certificate.media_type, cbor2.dumps(claims), SIGNER).to_bytes()
    finding = check(forged).finding(sc.Check.SCHEMA)
    assert (finding.outcome, finding.reason) == (sc.Outcome.FAILED, sc.Reason.NOT_DETERMINISTIC)
