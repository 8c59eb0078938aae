"""A share key as a code on a note: what it stands for, and what happens when it is mistyped."""

import hashlib
import hmac
import secrets
import string

import pytest

import signedcert as sc
from issuing import check, issue, record, shared
from signedcert.share import recovery_code
from signedcert.share.recovery_code import seed_of_code

ENTROPY = bytes(range(16))
CODE = recovery_code(ENTROPY)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def refusal(code: str) -> str:
    with pytest.raises(sc.KeyFileError) as caught:
        sc.SoftwareSigner.from_recovery_code(code)
    message = str(caught.value)
    # Neither the message nor what is chained to it quotes the code, or a part of it.
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    for length in range(4, len(code) + 1):
        assert not any(code[at : at + length] in message for at in range(len(code) - length + 1))
    return message


def seed_by_hand(entropy: bytes) -> bytes:
    """HKDF (RFC 5869) with SHA-256 and no salt."""
    key = hmac.digest(bytes(32), entropy, "sha256")
    return hmac.digest(key, b"signedcert share key from recovery code\x01", "sha256")


def bits_of(code: str) -> str:
    return "".join(f"{LETTERS.index(letter):05b}" for letter in code.replace("-", ""))


def test_what_a_code_is_made_of():
    for _ in range(50):
        entropy = secrets.token_bytes(16)
        code = recovery_code(entropy)
        assert [len(group) for group in code.split("-")] == [4] * 7
        bits = bits_of(code)
        assert len(bits) == 140
        assert int(bits[:128], 2).to_bytes(16, "big") == entropy
        check_bits = hashlib.sha256(b"signedcert recovery code" + entropy).hexdigest()[:3]
        assert int(bits[128:], 2) == int(check_bits, 16)
        assert seed_of_code(code) == seed_by_hand(entropy)


def test_golden_codes():
    # Frozen: notes in drawers open shares for years.
    assert recovery_code(bytes(16)) == "0000-0000-0000-0000-0000-0000-0132"
    assert seed_of_code("0000-0000-0000-0000-0000-0000-0132").hex() == (
        "f9c449bf4fa5c3e0fb283fcefba34fde6b7dc32abd81863bf272f47ae76b0258"
    )


def test_the_key_of_a_code_shares():
    signer = sc.SoftwareSigner.from_recovery_code(CODE)
    assert signer.public_key == sc.SoftwareSigner(seed_by_hand(ENTROPY)).public_key
    token = issue(record(), holder=signer)
    again = sc.SoftwareSigner.from_recovery_code(CODE)
    assert check(shared(token, holder=again)).status is sc.Status.VALID


def test_codes_and_keys_differ():
    entropies = [secrets.token_bytes(16) for _ in range(100)]
    assert len({recovery_code(each) for each in entropies}) == 100
    assert len({seed_of_code(recovery_code(each)) for each in entropies}) == 100


TYPED = [
    str.lower,
    str.swapcase,
    lambda code: code.replace("-", ""),
    lambda code: code.replace("-", " "),
    lambda code: f"  {code} ",
    lambda code: code.replace("-", "--"),
    lambda code: code.replace("0", "O"),
    lambda code: code.replace("0", "o").replace("1", "l"),
    lambda code: code.replace("1", "I"),
    lambda code: code.replace("1", "i").replace("-", " - "),
    lambda code: "-".join(code.replace("-", "")),
]


@pytest.mark.parametrize("typed", TYPED)
def test_codes_as_people_type_them(typed):
    assert "0" in CODE
    assert "1" in CODE
    assert seed_of_code(typed(CODE)) == seed_by_hand(ENTROPY)


def test_every_single_slip_is_refused():
    # Twelve bits let one slip in 4,096 through; of these codes, the share that they do is bounded.
    accepted = tried = 0
    for number in range(12):
        entropy = hashlib.sha256(bytes([number])).digest()[:16]
        code = recovery_code(entropy).replace("-", "")
        for place, letter in enumerate(code):
            for other in LETTERS.replace(letter, ""):
                tried += 1
                try:
                    seed = seed_of_code(code[:place] + other + code[place + 1 :])
                except sc.KeyFileError:
                    continue
                # What does slip through is another key, which fits no record.
                assert seed != seed_by_hand(entropy)
                accepted += 1
    assert tried == 12 * 28 * 31
    assert accepted <= 10


def test_every_slip_in_one_code_is_refused():
    code = CODE.replace("-", "")
    for place, letter in enumerate(code):
        for other in LETTERS.replace(letter, ""):
            message = refusal(code[:place] + other + code[place + 1 :])
            assert "mistyped" in message


def test_letters_that_were_exchanged_are_refused():
    code = CODE.replace("-", "")
    for place in range(27):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            assert "mistyped" in refusal(swapped)


WRONG = [
    "",
    " ",
    "-",
    CODE[:-1],
    f"{CODE}0",
    CODE * 2,
    CODE[:-5],
    CODE.replace("0", "U"),
    CODE.replace("0", "_"),
    CODE.replace("0", "０"),
    CODE.replace("0", "é"),
    CODE.replace("0", "\0"),
    "ı" * 28,
    string.punctuation,
    "0" * 1_000_000,
]


@pytest.mark.parametrize("code", WRONG, ids=range(len(WRONG)))
def test_what_is_no_code(code):
    with pytest.raises(sc.KeyFileError, match="28 letters and digits, in seven groups") as caught:
        seed_of_code(code)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert not code.strip() or code.strip() == "-" or code not in str(caught.value)


def test_codes_of_records_are_no_recovery_codes():
    assert "28 letters" in refusal(record().code)


@pytest.mark.parametrize(
    "entropy", [b"", bytes(15), bytes(17), bytes(32), bytearray(16), "x", None]
)
def test_codes_are_made_from_16_bytes(entropy):
    with pytest.raises(ValueError, match="16 random bytes"):
        recovery_code(entropy)
