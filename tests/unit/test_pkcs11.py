"""Keys on a PKCS#11 token, with SoftHSM2: a real token, in files."""

import copy
import multiprocessing
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pkcs11
import pytest
from pkcs11 import Attribute, KeyType, ObjectClass
from pkcs11.exceptions import (
    AttributeSensitive,
    AttributeTypeInvalid,
    DeviceRemoved,
    PinLocked,
    PKCS11Error,
)

import signedcert as sc
import softhsm
from guide_blocks import block
from issuing import check, jwk, jwks, minimal
from signedcert.signers.contract import SignerContract
from signedcert.signers.hsm import Pkcs11Signer, Pkcs11Token, Pkcs11Uri, generate_key
from signedcert.signers.hsm.failures import explained
from signedcert.signers.hsm.keys import asks_every_time, make_key, public_key_in, sign_with
from softhsm import PIN

ED448 = bytes.fromhex("130a65647761726473343438")
ED25519 = bytes.fromhex("130c656477617264733235353139")


@pytest.fixture
def module() -> str:
    return softhsm.module()


@pytest.fixture
def uri(module: str) -> Pkcs11Uri:
    """A key's name that no other test uses."""
    return Pkcs11Uri(module, token="issuer", object=f"key {uuid4()}")


@pytest.fixture
def key(uri: Pkcs11Uri) -> sc.PublicKey:
    return generate_key(uri, PIN)


@pytest.fixture
def signer(uri: Pkcs11Uri, key: sc.PublicKey) -> Iterator[Pkcs11Signer]:
    with Pkcs11Signer.open(uri, PIN) as opened:
        yield opened


class TestContract(SignerContract):
    @pytest.fixture(autouse=True)
    def opened(self, signer: Pkcs11Signer) -> None:
        self.opened_signer = signer

    def signer(self) -> Pkcs11Signer:
        return self.opened_signer


def refusal(uri: Pkcs11Uri | str, pin: str = PIN) -> str:
    with pytest.raises(sc.SignerError) as caught:
        Pkcs11Signer.open(uri, pin)
    return str(caught.value)


def objects(uri: Pkcs11Uri, kind: ObjectClass) -> list[dict[str, object]]:
    """What another PKCS#11 program sees of the key."""
    names = ("PRIVATE", "TOKEN", "ID", "LOCAL")
    if kind is ObjectClass.PRIVATE_KEY:
        names += ("SENSITIVE", "EXTRACTABLE", "SIGN")
    token = pkcs11.lib(uri.module_path).get_token(token_label=uri.token)
    with token.open(user_pin=PIN) as session:
        found = list(session.get_objects({Attribute.LABEL: uri.object, Attribute.CLASS: kind}))
        return [{name: each[Attribute[name]] for name in names} for each in found]


def test_a_key_made_on_the_token_signs_certificates(signer: Pkcs11Signer, key) -> None:
    assert signer.public_key == key
    token = sc.issue(minimal(), signer)
    trust = sc.Trust.from_jwks(minimal().issuer, jwks(jwk(signer)))
    assert check(token, trust).status is sc.Status.VALID


def test_the_guides_lines_run_as_they_stand(module: str, monkeypatch) -> None:
    monkeypatch.setenv("TOKEN_PIN", PIN)
    path = "/usr/lib/softhsm/libsofthsm2.so"
    known = {"sc": sc, "certificate": minimal()}
    exec(block("signers", "generate_key").replace(path, module), known)
    trust = sc.Trust.from_jwks(minimal().issuer, jwks(jwk(known["signer"])))
    assert check(known["token"], trust).status is sc.Status.VALID
    for label in ("first", "second"):
        generate_key(Pkcs11Uri(module, token="issuer", object=label), PIN)
    exec(block("signers", "Pkcs11Token"), known)
    assert known["first"].public_key != known["second"].public_key


