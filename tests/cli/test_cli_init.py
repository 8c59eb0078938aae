"""init and keys."""

import contextlib
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sample_certificate import CERTIFICATE

import signedcert as sc
from conftest import key_file
from signedcert.model.issuer_document import KeyUse
from signedcert.workspace import atomic_files
from signedcert.workspace.workspace import Workspace

INIT = ("--issuer", "learn.example.edu")


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def encrypted(run, tmp_path_factory):
    """A workspace whose keys have a passphrase, and whose root has another."""
    folder = tmp_path_factory.mktemp("init") / "deep" / "workspace"
    result = run("init", "--workspace", folder, *INIT, "--name", "Example University",
                 "--name", "de=Beispieluniversität", "--home-page", "https://example.edu/",
                 SIGNEDCERT_PASSPHRASE="correct horse",
                 SIGNEDCERT_ROOT_PASSPHRASE="battery staple")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    for secret in ("correct horse", "battery staple"):
        assert secret not in result.output
    return folder, result.stdout


def test_the_workspace_has_what_it_must_have(encrypted):
    folder, _ = encrypted
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) & 0o055
    (root,) = (folder / "roots").iterdir()
    keys = [key_file(folder, use) for use in KeyUse]
    assert {*keys} == {*(folder / "keys").iterdir()}
    for key in (root, *keys):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert b"ENCRYPTED" in key.read_bytes()
        passphrase = b"battery staple" if key is root else b"correct horse"
        signer = sc.SoftwareSigner.from_pem(key.read_bytes(), passphrase)
        assert key.stem == signer.public_key.kid.hex()
    settings = json.loads((folder / "workspace.json").read_text())
    root_key = sc.SoftwareSigner.from_pem(root.read_bytes(), b"battery staple").public_key
    assert settings == {
        "format": 2,
        "issuer": "learn.example.edu",
        "page": "https://learn.example.edu/c/",
        "first_root": root_key.thumbprint.hex(),
    }
    # A key that signs lists signs no statements, so it is not among the published keys for these.
    published = json.loads((folder / "public" / "jwks.json").read_text())
    assert published["iss"] == "learn.example.edu"
    (jwk,) = published["keys"]
    assert jwk["kid"] == key_file(folder).stem
    assert (jwk["kty"], jwk["crv"], jwk["use"], jwk["alg"]) == ("OKP", "Ed25519", "sig", "Ed25519")
    assert jwk["nbf"] == jwk["iat"] == published["iat"]
    assert jwk["exp"] - jwk["nbf"] == 365 * 86_400
    assert "d" not in jwk
    assert not [path for path in folder.rglob("*") if path.name.startswith(".")]
    assert stat.S_IMODE((folder / "ledger.sqlite").stat().st_mode) == 0o600


def test_the_issuer_document_says_what_was_given(encrypted):
    folder, _ = encrypted
    document = Workspace.open(folder).document()
    names = [(name.language, name.name) for name in document.names]
    assert names == [(None, "Example University"), ("de", "Beispieluniversität")]
    assert document.home_page == "https://example.edu/"
    assert document.verify_url == "https://learn.example.edu/c/"
    assert (document.version, document.epoch, len(document.roots)) == (1, 1, 1)
    assert document.next_update is not None
    assert (document.next_update - document.issued_at).days == 400


def test_people_are_told_the_fingerprint_and_what_comes_next(encrypted):
    folder, output = encrypted
    settings = json.loads((folder / "workspace.json").read_text())
    assert f"fingerprint {settings['first_root']}" in output
    assert f"signedcert publish --workspace {folder}" in output
    assert str(key_file(folder)) in output
    assert "in the clear" not in output


def test_a_root_without_a_passphrase_of_its_own_gets_the_other_and_that_is_said(run, tmp_path):
    folder = tmp_path / "w"
    result = run("init", "--workspace", folder, *INIT, "--json", SIGNEDCERT_PASSPHRASE="shared")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["epoch"] == 1
    assert "the root key has the same passphrase as the signing keys" in result.stderr
    assert "SIGNEDCERT_ROOT_PASSPHRASE" in result.stderr
    assert "shared" not in result.output
    (root,) = (folder / "roots").iterdir()
    assert sc.SoftwareSigner.from_pem(root.read_bytes(), b"shared")
    # What gave it the passphrase opens it, too.
    rotated = run("rotate", "--workspace", folder, SIGNEDCERT_PASSPHRASE="shared")
    assert rotated.exit_code == 0, rotated.output


