"""Sealed shares: which file a link opens, and what happens with any other."""

import hmac
import random

import cbor2
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import signedcert as sc
from cbor_oracle import Pairs, Raw, Tagged, dumps
from issuing import NOW, OTHER_ISSUER, TRUST, check, issue, minimal, record, shared
from record_forging import disclosure, record_of, share_of
from signedcert import share
from signedcert.codec.base64url import from_base64url, to_base64url
from signedcert.codec.digits import from_digits
from signedcert.codec.text import sealed_qr_text, token_from_text
from signedcert.crypto.encrypt0 import decrypt, derive
from signedcert.share.sealing import is_sealed_file

SECRET, OTHER_SECRET = bytes(range(32)), bytes(range(1, 33))
SIZES = [4096, 8192, 16_384, 32_768, 65_536]
PAGE = "https://learn.example.edu/c/"
LINK = share.sealed_url(PAGE, SECRET)
TOKEN = issue(record())
SHARE = shared(TOKEN)
SEALED = share.seal(SHARE, SECRET)
REFUSED = sc.Reason.SEALED_FILE_REFUSED
#: Of 32 zero bytes.
GOLDEN = {
    "name": "0769c031bf8c5934cc106538af5b901e",
    "key": "30153d82056d24f2965325d764761566f78662beb5ea91bf843b9772bad3c458",
    "nonce key": "f239f6e986cc071504a671e75507fdb8337fa0afd6a405d93484a1329bf45c43",
}


def hkdf(secret: bytes, label: str, size: int) -> bytes:
    """HKDF (RFC 5869) with SHA-256 and no salt, for one block of output."""
    key = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(key, label.encode() + b"\x01", "sha256")[:size]


def sealed_by_hand(
    plaintext: bytes,
    issuer: object = "learn.example.edu",
    secret: bytes = SECRET,
    protected: bytes | None = None,
    nonce: bytes = bytes(12),
    name: str | None = None,
) -> bytes:
    """A file made with nothing of the library's, whose plaintext and headers may be anything."""
    header = dumps({1: 3, 15: {1: issuer}}) if protected is None else protected
    bound = hkdf(secret, "signedcert sealed share name", 16).hex() if name is None else name
    key = hkdf(secret, "signedcert sealed share key", 32)
    structure = dumps(["Encrypt0", header, bound.encode()])
    ciphertext = AESGCM(key).encrypt(nonce, plaintext, structure)
    return dumps(Tagged(16, [header, {5: nonce}, ciphertext]))


def padded(token: bytes, size: int = 4096) -> bytes:
    return (token + b"\x80").ljust(size, b"\0")


def assert_refused(file: bytes, secret: bytes = SECRET) -> str:
    with pytest.raises(sc.DecodeError) as caught:
        share.unseal(secret, file)
    assert caught.value.reason is REFUSED
    verdict = sc.verify_text(share.sealed_url(PAGE, secret), TRUST, now=NOW, sealed_file=file)
    assert verdict.status is sc.Status.INVALID
    assert verdict.finding(sc.Check.FORMAT) == (sc.Check.FORMAT, sc.Outcome.FAILED, REFUSED, None)
    assert len(verdict.findings) == 8
    assert verdict.statement is None
    return str(caught.value)


def test_round_trip():
    assert share.unseal(SECRET, SEALED.file) == SHARE
    assert share.unseal_link(LINK, SEALED.file) == SHARE
    assert share.unseal_link(LINK.partition("#")[2], SEALED.file) == SHARE
    assert share.unseal_link("".join(sealed_qr_text(PAGE, SECRET)), SEALED.file) == SHARE
    verdict = sc.verify_text(LINK, TRUST, now=NOW, sealed_file=SEALED.file)
    assert verdict == check(SHARE)
    assert verdict.status is sc.Status.VALID
    for_others = sc.Policy(audience="Other Ltd")
    verdict = sc.verify_text(LINK, TRUST, now=NOW, policy=for_others, sealed_file=SEALED.file)
    assert verdict.finding(sc.Check.AUDIENCE).reason is sc.Reason.OTHER_AUDIENCE


