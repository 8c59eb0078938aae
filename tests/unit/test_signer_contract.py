"""The contract for signers finds what is wrong with one, and passes those that are right."""

import hashlib
import io
import secrets
import subprocess
import sys
import time
import unittest

import pytest
from nacl.bindings import (
    crypto_scalarmult_ed25519_base_noclamp,
    crypto_sign_ed25519ph_final_create,
    crypto_sign_ed25519ph_state,
    crypto_sign_ed25519ph_update,
    crypto_sign_seed_keypair,
)

import signedcert as sc
from guide_blocks import block
from issuing import OTHER_SIGNER, SEED, SIGNER
from signedcert.crypto.prechecks import L
from signedcert.signers.contract import SignerContract

TESTS = sorted(name for name in vars(SignerContract) if name.startswith("test_"))


class TestSoftwareSigner(SignerContract):
    def signer(self) -> sc.Signer:
        return sc.SoftwareSigner(SEED)

    def private_key(self) -> bytes:
        return SEED


class Faulty:
    """A signer with one fault: what a subclass changes."""

    @property
    def public_key(self) -> sc.PublicKey:
        return SIGNER.public_key

    def sign(self, message: bytes) -> bytes:
        return SIGNER.sign(message)


class WithoutPublicKey:
    def sign(self, message: bytes) -> bytes:
        return SIGNER.sign(message)


class RawPublicKey(Faulty):
    public_key = SIGNER.public_key.raw


class RotatingKey(Faulty):
    def __init__(self) -> None:
        self.signers = [SIGNER, OTHER_SIGNER]

    @property
    def public_key(self) -> sc.PublicKey:
        return self.signers[0].public_key

    def sign(self, message: bytes) -> bytes:
        self.signers.reverse()
        return self.signers[1].sign(message)


class SmallOrderKey(Faulty):
    """The point of order 1, under which lax verifiers accept what anybody makes."""

    public_key = sc.PublicKey(b"\x01" + bytes(31))

    def sign(self, message: bytes) -> bytes:
        if not isinstance(message, bytes):
            raise TypeError
        return b"\x01" + bytes(63)


class LargeScalar(Faulty):
    def sign(self, message: bytes) -> bytes:
        signature = SIGNER.sign(message)
        return signature[:32] + (int.from_bytes(signature[32:], "little") + L).to_bytes(
            32, "little"
        )


class OtherKey(Faulty):
    def sign(self, message: bytes) -> bytes:
        return OTHER_SIGNER.sign(message)


class Hexadecimal(Faulty):
    def sign(self, message: bytes) -> str:
        return SIGNER.sign(message).hex()


class LongSignature(Faulty):
    def sign(self, message: bytes) -> bytes:
        return SIGNER.sign(message) + message


class Hashed(Faulty):
    def sign(self, message: bytes) -> bytes:
        return SIGNER.sign(hashlib.sha512(message).digest())


class Prehashed(Faulty):
    """Ed25519ph (RFC 8032, section 5.1), which AWS KMS calls ED25519_PH_SHA_512."""

    def sign(self, message: bytes) -> bytes:
        state = crypto_sign_ed25519ph_state()
        crypto_sign_ed25519ph_update(state, message)
        return crypto_sign_ed25519ph_final_create(state, crypto_sign_seed_keypair(SEED)[1])


class HashedWhenLong(Faulty):
    def sign(self, message: bytes) -> bytes:
        return SIGNER.sign(message if len(message) <= 4096 else hashlib.sha512(message).digest())


class CutAt65535(Faulty):
    def sign(self, message: bytes) -> bytes:
        return SIGNER.sign(message[:65535])


class NothingForNothing(Faulty):
    def sign(self, message: bytes) -> bytes:
        return SIGNER.sign(message) if message else bytes(64)


class WrongBetween(Faulty):
    """Wrong for some lengths alone."""

    shortest, longest = 4097, 60_000

    def sign(self, message: bytes) -> bytes:
        wrong = self.shortest <= len(message) <= self.longest
        return SIGNER.sign(message[::-1] if wrong else message)


class WrongWhenShort(WrongBetween):
    shortest, longest = 2, 25


class WrongAtOurLargest(WrongBetween):
    shortest, longest = 16_385, 16_640


