"""Passphrases, key files and the ledger: wrong, readable for others, missing, from the future."""

import json
import os
import sqlite3
import stat

import pytest
from own_issuer import OwnIssuer, contents
from sample_certificate import CERTIFICATE

SECRETS = {"SIGNEDCERT_PASSPHRASE": "signing-42", "SIGNEDCERT_ROOT_PASSPHRASE": "rooting-42"}
TEXT = json.dumps(CERTIFICATE)


@pytest.fixture(scope="module")
def locked(run, tmp_path_factory):
    """An issuer whose keys are encrypted."""
    own = OwnIssuer(run, tmp_path_factory.mktemp("locked"), **SECRETS)
    own.issue()
    return own


def commands(own):
    """Commands that open a signing key, and those that open a root key."""
    code = next(own.out.glob("*.cose")).stem
    return {
        "SIGNEDCERT_PASSPHRASE": [
            ("issue", "-"),
            ("publish", "--out", own.site),
            ("supersede", code, "-"),
            ("reissue", "--anew", code),
        ],
        "SIGNEDCERT_ROOT_PASSPHRASE": [
            ("rotate",),
            ("rotate", "--root"),
            ("retire", own.key),
            ("compromise", own.key),
            ("publish", "--out", own.site, "--renew"),
            ("close", "--yes"),
        ],
    }


@pytest.mark.parametrize("variable", SECRETS)
def test_a_wrong_passphrase_is_said_and_changes_nothing(locked, variable):
    before = contents(locked.workspace)
    said = set()
    for command in commands(locked)[variable]:
        refused = locked.refused(*command, stdin=TEXT, **{variable: "guess-17"})
        assert "guess-17" not in refused
        assert not any(secret in refused for secret in SECRETS.values())
        said.add(refused.rpartition(".pem: ")[2])
    assert said == {"the private key file could not be opened: wrong passphrase, or a damaged file"}
    assert {p: d for p, d in contents(locked.workspace).items() if "ledger" not in p.name} == {
        p: d for p, d in before.items() if "ledger" not in p.name
    }
    assert not locked.site.exists()


@pytest.mark.parametrize("variable", SECRETS)
def test_a_missing_passphrase_is_asked_for_by_name(run, locked, variable):
    for command in commands(locked)[variable]:
        env = {name: value for name, value in SECRETS.items() if name != variable}
        if variable == "SIGNEDCERT_ROOT_PASSPHRASE":
            # Then the other one is tried, and is wrong.
            refused = run(*command, "--workspace", locked.workspace, stdin=TEXT, **env)
            assert refused.exit_code == 2
            assert "wrong passphrase" in refused.stderr
            env = {}
        refused = run(*command, "--workspace", locked.workspace, "--json", stdin=TEXT, **env)
        assert refused.exit_code == 2
        assert refused.stdout == ""
        assert "SIGNEDCERT_" in refused.stderr
        assert "terminal" in refused.stderr


def test_what_needs_no_key_asks_for_none(run, locked):
    code = next(locked.out.glob("*.cose")).stem
    for command in (
        ("keys",),
        ("suspend", code),
        ("reinstate", code),
        ("reissue", code, "--out", locked.out),
    ):
        done = run(*command, "--workspace", locked.workspace, "--json")
        assert done.exit_code == 0, done.output


def test_passphrases_from_file_descriptors(process, locked):
    descriptors = []
    for secret in SECRETS.values():
        reading, writing = os.pipe()
        os.write(writing, secret.encode() + b"\n")
        os.close(writing)
        descriptors.append(reading)
    signing, root = descriptors
    done = process("rotate", "--workspace", locked.workspace, "--passphrase-fd", signing,
                   "--root-passphrase-fd", root, pass_fds=descriptors)  # fmt: skip
    for descriptor in descriptors:
        os.close(descriptor)
    assert done.returncode == 0, done.stderr
    # The new key has the passphrase that was given for signing keys.
    assert locked.issue()["code"]


@pytest.mark.skipif(os.name == "nt", reason="permissions")
@pytest.mark.parametrize("which", ["keys", "roots"])
def test_a_key_that_others_may_read_is_refused_with_the_remedy(own, which):
    own.issue()
    for path in (own.workspace / which).iterdir():
        path.chmod(0o644)
    command = ("issue", "-") if which == "keys" else ("rotate", "--no-passphrase")
    refused = own.refused(*command, stdin=TEXT)
    assert "others may read the private key" in refused
    remedy = refused.partition("mend it with: ")[2]
    assert remedy.startswith("chmod 600 ")
    assert os.system(remedy) == 0
    if which == "keys":
        assert "others may read" in own.refused("publish", "--out", own.site)
    for path in (own.workspace / which).iterdir():
        path.chmod(0o600)
    own.do(*command, stdin=TEXT)


LEDGER_COMMANDS = [
    ("issue", "-"),
    ("publish", "--out", "SITE"),
    ("revoke", "CODE"),
    ("supersede", "CODE", "-"),
    ("reissue", "CODE"),
    ("compromise", "KEY", "--vouch-ledger"),
    ("close", "--yes"),
]


@pytest.mark.parametrize("damage", ["missing", "newer", "garbage"])
def test_a_ledger_that_cannot_be_used(own, damage):
    words = {"CODE": own.issue()["code"], "KEY": own.key, "SITE": own.site}
    ledger = own.workspace / "ledger.sqlite"
    if damage == "newer":
        connection = sqlite3.connect(ledger)
        connection.execute("PRAGMA user_version = 99")
        connection.close()
    else:
        for path in own.workspace.glob("ledger.sqlite*"):
            path.unlink()
        if damage == "garbage":
            ledger.write_bytes(b"garbage" * 1000)
    before = contents(own.workspace)
    expected = {
        "missing": "there is no ledger at",
        "newer": "was made by a newer signedcert",
        "garbage": "not a ledger",
    }
    for command in LEDGER_COMMANDS:
        refused = own.refused(*(words.get(part, part) for part in command), stdin=TEXT)
        assert expected[damage] in refused
        assert str(ledger) in refused
    assert {p: d for p, d in contents(own.workspace).items() if "ledger" not in p.name} == {
        p: d for p, d in before.items() if "ledger" not in p.name
    }
    assert not own.site.exists()
    assert ledger.exists() == (damage != "missing")
    # What is public is there all the same.
    assert own.keys()["version"] == 1


def test_what_is_the_owners_stays_the_owners(own):
    own.issue()
    own.do("rotate", "--no-passphrase")
    own.do("rotate", "--root", "--no-passphrase")
    for path in own.workspace.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        private = path.parent.name in {"keys", "roots"} or path.name.startswith("ledger.")
        assert not private or mode & 0o077 == 0, path
