"""The whole job with the signing key inside SoftHSM2.

What opens the token has a process of its own: in one process there is one login.
"""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from own_issuer import contents, in_days
from sample_certificate import CERTIFICATE

import softhsm

ISSUER = "learn.example.edu"


class HardwareIssuer:
    """An issuer whose key for statements is in a token."""

    def __init__(self, process: Any, run: Any, folder: Path) -> None:
        self.process, self.run_here, self.folder = process, run, folder
        self.module = softhsm.module()
        self.workspace, self.site = folder / "workspace", folder / "site"
        self.store = folder / "store.bundle"

    def uri(self, token: str = "issuer", name: str | None = None) -> str:
        """The name of a key that is not there yet."""
        name = f"key-{uuid4()}" if name is None else name
        return f"pkcs11:token={token};object={name}?module-path={self.module}"

    def run(self, name: str, *arguments: object, pin: str | None = softhsm.PIN, **more: Any) -> Any:
        """Runs a command that opens the token."""
        env = {} if pin is None else {"SIGNEDCERT_PIN": pin}
        return self.process(name, *arguments, "--workspace", self.workspace, env=env, **more)

    def do(self, name: str, *arguments: object, **more: Any) -> Any:
        """What such a command prints."""
        result = self.run(name, *arguments, "--json", **more)
        assert result.returncode == 0, result.stderr.decode()
        assert result.stderr == b""
        return json.loads(result.stdout)

    def without(self, *arguments: object) -> Any:
        """What a command prints that has no business with the token, and no PIN."""
        result = self.run_here(*arguments, "--json")
        assert result.stderr == ""
        return json.loads(result.stdout)

    def keys(self) -> Any:
        return self.without("keys", "--workspace", self.workspace)

    def issue(self, *options: object, **more: Any) -> Any:
        text = json.dumps(CERTIFICATE).encode()
        return self.do("issue", "-", "--out", self.folder / "out", *options, input=text, **more)

    def verdict(self, url: str) -> str:
        """What a verifier says who fetched what is published now."""
        self.without("publish", "--out", self.site, "--workspace", self.workspace)
        verb = "refresh" if self.store.exists() else "add"
        self.without("trust", verb, ISSUER, "--site", self.site, "--trust", self.store)
        return str(self.without("verify", url, "--trust", self.store)["status"])


@pytest.fixture
def hardware(forked, run, tmp_path):
    return HardwareIssuer(forked, run, tmp_path)


@pytest.fixture
def made(hardware):
    hardware.do("init", "--issuer", ISSUER, "--no-passphrase", "--pkcs11", hardware.uri(),
                "--pkcs11-new")  # fmt: skip
    return hardware


def test_made_in_the_token_it_issues_rotates_and_revokes(made):
    (key,) = made.keys()["keys"]
    place = Path(key["private_key_file"])
    assert place.name == f"{key['kid']}.pkcs11"
    assert place.read_text().startswith("pkcs11:")
    # The key for status lists is no matter of the hardware; publishing needs no PIN.
    assert sorted(path.suffix for path in (made.workspace / "keys").iterdir()) == [
        ".pem", ".pkcs11",
    ]  # fmt: skip
    for data in contents(made.workspace).values():
        assert softhsm.PIN.encode() not in data
    first = made.issue()["url"]
    assert made.verdict(first) == "VALID"
    second_key = ("--pkcs11", made.uri("other"), "--pkcs11-new")
    shown = made.do("rotate", *second_key)
    assert len(shown["keys"]) == 2
    second = made.issue()
    assert made.verdict(second["url"]) == "VALID"
    assert made.verdict(first) == "VALID"
    made.without("compromise", key["kid"], "--vouch-ledger", "--workspace", made.workspace)
    assert made.verdict(first) == "VALID"
    made.without("revoke", second["code"], "--workspace", made.workspace)
    assert made.verdict(second["url"]) == "INVALID"


def test_from_software_to_hardware_and_back(hardware):
    hardware.do("init", "--issuer", ISSUER, "--no-passphrase")
    urls = [hardware.issue()["url"]]
    hardware.do("rotate", "--pkcs11", hardware.uri(), "--pkcs11-new")
    urls.append(hardware.issue()["url"])
    assert [hardware.verdict(url) for url in urls] == ["VALID"] * 2
    # Whoever fetched a document of tomorrow could decide nothing today.
    hardware.do("rotate", "--no-passphrase", "--now", in_days(1))
    assert hardware.issue("--now", in_days(2), pin=None)["url"]


@pytest.mark.parametrize(
    ("pin", "words"), [("9999-wrong", "PIN"), ("", "empty"), (None, "SIGNEDCERT_PIN")]
)
def test_a_wrong_or_missing_pin(made, pin, words):
    result = made.run("issue", "-", pin=pin, input=json.dumps(CERTIFICATE).encode())
    assert result.returncode == 2
    assert result.stdout == b""
    (line,) = result.stderr.decode().splitlines()
    assert words in line
    assert "9999-wrong" not in line
    assert softhsm.PIN not in line
    # The right one still works.
    assert made.issue()["code"]