def test_a_uri_may_be_text_and_may_name_the_key_by_its_id(uri: Pkcs11Uri) -> None:
    identifier = uuid4().bytes
    named = Pkcs11Uri(uri.module_path, token="issuer", object=uri.object, id=identifier)
    key = generate_key(str(named), PIN)
    by_id = Pkcs11Uri(uri.module_path, token="issuer", id=identifier)
    with Pkcs11Signer.open(str(by_id), PIN) as signer:
        assert signer.public_key == key
        assert sc.ed25519_verify(key.raw, b"message", signer.sign(b"message"))


def test_the_only_key_of_a_token_needs_no_name(module: str) -> None:
    serials = {token.label: token.serial for token in pkcs11.lib(module).get_tokens()}
    uri = Pkcs11Uri(module, serial=serials["other"].decode())
    # No other test makes keys on this token.
    key = generate_key(Pkcs11Uri(module, token="other", object="alone"), PIN)
    with Pkcs11Signer.open(uri, PIN) as signer:
        assert signer.public_key == key


def test_the_private_key_cannot_be_read(uri: Pkcs11Uri, key) -> None:
    (attributes,) = objects(uri, ObjectClass.PRIVATE_KEY)
    assert attributes.pop("ID")
    assert attributes == {
        "SENSITIVE": True,
        "EXTRACTABLE": False,
        "PRIVATE": True,
        "TOKEN": True,
        "SIGN": True,
        "LOCAL": True,
    }
    token = pkcs11.lib(uri.module_path).get_token(token_label="issuer")
    with token.open(user_pin=PIN) as session:
        (private,) = session.get_objects(
            {Attribute.LABEL: uri.object, Attribute.CLASS: ObjectClass.PRIVATE_KEY}
        )
        with pytest.raises(AttributeSensitive):
            private[Attribute.VALUE]


def test_the_private_key_cannot_be_seen_without_the_pin(uri: Pkcs11Uri, key) -> None:
    token = pkcs11.lib(uri.module_path).get_token(token_label="issuer")
    with token.open() as session:
        seen = list(session.get_objects({Attribute.LABEL: uri.object}))
    assert [each.object_class for each in seen] == [ObjectClass.PUBLIC_KEY]


def test_both_halves_have_one_random_id(uri: Pkcs11Uri, key) -> None:
    (private,) = objects(uri, ObjectClass.PRIVATE_KEY)
    (public,) = objects(uri, ObjectClass.PUBLIC_KEY)
    assert private["ID"] == public["ID"]
    assert len(private["ID"]) == 16


def test_no_second_key_of_one_name_is_made(uri: Pkcs11Uri, key) -> None:
    with pytest.raises(sc.SignerError, match="already has an object with the label"):
        generate_key(uri, PIN)
    (private,) = objects(uri, ObjectClass.PRIVATE_KEY)
    other = Pkcs11Uri(uri.module_path, token="issuer", object=f"{uuid4()}", id=private["ID"])
    with pytest.raises(sc.SignerError, match="already has an object with the id"):
        generate_key(other, PIN)
    assert len(objects(uri, ObjectClass.PRIVATE_KEY)) == 1


def test_a_new_key_needs_a_label(module: str) -> None:
    with pytest.raises(sc.SignerError, match="add object="):
        generate_key(Pkcs11Uri(module, token="issuer"), PIN)
    with Pkcs11Token.open(Pkcs11Uri(module, token="issuer"), PIN):
        pass  # nothing stayed open


def test_a_wrong_pin_is_named(uri: Pkcs11Uri, key) -> None:
    assert "refused the PIN" in refusal(uri, "0000")
    with Pkcs11Signer.open(uri, PIN) as signer:
        assert signer.public_key == key


def test_tokens_and_keys_that_are_not_there_are_named(module: str, uri: Pkcs11Uri) -> None:
    assert "no such token" in refusal(Pkcs11Uri(module, token="nobody"))
    assert "no such token" in refusal(Pkcs11Uri(module, serial="0000"))
    assert "no such token" in refusal(Pkcs11Uri(module, token="issuer", serial="0000"))
    assert "several tokens match" in refusal(Pkcs11Uri(module, token="twin"))
    assert "several tokens match" in refusal(Pkcs11Uri(module))
    assert f"no Ed25519 signing key with the label '{uri.object}'" in refusal(uri)
    by_id = Pkcs11Uri(module, token="issuer", id=b"\xab\xcd")
    assert "no Ed25519 signing key with the id abcd" in refusal(by_id)


