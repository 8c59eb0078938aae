"""The draft's own SD-CWTs and Key Binding Tokens (draft-ietf-spice-sd-cwt)."""

from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

import cbor_oracle
import signedcert as sc
from issuing import NOW
from sd_cwt_reader import Sign1, decode, disclosed_claims, hashes_in
from signedcert.codec.base64url import from_base64url
from signedcert.share.digests import DIGEST_SIZE, redacted_claim_hash
from vector_files import VECTORS

FOLDER = VECTORS / "sd-cwt"
#: The public keys of the issuer (P-384) and of the holder (P-256), as the draft prints them in its
#: section "Keys Used in the Examples".
ISSUER_X = "wxeYsMeIX6NSj7-HfltMOm3GelpdxrMHtyjDclkm8qvl-0lkzZHjlIpUk_brtsu_"
ISSUER_Y = "j2x-x2FpHK03TE2qk4dFPxgFjs5Y6wqOhKBVox-3-SFLJ1CVIsFZ52T4cR4RYJVU"
HOLDER_X = "hVTrJ13Nb70cesZBqiyQ2SAi_Q0wJLWvGMfMYa1Sei0"
HOLDER_Y = "TceuLGd-ltDMgll2Vc6S1VA_VCk9h4ddHnnOR3AZQ0M"

# What the draft says each token says. Its figures of the claims before redaction have other values
# in three places: nbf 1725243840, and as dates of inspections 1612498440 and 17183928. Its tokens
# and their diagnostic notation have those below.
STANDARD = {
    1: "https://issuer.example",
    2: "https://device.example",
    4: 1725330600,
    5: 1725243900,
    6: 1725244200,
    8: {1: {1: 2, -1: 1, -2: from_base64url(HOLDER_X), -3: from_base64url(HOLDER_Y)}},
}


def log(*inspections: tuple[int, str, dict[int, str]]) -> dict:
    """The nested example's inspection history log."""
    entries = [{500: True, 501: who, 502: on, 503: {1: "us"} | at} for on, who, at in inspections]
    return STANDARD | {504: entries}


DENVER = (1549560720, "DCBA-101777", {2: "co", 3: "80302"})
LAS_VEGAS = (1612560720, "EFGH-789012", {2: "nv", 3: "89155"})
SAN_FRANCISCO = (1674004740, "ABCD-123456", {2: "ca", 3: "94188"})
SOME_OF_THE_LOG = log((*DENVER[:2], {}), (*SAN_FRANCISCO[:2], {2: "ca"}))
SOME_CLAIMS = STANDARD | {
    500: True,
    501: "ABCD-123456",
    502: [1549560720, 1674004740],
    503: {"country": "us", "region": "ca"},
}
CLAIMS = {
    "issuer_cwt": SOME_CLAIMS
    | {
        502: [1549560720, 1612560720, 1674004740],
        503: {"country": "us", "region": "ca", "postal_code": "94188"},
    },
    "kbt": SOME_CLAIMS,
    "nested_issuer_cwt": log(DENVER, LAS_VEGAS, SAN_FRANCISCO),
    "nested_cwt": SOME_OF_THE_LOG,
    "nested_kbt": SOME_OF_THE_LOG,
    "decoy": STANDARD | {98: ["fr"], 500: True},
}
#: What the holder withholds where a hash shows that there is something, and texts that are then
#: not in the token at all.
WITHHELD = [(1612560720,), ("94188", "postal_code")], [b"94188", b"postal_code"]
WITHHELD_OF_THE_LOG = (
    [("co", 2), ("80302", 3), ("94188", 3), LAS_VEGAS[0]],
    [b"80302", b"94188", b"EFGH-789012", b"89155"],
)
#: Each token as presented, and as issued.
PRESENTED = [
    ("kbt", "issuer_cwt", *WITHHELD),
    ("nested_cwt", "nested_issuer_cwt", *WITHHELD_OF_THE_LOG),
    ("nested_kbt", "nested_issuer_cwt", *WITHHELD_OF_THE_LOG),
]
NAMES = sorted(CLAIMS)
ISSUED = ["decoy", "issuer_cwt", "nested_issuer_cwt"]
KBTS = ["kbt", "nested_kbt"]
each_token = pytest.mark.parametrize("name", NAMES)
each_kbt = pytest.mark.parametrize("name", KBTS)


def token(name: str) -> bytes:
    return (FOLDER / f"{name}.cbor").read_bytes()


def sd_cwt(name: str) -> Sign1:
    return Sign1.read(token(name)).sd_cwt


def hash_of(disclosure: bytes) -> bytes:
    """The hash of a disclosure's byte string."""
    return redacted_claim_hash(cbor_oracle.dumps(disclosure))


