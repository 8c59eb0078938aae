"""close: the end of an issuer whose certificates outlive it."""

import json
import shutil

import pytest
from own_issuer import OwnIssuer, contents, in_days
from sample_certificate import CERTIFICATE

VALID = ("VALID", "")
IN_20_YEARS = ("--now", in_days(20 * 365.25))


@pytest.fixture(scope="module")
def closed(run, tmp_path_factory):
    """A closed issuer, and what it had issued: good, revoked, suspended, by a compromised key."""
    own = OwnIssuer(run, tmp_path_factory.mktemp("closed"))
    printed = [own.issue() for _ in range(4)]
    stolen = own.key
    own.do("rotate", "--no-passphrase")
    own.do("compromise", stolen, "--vouch-ledger")
    printed.append(own.issue())
    own.do("revoke", printed[1]["code"], "--reason", "mistake")
    own.do("suspend", printed[2]["code"])
    own.publish()
    own.fetch()
    told = own.told("close", "--yes")
    assert f"closed     {own.keys()['issuer']}" in told
    assert "destroy the private keys" in told
    own.publish()
    own.fetch()
    return own, printed


def test_it_must_be_meant(own):
    before = contents(own.workspace)
    refused = own.refused("close")
    assert "for ever" in refused
    assert "--yes" in refused
    assert contents(own.workspace) == before


def test_20_years_later_everything_is_as_it_was(closed):
    own, printed = closed
    expected = [VALID, ("INVALID", "revoked"), ("INVALID", "suspended"), VALID, VALID]
    for given, verdict in zip(printed, expected, strict=True):
        found = own.verdict(given["url"], *IN_20_YEARS)
        assert found[0] == verdict[0]
        if verdict != VALID:
            assert found == verdict


def test_an_open_issuer_would_be_stale_by_then(own):
    url = own.issue()["url"]
    assert own.published_verdict(url) == VALID
    assert own.verdict(url, *IN_20_YEARS)[0] == "INDETERMINATE"


def test_the_private_keys_are_not_needed_for_publishing_it_again(closed, tmp_path):
    own, printed = closed
    published = contents(own.site)
    kept = {path: path.read_bytes() for name in ("keys", "roots")
            for path in (own.workspace / name).iterdir()}  # fmt: skip
    for path in kept:
        path.unlink()
    try:
        done = own.do("publish", "--out", tmp_path / "site", *IN_20_YEARS)
    finally:
        for path, data in kept.items():
            path.write_bytes(data)
            path.chmod(0o600)
    assert done["status_lists_until"] is None
    assert done["next_update"] is None
    assert own.notes == ""
    moved = {tmp_path / "site" / path.relative_to(own.site): data
             for path, data in published.items()}  # fmt: skip
    assert contents(tmp_path / "site") == moved
    assert "good for ever" in own.told("publish", "--out", tmp_path / "site")
    assert printed


def test_nothing_can_be_changed_any_more(closed):
    own, printed = closed
    before = contents(own.workspace)
    text = json.dumps(CERTIFICATE)
    code = printed[0]["code"]
    for command in (
        ("issue", "-"),
        ("supersede", code, "-"),
        ("reissue", "--anew", code),
        ("reissue", "--key", own.keys()["keys"][0]["kid"]),
        ("revoke", code),
        ("suspend", code),
        ("reinstate", printed[2]["code"]),
        ("rotate", "--no-passphrase"),
        ("rotate", "--no-passphrase", "--root"),
        ("retire", own.key),
        ("compromise", own.key),
        ("publish", "--out", own.site, "--renew"),
        ("close", "--yes"),
    ):
        refused = own.refused(*command, "--now", in_days(1), stdin=text)
        assert "is closed" in refused, command
    assert {path for path in contents(own.workspace) if "ledger" not in path.name} == {
        path for path in before if "ledger" not in path.name
    }
    assert contents(own.site)


def test_files_can_still_be_written_again(closed):
    own, printed = closed
    (again,) = own.do("reissue", printed[0]["code"], "--out", own.folder / "again")
    assert again["url"] == printed[0]["url"]


def test_keys_says_that_it_is_final(closed):
    own, _ = closed
    assert own.keys()["final"] is True
    assert own.keys()["next_update"] is None
    assert "final             True" in own.told("keys")


def test_closed_before_anything_was_issued(own):
    own.do("close", "--yes")
    done = own.publish()
    assert done["next_update"] is None
    assert done["status_lists_until"] is None
    own.fetch()


def test_a_restored_workspace_is_closed_with_its_site(own):
    printed = own.issue()
    own.publish()
    backup = own.folder / "backup"
    shutil.copytree(own.workspace, backup)
    own.do("revoke", printed["code"])
    own.publish()
    shutil.rmtree(own.workspace)
    shutil.copytree(backup, own.workspace)
    # Another command took the first notice of it.
    own.issue()
    assert "restored from a backup" in own.notes
    result = own.run("close", "--yes", "--workspace", own.workspace)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "last published with --site" in result.stderr
    own.do("close", "--yes", "--site", own.site)
    assert "taken over: 1" in own.notes
    assert own.published_verdict(printed["url"]) == ("INVALID", "revoked")