def test_a_failed_open_leaves_the_token_free(uri: Pkcs11Uri) -> None:
    refusal(uri)  # there is no such key yet
    key = generate_key(uri, PIN)  # logs in again
    with Pkcs11Signer.open(uri, PIN) as signer:
        assert signer.public_key == key


def test_modules_that_cannot_be_loaded_are_named(tmp_path: Path) -> None:
    assert "there is no PKCS#11 module" in refusal(Pkcs11Uri(f"{tmp_path}/none.so"))
    assert "there is no PKCS#11 module" in refusal(Pkcs11Uri(str(tmp_path)))
    text = tmp_path / "text.so"
    text.write_text("not a library")
    assert "cannot be loaded" in refusal(Pkcs11Uri(str(text)))


def make(uri: Pkcs11Uri, *, curve: bytes = ED25519, private=None, label=None, **names) -> bytes:
    """Makes a key as another program might, and returns its CKA_ID."""
    identifier = names.get("id", uuid4().bytes)
    token = pkcs11.lib(uri.module_path).get_token(token_label=uri.token)
    with token.open(rw=True, user_pin=PIN) as session:
        session.generate_keypair(
            KeyType.EC_EDWARDS,
            store=True,
            label=label or uri.object,
            id=identifier,
            public_template={Attribute.EC_PARAMS: curve},
            private_template=private or {},
        )
    return identifier


def test_of_two_keys_with_one_label_none_is_chosen(uri: Pkcs11Uri) -> None:
    first, _ = make(uri), make(uri)
    assert "has 2 Ed25519 signing keys with the label" in refusal(uri)
    exact = Pkcs11Uri(uri.module_path, token="issuer", object=uri.object, id=first)
    with Pkcs11Signer.open(exact, PIN) as signer:
        assert sc.ed25519_verify(signer.public_key.raw, b"m", signer.sign(b"m"))


def test_two_public_keys_with_one_id_are_not_guessed_between(uri: Pkcs11Uri) -> None:
    make(uri, label=f"another {uuid4()}", id=make(uri))
    assert "several public keys" in refusal(uri)


def test_a_key_whose_public_half_is_missing(uri: Pkcs11Uri) -> None:
    make(uri)
    remove_public_half(uri)
    assert "no public key with the same id" in refusal(uri)


def remove_public_half(uri: Pkcs11Uri) -> None:
    token = pkcs11.lib(uri.module_path).get_token(token_label="issuer")
    with token.open(rw=True, user_pin=PIN) as session:
        wanted = {Attribute.LABEL: uri.object, Attribute.CLASS: ObjectClass.PUBLIC_KEY}
        for half in list(session.get_objects(wanted)):
            half.destroy()


@pytest.mark.parametrize("wrapped", [True, False])
def test_the_public_point_may_be_wrapped_or_not(uri: Pkcs11Uri, wrapped: bool) -> None:
    # SoftHSM stores what it is given; other modules give the 32 bytes alone (PKCS#11 2.40).
    identifier = make(uri)
    with Pkcs11Signer.open(uri, PIN) as signer:
        expected = signer.public_key
    remove_public_half(uri)
    token = pkcs11.lib(uri.module_path).get_token(token_label="issuer")
    with token.open(rw=True, user_pin=PIN) as session:
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.PUBLIC_KEY,
                Attribute.KEY_TYPE: KeyType.EC_EDWARDS,
                Attribute.TOKEN: True,
                Attribute.ID: identifier,
                Attribute.EC_PARAMS: ED25519,
                Attribute.EC_POINT: b"\x04\x20" * wrapped + expected.raw,
            }
        )
    with Pkcs11Signer.open(uri, PIN) as signer:
        assert signer.public_key == expected


