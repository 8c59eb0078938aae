"""Issuers with a workspace and a published site, made by real commands, and a server for sites."""

import contextlib
import functools
import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sample_certificate import CERTIFICATE
from typer.testing import Result

from command_line import run_here


def signedcert(*arguments: object, exit_code: int = 0, stdin: str = "", **env: str) -> Result:
    """Runs a command in this process; it must exit with this code, and without a traceback."""
    result = run_here(arguments, stdin, env)
    assert result.exception is None or isinstance(result.exception, SystemExit), result
    assert "Traceback" not in result.output
    assert result.exit_code == exit_code, result.output
    return result


def printed(*arguments: object, exit_code: int = 0, **env: str) -> Any:
    """The one JSON document that a command prints on standard output with ``--json``."""
    return json.loads(signedcert(*arguments, "--json", exit_code=exit_code, **env).stdout)


@dataclass(frozen=True)
class Issuer:
    """An issuer in a folder, whose keys are stored in the clear."""

    name: str
    folder: Path

    @classmethod
    def made(cls, name: str, folder: Path, *options: object) -> "Issuer":
        made = cls(name, folder)
        passphrase = () if "--no-passphrase" in options else ("--no-passphrase",)
        made.run("init", "--issuer", name, *passphrase, *options)
        return made

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def fingerprint(self) -> str:
        return str(self.json("keys")["fingerprint"])

    @property
    def kid(self) -> str:
        """The newest key for statements."""
        return str(self.json("keys")["keys"][-1]["kid"])

    def run(self, command: str, *arguments: object, exit_code: int = 0) -> Result:
        where = ("--workspace", self.workspace)
        return signedcert(command, *arguments, *where, exit_code=exit_code)

    def json(self, command: str, *arguments: object) -> Any:
        return json.loads(self.run(command, *arguments, "--json").stdout)

    def issue(self, *options: object) -> dict[str, Any]:
        """What ``issue --json`` prints of a new certificate."""
        where = ("--workspace", self.workspace, "--out", self.folder / "issued", "--json")
        arguments, content = ("issue", "-", *where, *options), json.dumps(CERTIFICATE)
        if any(self.workspace.glob("keys/*.pkcs11")):
            # Hardware has one login a process, which lasts as long as that.
            command = [sys.executable, "-m", "signedcert", *map(str, arguments)]
            output = subprocess.run(
                command, input=content.encode(), stdout=subprocess.PIPE, check=True
            ).stdout.decode()
        else:
            output = signedcert(*arguments, stdin=content).stdout
        found: dict[str, Any] = json.loads(output)
        return found

    def publish(self, site: Path | None = None, *options: object) -> Path:
        out = self.site if site is None else site
        self.run("publish", "--out", out, *options)
        return out


def finding(verdict: dict[str, Any], check: str) -> dict[str, str]:
    (found,) = (each for each in verdict["findings"] if each["check"] == check)
    return {name: value for name, value in found.items() if name != "check"}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing: the tests read standard error."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The URL at which Python's own web server serves a folder, as long as this lasts."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