def all_hashes(issued: Sign1) -> list[bytes]:
    """The Redacted Claim Hashes of the payload and of what the disclosures disclose."""
    disclosed = [decode(disclosure) for disclosure in issued.disclosures]
    return list(hashes_in([issued.claims, *disclosed]))


def public_key(curve: ec.EllipticCurve, x: bytes, y: bytes) -> ec.EllipticCurvePublicKey:
    numbers = (int.from_bytes(number, "big") for number in (x, y))
    return ec.EllipticCurvePublicNumbers(*numbers, curve).public_key()


def confirmation_key(issued: Sign1) -> ec.EllipticCurvePublicKey:
    """The COSE key of the claim cnf (RFC 8747, section 3.2)."""
    key = issued.claims[8][1]
    assert (key[1], key[-1]) == (2, 1)
    return public_key(ec.SECP256R1(), key[-2], key[-3])


ISSUER_KEY = public_key(ec.SECP384R1(), from_base64url(ISSUER_X), from_base64url(ISSUER_Y))
OTHER_HOLDER = ec.derive_private_key(1, ec.SECP256R1()).public_key()


def accepts(key: ec.EllipticCurvePublicKey, signed: Sign1) -> bool:
    """Whether a key accepts an ES256 or ES384 signature (RFC 9053, section 2.1)."""
    algorithm = {256: hashes.SHA256(), 384: hashes.SHA384()}[key.key_size]
    size = key.key_size // 8
    assert len(signed.signature) == 2 * size
    r, s = (
        int.from_bytes(number, "big")
        for number in (signed.signature[:size], signed.signature[size:])
    )
    try:
        key.verify(utils.encode_dss_signature(r, s), signed.to_be_signed(), ec.ECDSA(algorithm))
    except InvalidSignature:
        return False
    return True