def test_a_spare_root_is_listed_and_opens_the_issuer_when_the_first_is_lost(run, tmp_path):
    folder, spare = tmp_path / "w", tmp_path / "safe.pem"
    command = ("init", "--workspace", folder, *INIT, "--spare-root", spare, "--no-passphrase")
    made = run(*command)
    assert made.exit_code == 0, made.output
    assert f"spare root {spare}" in made.stdout
    assert stat.S_IMODE(spare.stat().st_mode) == 0o600
    fingerprint = sc.SoftwareSigner.from_pem(spare.read_bytes()).public_key.thumbprint.hex()
    shown = json.loads(run("keys", "--workspace", folder, "--json").stdout)
    assert [root["fingerprint"] for root in shown["roots"]][1:] == [fingerprint]
    next((folder / "roots").iterdir()).unlink()
    arguments = ("rotate", "--workspace", folder, "--no-passphrase")
    assert run(*arguments).exit_code == 2
    assert run(*arguments, "--root-key", spare).exit_code == 0
    assert run("keys", "--workspace", folder).exit_code == 0


def test_the_file_of_a_spare_root_is_never_overwritten(run, tmp_path):
    spare = tmp_path / "safe.pem"
    spare.write_text("mine")
    command = ("init", "--workspace", tmp_path / "w", *INIT, "--spare-root", spare)
    result = run(*command, "--no-passphrase")
    assert result.exit_code == 2
    assert f"{spare} exists" in result.stderr
    assert files(tmp_path) == {spare: b"mine"}


def test_a_spare_root_that_cannot_be_written_leaves_nothing(run, tmp_path):
    spare = tmp_path / "missing" / "safe.pem"
    command = ("init", "--workspace", tmp_path / "w", *INIT, "--spare-root", spare)
    result = run(*command, "--no-passphrase")
    assert result.exit_code == 2
    assert str(spare) in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--name", ""),
        ("--name", "de="),
        ("--name", "not a language=X"),
        ("--name", "a\u202eb"),
        ("--name", "x" * 1000),
        ("--home-page", "example.edu"),
    ],
)
def test_a_bad_name_is_said_with_its_option(run, tmp_path, option, value):
    command = ("init", "--workspace", tmp_path / "w", *INIT, "--no-passphrase")
    result = run(*command, option, value)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"signedcert: {option}: ")
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_two_names_in_one_language_are_refused(run, tmp_path):
    command = ("init", "--workspace", tmp_path / "w", *INIT, "--no-passphrase")
    result = run(*command, "--name", "de=A", "--name", "de=B")
    assert result.exit_code == 2
    assert "--name: " in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_size_of_status_lists(run, tmp_path):
    folder = tmp_path / "w"
    command = ("init", "--workspace", folder, *INIT, "--no-passphrase", "--status-list-size")
    for wrong in (0, 1, 134_217_729):
        assert run(*command, wrong).exit_code == 2
        assert not folder.exists()
    assert run(*command, 2).exit_code == 0
    places = []
    for _ in range(3):
        result = run("issue", "-", "--workspace", folder, "--json", stdin=json.dumps(CERTIFICATE))
        shown = run("inspect", json.loads(result.stdout)["token_file"], "--json")
        status = json.loads(shown.stdout)["statement"]["status"]
        places.append((status["list"], status["index"]))
    assert sorted(places) == [(1, 0), (1, 1), places[2]]
    assert places[2][0] == 2


def test_the_page_and_the_period_can_be_named(run, tmp_path):
    page = "https://verify.example.edu/x"
    folder = tmp_path / "w"
    result = run("init", "--workspace", folder, *INIT, "--page", page, "--key-days", 30,
                 "--no-passphrase", "--json")  # fmt: skip
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert printed["page"] == page
    (jwk,) = json.loads((folder / "public" / "jwks.json").read_text())["keys"]
    assert jwk["exp"] - jwk["nbf"] == 30 * 86_400


def test_without_a_terminal_and_a_passphrase_nothing_is_made(run, tmp_path):
    result = run("init", "--workspace", tmp_path / "w", *INIT)
    assert result.exit_code == 2
    for way in ("SIGNEDCERT_PASSPHRASE", "--passphrase-fd", "--no-passphrase"):
        assert way in result.stderr
    assert not (tmp_path / "w").exists()


def test_an_empty_passphrase_is_refused(run, tmp_path):
    result = run("init", "--workspace", tmp_path / "w", *INIT, SIGNEDCERT_PASSPHRASE="")
    assert result.exit_code == 2
    assert "empty" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_passphrase_that_openssl_would_cut_is_refused(run, tmp_path):
    result = run("init", "--workspace", tmp_path / "w", *INIT, SIGNEDCERT_PASSPHRASE="x" * 1024)
    assert result.exit_code == 2
    assert "1023" in result.stderr


