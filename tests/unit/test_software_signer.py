"""Private keys in memory: files in and out, and that the key itself never leaves otherwise."""

import copy
import pickle
import subprocess
import traceback

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa, x25519

import signedcert as sc
from issuing import OTHER_SIGNER, SEED, SIGNER, check, minimal

PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
#: A key that stands nowhere else, so that a search for it finds leaks alone.
SECRET = bytes(range(100, 132))
PLAIN = serialization.NoEncryption()


def openssl(*arguments: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(
        ["openssl", *arguments], input=stdin, capture_output=True, check=True
    ).stdout


def test_generated_keys_differ_and_sign():
    first, second = sc.SoftwareSigner.generate(), sc.SoftwareSigner.generate()
    assert first.public_key != second.public_key
    assert sc.ed25519_verify(first.public_key.raw, b"message", first.sign(b"message"))
    assert isinstance(first, sc.Signer)


@pytest.mark.parametrize(
    "seed", [b"", bytes(31), bytes(33), bytes(64), bytearray(32), "x" * 32, None]
)
def test_only_32_bytes_are_a_private_key(seed):
    with pytest.raises(ValueError, match="32 bytes"):
        sc.SoftwareSigner(seed)


@pytest.mark.parametrize("passphrase", [None, b"correct horse", "pässwörd".encode(), b"\0"])
def test_pem_round_trip(passphrase):
    pem = SIGNER.to_pem(passphrase)
    kind = b"PRIVATE KEY" if passphrase is None else b"ENCRYPTED PRIVATE KEY"
    assert pem.startswith(b"-----BEGIN " + kind)
    assert sc.SoftwareSigner.from_pem(pem, passphrase).public_key == SIGNER.public_key
    assert sc.SoftwareSigner.from_pem(pem, passphrase).sign(b"m") == SIGNER.sign(b"m")


def test_an_empty_passphrase_protects_nothing():
    with pytest.raises(ValueError, match="empty"):
        SIGNER.to_pem(b"")


def test_keys_that_openssl_writes():
    pem = openssl("genpkey", "-algorithm", "ed25519")
    public = openssl("pkey", "-pubout", "-outform", "DER", stdin=pem)
    assert sc.SoftwareSigner.from_pem(pem).public_key.raw == public[-32:]
    arguments = ("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:secret")
    encrypted = openssl(*arguments, stdin=pem)
    assert sc.SoftwareSigner.from_pem(encrypted, b"secret").public_key.raw == public[-32:]


def test_openssl_reads_what_we_write():
    public = openssl("pkey", "-pubout", "-outform", "DER", stdin=SIGNER.to_pem(None))
    assert public[-32:] == SIGNER.public_key.raw
    encrypted = SIGNER.to_pem(b"secret")
    public = openssl(
        "pkey", "-passin", "pass:secret", "-pubout", "-outform", "DER", stdin=encrypted
    )
    assert public[-32:] == SIGNER.public_key.raw


def refusal(pem: bytes, passphrase: bytes | None = None) -> str:
    with pytest.raises(sc.KeyFileError) as caught:
        sc.SoftwareSigner.from_pem(pem, passphrase)
    # Neither the message nor what is chained to it quotes the file or the passphrase.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert "secret" not in str(caught.value)
    return str(caught.value)


def test_wrong_passphrases():
    encrypted = SIGNER.to_pem(b"secret")
    assert "needs a passphrase" in refusal(encrypted)
    assert "wrong passphrase" in refusal(encrypted, b"wrong")
    assert "has no passphrase" in refusal(SIGNER.to_pem(None), b"secret")


@pytest.mark.parametrize("pem", [b"", b"secret", b"-----BEGIN PRIVATE KEY-----\n", b"\xff" * 100])
def test_damaged_files(pem):
    assert "could not be opened" in refusal(pem)
    assert "could not be opened" in refusal(SIGNER.to_pem(None)[:-40])


OTHERS = {
    "rsa": rsa.generate_private_key(65537, 2048),
    "p-256": ec.generate_private_key(ec.SECP256R1()),
    "ed448": ed448.Ed448PrivateKey.generate(),
    "x25519": x25519.X25519PrivateKey.generate(),
}


@pytest.mark.parametrize("key", OTHERS.values(), ids=OTHERS)
def test_keys_of_other_kinds(key):
    assert "another kind than Ed25519" in refusal(key.private_bytes(PEM, PKCS8, PLAIN))


def test_keys_of_unknown_kinds():
    # The algorithm's identifier 1.3.101.112 becomes 1.3.101.120, which nobody uses.
    der = der_of_the_key()
    assert der.count(b"\x2b\x65\x70") == 1
    unknown = der.replace(b"\x2b\x65\x70", b"\x2b\x65\x78")
    pem = openssl("base64", stdin=unknown)
    file = b"-----BEGIN PRIVATE KEY-----\n" + pem + b"-----END PRIVATE KEY-----\n"
    assert "unknown kind" in refusal(file) or "could not be opened" in refusal(file)


def der_of_the_key() -> bytes:
    return openssl("pkey", "-outform", "DER", stdin=SIGNER.to_pem(None))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_never_pickled(protocol):
    with pytest.raises(TypeError, match="private key"):
        pickle.dumps(SIGNER, protocol)


def test_never_copied():
    for duplicate in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="private key"):
            duplicate(SIGNER)