class WrongEvery40thTime(Faulty):
    def __init__(self) -> None:
        self.calls = 0

    def sign(self, message: bytes) -> bytes:
        self.calls += 1
        return SIGNER.sign(message if self.calls % 40 else b"")


class LikeText(Faulty):
    """What C and text files do to bytes."""

    def sign(self, message: bytes) -> bytes:
        if not isinstance(message, bytes):
            raise TypeError
        return SIGNER.sign(self.changed(message))

    def changed(self, message: bytes) -> bytes:
        return message.replace(b"\r\n", b"\n")


class Stripped(LikeText):
    def changed(self, message: bytes) -> bytes:
        return message.rstrip(b" \t\r\n")


class UntilZero(LikeText):
    def changed(self, message: bytes) -> bytes:
        return message.partition(b"\0")[0]


class Decoded(LikeText):
    def changed(self, message: bytes) -> bytes:
        return message.decode("utf-8-sig", "replace").encode() if len(message) < 16 else message


class Randomised(Faulty):
    """Valid signatures, each with a nonce of its own."""

    def sign(self, message: bytes) -> bytes:
        digest = bytearray(hashlib.sha512(SEED).digest()[:32])
        digest[0] &= 248
        digest[31] = digest[31] & 127 | 64
        nonce = secrets.randbelow(L - 1) + 1
        point = crypto_scalarmult_ed25519_base_noclamp(nonce.to_bytes(32, "little"))
        hashed = hashlib.sha512(point + self.public_key.raw + message).digest()
        scalar = nonce + int.from_bytes(hashed, "little") * int.from_bytes(digest, "little")
        return point + (scalar % L).to_bytes(32, "little")


class TakesText(Faulty):
    def sign(self, message: bytes | str) -> bytes:
        return SIGNER.sign(message.encode() if isinstance(message, str) else message)


class OneThreadOnly(Faulty):
    def sign(self, message: bytes) -> bytes:
        self.message = message
        time.sleep(0.001)
        return SIGNER.sign(self.message)


class Talkative(Faulty):
    def __repr__(self) -> str:
        return f"Talkative({SEED.hex()})"


class OpenBook(Faulty):
    def __init__(self) -> None:
        self.seed = SEED


EVERYTHING_SIGNED = {
    "test_it_signs_messages_of_every_length",
    "test_it_signs_bytes_and_not_text",
    "test_it_goes_on_signing",
    "test_threads_can_share_it",
    "test_what_it_issues_verifies",
}
#: Each fault, and the tests that must find it.
FAULTS = {
    WithoutPublicKey: {"test_it_is_a_signer"},
    RawPublicKey: {"test_it_is_a_signer"},
    RotatingKey: {"test_its_public_key_stays_the_same"},
    SmallOrderKey: {"test_its_key_and_signature_are_canonical"} | EVERYTHING_SIGNED,
    LargeScalar: {"test_its_key_and_signature_are_canonical"} | EVERYTHING_SIGNED,
    OtherKey: EVERYTHING_SIGNED,
    Hexadecimal: {"test_a_signature_is_64_bytes"},
    LongSignature: {"test_a_signature_is_64_bytes"},
    Hashed: EVERYTHING_SIGNED,
    Prehashed: EVERYTHING_SIGNED,
    HashedWhenLong: {"test_it_signs_messages_of_every_length"},
    CutAt65535: {"test_it_signs_messages_of_every_length"},
    NothingForNothing: {"test_it_signs_messages_of_every_length"},
    WrongBetween: {"test_it_signs_messages_of_every_length"},
    WrongWhenShort: {"test_it_signs_messages_of_every_length"},
    WrongAtOurLargest: {"test_it_signs_messages_of_every_length"},
    WrongEvery40thTime: {"test_it_goes_on_signing"},
    LikeText: {"test_it_signs_bytes_and_not_text"},
    Stripped: {"test_it_signs_bytes_and_not_text"},
    UntilZero: {"test_it_signs_bytes_and_not_text"},
    Decoded: {"test_it_signs_bytes_and_not_text"},
    Randomised: {"test_signing_is_deterministic"},
    TakesText: {"test_text_is_refused"},
    OneThreadOnly: {"test_threads_can_share_it"},
    Talkative: {"test_the_private_key_does_not_show"},
    OpenBook: {"test_the_private_key_does_not_show"},
}