def test_passphrases_can_come_from_file_descriptors(process, tmp_path):
    descriptors = []
    for line in (b"from a pipe\r\nnot this line\n", b"for the root"):
        reading, writing = os.pipe()
        os.write(writing, line)
        os.close(writing)
        descriptors.append(reading)
    result = process("init", "--workspace", tmp_path / "w", *INIT,
                     "--passphrase-fd", descriptors[0], "--root-passphrase-fd", descriptors[1],
                     pass_fds=descriptors)  # fmt: skip
    for reading in descriptors:
        os.close(reading)
    assert result.returncode == 0, result.stderr
    assert result.stderr == b""
    for key in (tmp_path / "w" / "keys").iterdir():
        assert sc.SoftwareSigner.from_pem(key.read_bytes(), b"from a pipe")
    (root,) = (tmp_path / "w" / "roots").iterdir()
    assert sc.SoftwareSigner.from_pem(root.read_bytes(), b"for the root")


def test_a_closed_descriptor_is_said_so(process, tmp_path):
    result = process("init", "--workspace", tmp_path / "w", *INIT, "--passphrase-fd", 77)
    assert result.returncode == 2
    assert b"--passphrase-fd 77" in result.stderr
    assert b"Traceback" not in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ((b"typed one", b"typed one", b"for the root", b"for the root"), 0),
        ((b"typed one", b"another"), 2),
        ((b"typed one", b"typed one", b"for the root", b"another"), 2),
    ],
)
def test_typed_passphrases_are_asked_for_twice_and_not_shown(tmp_path, typed, code):
    primary, secondary = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "signedcert", "init", "--workspace", tmp_path / "w", *INIT],
        stdin=secondary, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stderr is not None
        prompts = b""
        for line in typed:
            # What is typed before the prompt is thrown away.
            while not prompts.endswith(b": "):
                prompts += child.stderr.read(1)
            os.write(primary, line + b"\n")
            prompts += child.stderr.read(1)
        output, errors = child.stdout.read(), child.stderr.read()
    os.set_blocking(primary, False)
    echoed = b""
    with contextlib.suppress(OSError):
        echoed = os.read(primary, 1000)
    os.close(secondary)
    os.close(primary)
    assert child.returncode == code, errors
    for line in typed:
        assert line not in output + prompts + errors + echoed
    assert (tmp_path / "w").exists() == (code == 0)
    if code == 0:
        assert sc.SoftwareSigner.from_pem(key_file(tmp_path / "w").read_bytes(), b"typed one")
        (root,) = (tmp_path / "w" / "roots").iterdir()
        assert sc.SoftwareSigner.from_pem(root.read_bytes(), b"for the root")
    else:
        assert b"the two passphrases differ; nothing was made" in errors


def test_a_workspace_is_never_overwritten(run, workspace):
    before = files(workspace)
    result = run("init", "--workspace", workspace, *INIT, "--no-passphrase")
    assert result.exit_code == 2
    assert "already" in result.stderr
    assert before == files(workspace)


def test_a_folder_with_other_things_in_it_is_refused(run, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    result = run("init", "--workspace", tmp_path, *INIT, "--no-passphrase")
    assert result.exit_code == 2
    assert "not an empty folder" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_becomes_a_workspace(run, tmp_path):
    tmp_path.chmod(0o755)
    assert run("init", "--workspace", tmp_path, *INIT, "--no-passphrase").exit_code == 0
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--issuer", "Learn.Example.EDU"), "lower-case"),
        (("--issuer", "learn"), "host"),
        ((*INIT, "--page", "learn.example.edu/c"), "http"),
        ((*INIT, "--page", "https://learn.example.edu/c/#x"), "fragment"),
        ((*INIT, "--passphrase-fd", "3"), "contradict"),
        ((*INIT, "--root-passphrase-fd", "3"), "contradict"),
        ((*INIT, "--pkcs11-new"), "--pkcs11 URI"),
    ],
)
def test_wrong_options_make_nothing(run, tmp_path, options, words):
    result = run("init", "--workspace", tmp_path / "w", *options, "--no-passphrase")
    assert result.exit_code == 2
    assert words in result.stderr
    assert "key set" not in result.stderr
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize("failing", range(1, 4))
def test_a_full_disk_leaves_nothing_behind(run, tmp_path, monkeypatch, failing):
    real, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == failing:
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(atomic_files.os, "fsync", full)
    result = run("init", "--workspace", tmp_path / "a" / "w", *INIT, "--no-passphrase")
    assert result.exit_code == 2
    assert "No space left" in result.stderr
    assert f"signedcert: {tmp_path / 'a' / 'w'}" in result.stderr
    assert "/." not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_keys_shows_public_things_alone(run, workspace):
    key, status_key = (key_file(workspace, use) for use in KeyUse)
    (root,) = (workspace / "roots").iterdir()
    result = run("keys", "--workspace", workspace)
    assert result.exit_code == 0
    as_json = run("keys", "--workspace", workspace, "--json")
    printed = json.loads(as_json.stdout)
    assert printed["jwks_file"] == str(workspace / "public" / "jwks.json")
    for path, (shown,) in (
        (key, printed["keys"]),
        (status_key, printed["status_keys"]),
        (root, printed["roots"]),
    ):
        signer = sc.SoftwareSigner.from_pem(path.read_bytes())
        assert path.stem in result.stdout
        assert shown["private_key_file"] == str(path)
        thumbprint = shown["fingerprint" if path == root else "thumbprint"]
        assert thumbprint == signer.public_key.thumbprint.hex()
        assert thumbprint in result.stdout
        for text in (result.output, as_json.output):
            assert bytes(signer._key).hex() not in text
            assert path.read_text().splitlines()[1] not in text
    assert printed["keys"][0]["kid"] == key.stem
    assert printed["fingerprint"] == printed["roots"][0]["fingerprint"]


