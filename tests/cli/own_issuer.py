"""An issuer of a test's own, led by the command line, and a verifier who fetches what it says."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sample_certificate import CERTIFICATE
from typer.testing import Result

ISSUER = "learn.example.edu"


def in_days(days: float) -> str:
    """A moment so many days from now, as options take it."""
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


class OwnIssuer:
    """A workspace, its site, and the trust store of somebody who trusts it.

    :ivar notes: what the last command that was done said on standard error.
    """

    def __init__(
        self, run: Callable[..., Result], folder: Path, *options: object, **env: str
    ) -> None:
        self.run, self.env, self.notes = run, env, ""
        self.folder, self.workspace = folder, folder / "workspace"
        self.site, self.out = folder / "site", folder / "out"
        self.store = folder / "store.bundle"
        secret = () if env or "--no-passphrase" in options else ("--no-passphrase",)
        self.do("init", "--issuer", ISSUER, *secret, *options)

    def _run(self, name: str, *arguments: object, stdin: str = "", **env: str) -> Result:
        command = (name, *arguments, "--workspace", self.workspace)
        return self.run(*command, stdin=stdin, **self.env | env)

    def do(self, name: str, *arguments: object, **more: str) -> Any:
        """What a command prints with ``--json``; it must succeed."""
        result = self._run(name, *arguments, "--json", **more)
        assert result.exit_code == 0, result.output
        self.notes = result.stderr
        return json.loads(result.stdout)

    def told(self, name: str, *arguments: object, **more: str) -> str:
        """What a command prints for people; it must succeed."""
        result = self._run(name, *arguments, **more)
        assert result.exit_code == 0, result.output
        self.notes = result.stderr
        return result.stdout

    def refused(self, name: str, *arguments: object, **more: str) -> str:
        """The one line in which a command says why not, with and without ``--json``."""
        plain, as_json = (
            self._run(name, *arguments, *option, **more) for option in ((), ("--json",))
        )
        for result in (plain, as_json):
            assert result.exit_code == 2, result.output
            assert result.stdout == ""
        # The first command after a restore says so as well.
        lines = [
            each
            for each in (plain.stderr + as_json.stderr).splitlines()
            if "from a backup (" not in each
        ]
        assert len(lines) == 2
        without_moments = {re.sub("[0-9]{2}:[0-9]{2}:[0-9]{2}", "", each) for each in lines}
        assert len(without_moments) == 1
        assert lines[0].startswith("signedcert: ")
        return lines[0]

    def issue(self, *options: object, **fields: Any) -> dict[str, Any]:
        """What ``issue --json`` prints."""
        text = json.dumps(CERTIFICATE | fields)
        printed: dict[str, Any] = self.do("issue", "-", "--out", self.out, *options, stdin=text)
        return printed

    def keys(self) -> Any:
        """What ``keys --json`` prints."""
        return self.do("keys")

    @property
    def key(self) -> str:
        """The kid of the newest key that signs statements."""
        return str(self.keys()["keys"][-1]["kid"])

    def publish(self, *options: object, **more: str) -> Any:
        """What ``publish --json`` prints."""
        return self.do("publish", "--out", self.site, *options, **more)

    def fetch(self) -> None:
        """The verifier fetches the site as it is."""
        verb = "refresh" if self.store.exists() else "add"
        result = self.run("trust", verb, ISSUER, "--site", self.site, "--trust", self.store)
        assert result.exit_code == 0, result.output

    def verdict(self, given: object, *options: object) -> tuple[str, str]:
        """Status, and the first reason that is not fine; of what the verifier last fetched."""
        result = self.run("verify", given, "--trust", self.store, "--json", *options)
        printed = json.loads(result.stdout)
        assert result.exit_code == ["VALID", "INVALID", "", "INDETERMINATE"].index(
            printed["status"]
        )
        fine = ("PASSED", "NOT_APPLICABLE", "NOT_RUN")
        reasons = [f["reason"] for f in printed["findings"] if f["outcome"] not in fine]
        return printed["status"], (reasons or [""])[0]

    def published_verdict(self, given: object, *options: object) -> tuple[str, str]:
        """The same after publishing and fetching."""
        self.publish()
        self.fetch()
        return self.verdict(given, *options)

    def place(self, printed: dict[str, Any]) -> tuple[int, int]:
        """List and index of what ``issue`` printed."""
        shown = json.loads(self.run("inspect", printed["token_file"], "--json").stdout)
        status = shown["statement"]["status"]
        return status["list"], status["index"]


def contents(folder: Path) -> dict[Path, bytes]:
    """Every file in a folder, but the empty ones that processes lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path: path.read_bytes() for path in files}
