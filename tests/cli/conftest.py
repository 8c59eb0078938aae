"""What the tests of the command line share: a runner, a workspace, a certificate."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from forks import Forks
from own_issuer import OwnIssuer
from record_issuer import RecordIssuer, Shown
from sample_certificate import CERTIFICATE
from typer.testing import Result

from command_line import run_here
from signedcert.model.issuer_document import KeyUse
from signedcert.workspace.key_store import place_of
from signedcert.workspace.publication import own_trust
from signedcert.workspace.workspace import Workspace, keys_in_order, public_key_of

_SECRETS = ("SIGNEDCERT_PASSPHRASE", "SIGNEDCERT_ROOT_PASSPHRASE", "SIGNEDCERT_PIN")
#: Variables that would change what a process does: unbuffered output fails earlier.
_OURS = (*_SECRETS, "SIGNEDCERT_TRUST", "PYTHONUNBUFFERED")

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _nothing_of_the_user_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _SECRETS:
        monkeypatch.delenv(name, raising=False)
    # Without it, the trust store in the user's home would be read.
    monkeypatch.setenv("SIGNEDCERT_TRUST", "/nonexistent/store.bundle")


def trust_of(workspace: Path) -> bytes:
    """A trust store with the issuer's own document and status lists, as they are now."""

    def ask(path: Path) -> bytes:
        raise AssertionError(f"{path} is encrypted")

    return own_trust(Workspace.open(workspace), ask, datetime.now(UTC)).to_bundle()


def key_file(workspace: Path, use: KeyUse = KeyUse.STATEMENTS) -> Path:
    """The file of the newest key of a use."""
    owner = Workspace.open(workspace)
    path = place_of(owner.keys_folder, public_key_of(keys_in_order(owner.document(), use)[-1]))
    assert path is not None
    return path


@pytest.fixture(scope="session")
def run() -> Run:
    """Runs a command in this process. No exception may come out of it."""

    def run_command(*arguments: object, stdin: bytes | str = b"", **env: str) -> Result:
        result = run_here(arguments, stdin, env)
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        assert "Traceback" not in result.stdout + result.stderr
        return result

    return run_command


@pytest.fixture(scope="session")
def process() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs a command in a process of its own, as a user does."""

    def run_process(*arguments: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
        extra = options.pop("env", {})
        env = {k: v for k, v in os.environ.items() if k not in _OURS} | extra
        if "stdout" not in options:
            options["capture_output"] = True
        return subprocess.run(
            [sys.executable, "-m", "signedcert", *map(str, arguments)],
            env=env,
            timeout=60,
            check=False,
            **options,
        )

    return run_process


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    with Forks() as started:
        yield started


@pytest.fixture(scope="session")
def forked(forks: Forks) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Likewise, in much less time, where how a process begins and ends is not what is tested."""

    def run_forked(*arguments: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
        extra = options.pop("env", {})
        env = {k: v for k, v in os.environ.items() if k not in _OURS} | extra
        return forks.run(*arguments, env=env, **options)

    return run_forked


@pytest.fixture(scope="session")
def workspace(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("issuer") / "workspace"
    result = run("init", "--workspace", folder, "--issuer", "learn.example.edu", "--no-passphrase")
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="session")
def trust_file(
    workspace: Path, issued: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """What a verifier has who fetched the issuer's document and status lists."""
    assert issued  # the first certificate opens the first status list
    path = tmp_path_factory.mktemp("trust") / "trust.bundle"
    path.write_bytes(trust_of(workspace))
    return path


@pytest.fixture(scope="session")
def jwks_file(workspace: Path) -> Path:
    """The issuer's keys alone."""
    return workspace / "public" / "jwks.json"


@pytest.fixture(scope="session")
def issued(run: Run, workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What ``issue --json`` printed, with the folder's absolute paths in it."""
    out = tmp_path_factory.mktemp("issued")
    result = run(
        "issue", "-", "--workspace", workspace, "--out", out, "--json",
        stdin=json.dumps(CERTIFICATE),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


@pytest.fixture(scope="session")
def token(issued: dict[str, Any]) -> bytes:
    return Path(issued["token_file"]).read_bytes()


@pytest.fixture(scope="session")
def qr_png(issued: dict[str, Any]) -> Path:
    return next(Path(name) for name in issued["qr_files"] if name.endswith(".png"))


@pytest.fixture(scope="session")
def other_trust(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trust store of who trusts an issuer that signed nothing here."""
    folder = tmp_path_factory.mktemp("other") / "workspace"
    arguments = ("--workspace", folder, "--issuer", "other.example.org", "--no-passphrase")
    assert run("init", *arguments).exit_code == 0
    path = folder.with_name("trust.bundle")
    path.write_bytes(trust_of(folder))
    return path


@pytest.fixture(scope="session")
def other_jwks(other_trust: Path) -> Path:
    """The keys alone of that issuer."""
    return other_trust.with_name("workspace") / "public" / "jwks.json"


@pytest.fixture
def own(run: Run, tmp_path: Path) -> OwnIssuer:
    """An issuer of the test's own, whose keys are in the clear."""
    return OwnIssuer(run, tmp_path)


@pytest.fixture
def school(run: Run, tmp_path: Path) -> RecordIssuer:
    """An issuer of course records of the test's own."""
    return RecordIssuer(run, tmp_path)


@pytest.fixture(scope="module")
def shown(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """A record and two shares of it, and a verifier who can check them."""
    return Shown.made(run, tmp_path_factory.mktemp("shown"))