@pytest.mark.parametrize(
    "content",
    [
        None,
        "{",
        "[]",
        '{"format": 3}',
        '{"format": 2}',
        '{"format": 1}',
        '{"format": true}',
        "[" * 60_000,
    ],
)
def test_what_is_no_workspace_is_said_so(run, tmp_path, content):
    if content is not None:
        (tmp_path / "workspace.json").write_text(content)
    result = run("keys", "--workspace", tmp_path)
    assert result.exit_code == 2
    assert "workspace" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "flipped", "other"])
def test_a_damaged_document_is_said_so(run, tmp_path, other_trust, damage):
    folder = tmp_path / "w"
    assert run("init", "--workspace", folder, *INIT, "--no-passphrase").exit_code == 0
    document = folder / "public" / "issuer.cbor"
    content = document.read_bytes()
    if damage == "missing":
        document.unlink()
    else:
        other = other_trust.with_name("workspace") / "public" / "issuer.cbor"
        document.write_bytes({
            "empty": b"",
            "cut": content[:100],
            "flipped": content[:-1] + bytes((content[-1] ^ 1,)),
            "other": other.read_bytes(),
        }[damage])  # fmt: skip
    for command in (
        ("keys",),
        ("issue", "-"),
        ("publish", "--out", tmp_path / "site"),
        ("rotate", "--no-passphrase"),
        ("close", "--yes"),
    ):
        result = run(*command, "--workspace", folder, stdin=json.dumps(CERTIFICATE))
        assert result.exit_code == 2, command
        assert str(document) in result.stderr
        assert len(result.stderr.splitlines()) == 1
        assert result.stdout == ""
    assert not (tmp_path / "site").exists()
    assert len(list((folder / "keys").iterdir())) == 2


def test_a_file_where_the_workspace_should_be(run, tmp_path):
    path = Path(tmp_path / "file")
    path.write_text("x")
    for arguments in (("keys",), ("init", *INIT, "--no-passphrase")):
        result = run(*arguments, "--workspace", path)
        assert result.exit_code == 2


@pytest.mark.parametrize(
    "spare", ["w/workspace.json", "w/roots/spare.pem", "w/spare.pem", "w/../w/keys/x", "w"]
)
@pytest.mark.parametrize("there", [False, True], ids=["new folder", "empty folder"])
def test_a_spare_root_in_the_workspace_is_none(run, tmp_path, spare, there):
    if there:
        (tmp_path / "w").mkdir()
    command = ("init", "--workspace", tmp_path / "w", *INIT, "--no-passphrase")
    result = run(*command, "--spare-root", f"{tmp_path}/{spare}")
    assert result.exit_code == 2
    assert "is in the workspace" in result.stderr or (spare == "w" and "exists" in result.stderr)
    assert files(tmp_path) == {}


def test_a_spare_root_is_no_folder_above_the_workspace(run, tmp_path):
    command = ("init", "--workspace", tmp_path / "a" / "w", *INIT, "--no-passphrase")
    result = run(*command, "--spare-root", tmp_path / "a")
    assert result.exit_code == 2
    assert "has to be a folder" in result.stderr
    assert list(tmp_path.iterdir()) == []