@pytest.mark.parametrize("command", ["init", "rotate"])
def test_a_key_that_is_not_there_or_is_there_already(hardware, command):
    there = hardware.uri()
    hardware.do("init", "--issuer", ISSUER, "--no-passphrase", "--pkcs11", there, "--pkcs11-new")
    if command == "init":
        hardware.workspace = hardware.folder / "another"
    before = contents(hardware.folder)
    for options, words in (
        (("--pkcs11", there, "--pkcs11-new"), "already"),
        (("--pkcs11", hardware.uri()), "no "),
        (("--pkcs11", hardware.uri("nowhere"), "--pkcs11-new"), "no such token"),
        (("--pkcs11", "pkcs11:token=issuer;object=x?module-path=/nowhere.so"), "/nowhere.so"),
        (("--pkcs11", "nonsense"), "pkcs11:"),
    ):
        more = ("--issuer", ISSUER, "--no-passphrase") if command == "init" else ()
        result = hardware.run(command, *more, *options)
        assert result.returncode == 2, options
        assert result.stdout == b""
        (line,) = result.stderr.decode().splitlines()
        assert words in line, options
    assert contents(hardware.folder) == before


def test_a_key_that_was_there_before(hardware):
    uri = hardware.uri()
    hardware.do("init", "--issuer", ISSUER, "--no-passphrase", "--pkcs11", uri, "--pkcs11-new")
    first = hardware.keys()["keys"][0]["kid"]
    hardware.workspace = hardware.folder / "another"
    hardware.do("init", "--issuer", ISSUER, "--no-passphrase", "--pkcs11", uri)
    assert hardware.keys()["keys"][0]["kid"] == first
    refused = hardware.run("rotate", "--pkcs11", uri)
    assert refused.returncode == 2
    assert b"is listed already" in refused.stderr
    assert hardware.keys()["version"] == 1


@pytest.mark.parametrize(("pin", "words"), [("", "PIN of the hardware is empty"), (None, "set S")])
def test_what_is_said_of_a_pin_that_is_not_there(hardware, pin, words):
    arguments = ("--issuer", ISSUER, "--no-passphrase", "--pkcs11", hardware.uri())
    result = hardware.run("init", *arguments, "--pkcs11-new", pin=pin)
    assert result.returncode == 2
    (line,) = result.stderr.decode().splitlines()
    assert words in line
    assert "passphrase" not in line
    assert line.count("SIGNEDCERT_PIN") == (pin is None)
    assert not hardware.workspace.exists()


def test_a_pin_that_is_no_text_is_said_and_not_shown(hardware, made):
    for command in (
        ("issue", "-"),
        ("rotate", "--pkcs11", hardware.uri(), "--pkcs11-new"),
    ):
        result = hardware.run(command[0], *command[1:], pin=b"p\xffn42", input=b"{}")
        assert result.returncode == 2
        assert b"n42" not in result.stderr
        assert b"Traceback" not in result.stderr
    assert b"is not text in UTF-8" in result.stderr


def test_a_store_of_softhsm_that_is_not_there_is_explained(hardware, tmp_path):
    env = {"SIGNEDCERT_PIN": softhsm.PIN, "SOFTHSM2_CONF": str(tmp_path / "missing.conf")}
    arguments = ("--workspace", hardware.workspace, "--issuer", ISSUER, "--no-passphrase")
    result = hardware.process("init", *arguments, "--pkcs11", hardware.uri(), env=env)
    assert result.returncode == 2
    (line,) = result.stderr.decode().splitlines()
    assert hardware.module in line
    assert "()" not in line
    assert "SOFTHSM2_CONF" in line


@pytest.mark.parametrize("wrong", ["spare", "page"])
def test_what_is_wrong_is_said_before_a_key_is_made(hardware, tmp_path, wrong):
    options = {
        "spare": ("--spare-root", tmp_path / "missing" / "spare.pem"),
        "page": ("--home-page", "example.edu"),
    }[wrong]
    arguments = ("--issuer", ISSUER, "--no-passphrase", "--pkcs11", hardware.uri(), "--pkcs11-new")
    refused = hardware.run("init", *arguments, *options)
    assert refused.returncode == 2
    assert b"on the token" not in refused.stderr
    # There is no such key yet.
    hardware.do("init", *arguments)


def test_a_failure_after_the_key_was_made_says_where_it_is(hardware, tmp_path):
    if not Path("/proc/self/fdinfo").is_dir():
        pytest.skip("needs a folder in which nothing can be made")
    arguments = ("--issuer", ISSUER, "--no-passphrase", "--pkcs11", hardware.uri())
    # To the eyes of an administrator it is writable.
    unwritable = ("--spare-root", "/proc/self/fdinfo/spare.pem")
    refused = hardware.run("init", *arguments, "--pkcs11-new", *unwritable)
    assert refused.returncode == 2
    (line,) = refused.stderr.decode().splitlines()
    if "is not writable" in line:
        pytest.skip("only an administrator gets that far")
    assert line.endswith(
        "on the token all the same: to use it, say this again without --pkcs11-new"
    )
    assert not hardware.workspace.exists()
    hardware.do("init", *arguments)