def test_the_key_shows_nowhere():
    for text in (repr(SIGNER), str(SIGNER), f"{SIGNER}", repr([SIGNER])):
        assert SEED.hex() not in text
        assert repr(SEED) not in text
    assert SIGNER.public_key.kid.hex() in repr(SIGNER)
    assert not hasattr(SIGNER, "__dict__")


class FaultySigner:
    """A signer whose signature is wrong, missing, or by another key."""

    public_key = SIGNER.public_key

    def __init__(self, signature: object) -> None:
        self.signature = signature

    def sign(self, message: bytes) -> object:
        return self.signature(message) if callable(self.signature) else self.signature


@pytest.mark.parametrize(
    "signature",
    [
        OTHER_SIGNER.sign,
        lambda message: SIGNER.sign(message + b"\0"),
        lambda message: SIGNER.sign(message)[:-1],
        lambda message: SIGNER.sign(message) + b"\0",
        lambda message: bytearray(SIGNER.sign(message)),
        lambda message: SIGNER.sign(message).hex(),
        bytes(64),
        b"",
        None,
    ],
)
def test_a_wrong_signature_is_never_released(signature):
    with pytest.raises(sc.SignerError, match="nothing was issued"):
        sc.issue(minimal(), FaultySigner(signature))


def test_any_signer_will_do():
    token = sc.issue(minimal(), FaultySigner(SIGNER.sign))
    assert token == sc.issue(minimal(), SIGNER)
    assert check(token).status is sc.Status.VALID


def test_a_signer_that_fails_is_not_hidden():
    def fail(message: bytes) -> bytes:
        raise OSError("the token was pulled out")

    with pytest.raises(OSError, match="pulled out"):
        sc.issue(minimal(), FaultySigner(fail))


@pytest.mark.parametrize("statement", [None, {}, "x", sc.Person(name="A"), minimal().model_dump()])
def test_only_statements_are_issued(statement):
    with pytest.raises(TypeError, match="Certificate or CourseRecord"):
        sc.issue(statement, SIGNER)


def test_a_statement_too_large_for_a_token():
    course = sc.Course(title="T", institution="I", description="字" * 4000)
    modules = tuple(sc.Module(title="x" * 300) for _ in range(20))
    big = minimal(course=course.model_copy(update={"syllabus": modules}))
    with pytest.raises(sc.EncodeError, match="16384"):
        sc.issue(big, SIGNER)


def test_wrong_types_are_named_and_never_meet_the_key():
    signer = sc.SoftwareSigner(SECRET)
    pem = signer.to_pem(b"passphrase")
    for call in (
        lambda: signer.sign("text"),
        lambda: signer.to_pem("text"),
        lambda: signer.to_pem(b""),
        lambda: sc.SoftwareSigner.from_pem(pem, "passphrase"),
        lambda: sc.SoftwareSigner.from_pem(pem.decode(), b"passphrase"),
    ):
        with pytest.raises((TypeError, ValueError)) as caught:
            call()
        shown = "".join(
            traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
        )
        assert repr(SECRET)[2:-1] not in shown
        assert SECRET.hex() not in shown


def test_a_signer_that_could_not_be_made_can_be_shown():
    with pytest.raises(ValueError, match="32 bytes") as caught:
        sc.SoftwareSigner(b"short")
    trace = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert "SoftwareSigner()" in "".join(trace.format())