def test_a_bare_point_may_begin_as_a_wrapped_one_does() -> None:
    point = b"\x04\x20" + bytes(range(30))
    assert public_key_in(point).raw == point
    assert public_key_in(b"\x04\x20" + point).raw == point
    for other in (b"", point[:-1], point + b"\0", b"\x04\x39" + bytes(57)):
        with pytest.raises(sc.SignerError, match="another curve"):
            public_key_in(other)


def test_a_key_without_an_id_is_found_by_its_label(uri: Pkcs11Uri) -> None:
    make(uri, id=b"")
    assert [each["ID"] for each in objects(uri, ObjectClass.PRIVATE_KEY)] == [b""]
    with Pkcs11Signer.open(uri, PIN) as signer:
        assert sc.ed25519_verify(signer.public_key.raw, b"m", signer.sign(b"m"))


def test_keys_on_another_curve_are_named(uri: Pkcs11Uri) -> None:
    make(uri, curve=ED448)
    assert "another curve than Ed25519" in refusal(uri)


def test_keys_that_may_not_sign_are_no_signing_keys(uri: Pkcs11Uri) -> None:
    make(uri, private={Attribute.SIGN: False})
    assert "no Ed25519 signing key" in refusal(uri)


def test_keys_that_ask_for_the_pin_each_time_are_named(uri: Pkcs11Uri) -> None:
    make(uri, private={Attribute.ALWAYS_AUTHENTICATE: True})
    assert "at every signature" in refusal(uri)


def test_modules_without_that_attribute_do_not_ask(uri: Pkcs11Uri, key) -> None:
    # SoftHSM's private keys have it, its public keys do not: as the keys of older modules.
    token = pkcs11.lib(uri.module_path).get_token(token_label="issuer")
    with token.open() as session:
        (public,) = session.get_objects({Attribute.LABEL: uri.object})
        with pytest.raises(AttributeTypeInvalid):
            public[Attribute.ALWAYS_AUTHENTICATE]
        assert not asks_every_time(public)


def test_a_public_key_that_is_not_the_private_keys_issues_nothing(uri: Pkcs11Uri) -> None:
    identifier = make(uri)
    remove_public_half(uri)
    other = Pkcs11Uri(uri.module_path, token="issuer", object=f"another {uuid4()}")
    make(other, id=identifier)
    with (
        Pkcs11Signer.open(uri, PIN) as signer,
        pytest.raises(sc.SignerError, match="nothing was issued"),
    ):
        sc.issue(minimal(), signer)


def test_a_second_login_of_one_process_says_what_to_do(uri: Pkcs11Uri, signer) -> None:
    assert "already logged in" in refusal(uri)
    assert sc.ed25519_verify(signer.public_key.raw, b"m", signer.sign(b"m"))


def test_several_signers_share_one_login(uri: Pkcs11Uri) -> None:
    first, second = (f"key {uuid4()}" for _ in range(2))
    keys = [
        generate_key(Pkcs11Uri(uri.module_path, token="issuer", object=label), PIN)
        for label in (first, second)
    ]
    with Pkcs11Token.open(uri, PIN) as token:
        signers = [Pkcs11Signer(token, label=label) for label in (first, second)]
        assert [signer.public_key for signer in signers] == keys
        signers[0].close()  # which leaves the token to the other
        signature = signers[1].sign(b"message")
        assert sc.ed25519_verify(keys[1].raw, b"message", signature)
        with pytest.raises(sc.SignerError, match="no Ed25519 signing key"):
            Pkcs11Signer(token, label="nobody")
        with pytest.raises(sc.SignerError, match="signing keys"):
            Pkcs11Signer(token)
    with pytest.raises(sc.SignerError, match="was closed"):
        signers[1].sign(b"message")


def test_a_token_opened_for_reading_makes_no_key(uri: Pkcs11Uri) -> None:
    with (
        Pkcs11Token.open(uri, PIN) as token,
        pytest.raises(sc.SignerError, match="for reading only"),
    ):
        token.use(lambda session: make_key(session, "label", None))


def test_a_closed_signer_says_so_and_closes_twice(uri: Pkcs11Uri, key) -> None:
    signer = Pkcs11Signer.open(uri, PIN)
    signer.close()
    signer.close()
    with pytest.raises(sc.SignerError, match="was closed"):
        sc.issue(minimal(), signer)
    assert signer.public_key == key


