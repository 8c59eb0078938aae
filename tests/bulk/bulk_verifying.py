"""What the tests of ``bulk verify`` share: statements, whom to trust, and the command itself."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

import signedcert as sc
from issuing import ISSUER, OTHER_SIGNER, SIGNER, jwks, minimal
from signedcert.cli.app import app

PAGE = "https://learn.example.edu/c/"
AT = "2026-12-02T10:00:00Z"


def token(number: int = 0, signer: sc.Signer = SIGNER, **fields: Any) -> bytes:
    return sc.issue(minimal(id=number.to_bytes(10, "big"), **fields), signer)


def link(number: int = 0, signer: sc.Signer = SIGNER, **fields: Any) -> str:
    return sc.verify_url(PAGE, token(number, signer, **fields))


def foreign_link(number: int = 0) -> str:
    """Of somebody whom nobody trusts: INDETERMINATE."""
    return link(number, OTHER_SIGNER)


def changed_link(number: int = 0) -> str:
    """With another signature: INVALID."""
    made = bytearray(token(number))
    made[-1] ^= 1
    return sc.verify_url(PAGE, bytes(made))


def trust_options(folder: Path) -> list[str]:
    path = folder / "trusted.jwks.json"
    path.write_bytes(jwks())
    return ["--trust", str(path), "--issuer", ISSUER, "--now", AT]


def command(*arguments: object) -> Result:
    """Runs ``bulk verify`` in this process. No exception may come out of it."""
    result = CliRunner().invoke(app, ["bulk", "verify", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result
    assert "Traceback" not in result.stdout + result.stderr
    return result


def begun(*arguments: object, cwd: Path) -> "subprocess.Popen[bytes]":
    """Begins ``bulk verify`` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "signedcert", "bulk", "verify", *map(str, arguments)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"SIGNEDCERT_TRUST": "/nonexistent/store.bundle"},
    )


def sheet(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a sheet as a spreadsheet has them, after a look at the file's form."""
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def statuses(rows: list[dict[str, str]]) -> list[str]:
    return [row["status"] or "ERROR" for row in rows]