def flipped(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def tampered(signed: Sign1) -> list[Sign1]:
    """A token with one bit turned, in the first, middle or last byte of what is signed or signs."""
    return [
        signed._replace(**{part: flipped(data, at)})
        for part in ("protected", "payload", "signature")
        for data in [getattr(signed, part)]
        for at in (0, len(data) // 2, -1)
    ]


def test_no_token_was_lost():
    assert [file.stem for file in sorted(FOLDER.glob("*.cbor"))] == NAMES
    assert [len(sd_cwt(name).disclosures) for name in NAMES] == [4, 5, 3, 7, 15, 7]


@each_token
def test_headers_say_what_they_are(name):
    signed = Sign1.read(token(name))
    if name in KBTS:
        assert {**signed.header, 13: None} == {1: -7, 13: None, 16: 294}
        assert signed.unprotected == {}
        aud, nonce = "https://verifier.example/app", "8c0f5f523b95bea44a9a48c649240803"
        assert signed.claims == {3: aud, 6: 1725244237, 39: bytes.fromhex(nonce)}
    kid = b"https://issuer.example/cose-key3"
    assert signed.sd_cwt.header == {1: -35, 4: kid, 16: 293, 170: -16}
    assert signed.sd_cwt.unprotected.keys() == {17}


@each_token
def test_each_disclosure_has_exactly_one_hash(name):
    found = all_hashes(sd_cwt(name))
    assert {len(digest) for digest in found} == {DIGEST_SIZE}
    for disclosure in sd_cwt(name).disclosures:
        assert found.count(hash_of(disclosure)) == 1
        assert found.count(sha256(disclosure).digest()) == 0


@pytest.mark.parametrize("name", ISSUED)
def test_holder_can_open_every_hash_of_an_issued_token(name):
    digests = [hash_of(disclosure) for disclosure in sd_cwt(name).disclosures]
    assert sorted(digests) == sorted(all_hashes(sd_cwt(name)))


def test_first_disclosure_is_hashed_with_its_head():
    # The draft prints the hash without, and goes on to show it as the first of the payload. It is
    # not: there, and wherever the draft's tokens have a hash, the head is in it.
    disclosure = (FOLDER / "first-disclosure.cborseq").read_bytes()
    printed = bytes.fromhex((FOLDER / "first-blinded-hash.txt").read_text("ascii"))
    issued = sd_cwt("issuer_cwt")
    assert disclosure == issued.disclosures[0]
    assert printed == sha256(disclosure).digest()
    assert printed not in all_hashes(issued)
    assert hash_of(disclosure) == sha256(b"\x58\x21" + disclosure).digest()
    assert redacted_claim_hash(b"\x58\x21" + disclosure).hex() == (
        "af375dc3fba1d082448642c00be7b2f7bb05c9d8fb61cfc230ddfdfb4616a693"
    )


@each_token
def test_claims_are_those_the_draft_describes(name):
    claims = disclosed_claims(sd_cwt(name))
    # Encoded, for to Python true is 1.
    assert cbor_oracle.dumps(claims) == cbor_oracle.dumps(CLAIMS[name])


@each_token
def test_without_disclosures_nothing_redacted_shows(name):
    bare = sd_cwt(name)._replace(unprotected={})
    shown = {
        "issuer_cwt": {500: True, 502: [1674004740], 503: {"country": "us"}},
        "nested_issuer_cwt": {504: []},
        "decoy": {98: []},
    }
    shown |= {name: shown[issued] for name, issued, _, _ in PRESENTED}
    assert disclosed_claims(bare) == STANDARD | shown[name]


@pytest.mark.parametrize(("name", "issued", "withheld", "texts"), PRESENTED)
def test_what_is_withheld_stays_hidden(name, issued, withheld, texts):
    shown, whole = sd_cwt(name), sd_cwt(issued)
    assert set(shown.disclosures) < set(whole.disclosures)
    opens = {hash_of(each): decode(each) for each in whole.disclosures}
    hidden = set(all_hashes(shown)) - {hash_of(each) for each in shown.disclosures}
    # Of an inspection, its date: the salt and the hashes in it are not repeated here.
    values = [
        entry[1][502] if isinstance(entry[1], dict) else tuple(entry[1:])
        for entry in (opens[digest] for digest in hidden)
    ]
    assert sorted(values, key=str) == sorted(withheld, key=str)
    assert all(text in b"".join(whole.disclosures) for text in texts)
    assert not any(text in token(name) for text in texts)


def test_decoys_open_to_nothing_but_a_salt():
    entries = [decode(disclosure) for disclosure in sd_cwt("decoy").disclosures]
    decoys = [entry[0].hex() for entry in entries if len(entry) == 1]
    # The draft's text prints the first.
    assert decoys == ["c1069bc056e234d64f58baff8a7b776b", "89c41c270dd06cd3517d371c9ddf2bab"]
    assert {len(entry[0]) for entry in entries} == {16}


@each_token
def test_their_issuer_signed(name):
    issued = sd_cwt(name)
    assert accepts(ISSUER_KEY, issued)
    assert not any(accepts(ISSUER_KEY, other) for other in tampered(issued))


@pytest.mark.parametrize(("name", "issued"), [case[:2] for case in PRESENTED])
def test_presenting_keeps_what_the_issuer_signed(name, issued):
    assert sd_cwt(name)._replace(unprotected={}) == sd_cwt(issued)._replace(unprotected={})


@each_kbt
def test_their_holder_signed_with_the_confirmed_key(name):
    kbt = Sign1.read(token(name))
    key = confirmation_key(kbt.sd_cwt)
    assert accepts(key, kbt)
    assert not accepts(OTHER_HOLDER, kbt)
    assert not any(accepts(key, other) for other in tampered(kbt))


@each_kbt
def test_their_holder_signed_the_choice_of_disclosures(name):
    kbt = Sign1.read(token(name))
    key = confirmation_key(kbt.sd_cwt)
    for disclosure in kbt.sd_cwt.disclosures:
        at = kbt.protected.index(disclosure)
        other = kbt._replace(protected=flipped(kbt.protected, at + 2))
        assert other.sd_cwt.disclosures != kbt.sd_cwt.disclosures
        assert accepts(ISSUER_KEY, other.sd_cwt)
        assert not accepts(key, other)


def test_nested_kbt_holds_the_nested_token():
    assert token("nested_cwt") in Sign1.read(token("nested_kbt")).protected


@each_token
def test_disclosure_with_one_byte_changed_has_no_hash(name):
    issued = sd_cwt(name)
    digests = [hash_of(disclosure) for disclosure in issued.disclosures]
    assert set(digests) <= set(all_hashes(issued))
    for disclosure in issued.disclosures:
        others = [flipped(disclosure, at) for at in range(len(disclosure))]
        assert not {hash_of(other) for other in others} & set(all_hashes(issued))


@each_token
def test_reader_refuses_a_disclosure_whose_salt_was_changed(name):
    issued = sd_cwt(name)
    for index, disclosure in enumerate(issued.disclosures):
        changed = list(issued.disclosures)
        changed[index] = flipped(disclosure, 2)
        with pytest.raises(ValueError, match="have no Redacted Claim Hash"):
            disclosed_claims(issued._replace(unprotected={17: changed}))


@each_token
def test_none_is_a_token_of_ours(name):
    verdict = sc.verify(token(name), sc.Trust.empty(), now=NOW)
    assert verdict.status is sc.Status.INVALID
    assert verdict.finding(sc.Check.FORMAT).outcome is sc.Outcome.FAILED
    assert verdict.statement is None