def test_a_token_that_is_gone_is_named(uri: Pkcs11Uri, key) -> None:
    signer = Pkcs11Signer.open(uri, PIN)
    pkcs11.lib(uri.module_path).reinitialize()  # ends every session, as pulling a token out does
    with pytest.raises(sc.SignerError, match="removed or its session ended") as caught:
        signer.sign(b"message")
    assert isinstance(caught.value.__cause__, PKCS11Error)
    signer.close()
    with Pkcs11Signer.open(uri, PIN) as again:
        assert again.public_key == key


def test_somebody_elses_logout_is_named(uri: Pkcs11Uri, signer: Pkcs11Signer) -> None:
    session = signer._token._session  # another part of the program, with the session at hand
    session.close()
    with pytest.raises(sc.SignerError, match=r"session ended|logged out"):
        signer.sign(b"message")


def test_many_threads_sign_with_one_signer(signer: Pkcs11Signer) -> None:
    messages = [f"message {number}".encode() for number in range(200)]
    with ThreadPoolExecutor(8) as threads:
        signatures = list(threads.map(signer.sign, messages))
    assert all(
        sc.ed25519_verify(signer.public_key.raw, message, signature)
        for message, signature in zip(messages, signatures, strict=True)
    )


def test_a_thread_may_close_while_others_sign(uri: Pkcs11Uri, key) -> None:
    signer = Pkcs11Signer.open(uri, PIN)

    def sign(number: int) -> bool:
        message = str(number).encode()
        try:
            return sc.ed25519_verify(key.raw, message, signer.sign(message))
        except sc.SignerError as error:
            return "was closed" in str(error)

    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(sign, number) for number in range(50)]
        threads.submit(signer.close)
        answers += [threads.submit(sign, number) for number in range(50)]
        assert all(answer.result() for answer in answers)


def _sign_after_the_fork(signer: Pkcs11Signer, answer) -> None:
    try:
        signer.sign(b"message")
    except sc.SignerError as error:
        answer.send(str(error))
    signer.close()
    # The session is the parent's: closing ended nothing, which SoftHSM's copy here would show.
    answer.send(len(sign_with(signer._key, b"message")))


# From Python 3.12 on, forking with threads about is warned of: it is what the test is for.
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_forked_process_is_told_to_open_its_own(signer: Pkcs11Signer) -> None:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=_sign_after_the_fork, args=(signer, theirs))
    child.start()
    assert ours.poll(20)
    assert "before this process was forked" in ours.recv()
    assert ours.poll(20)
    assert ours.recv() == 64
    child.join(20)
    assert child.exitcode == 0
    assert sc.ed25519_verify(signer.public_key.raw, b"m", signer.sign(b"m"))


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_never_pickled_or_copied(signer: Pkcs11Signer, duplicate) -> None:
    for thing in (signer, signer._token):
        with pytest.raises(TypeError, match="never pickled or copied"):
            duplicate(thing)


@pytest.mark.parametrize("message", ["text", None, bytearray(b"message"), [b"message"]])
def test_only_bytes_are_signed(signer: Pkcs11Signer, message: object) -> None:
    with pytest.raises(TypeError, match="must be bytes"):
        signer.sign(message)


def shown(error: BaseException) -> str:
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(trace.format())


#: A PIN that stands nowhere else, so that a search for it finds leaks alone.
UNUSUAL = "97531-unusual"


@pytest.mark.parametrize("call", [Pkcs11Signer.open, Pkcs11Token.open, generate_key])
def test_the_pin_shows_nowhere(uri: Pkcs11Uri, call) -> None:
    for where in (
        uri,
        str(uri),
        "nonsense",
        5,
        Pkcs11Uri(uri.module_path, token="nobody"),
        Pkcs11Uri("/none.so"),
    ):
        with pytest.raises((sc.SignerError, TypeError)) as caught:
            call(where, UNUSUAL)
        text = shown(caught.value)
        assert call.__name__ in text  # the frame that was given the PIN is among those shown
        assert UNUSUAL not in text.replace("call(where, UNUSUAL)", "")


