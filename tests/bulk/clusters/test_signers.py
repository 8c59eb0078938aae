import pickle
from pathlib import Path

import pytest
from cluster_school import PASSPHRASE, School

import signedcert as sc
import softhsm
from signedcert.bulk.jobs import check_job, check_roster
from signedcert.bulk.positions import Part, PositionsError, first_positions
from signedcert.bulk.signers import (
    Hardware,
    KeyFile,
    PassphraseFile,
    PassphraseVariable,
    opened,
)
from signedcert.errors import KeyFileError, SignerError

OTHER = sc.SoftwareSigner(b"o" * 32).public_key


def secret_file(path: Path, content: bytes, mode: int = 0o600) -> PassphraseFile:
    path.write_bytes(content)
    path.chmod(mode)
    return PassphraseFile(path)


def test_a_key_file_signs_with_the_key_that_is_meant(
    school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKER_SECRET", PASSPHRASE.decode())
    in_clear = tmp_path / "clear.pem"
    in_clear.touch(mode=0o600)
    in_clear.write_bytes(school.signer.to_pem(None))
    path, key = school.key.path, school.key.public_key
    for factory in (
        school.key,
        KeyFile(path, key, PassphraseVariable("WORKER_SECRET")),
        KeyFile(path, key, secret_file(tmp_path / "dos", PASSPHRASE + b"\r\nmore")),
        KeyFile(in_clear, key),
    ):
        arrived = pickle.loads(pickle.dumps(factory))
        assert arrived == factory
        assert arrived().sign(b"message") == school.signer.sign(b"message")


def test_a_factory_is_opened_once_in_a_process_and_after_a_failure_again(
    school: School, tmp_path: Path
) -> None:
    late = PassphraseFile(tmp_path / "late")
    factory = KeyFile(school.key.path, school.key.public_key, late)
    with pytest.raises(KeyFileError, match="late: No such file"):
        opened(factory)
    secret_file(late.path, PASSPHRASE)
    assert opened(factory) is opened(pickle.loads(pickle.dumps(factory)))


def test_what_a_factory_shows_are_places(school: School) -> None:
    for shown in (repr(school.key), str(pickle.dumps(school.key))):
        assert school.key.path.name in shown
        assert PASSPHRASE.decode() not in shown


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644])
def test_a_secret_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    secret = secret_file(tmp_path / "secret", b"tell nobody", mode)
    with pytest.raises(KeyFileError, match="others may read the secret") as caught:
        secret.read()
    assert "tell nobody" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\nsecond line", b"x" * 1024])
def test_a_secret_that_is_none_is_refused_without_quoting_it(
    tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(KeyFileError, match=r"secret: the passphrase is (empty|longer)"):
        secret_file(tmp_path / "secret", content).read()


def test_a_key_file_with_another_key_is_refused(school: School) -> None:
    other = KeyFile(school.key.path, OTHER, school.key.passphrase)
    with pytest.raises(KeyFileError, match=f"holds another key than {OTHER.kid.hex()}"):
        other()


def test_a_key_file_that_cannot_be_opened_is_refused_by_its_name(
    school: School, tmp_path: Path
) -> None:
    key = school.key.public_key
    with pytest.raises(KeyFileError, match="needs a passphrase; say where"):
        KeyFile(school.key.path, key)()
    with pytest.raises(KeyFileError, match=r"none\.pem: No such file"):
        KeyFile(tmp_path / "none.pem", key)()
    with pytest.raises(KeyFileError, match="the environment variable UNSET_HERE is not set"):
        KeyFile(school.key.path, key, PassphraseVariable("UNSET_HERE"))()


def test_secrets_themselves_and_places_that_workers_do_not_have_are_refused(
    school: School,
) -> None:
    path, key = school.key.path, school.key.public_key
    for secret in ("tell nobody", b"tell nobody"):
        with pytest.raises(TypeError, match="would travel with the job") as caught:
            KeyFile(path, key, secret)  # type: ignore[arg-type]
        assert "tell nobody" not in str(caught.value)
        with pytest.raises(TypeError, match="would travel with the job"):
            Hardware("pkcs11:token=a?module-path=/m.so", key, secret)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="letters, digits") as refused:
        PassphraseVariable("tell nobody")
    assert "tell nobody" not in str(refused.value)
    for uri in ("pkcs11:token=a?module-path=/m.so&pin-value=1234", "pkcs11:?PIN-source=/pin"):
        with pytest.raises(ValueError, match="has no PIN in it") as refused:
            Hardware(uri, key, PassphraseVariable("PIN"))
        assert "1234" not in str(refused.value)
    for relative in (lambda: KeyFile(Path("key.pem"), key), lambda: PassphraseFile(Path("secret"))):
        with pytest.raises(ValueError, match="must be absolute"):
            relative()
    with pytest.raises(TypeError, match="must be a PublicKey"):
        KeyFile(path, key.raw)  # type: ignore[arg-type]


def test_a_key_in_hardware_signs_on_a_worker(tmp_path: Path) -> None:
    from signedcert.signers import hsm

    uri = f"pkcs11:token=other;object=bulk?module-path={softhsm.module()}"
    key = hsm.generate_key(uri, softhsm.PIN)
    pin = secret_file(tmp_path / "pin", softhsm.PIN.encode() + b"\n")
    factory = pickle.loads(pickle.dumps(Hardware(uri, key, pin)))
    assert softhsm.PIN not in repr(factory)
    with pytest.raises(SignerError, match="the hardware holds another key than"):
        Hardware(uri, OTHER, pin)()
    signer = factory()
    assert signer.public_key == key
    assert len(signer.sign(b"message")) == 64
    signer.close()


def test_a_job_that_could_not_be_done_is_refused_before_any_worker_starts(school: School) -> None:
    plan = school.plan(3)
    check_job(plan, school.key, 3)
    with pytest.raises(ValueError, match="3 places for 4 rows"):
        check_job(plan, school.key, 4)
    with pytest.raises(ValueError, match="give rows with_positions"):
        check_job(plan, school.key, None)
    with pytest.raises(TypeError, match="no key travels"):
        check_job(plan, school.signer, 3)
    with pytest.raises(TypeError, match="unhashable"):
        check_job(plan, type("Factory", (), {"__hash__": None, "__call__": opened})(), 3)
    with pytest.raises(ValueError, match="no certificate has the column email"):
        check_roster(["learner", "email"])
    with pytest.raises(ValueError, match="drop the column"):
        check_roster(["learner", "position"])


def test_positions_have_no_gaps_and_are_those_of_the_parts_whatever_their_order() -> None:
    parts = [Part("b", 3, 2, 3), Part("a", 5, 4, 10), Part("c", 1, 0, 0)]
    for given in (parts, parts[::-1]):
        assert first_positions(given, "folder") == {"a": 0, "b": 5, "c": 8}
    assert first_positions([], "folder") == {}
    for wrong in (
        [Part("a", 5, 5, 14)],  # one is missing
        [Part("a", 6, 4, 13)],  # one is there twice
        [Part("a", 5, 4, 11)],  # one is missing, and another there twice
        [Part("a", 5, 4, 10), Part("a", 5, 4, 10)],
    ):
        with pytest.raises(PositionsError, match="folder is not as it was written"):
            first_positions(wrong, "folder")