def test_what_a_file_is_made_of():
    item = cbor2.loads(SEALED.file)
    assert item.tag == 16
    protected, unprotected, ciphertext = item.value
    assert protected == dumps({1: 3, 15: {1: "learn.example.edu"}})
    assert dumps(Tagged(16, [protected, unprotected, ciphertext])) == SEALED.file
    # Name, key and nonce by HKDF and HMAC of the standard library, and AES-GCM as it comes.
    name = hkdf(SECRET, "signedcert sealed share name", 16).hex()
    key = hkdf(SECRET, "signedcert sealed share key", 32)
    nonce = hmac.digest(hkdf(SECRET, "signedcert sealed share nonce", 32), padded(SHARE), "sha256")
    assert SEALED.name == share.sealed_name(SECRET) == name
    assert unprotected == {5: nonce[:12]}
    structure = dumps(["Encrypt0", protected, name.encode()])
    assert AESGCM(key).decrypt(nonce[:12], ciphertext, structure) == padded(SHARE)
    assert sealed_by_hand(padded(SHARE), nonce=nonce[:12]) == SEALED.file


# RFC 5869, appendix A.3: without salt; and without info the label is empty.
def test_hkdf_by_its_rfc():
    okm = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    assert derive(b"\x0b" * 22, "", 32).hex() == okm
    assert hkdf(b"\x0b" * 22, "", 32).hex() == okm


def test_golden_derivations():
    # Frozen: links that are out there open files under these names, with these keys.
    assert share.sealed_name(bytes(32)) == GOLDEN["name"]
    assert hkdf(bytes(32), "signedcert sealed share name", 16).hex() == GOLDEN["name"]
    assert derive(bytes(32), "signedcert sealed share key", 32).hex() == GOLDEN["key"]
    assert derive(bytes(32), "signedcert sealed share nonce", 32).hex() == GOLDEN["nonce key"]


def test_name_and_keys_have_nothing_in_common():
    labels = ("name", "key", "nonce")
    for secret in (SECRET, OTHER_SECRET, bytes(32)):
        found = [derive(secret, f"signedcert sealed share {label}", 32) for label in labels]
        assert len({each[:16] for each in found} | {secret[:16]}) == 4
        # The name is no part of any of them, so that whoever serves files learns no key.
        name = bytes.fromhex(share.sealed_name(secret))
        assert not any(name in each for each in (secret, *found[1:]))


def test_nonces_differ_under_one_secret():
    placed = issue(record(), places=share.SharePlaces(list=1, first=0))
    shares = [shared(placed, ["final_score"], slot=slot) for slot in range(16)]
    shares += [shared(TOKEN, ["final_score"], audience=f"Reader {n}") for n in range(50)]
    files = [share.seal(each, SECRET).file for each in shares]
    nonces = {cbor2.loads(file).value[1][5] for file in files}
    assert len(nonces) == len(shares)
    # The same share gives the same file, so sealing twice tells nothing.
    assert share.seal(shares[0], SECRET).file == files[0]
    assert share.seal(shares[0], OTHER_SECRET).file != files[0]


def long_share(count: int) -> bytes:
    rows = tuple(
        sc.Assessment(title=random.Random(n).randbytes(60).hex(), kind="quiz") for n in range(count)
    )
    return shared(issue(record(assessments=rows)))


def test_sizes_are_five_and_no_others():
    seen = set()
    for count in (0, 1, 10, 17, 20, 40, 65, 100, 129, 150):
        token = long_share(count) if count else shared(TOKEN, [])
        file = share.seal(token, SECRET).file
        size = len(cbor2.loads(file).value[2]) - 16
        assert size == next(each for each in SIZES if each > len(token))
        assert len(file) - size < 512
        assert share.unseal(SECRET, file) == token
        seen.add(size)
    assert seen == set(SIZES)


def test_shares_of_one_size_have_files_of_one_length():
    lengths = {len(share.seal(shared(TOKEN, paths), SECRET).file) for paths in ([], ["learner"])}
    assert len(lengths) == 1


@pytest.mark.parametrize("length", [4094, 4095, 4096])
def test_room_for_the_mark(length):
    base = len(shared(TOKEN, audience="x" * 30)) - 30
    filler = record(additional={128: "x" * 1000})
    token = issue(filler)
    missing = length - len(shared(token, audience="x" * 30))
    token = issue(record(additional={128: "x" * (1000 + missing)}))
    made = shared(token, audience="x" * 30)
    assert len(made) == length > base
    size = len(cbor2.loads(share.seal(made, SECRET).file).value[2]) - 16
    assert size == (4096 if length < 4096 else 8192)
    assert share.unseal(SECRET, share.seal(made, SECRET).file) == made


