"""Keys behind functions: what is passed on, what is refused, and public keys from elsewhere."""

import base64
import functools
import subprocess
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, x25519
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import signedcert as sc
from guide_blocks import block
from issuing import OTHER_SIGNER, SEED, SIGNER, check, minimal
from signedcert.signers.callable_signer import CallableSigner
from signedcert.signers.contract import SignerContract
from signedcert.signers.spki import public_key_from_spki

DER, PEM, SPKI = Encoding.DER, Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
#: The key in another library, which stands for another machine.
KEY = Ed25519PrivateKey.from_private_bytes(SEED)


class TestContract(SignerContract):
    def signer(self) -> sc.Signer:
        return CallableSigner(SIGNER.public_key, KEY.sign)

    def private_key(self) -> bytes:
        return SEED


def test_it_issues_what_the_key_itself_issues() -> None:
    signer = CallableSigner(SIGNER.public_key, KEY.sign)
    assert sc.issue(minimal(), signer) == sc.issue(minimal(), SIGNER)


def test_the_function_is_called_once_with_the_whole_message() -> None:
    seen = []

    def sign(message: bytes) -> bytes:
        seen.append(message)
        return KEY.sign(message)

    CallableSigner(SIGNER.public_key, sign).sign(b"message")
    assert seen == [b"message"]


class KeyService:
    """Answers as boto3's client of AWS KMS does, with its limit, and the key in this process."""

    def get_public_key(self, KeyId: str) -> dict[str, object]:  # noqa: N803  # AWS's own spelling
        assert KeyId == "alias/signing"
        return {"PublicKey": KEY.public_key().public_bytes(DER, SPKI)}

    def sign(self, **request: object) -> dict[str, object]:
        message = request.pop("Message")
        assert request == {
            "KeyId": "alias/signing",
            "MessageType": "RAW",
            "SigningAlgorithm": "ED25519_SHA_512",
        }
        if len(message) > 4096:
            raise ValueError("1 validation error detected: Message")
        return {"Signature": KEY.sign(message)}


def aws_signer() -> CallableSigner:
    """What the guide's lines make of it."""
    boto3 = ModuleType("boto3")
    boto3.client = {"kms": KeyService()}.__getitem__
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "boto3", boto3)
        made: dict[str, Any] = {}
        exec(block("signers", "boto3"), made)
    return made["signer"]


class TestContractAsAwsKmsAnswers(SignerContract):
    largest_message = 4096

    def signer(self) -> sc.Signer:
        return aws_signer()


def test_a_statement_too_large_for_a_key_service_says_so() -> None:
    skills = tuple(f"Skill {number} " + "x" * 90 for number in range(50))
    with pytest.raises(sc.SignerError, match="raised ValueError") as caught:
        sc.issue(minimal(skills=skills), aws_signer())
    assert "Message" in str(caught.value.__cause__)


def flip_a_bit(message: bytes) -> bytes:
    signature = KEY.sign(message)
    return bytes((signature[0] ^ 1,)) + signature[1:]


@pytest.mark.parametrize(
    "function",
    [
        flip_a_bit,
        lambda message: KEY.sign(message)[:-1] + bytes((KEY.sign(message)[-1] ^ 0x80,)),
        lambda message: KEY.sign(message + b"\0"),
        lambda _: KEY.sign(b""),
        OTHER_SIGNER.sign,
        lambda _: bytes(64),
    ],
)
def test_a_wrong_signature_is_never_released(function) -> None:
    signer = CallableSigner(SIGNER.public_key, function)
    assert len(signer.sign(b"message")) == 64
    token = None
    with pytest.raises(sc.SignerError, match="nothing was issued"):
        token = sc.issue(minimal(), signer)
    assert token is None


def test_a_signature_that_is_right_again_is_released() -> None:
    answers = iter((flip_a_bit, KEY.sign))

    def sign(message: bytes) -> bytes:
        return next(answers)(message)

    signer = CallableSigner(SIGNER.public_key, sign)
    with pytest.raises(sc.SignerError):
        sc.issue(minimal(), signer)
    assert check(sc.issue(minimal(), signer)).status is sc.Status.VALID


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "NoneType instead of bytes"),
        ("00" * 64, "str instead of bytes"),
        (bytearray(64), "bytearray instead of bytes"),
        ({"Signature": bytes(64)}, "dict instead of bytes"),
        (b"", "returned 0 bytes"),
        (bytes(63), "returned 63 bytes"),
        (bytes(65), "returned 65 bytes"),
        (bytes(71), "returned 71 bytes"),  # ECDSA in DER
    ],
)
def test_an_answer_that_is_no_signature(answer: object, words: str) -> None:
    signer = CallableSigner(SIGNER.public_key, lambda _: answer)
    with pytest.raises(sc.SignerError, match=words):
        signer.sign(b"message")
    with pytest.raises(sc.SignerError, match=words):
        sc.issue(minimal(), signer)


def test_a_function_that_raises_is_named_and_chained() -> None:
    failure = ConnectionError("arn:aws:kms:eu-west-1:111122223333 is throttled")

    def fail(message: bytes) -> bytes:
        raise failure

    with pytest.raises(sc.SignerError) as caught:
        sc.issue(minimal(), CallableSigner(SIGNER.public_key, fail))
    assert "ConnectionError" in str(caught.value)
    assert "arn:" not in str(caught.value)
    assert caught.value.__cause__ is failure


def test_an_interrupt_is_not_swallowed() -> None:
    def interrupted(message: bytes) -> bytes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        CallableSigner(SIGNER.public_key, interrupted).sign(b"message")


