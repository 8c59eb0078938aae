"""The life of an issuer as one story, in real commands, against a real web server on loopback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from published_issuers import Issuer, finding, printed, served, signedcert

import softhsm
from signedcert.cli.network_off import network_off

NAME = "learn.example.edu"
VALID, INVALID = 0, 1
#: The command line, in a process that cannot open a connection.
WITHOUT_NETWORK = """
from signedcert.cli.app import app
from signedcert.cli.network_off import network_off

with network_off():
    app()
"""


class Verifier:
    """Somebody with a trust store, who fetches and verifies at different times."""

    def __init__(self, store: Path, issuer: Issuer) -> None:
        self.store, self.issuer = store, issuer

    def fetch(self, command: str) -> Any:
        """``trust add`` or ``trust refresh``, from the site while it is served."""
        with served(self.issuer.site) as url:
            options = ("--site", url, "--allow-loopback", "--trust", self.store)
            return printed("trust", command, NAME, *options)

    def verify(self, url: str, exit_code: int, *options: object) -> Any:
        """``verify --json``, with the server stopped and no socket to be had."""
        with network_off():
            return printed("verify", url, "--trust", self.store, *options, exit_code=exit_code)


def in_software(_: str) -> tuple[str, ...]:
    """How to say where a new key is to be made."""
    return ("--no-passphrase",)


def in_hardware(label: str) -> tuple[str, ...]:
    pytest.importorskip("pkcs11")
    place = f"pkcs11:token=issuer;object={label}?module-path={softhsm.module()}"
    return ("--pkcs11", place, "--pkcs11-new", "--no-passphrase")


@pytest.mark.parametrize("new_key", [in_software, in_hardware])
def test_the_life_of_an_issuer(  # noqa: PLR0915 - one story, told from its beginning to its end
    new_key: Callable[[str], tuple[str, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNEDCERT_PIN", softhsm.PIN)
    names = ("--name", "Example University")
    issuer = Issuer.made(NAME, tmp_path / "issuer", *names, *new_key("story-1"))
    verifier = Verifier(tmp_path / "verifier" / "trust.bundle", issuer)

    # Issued, published and fetched once: VALID offline.
    first, second = issuer.issue(), issuer.issue()
    first_key = issuer.kid
    issuer.publish()
    added = verifier.fetch("add")
    assert added["trust_on_first_use"] is True
    assert added["roots"] == [issuer.fingerprint]
    assert added["version"] == 1
    verdict = verifier.verify(first["url"], VALID)
    assert verdict["status"] == "VALID"
    assert {each["outcome"] for each in verdict["findings"]} == {"PASSED"}
    listed = added["status_lists"][0]["issued_at"]
    assert finding(verdict, "ISSUER_TRUSTED")["as_of"] == added["issued_at"] == verdict["as_of"]
    assert finding(verdict, "STATUS") == {"outcome": "PASSED", "reason": "ok", "as_of": listed}
    assert verdict["statement"]["learner"]["name"] == "Jacob Ångström"

    # Withdrawn: that one is INVALID as soon as the verifier has the new list, the other is not.
    issuer.run("revoke", first["code"], "--reason", "mistake")
    issuer.publish()
    assert verifier.verify(first["url"], VALID)["status"] == "VALID"
    listed = verifier.fetch("refresh")[0]["status_lists"][0]["issued_at"]
    verdict = verifier.verify(first["url"], INVALID)
    assert verdict["status"] == "INVALID"
    revoked = {"outcome": "FAILED", "reason": "revoked", "as_of": listed}
    assert finding(verdict, "STATUS") == revoked
    verifier.verify(second["url"], VALID)

    # Rotated twice, and the root too: what the first key signed stays good.
    issuer.run("rotate", *new_key("story-2"))
    issuer.run("rotate", "--root", "--no-passphrase")
    issuer.run("rotate", *new_key("story-3"))
    third = issuer.issue()
    issuer.publish()
    refreshed = verifier.fetch("refresh")[0]
    assert (refreshed["version"], refreshed["epoch"], refreshed["keys"]) == (4, 2, 3)
    assert refreshed["roots"] == [issuer.fingerprint] != added["roots"]
    verifier.verify(second["url"], VALID)
    verifier.verify(third["url"], VALID)
    assert issuer.kid != first_key

    # The first key was stolen: nothing that it signed is good any more.
    issuer.run("compromise", first_key, "--reason", "stolen")
    issuer.publish()
    verifier.fetch("refresh")
    verdict = verifier.verify(second["url"], INVALID)
    assert finding(verdict, "KEY_PERIOD") == {"outcome": "FAILED", "reason": "key_compromised"}
    assert verdict["statement"] is None
    verifier.verify(third["url"], VALID)

    # Except what the issuer vouches for. What was withdrawn stays withdrawn.
    issuer.run("compromise", first_key, "--reason", "stolen", "--vouch-ledger")
    issuer.publish()
    verifier.fetch("refresh")
    verdict = verifier.verify(second["url"], VALID)
    vouched = {"outcome": "PASSED", "reason": "key_compromised_vouched"}
    assert finding(verdict, "KEY_PERIOD") == vouched
    assert finding(verifier.verify(first["url"], INVALID), "STATUS")["reason"] == "revoked"

    # Closed for ever, and twenty years later.
    issuer.run("close", "--yes")
    issuer.publish()
    final = verifier.fetch("refresh")[0]
    assert final["final"] is True
    assert (final["next_update"], final["status_lists"][0]["fresh_until"]) == (None, None)
    later = ("--now", f"{int(final['issued_at'][:4]) + 20}{final['issued_at'][4:]}")
    assert verifier.verify(second["url"], VALID, *later)["as_of"] == final["issued_at"]
    verifier.verify(third["url"], VALID, *later)
    verifier.verify(first["url"], INVALID, *later)

    # Carried to an empty folder on a machine without a network: the same verdicts.
    carried = tmp_path / "elsewhere" / "trust.bundle"
    carried.parent.mkdir()
    signedcert("trust", "export", tmp_path / "export.bundle", "--trust", verifier.store)
    (tmp_path / "export.bundle").rename(carried)
    urls = [first["url"], second["url"], third["url"]]
    expected = verifier.verify(urls[0], INVALID), *(verifier.verify(url, VALID) for url in urls[1:])
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_NETWORK, "verify", *urls, "--trust", carried, "--json"],
        cwd=carried.parent,
        env={"PATH": os.environ["PATH"], "HOME": str(carried.parent)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == INVALID, done.stderr
    assert done.stderr == b""
    found = json.loads(done.stdout)
    assert [{k: v for k, v in each.items() if k != "input"} for each in found] == list(expected)
    assert [path.name for path in carried.parent.iterdir()] == [carried.name]