def test_the_pin_shows_in_no_repr(signer: Pkcs11Signer, uri: Pkcs11Uri) -> None:
    assert repr(signer) == f"Pkcs11Signer(kid={signer.public_key.kid.hex()!r})"
    assert repr(signer._token) == f"Pkcs11Token({str(uri)!r})"
    for thing in (signer, signer._token):
        values = [getattr(thing, name) for name in thing.__slots__]
        assert PIN not in repr(values)
    assert repr(Pkcs11Signer.__new__(Pkcs11Signer)) == "Pkcs11Signer()"


@pytest.mark.parametrize(
    ("pin", "error", "words"),
    [
        ("", ValueError, "empty"),
        ("97531\udc80", ValueError, "UTF-8"),
        (97531, TypeError, "must be text"),
        (b"97531", TypeError, "must be text"),
        (None, TypeError, "must be text"),
    ],
)
def test_what_is_no_pin_is_refused_without_showing_it(uri, pin, error, words) -> None:
    for call in (Pkcs11Signer.open, Pkcs11Token.open, generate_key):
        with pytest.raises(error, match=words) as caught:
            call(uri, pin)
        # From the library's own frames on: the test's have the PIN.
        while caught.value.__traceback__.tb_frame.f_code.co_filename == __file__:
            caught.value.__traceback__ = caught.value.__traceback__.tb_next
        assert "97531" not in shown(caught.value)
        assert caught.value.__context__ is None


def test_rare_answers_of_tokens_have_sentences() -> None:
    assert "locked after too many wrong PINs" in str(explained(PinLocked()))
    assert "was removed" in str(explained(DeviceRemoved()))
    unknown = explained(PKCS11Error("Unmapped error code 0x80000001"))
    assert str(unknown) == "the token answered with PKCS11Error: Unmapped error code 0x80000001"


def test_every_sentence_belongs_to_an_answer_that_exists() -> None:
    from signedcert.signers.hsm.failures import _SENTENCES

    assert [name for name in _SENTENCES if not hasattr(pkcs11.exceptions, name)] == []


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    )
    assert done.stderr == ""
    return done.stdout


def test_the_only_token_needs_no_name(module: str, tmp_path: Path) -> None:
    # In a process of its own, whose module knows one token, and a slot that waits for another.
    code = f"""
import pkcs11
from signedcert.signers import hsm
print(len(pkcs11.lib({module!r}).get_slots()))
made = hsm.generate_key("pkcs11:object=signing?module-path={module}", {PIN!r})
with hsm.Pkcs11Signer.open("pkcs11:?module-path={module}", {PIN!r}) as signer:
    print(signer.public_key == made)
"""
    assert run(code, SOFTHSM2_CONF=softhsm.make_tokens(tmp_path, ("only",))) == "2\nTrue\n"


def test_the_library_is_loaded_for_tokens_alone() -> None:
    code = "import sys, signedcert, signedcert.signers.contract; print('pkcs11' in sys.modules)"
    assert run(code) == "False\n"


def test_a_missing_extra_is_named() -> None:
    assert "pip install 'signedcert[hsm]'" in run(
        """
import sys
class Nowhere:
    def find_spec(self, name, path=None, target=None):
        if name == "pkcs11":
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Nowhere())
try:
    import signedcert.signers.hsm
except ImportError as error:
    print(error)
"""
    )


def test_ci_does_not_skip_these_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(softhsm, "_PLACES", ("/nowhere/*.so",))
    look = softhsm.module.__wrapped__
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt install softhsm2"):
        look()
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="apt install softhsm2"):
        look()


def test_each_process_has_a_token_folder_of_its_own(module: str) -> None:
    assert "signedcert-softhsm-" in os.environ["SOFTHSM2_CONF"]
    labels = [token.label for token in pkcs11.lib(module).get_tokens()]
    assert sorted(label for label in labels if label) == sorted(softhsm.LABELS)