@pytest.mark.parametrize("message", ["text", None, bytearray(b"message"), 5])
def test_only_bytes_reach_the_function(message: object) -> None:
    with pytest.raises(TypeError, match="must be bytes"):
        CallableSigner(SIGNER.public_key, lambda _: pytest.fail("called")).sign(message)


def test_what_it_is_made_of_is_checked() -> None:
    with pytest.raises(TypeError, match="PublicKey"):
        CallableSigner(SIGNER.public_key.raw, KEY.sign)
    with pytest.raises(TypeError, match="function"):
        CallableSigner(SIGNER.public_key, b"signature")


def test_the_function_does_not_show() -> None:
    signer = CallableSigner(SIGNER.public_key, functools.partial(len, "secret"))
    assert "secret" not in repr(signer)
    assert SIGNER.public_key.kid.hex() in repr(signer)
    assert repr(CallableSigner.__new__(CallableSigner)) == "CallableSigner()"


@pytest.mark.parametrize("encoding", [DER, PEM])
def test_public_keys_that_other_libraries_write(encoding: Encoding) -> None:
    data = KEY.public_key().public_bytes(encoding, SPKI)
    assert public_key_from_spki(data) == SIGNER.public_key


def test_public_keys_that_openssl_writes() -> None:
    for form in ("DER", "PEM"):
        command = ["openssl", "pkey", "-pubout", "-outform", form]
        written = subprocess.run(
            command, input=SIGNER.to_pem(None), capture_output=True, check=True
        ).stdout
        assert public_key_from_spki(written) == SIGNER.public_key


def test_line_ends_and_space_around_pem_are_nothing() -> None:
    pem = KEY.public_key().public_bytes(PEM, SPKI)
    assert public_key_from_spki(pem.replace(b"\n", b"\r\n")) == SIGNER.public_key
    assert public_key_from_spki(b"\n " + pem + b"\n\n") == SIGNER.public_key


GOOD = KEY.public_key().public_bytes(DER, SPKI)
OTHERS = {
    "p-256": ec.generate_private_key(ec.SECP256R1()).public_key(),
    "ed448": ed448.Ed448PrivateKey.generate().public_key(),
    "x25519": x25519.X25519PrivateKey.generate().public_key(),
}


@pytest.mark.parametrize("encoding", [DER, PEM])
@pytest.mark.parametrize("key", OTHERS.values(), ids=OTHERS)
def test_public_keys_of_other_kinds(key, encoding: Encoding) -> None:
    with pytest.raises(sc.KeyFileError, match="not an Ed25519 public key"):
        public_key_from_spki(key.public_bytes(encoding, SPKI))


def as_pem(content: bytes, label: str = "PUBLIC KEY") -> bytes:
    return f"-----BEGIN {label}-----\n".encode() + content + f"\n-----END {label}-----\n".encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "neither"),
        (b"\xff" * 44, "neither"),
        (SIGNER.public_key.raw, "neither"),
        (GOOD[:-1], "not an Ed25519"),
        (GOOD + b"\0", "not an Ed25519"),
        (as_pem(base64.b64encode(GOOD)[:-1]), "not base64"),
        (as_pem(base64.b64encode(GOOD) + b"===="), "not base64"),
        (as_pem(base64.b64encode(GOOD[:-3])), "not an Ed25519"),
        (as_pem(b""), "not an Ed25519"),
        (as_pem(base64.b64encode(GOOD)) * 2, "neither"),
        (as_pem(base64.b64encode(GOOD), "CERTIFICATE"), "neither"),
        (SIGNER.to_pem(None), "private half"),
        (SIGNER.to_pem(b"secret"), "private half"),
        (base64.b64decode(b"".join(SIGNER.to_pem(None).splitlines()[1:-1])), "private half"),
        (as_pem(b"AAAA", "OPENSSH PRIVATE KEY"), "private half"),
        (SIGNER.to_pem(None) + as_pem(base64.b64encode(GOOD)), "private half"),
    ],
)
def test_what_is_no_public_key(data: bytes, words: str) -> None:
    with pytest.raises(sc.KeyFileError, match=words) as caught:
        public_key_from_spki(data)
    # Of a private key, nothing is quoted.
    for line in data.splitlines():
        assert not line.startswith(b"M") or line.decode() not in str(caught.value)


def test_text_is_not_guessed_at() -> None:
    with pytest.raises(TypeError, match="encode PEM"):
        public_key_from_spki(KEY.public_key().public_bytes(PEM, SPKI).decode())


class KeyManagementServiceClient:
    """Answers as google-cloud-kms's client does, with the key in this process."""

    def get_public_key(self, request: dict[str, object]) -> SimpleNamespace:
        assert request.keys() == {"name"}
        return SimpleNamespace(pem=KEY.public_key().public_bytes(PEM, SPKI).decode())

    def asymmetric_sign(self, request: dict[str, object]) -> SimpleNamespace:
        assert request.keys() == {"name", "data"}
        return SimpleNamespace(signature=KEY.sign(request["data"]))


def test_google_cloud_kms_as_the_guide_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = ModuleType("google.cloud")
    cloud.kms = SimpleNamespace(KeyManagementServiceClient=KeyManagementServiceClient)
    monkeypatch.setitem(sys.modules, "google", ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.cloud", cloud)
    made = {"CallableSigner": CallableSigner, "public_key_from_spki": public_key_from_spki}
    exec(block("signers", "google.cloud"), made)
    assert check(sc.issue(minimal(), made["signer"])).status is sc.Status.VALID