@pytest.mark.parametrize("token", [TOKEN, issue(minimal()), b"", b"x", SHARE[:-1], SHARE + b"\0"])
def test_only_shares_are_sealed(token):
    with pytest.raises(sc.ShareError, match=r"only shares are sealed|no share that can be sealed"):
        share.seal(token, SECRET)


FAULTY = share_of(record_of(disclosure("A", 0)).with_claims({1: "LOCALHOST"}).token())
NEWER = share_of(record_of(disclosure("A", 0)).with_body({20: 1}).token())


@pytest.mark.parametrize("token", [FAULTY, NEWER])
def test_a_share_whose_record_cannot_be_read_is_not_sealed(token):
    with pytest.raises(sc.ShareError, match="no share that can be sealed: "):
        share.seal(token, SECRET)


@pytest.mark.parametrize("token", [FAULTY, NEWER])
def test_what_a_later_version_sealed_reads_as_if_it_came_by_itself(token):
    file = sealed_by_hand(padded(token))
    assert share.unseal(SECRET, file) == token
    assert sc.verify_text(LINK, TRUST, now=NOW, sealed_file=file) == check(token)
    assert check(NEWER).status is sc.Status.INDETERMINATE


def test_a_newer_token_in_a_file():
    token = SHARE.replace(b"\xa3\x01\x32\x04\x48", b"\xa3\x01\x33\x04\x48")
    file = sealed_by_hand(padded(token))
    verdict = sc.verify_text(LINK, TRUST, now=NOW, sealed_file=file)
    assert verdict == check(token)
    assert verdict.finding(sc.Check.FORMAT).reason is sc.Reason.NEWER_FORMAT
    assert verdict.status is sc.Status.INDETERMINATE


@pytest.mark.parametrize("file", [None, "x", bytearray(9), memoryview(SEALED.file)])
def test_files_are_bytes(file):
    with pytest.raises(TypeError, match="a sealed file is bytes"):
        share.unseal(SECRET, file)


@pytest.mark.parametrize("secret", [b"", bytes(31), bytes(33), bytearray(32), "x" * 32, None])
def test_secrets_have_32_bytes(secret):
    for call in (
        lambda: share.seal(SHARE, secret),
        lambda: share.unseal(secret, SEALED.file),
        lambda: share.sealed_name(secret),
    ):
        with pytest.raises(ValueError, match="32 bytes"):
            call()


# Files that are another's, cut off, or changed


def test_a_wrong_secret():
    assert "not the file that the link opens" in assert_refused(SEALED.file, OTHER_SECRET)
    for bit in range(256):
        number = int.from_bytes(SECRET, "big") ^ 1 << bit
        with pytest.raises(sc.DecodeError):
            share.unseal(number.to_bytes(32, "big"), SEALED.file)


def test_files_that_were_swapped():
    other = share.seal(shared(TOKEN, ["learner"]), OTHER_SECRET)
    assert_refused(other.file)
    assert_refused(SEALED.file, OTHER_SECRET)
    assert share.unseal(OTHER_SECRET, other.file) == shared(TOKEN, ["learner"])


def test_every_truncation():
    # At every length near an edge, and at others here and there.
    size = len(SEALED.file)
    for end in (*range(100), *range(100, size - 50, 41), *range(size - 50, size)):
        assert_refused(SEALED.file[:end])


def test_every_bit_flip():
    number, size = int.from_bytes(SEALED.file, "big"), len(SEALED.file)
    head = range(8 * (size - 120), 8 * size)  # tag, headers, nonce, and the first of the rest
    for bit in (*range(0, 8 * (size - 120), 131), *head):
        assert_refused((number ^ 1 << bit).to_bytes(size, "big"))


@pytest.mark.parametrize("more", [b"\0", b"x", SEALED.file])
def test_more_behind_it(more):
    assert_refused(SEALED.file + more)
    assert_refused(more[:1] + SEALED.file)


OTHER_FILES = {
    "nothing": b"",
    "a page": b"<!doctype html><title>404</title>",
    "the share in the clear": SHARE,
    "a certificate": issue(minimal()),
    "zeros": bytes(4096),
    "too large": bytes(66_049),
    "much too large": bytes(10_000_000),
    "a file and a page": SEALED.file + b"<html>",
}


