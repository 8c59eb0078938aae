"""What the tests of the command line share: a runner, a workspace, a certificate."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sample_certificate import CERTIFICATE
from typer.testing import CliRunner, Result

from signedcert.cli.app import app

#: Variables that would change what a process does: unbuffered output fails earlier.
_OURS = ("SIGNEDCERT_PASSPHRASE", "PYTHONUNBUFFERED")

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _no_passphrase_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIGNEDCERT_PASSPHRASE", raising=False)


@pytest.fixture(scope="session")
def run() -> Run:
    """Runs a command in this process. No exception may come out of it."""

    def run_command(*arguments: object, stdin: bytes | str = b"", **env: str) -> Result:
        result = CliRunner().invoke(app, [str(a) for a in arguments], input=stdin, env=env)
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
def workspace(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("issuer") / "workspace"
    result = run("init", "--workspace", folder, "--issuer", "learn.example.edu", "--no-passphrase")
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="session")
def trust_file(workspace: Path) -> Path:
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
    """The published keys of an issuer that signed nothing here."""
    folder = tmp_path_factory.mktemp("other") / "workspace"
    arguments = ("--workspace", folder, "--issuer", "other.example.org", "--no-passphrase")
    assert run("init", *arguments).exit_code == 0
    return folder / "public" / "jwks.json"