def found_in(kind: type) -> dict[str, BaseException]:
    """The tests that a signer fails, with what they say."""

    class Contract(SignerContract):
        def signer(self) -> sc.Signer:
            return kind()

        def private_key(self) -> bytes:
            return SEED

    failures = {}
    for name in TESTS:
        try:
            getattr(Contract(), name)()
        except Exception as error:  # noqa: BLE001  # a signer's own failure fails the test too
            failures[name] = error
    return failures


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.__name__)
def test_a_fault_is_found_and_explained(kind: type) -> None:
    failures = found_in(kind)
    assert FAULTS[kind] <= failures.keys()
    for name in FAULTS[kind] - {"test_what_it_issues_verifies"}:
        assert type(failures[name]) is AssertionError
        assert len(str(failures[name])) > 20


@pytest.mark.parametrize(
    "kind",
    [
        HashedWhenLong, Randomised, TakesText, OneThreadOnly, Talkative, OpenBook, CutAt65535,
        WrongBetween, WrongAtOurLargest, WrongEvery40thTime, LikeText, Decoded,
    ],
)  # fmt: skip
def test_nothing_else_is_held_against_it(kind: type) -> None:
    assert found_in(kind).keys() == FAULTS[kind]


def test_every_test_finds_something() -> None:
    assert set().union(*FAULTS.values()) | {"test_a_signature_is_for_its_message_alone"} == set(
        TESTS
    )


def test_a_signature_that_fits_every_message_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    # No signature does that under our rule, so the rule is made lax for once.
    monkeypatch.setattr("signedcert.signers.contract.ed25519_verify", lambda *_: True)
    with pytest.raises(AssertionError, match="a message that was not signed"):
        TestSoftwareSigner().test_a_signature_is_for_its_message_alone()


def test_longer_messages_than_a_signer_takes_are_not_tried() -> None:
    class Limited(Faulty):
        def sign(self, message: bytes) -> bytes:
            assert len(message) <= 5000
            seen.append(len(message))
            return SIGNER.sign(message)

    class Contract(SignerContract):
        largest_message = 5000

        def signer(self) -> sc.Signer:
            return Limited()

    seen: list[int] = []
    Contract().test_it_signs_messages_of_every_length()
    assert seen == [0, 1, 2, 25, 64, 4096, 4097, 5000]


def test_a_contract_without_a_signer_says_so() -> None:
    for name in set(TESTS) - {"test_the_private_key_does_not_show"}:
        with pytest.raises(NotImplementedError, match=r"signer\(\)"):
            getattr(SignerContract(), name)()
    SignerContract().test_the_private_key_does_not_show()  # nothing to look for


def test_the_guides_lines_run_as_they_stand() -> None:
    made = {"my_signer": lambda: SIGNER}
    exec(block("signers", "SignerContract"), made)
    for name in TESTS:
        getattr(made["TestMySigner"](), name)()


def test_it_runs_under_unittest() -> None:
    class Good(TestSoftwareSigner, unittest.TestCase):
        pass

    class Bad(SignerContract, unittest.TestCase):
        def signer(self) -> sc.Signer:
            return OtherKey()

    loader = unittest.TestLoader()
    runner = unittest.TextTestRunner(io.StringIO())
    good, bad = (runner.run(loader.loadTestsFromTestCase(kind)) for kind in (Good, Bad))
    assert good.testsRun == bad.testsRun == len(TESTS)
    assert good.wasSuccessful()
    assert bad.failures


def test_third_parties_need_no_pytest_and_lose_nothing_by_optimisation() -> None:
    code = """
import sys
sys.modules["pytest"] = None
from signedcert.signers.contract import SignerContract
from signedcert import SoftwareSigner
class Contract(SignerContract):
    def signer(self):
        signer = SoftwareSigner(bytes(32))
        class Wrong:
            public_key = signer.public_key
            sign = SoftwareSigner(bytes([1]) * 32).sign
        return Wrong()
try:
    Contract().test_it_signs_messages_of_every_length()
except AssertionError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-O", "-c", code], capture_output=True, text=True, check=True
    )
    assert "does not verify" in done.stdout