@pytest.mark.parametrize("file", OTHER_FILES.values(), ids=OTHER_FILES)
def test_other_files(file):
    message = assert_refused(file)
    assert message.startswith("the sealed file cannot be opened: ")
    assert message.endswith("Ask the learner for a new link")


def test_what_looks_like_a_sealed_file():
    assert is_sealed_file(SEALED.file)
    assert is_sealed_file(sealed_by_hand(padded(SHARE), nonce=b"x" * 12))
    for file in (*OTHER_FILES.values(), SEALED.file[:-1]):
        assert not is_sealed_file(file)


def test_too_large_a_file_is_not_looked_at():
    assert "more than 66048 bytes" in assert_refused(bytes(66_049))
    assert "more than" not in assert_refused(bytes(66_048))


PROTECTED, UNPROTECTED, CIPHERTEXT = cbor2.loads(SEALED.file).value
STRUCTURES = {
    "another tag": Tagged(96, [PROTECTED, UNPROTECTED, CIPHERTEXT]),
    "no tag": [PROTECTED, UNPROTECTED, CIPHERTEXT],
    "four parts": Tagged(16, [PROTECTED, UNPROTECTED, CIPHERTEXT, []]),
    "two parts": Tagged(16, [PROTECTED, CIPHERTEXT]),
    "a map": Tagged(16, {0: PROTECTED, 1: UNPROTECTED, 2: CIPHERTEXT}),
    "a header that is no byte string": Tagged(16, [{1: 3}, UNPROTECTED, CIPHERTEXT]),
    "no header": Tagged(16, [b"", UNPROTECTED, CIPHERTEXT]),
    "no nonce": Tagged(16, [PROTECTED, {}, CIPHERTEXT]),
    "a nonce elsewhere": Tagged(16, [PROTECTED, {6: UNPROTECTED[5]}, CIPHERTEXT]),
    "a short nonce": Tagged(16, [PROTECTED, {5: UNPROTECTED[5][:11]}, CIPHERTEXT]),
    "a long nonce": Tagged(16, [PROTECTED, {5: UNPROTECTED[5] + b"\0"}, CIPHERTEXT]),
    "an empty nonce": Tagged(16, [PROTECTED, {5: b""}, CIPHERTEXT]),
    "a nonce of 7 bytes": Tagged(16, [PROTECTED, {5: bytes(7)}, CIPHERTEXT]),
    "a nonce of 200 bytes": Tagged(16, [PROTECTED, {5: bytes(200)}, CIPHERTEXT]),
    "a nonce as text": Tagged(16, [PROTECTED, {5: "x" * 12}, CIPHERTEXT]),
    "something beside the nonce": Tagged(16, [PROTECTED, {4: b"x", **UNPROTECTED}, CIPHERTEXT]),
    "a list of a nonce": Tagged(16, [PROTECTED, [UNPROTECTED[5]], CIPHERTEXT]),
    "a detached ciphertext": Tagged(16, [PROTECTED, UNPROTECTED, None]),
    "no ciphertext": Tagged(16, [PROTECTED, UNPROTECTED, b""]),
    "a long head": Raw(b"\xd8\x10" + SEALED.file[1:]),
    "of indefinite length": Raw(b"\xd0\x9f" + SEALED.file[2:] + b"\xff"),
}


@pytest.mark.parametrize("structure", STRUCTURES.values(), ids=STRUCTURES)
def test_other_structures(structure):
    assert_refused(dumps(structure))


