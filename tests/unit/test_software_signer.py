"""Private keys in memory: files in and out, and that the key itself never leaves otherwise."""

import copy
import json
import pickle
import subprocess
import traceback

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa, x25519
from joserfc.jwk import OKPKey

import signedcert as sc
from guide_blocks import block
from issuing import OTHER_SIGNER, SEED, SIGNER, check, minimal, record

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


NO_CERTIFICATES = [None, {}, "x", sc.Person(name="A"), minimal().model_dump(), record()]


@pytest.mark.parametrize("statement", NO_CERTIFICATES)
def test_only_certificates_are_issued(statement):
    kind = type(statement).__name__
    with pytest.raises(TypeError, match=f"a Certificate, got {kind}; .*share.issue_record"):
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


#: RFC 8037, appendix A.1.
RFC8037 = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}


def test_the_key_of_rfc_8037_is_read():
    assert sc.SoftwareSigner.from_jwk(json.dumps(RFC8037).encode()).sign(b"m") == SIGNER.sign(b"m")
    assert json.loads(SIGNER.to_jwk()) == RFC8037


def test_the_guides_lines_run_as_they_stand():
    given = {"pem": SIGNER.to_pem(b"p"), "passphrase": b"p", "jwk": SIGNER.to_jwk(), "seed": SEED}
    exec(block("signers", "from_jwk"), given)
    assert given["signer"].public_key == SIGNER.public_key


def test_jwk_round_trip():
    signer = sc.SoftwareSigner(SECRET)
    assert sc.SoftwareSigner.from_jwk(signer.to_jwk()).sign(b"m") == signer.sign(b"m")


def test_another_library_reads_the_jwk_and_writes_it():
    theirs = OKPKey.import_key(json.loads(SIGNER.to_jwk()))
    assert theirs.is_private
    assert theirs.private_key.private_bytes_raw() == SEED
    made = OKPKey.generate_key("Ed25519", {"use": "sig", "key_ops": ["sign"], "alg": "Ed25519"})
    signer = sc.SoftwareSigner.from_jwk(json.dumps(made.as_dict(private=True)).encode())
    assert signer.public_key.raw == made.public_key.public_bytes_raw()


@pytest.mark.parametrize(
    "members",
    [
        {"kid": "1", "use": "sig", "alg": "EdDSA", "key_ops": ["sign", "verify"]},
        {"alg": "Ed25519", "nbf": 1, "https://example.org/owner": {"name": "x"}},
    ],
)
def test_what_else_a_jwk_says_is_left_alone(members):
    data = json.dumps(RFC8037 | members).encode()
    assert sc.SoftwareSigner.from_jwk(data).public_key == SIGNER.public_key


def without(name: str) -> dict[str, object]:
    return {member: value for member, value in RFC8037.items() if member != name}


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (without("kty"), "kty and crv"),
        (without("crv"), "kty and crv"),
        (RFC8037 | {"kty": "EC"}, "kty and crv"),
        (RFC8037 | {"kty": "okp"}, "kty and crv"),
        (RFC8037 | {"crv": "X25519"}, "kty and crv"),
        (RFC8037 | {"crv": "Ed448"}, "kty and crv"),
        (without("d"), "it is a public key"),
        (without("x"), "has no x"),
        (RFC8037 | {"d": None}, "d is not 32 bytes"),
        (RFC8037 | {"d": ""}, "d is not 32 bytes"),
        (RFC8037 | {"d": RFC8037["d"][:-3]}, "d is not 32 bytes"),
        (RFC8037 | {"d": RFC8037["d"] + "AA"}, "d is not 32 bytes"),
        (RFC8037 | {"d": RFC8037["d"] + "="}, "d is not 32 bytes"),
        (RFC8037 | {"d": RFC8037["d"].replace("_", "/")}, "d is not 32 bytes"),
        (RFC8037 | {"d": [1]}, "d is not 32 bytes"),
        (RFC8037 | {"d": RFC8037["x"]}, "x is not the public key"),
        (RFC8037 | {"x": RFC8037["d"]}, "x is not the public key"),
        (RFC8037 | {"x": None}, "x is not the public key"),
        (RFC8037 | {"x": "!"}, "x is not the public key"),
        (RFC8037 | {"alg": "ES256"}, "its alg"),
        (RFC8037 | {"use": "enc"}, "use or key_ops"),
        (RFC8037 | {"key_ops": ["verify"]}, "use or key_ops"),
        (RFC8037 | {"key_ops": "sign"}, "use or key_ops"),
        ({"keys": [RFC8037]}, "JWK Set"),
        ([RFC8037], "no JSON object"),
        (RFC8037["d"], "no JSON object"),
    ],
)
def test_jwks_that_cannot_sign(members, words):
    assert words in jwk_refusal(json.dumps(members).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        json.dumps(RFC8037).encode()[:-1],
        json.dumps(RFC8037).encode("utf-16"),
        b"\xef\xbb\xbf" + json.dumps(RFC8037).encode(),
        json.dumps(RFC8037).replace('"x"', '"d": "", "x"').encode(),
        json.dumps(RFC8037).encode() + b"\xff",
        SIGNER.to_pem(None),
    ],
)
def test_what_is_no_json(data):
    assert "not plain JSON" in jwk_refusal(data)


def jwk_refusal(data: object) -> str:
    with pytest.raises((sc.KeyFileError, TypeError)) as caught:
        sc.SoftwareSigner.from_jwk(data)
    # Neither the message, nor what is chained to it, nor any local variable quotes the key.
    error = caught.value
    assert error.__cause__ is error.__context__ is None
    while error.__traceback__.tb_frame.f_code.co_filename == __file__:
        error.__traceback__ = error.__traceback__.tb_next  # the tests' own variables have it
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    shown = "".join(trace.format())
    assert "from_jwk" in shown
    for secret in (RFC8037["d"][:20], repr(SEED)[2:20], SEED.hex()):
        assert secret not in shown
    return str(error)


def test_a_jwk_is_bytes():
    assert "as bytes" in jwk_refusal(json.dumps(RFC8037))
