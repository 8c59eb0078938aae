"""init and keys."""

import contextlib
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import signedcert as sc
from signedcert.workspace import atomic_files

INIT = ("--issuer", "learn.example.edu")


def test_the_workspace_has_what_it_must_have(run, tmp_path):
    folder = tmp_path / "deep" / "workspace"
    result = run("init", "--workspace", folder, *INIT, SIGNEDCERT_PASSPHRASE="correct horse")
    assert result.exit_code == 0, result.output
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) & 0o055
    (key,) = (folder / "keys").iterdir()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert b"ENCRYPTED" in key.read_bytes()
    settings = json.loads((folder / "workspace.json").read_text())
    page = "https://learn.example.edu/c/"
    assert settings == {"format": 1, "issuer": "learn.example.edu", "page": page}
    signer = sc.SoftwareSigner.from_pem(key.read_bytes(), b"correct horse")
    published = json.loads((folder / "public" / "jwks.json").read_text())
    assert published["iss"] == "learn.example.edu"
    (jwk,) = published["keys"]
    assert jwk["kid"] == signer.public_key.kid.hex() == key.stem
    assert (jwk["kty"], jwk["crv"], jwk["use"], jwk["alg"]) == ("OKP", "Ed25519", "sig", "Ed25519")
    assert jwk["nbf"] == jwk["iat"] == published["iat"]
    assert jwk["exp"] - jwk["nbf"] == 365 * 86_400
    assert "d" not in jwk
    assert not [path for path in folder.rglob("*") if path.name.startswith(".")]


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


def test_the_passphrase_can_come_from_a_file_descriptor(process, tmp_path):
    reading, writing = os.pipe()
    os.write(writing, b"from a pipe\r\nnot this line\n")
    os.close(writing)
    result = process("init", "--workspace", tmp_path / "w", *INIT, "--passphrase-fd", reading,
                     pass_fds=(reading,))  # fmt: skip
    os.close(reading)
    assert result.returncode == 0, result.stderr
    (key,) = (tmp_path / "w" / "keys").iterdir()
    assert sc.SoftwareSigner.from_pem(key.read_bytes(), b"from a pipe")


def test_a_closed_descriptor_is_said_so(process, tmp_path):
    result = process("init", "--workspace", tmp_path / "w", *INIT, "--passphrase-fd", 77)
    assert result.returncode == 2
    assert b"--passphrase-fd 77" in result.stderr
    assert b"Traceback" not in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
@pytest.mark.parametrize(("second", "code"), [(b"typed one", 0), (b"another", 2)])
def test_a_typed_passphrase_is_asked_for_twice_and_not_shown(tmp_path, second, code):
    primary, secondary = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "signedcert", "init", "--workspace", tmp_path / "w", *INIT],
        stdin=secondary, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stderr is not None
        prompts = b""
        for typed in (b"typed one", second):
            # What is typed before the prompt is thrown away.
            while not prompts.endswith(b": "):
                prompts += child.stderr.read(1)
            os.write(primary, typed + b"\n")
            prompts += child.stderr.read(1)
        output, errors = child.stdout.read(), child.stderr.read()
    os.set_blocking(primary, False)
    echoed = b""
    with contextlib.suppress(OSError):
        echoed = os.read(primary, 1000)
    os.close(secondary)
    os.close(primary)
    assert child.returncode == code, errors
    assert b"typed one" not in output + prompts + errors + echoed
    assert (tmp_path / "w").exists() == (code == 0)
    if code == 0:
        (key,) = (tmp_path / "w" / "keys").iterdir()
        assert sc.SoftwareSigner.from_pem(key.read_bytes(), b"typed one")


def test_a_workspace_is_never_overwritten(run, workspace):
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    result = run("init", "--workspace", workspace, *INIT, "--no-passphrase")
    assert result.exit_code == 2
    assert "already" in result.stderr
    assert before == {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}


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
    (key,) = (workspace / "keys").iterdir()
    seed = sc.SoftwareSigner.from_pem(key.read_bytes())._key
    result = run("keys", "--workspace", workspace)
    assert result.exit_code == 0
    assert key.stem in result.stdout
    assert str(workspace / "public" / "jwks.json") in result.stdout
    assert "https://learn.example.edu/.well-known/jwks.json" in result.stdout
    as_json = run("keys", "--workspace", workspace, "--json")
    (shown,) = json.loads(as_json.stdout)["keys"]
    assert shown["kid"] == key.stem
    assert shown["thumbprint"].startswith(key.stem)
    assert shown["private_key_file"] == str(key)
    secret = bytes(seed).hex()
    pem = key.read_text().splitlines()[1]
    for text in (result.output, as_json.output):
        assert secret not in text
        assert pem not in text


@pytest.mark.parametrize(
    "content",
    [None, "{", "[]", '{"format": 2}', '{"format": 1}', '{"format": true}', "[" * 60_000],
)
def test_what_is_no_workspace_is_said_so(run, tmp_path, content):
    if content is not None:
        (tmp_path / "workspace.json").write_text(content)
    result = run("keys", "--workspace", tmp_path)
    assert result.exit_code == 2
    assert "workspace" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_damaged_key_set_is_said_so(run, tmp_path):
    assert run("init", "--workspace", tmp_path, *INIT, "--no-passphrase").exit_code == 0
    (tmp_path / "public" / "jwks.json").write_text("{}")
    result = run("keys", "--workspace", tmp_path)
    assert result.exit_code == 2
    assert "JWK Set" in result.stderr
    assert str(tmp_path / "public" / "jwks.json") in result.stderr


def test_a_file_where_the_workspace_should_be(run, tmp_path):
    path = Path(tmp_path / "file")
    path.write_text("x")
    for arguments in (("keys",), ("init", *INIT, "--no-passphrase")):
        result = run(*arguments, "--workspace", path)
        assert result.exit_code == 2