HEADERS = {
    "another algorithm": {1: 1, 15: {1: "learn.example.edu"}},
    "no algorithm": {15: {1: "learn.example.edu"}},
    "the algorithm as text": {1: "A256GCM", 15: {1: "learn.example.edu"}},
    "a key id": {1: 3, 4: b"x", 15: {1: "learn.example.edu"}},
    "no claims": {1: 3},
    "claims that are no map": {1: 3, 15: ["learn.example.edu"]},
    "no issuer": {1: 3, 15: {}},
    "another claim": {1: 3, 15: {1: "learn.example.edu", 2: "Jacob"}},
    "no issuer's name": {1: 3, 15: {1: "LOCALHOST"}},
    "an issuer that is no text": {1: 3, 15: {1: 5}},
    "a long issuer": {1: 3, 15: {1: f"{'a' * 60}." * 5 + "edu"}},
    "a list": [3],
    "out of order": Pairs(((15, {1: "learn.example.edu"}), (1, 3))),
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_other_headers_that_were_correctly_encrypted(header):
    protected = dumps(header)
    assert_refused(sealed_by_hand(padded(SHARE), protected=protected))


def test_what_is_sealed_by_hand_is_opened():
    for nonce in (bytes(12), b"x" * 12):
        assert share.unseal(SECRET, sealed_by_hand(padded(SHARE), nonce=nonce)) == SHARE


@pytest.mark.parametrize("size", [8, 11, 13, 16])
def test_nonces_of_another_length_that_were_used(size):
    assert_refused(sealed_by_hand(padded(SHARE), nonce=bytes(size)))


def test_another_name_than_the_links():
    # The name is bound in, so that a host cannot serve one file under two names.
    assert_refused(sealed_by_hand(padded(SHARE), name=share.sealed_name(OTHER_SECRET)))
    assert_refused(sealed_by_hand(padded(SHARE), name=""))
    assert_refused(sealed_by_hand(padded(SHARE), name=share.sealed_name(SECRET).upper()))


def test_another_issuer_than_the_shares():
    for issuer in (OTHER_ISSUER, "learn.example.edu/x", "example.edu"):
        file = sealed_by_hand(padded(SHARE), issuer=issuer)
        # What the record says of its issuer is read once it is verified, and not before.
        assert share.unseal(SECRET, file) == SHARE
        verdict = sc.verify_text(LINK, TRUST, now=NOW, sealed_file=file)
        assert verdict.finding(sc.Check.FORMAT) == (
            sc.Check.FORMAT, sc.Outcome.FAILED, REFUSED, None
        )  # fmt: skip
        assert (len(verdict.findings), verdict.statement) == (8, None)
        verdict = sc.verify_text(LINK, sc.Trust.empty(), now=NOW, sealed_file=file)
        assert verdict.finding(sc.Check.ISSUER_TRUSTED).reason is sc.Reason.UNKNOWN_KEY


PLAINTEXTS = {
    "no mark": SHARE.ljust(4096, b"\0"),
    "another mark": (SHARE + b"\x81").ljust(4096, b"\0"),
    "something behind the mark": (SHARE + b"\x80").ljust(4095, b"\0") + b"\1",
    "ones": (SHARE + b"\x80").ljust(4096, b"\1"),
    "nothing but zeros": bytes(4096),
    "the mark at the end": bytes(4095) + b"\x80",
    "nothing before the mark": padded(b""),
    "not filled up": SHARE + b"\x80",
    "more room than it needs": padded(SHARE, 8192),
    "much more room": padded(SHARE, 65_536),
    "a size between": padded(SHARE, 5000),
    "one byte too many": padded(SHARE, 4097),
    "a size too large": padded(SHARE, 65_536 + 4096),
    "two marks": padded(SHARE + b"\x80"),
    "a record": padded(TOKEN),
    "a certificate": padded(issue(minimal())),
    "a share that is cut off": padded(SHARE[:-1]),
    "a share with a byte behind it": padded(SHARE + b"\0"),
    "a page": padded(b"<html>"),
    "more than a share": padded(b"\xd2" * 41_217, 65_536),
}


#: Correctly filled up, but what is in it is no token: section 5.2 names the fault.
NO_TOKENS = {
    "the mark at the end": sc.Reason.NOT_A_TOKEN,
    "nothing before the mark": sc.Reason.EMPTY_INPUT,
    "two marks": sc.Reason.NOT_DETERMINISTIC,
    "a share that is cut off": sc.Reason.NOT_DETERMINISTIC,
    "a share with a byte behind it": sc.Reason.NOT_DETERMINISTIC,
    "a page": sc.Reason.NOT_A_TOKEN,
    "more than a share": sc.Reason.TOO_LARGE,
}


@pytest.mark.parametrize("name", sorted(PLAINTEXTS.keys() - NO_TOKENS.keys()))
def test_other_plaintexts_that_were_correctly_encrypted(name):
    assert_refused(sealed_by_hand(PLAINTEXTS[name]))


@pytest.mark.parametrize(("name", "reason"), NO_TOKENS.items())
def test_plaintexts_that_are_no_tokens(name, reason):
    file = sealed_by_hand(PLAINTEXTS[name])
    with pytest.raises(sc.DecodeError) as caught:
        share.unseal(SECRET, file)
    assert caught.value.reason is reason
    verdict = sc.verify_text(LINK, TRUST, now=NOW, sealed_file=file)
    assert verdict.finding(sc.Check.FORMAT) == (sc.Check.FORMAT, sc.Outcome.FAILED, reason, None)
    assert (verdict.status, verdict.statement) == (sc.Status.INVALID, None)


def test_a_share_that_is_not_valid_is_opened_all_the_same():
    # The seal says nothing about what is in it: that is for verification.
    expired = shared(TOKEN, expires_at=NOW)
    sealed = share.seal(expired, SECRET)
    verdict = sc.verify_text(LINK, TRUST, now=NOW, sealed_file=sealed.file)
    assert verdict == check(expired)
    assert verdict.finding(sc.Check.SHARE_VALIDITY).reason is sc.Reason.SHARE_EXPIRED


# Links


def test_links_carry_the_secret_alone():
    fragment = LINK.partition("#")[2]
    assert from_base64url(fragment) == b"\x04" + SECRET
    page, digits = sealed_qr_text(PAGE, SECRET)
    assert page == f"{PAGE}#"
    assert from_digits(digits) == b"\x04" + SECRET
    for text in (LINK, fragment, f" {LINK}\n", page + digits, f"anything#{fragment}"):
        assert share.secret_from_text(text) == SECRET


def test_links_without_their_file():
    verdict = sc.verify_text(LINK, TRUST, now=NOW)
    assert verdict.status is sc.Status.INDETERMINATE
    expected = (sc.Check.FORMAT, sc.Outcome.UNKNOWN, sc.Reason.SEALED_FILE_MISSING, None)
    assert verdict.finding(sc.Check.FORMAT) == expected
    assert len(verdict.findings) == 8
    assert verdict.statement is None
    for call in (token_from_text, sc.unpack):
        argument = LINK if call is token_from_text else b"\x04" + SECRET
        with pytest.raises(sc.DecodeError, match="whose file is needed") as caught:
            call(argument)
        assert caught.value.reason is sc.Reason.SEALED_FILE_MISSING


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
@pytest.mark.parametrize("file", [None, SEALED.file])
def test_links_of_another_length(length, file):
    text = PAGE + "#" + to_base64url(b"\x04" + bytes(length))
    verdict = sc.verify_text(text, TRUST, now=NOW, sealed_file=file)
    assert verdict.status is sc.Status.INVALID
    assert verdict.finding(sc.Check.FORMAT).reason is sc.Reason.DAMAGED_TEXT
    with pytest.raises(sc.DecodeError, match="cut off, or has too much") as caught:
        share.secret_from_text(text)
    assert caught.value.reason is sc.Reason.DAMAGED_TEXT


def test_other_links_have_no_secret():
    for token in (TOKEN, SHARE, issue(minimal())):
        with pytest.raises(sc.DecodeError, match="not the link of a sealed share") as caught:
            share.secret_from_text(sc.verify_url(PAGE, token))
        assert caught.value.reason is sc.Reason.UNKNOWN_FORMAT
        with pytest.raises(sc.DecodeError):
            share.unseal_link(sc.verify_url(PAGE, token), SEALED.file)
    for text, reason in [
        ("", sc.Reason.EMPTY_INPUT),
        (PAGE, sc.Reason.NO_FRAGMENT),
        ("#!", sc.Reason.DAMAGED_TEXT),
        ("A" * 70_000, sc.Reason.TOO_LARGE),
    ]:
        with pytest.raises(sc.DecodeError) as caught:
            share.secret_from_text(text)
        assert caught.value.reason is reason


@pytest.mark.parametrize("page", ["", "learn.example.edu", f"{PAGE}#", "ftp://a/"])
def test_pages_that_are_none(page):
    for make in (share.sealed_url, sealed_qr_text):
        with pytest.raises(sc.EncodeError, match="https://learn"):
            make(page, SECRET)


def test_decryption_says_only_yes_or_no():
    key = bytes(32)
    assert decrypt(key, bytes(12), bytes(16), b"", b"") is None
    assert decrypt(key, bytes(12), bytes(99), PROTECTED, b"x") is None
