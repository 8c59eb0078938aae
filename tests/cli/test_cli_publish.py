"""publish: the issuer's site, fresh, never older than what is there."""

import json
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from own_issuer import OwnIssuer, contents, in_days

from signedcert.cli.trust import taking_in
from signedcert.web import page_files

VALID = ("VALID", "")
WELL_KNOWN = ".well-known/signedcert"


@pytest.fixture
def fetched_in_two_years(monkeypatch):
    """Verifiers fetch when what the test publishes for later days is not dated in the future."""
    monkeypatch.setattr(taking_in, "clock", lambda: datetime.now(UTC) + timedelta(days=730))


def names(folder):
    return {path.relative_to(folder).as_posix() for path in contents(folder)}


def test_what_a_site_consists_of(own):
    own.issue()
    done = own.publish()
    pages = {f"{folder}/{name}" for folder in ("c", "r") for name in page_files()}
    assert names(own.site) == pages | {
        ".well-known/jwks.json", ".well-known/did.json", f"{WELL_KNOWN}/issuer.cbor",
        f"{WELL_KNOWN}/files.txt", "status/1.cwt", "status/lists.json", "_headers",
    }  # fmt: skip
    assert {*done["files"]} == names(own.site) - {f"{WELL_KNOWN}/files.txt"}
    assert (done["version"], done["status_lists"], done["issuer"]) == (1, [1], "learn.example.edu")
    document = (own.workspace / "public" / "issuer.cbor").read_bytes()
    assert (own.site / WELL_KNOWN / "issuer.cbor").read_bytes() == document
    jwks = (own.workspace / "public" / "jwks.json").read_bytes()
    assert (own.site / ".well-known" / "jwks.json").read_bytes() == jwks
    # Nothing private, whatever it is called.
    for path in (*(own.workspace / "keys").iterdir(), *(own.workspace / "roots").iterdir()):
        secret = path.read_bytes().splitlines()[1]
        assert not any(secret in data for data in contents(own.site).values())


def test_people_are_told_what_was_written_and_where_it_belongs(own):
    own.issue()
    told = own.told("publish", "--out", own.site)
    for name in names(own.site) - {f"{WELL_KNOWN}/files.txt"}:
        assert (f"wrote  {own.site / name}\n" in told) == (not name.startswith(("c/", "r/")))
    for folder in ("c", "r"):
        assert f"wrote  {own.site / folder}, the verify page\n" in told
    assert "issuer document  version 1" in told
    assert "status lists     1, good until " in told
    assert f"serve {own.site} as https://learn.example.edu/" in told


@pytest.mark.usefixtures("fetched_in_two_years")
def test_published_again_the_lists_are_fresh_and_the_users_files_stay(own):
    printed = own.issue()
    own.publish()
    (own.site / "index.html").write_text("mine")
    later = in_days(20)
    own.publish("--now", later)
    own.fetch()
    assert own.verdict(printed["url"], "--now", in_days(45)) == VALID
    assert own.verdict(printed["url"], "--now", in_days(51)) == (
        "INDETERMINATE", "status_list_stale",
    )  # fmt: skip
    assert (own.site / "index.html").read_text() == "mine"


def test_how_long_the_lists_count_and_how_often_to_fetch_them(own):
    printed = own.issue()
    done = own.publish("--list-days", 90, "--ttl", "7d")
    assert in_days(89.9) < done["status_lists_until"] < in_days(90.1)
    own.fetch()
    assert own.verdict(printed["url"], "--now", in_days(89))[0] == "VALID"
    # Caches keep nothing longer than that.
    own.publish("--ttl", "30m")
    ages = re.findall(r"max-age=([0-9]+)", (own.site / "_headers").read_text())
    assert 0 < max(map(int, ages)) <= 1800
    for options in (("--ttl", "0s"), ("--list-days", 1, "--ttl", "25h"), ("--ttl", "often")):
        assert "--ttl" in own.refused("publish", "--out", own.site, *options)


@pytest.mark.usefixtures("fetched_in_two_years")
def test_a_document_near_its_end_is_warned_of_and_renewed(own):
    printed = own.issue()
    own.publish("--now", in_days(300))
    assert own.notes == ""
    own.publish("--now", in_days(360))
    assert "the issuer document grows stale on " in own.notes
    assert "--renew" in own.notes
    assert len(own.notes.splitlines()) == 1
    done = own.publish("--now", in_days(361), "--renew", "--document-days", 500)
    assert own.notes == ""
    assert done["version"] == 2
    assert done["next_update"] > in_days(860)
    own.fetch()
    assert own.verdict(printed["url"], "--now", in_days(362)) == VALID


@pytest.mark.usefixtures("fetched_in_two_years")
def test_a_document_past_its_end_makes_everything_undecided(own):
    printed = own.issue()
    own.publish("--now", in_days(360))
    own.fetch()
    found = own.verdict(printed["url"], "--now", in_days(401))
    assert found == ("INDETERMINATE", "issuer_document_stale")


def test_the_site_of_another_issuer_is_not_overwritten(run, own, tmp_path):
    command = ("init", "--workspace", tmp_path / "other", "--issuer", "other.example.org")
    assert run(*command, "--no-passphrase").exit_code == 0
    out = ("publish", "--out", own.site)
    assert run(*out, "--workspace", tmp_path / "other").exit_code == 0
    before = contents(own.site)
    assert f"{own.site} is the site of other.example.org" in own.refused(*out)
    assert contents(own.site) == before


def test_the_site_of_a_namesake_is_not_overwritten(run, own, tmp_path):
    OwnIssuer(run, tmp_path / "namesake").do("publish", "--out", own.site)
    before = contents(own.site)
    assert "does not continue" in own.refused("publish", "--out", own.site)
    assert contents(own.site) == before


def test_a_newer_document_in_the_site_is_not_overwritten(own):
    kept = own.folder / "kept"
    shutil.copytree(own.workspace / "public", kept)
    own.do("rotate", "--no-passphrase")
    own.publish()
    before = contents(own.site)
    shutil.rmtree(own.workspace / "public")
    shutil.copytree(kept, own.workspace / "public")
    refused = own.refused("publish", "--out", own.site)
    assert "restored from a backup" in refused
    assert "Nothing was published" in refused
    assert contents(own.site) == before
    # The remedy that it names.
    remedy = own.site / WELL_KNOWN / "issuer.cbor"
    assert str(remedy) in refused
    shutil.copy(remedy, own.workspace / "public")
    assert own.publish()["version"] == 2


def test_the_same_version_with_other_content_is_not_published(own):
    kept = own.folder / "kept"
    shutil.copytree(own.workspace / "public", kept)
    own.do("rotate", "--no-passphrase")
    own.publish()
    shutil.rmtree(own.workspace / "public")
    shutil.copytree(kept, own.workspace / "public")
    own.do("rotate", "--no-passphrase")
    assert "does not continue" in own.refused("publish", "--out", own.site)


def test_a_restored_ledger_forgets_no_withdrawal_and_uses_no_place_again(own):
    first = own.issue()
    backup = {path: path.read_bytes() for path in own.workspace.glob("ledger.sqlite*")}
    lost = own.issue()
    own.do("revoke", lost["code"], "--reason", "mistake")
    own.do("suspend", first["code"])
    own.publish()
    for path in own.workspace.glob("ledger.sqlite*"):
        path.unlink()
    for path, data in backup.items():
        path.write_bytes(data)
    new = own.issue()
    assert "restored from a backup" in own.notes
    assert "Withdraw lost ones by their link or token" in own.notes
    assert own.place(new)[0] not in {own.place(first)[0], own.place(lost)[0]}
    again = own.issue()
    assert "restored from a backup" in own.notes
    done = own.publish()
    assert done["adopted"] == 2
    assert "taken over: 2" in own.notes
    # That settled it.
    own.publish()
    assert own.notes == ""
    own.fetch()
    assert own.verdict(lost["url"]) == ("INVALID", "revoked")
    assert own.verdict(first["url"]) == ("INVALID", "suspended")
    assert [own.verdict(each["url"]) for each in (new, again)] == [VALID] * 2


def test_a_workspace_restored_as_a_whole_uses_no_place_again(own):
    backup = own.folder / "backup"
    first = own.issue()
    shutil.copytree(own.workspace, backup)
    lost = [own.issue() for _ in range(3)]
    own.publish()
    shutil.rmtree(own.workspace)
    shutil.copytree(backup, own.workspace)
    new = [own.issue() for _ in range(3)]
    places = [own.place(each) for each in (first, *lost, *new)]
    assert len({*places}) == len(places)
    own.publish()
    own.fetch()
    for each in (first, *lost, *new):
        assert own.verdict(each["url"]) == VALID
    # What nobody remembers issuing can be withdrawn by whoever has it.
    own.do("revoke", lost[0]["url"])
    assert own.published_verdict(lost[0]["url"]) == ("INVALID", "revoked")


def test_a_new_status_list_has_to_be_published(run, tmp_path):
    own = OwnIssuer(run, tmp_path, "--status-list-size", 2)
    first = [own.issue(), own.issue()]
    own.publish()
    own.fetch()
    third = own.issue()
    assert own.place(third)[0] == 2
    assert "this begins status list 2" in own.notes
    assert "until you publish" in own.notes
    assert own.verdict(third["url"]) == ("INDETERMINATE", "status_list_missing")
    assert own.published_verdict(third["url"]) == VALID
    assert [own.verdict(each["url"]) for each in first] == [VALID] * 2
    assert json.loads((own.site / "status" / "lists.json").read_text())


@pytest.mark.parametrize("where", ["file", "missing/site"])
def test_where_no_site_can_be(own, where):
    (own.folder / "file").write_text("mine")
    refused = own.refused("publish", "--out", own.folder / where)
    assert str((own.folder / where).parent if "/" in where else own.folder / where) in refused
    assert (own.folder / "file").read_text() == "mine"


def restored(own):
    """Puts a backup back that does not know of a revocation; returns what was revoked."""
    printed, backup = own.issue(), own.folder / "backup"
    own.publish()
    shutil.copytree(own.workspace, backup)
    own.do("revoke", printed["code"])
    own.publish()
    shutil.rmtree(own.workspace)
    shutil.copytree(backup, own.workspace)
    return printed


def test_a_restored_workspace_does_not_begin_another_site(own):
    printed, other = restored(own), own.folder / "other"
    for _ in range(2):
        result = own.run("publish", "--out", other, "--workspace", own.workspace)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "last published with --out" in result.stderr
    assert not other.exists()
    own.do("publish", "--out", other, "--nothing-was-published")
    assert "restored from a backup" in own.notes
    assert own.published_verdict(printed["url"]) == ("INVALID", "revoked")


@pytest.mark.parametrize(
    ("option", "verdict"),
    [("--adopt", ("INVALID", "revoked")), ("--ignore-site-lists", VALID)],
)
def test_lists_by_a_compromised_key_are_a_question(own, option, verdict):
    printed = restored(own)
    own.do("compromise", own.keys()["status_keys"][0]["kid"])
    own.do("rotate", "--status", "--no-passphrase")
    result = own.run("publish", "--out", own.site, "--workspace", own.workspace)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "add --adopt" in result.stderr
    assert "add --ignore-site-lists" in result.stderr
    own.publish(option)
    own.fetch()
    assert own.verdict(printed["url"]) == verdict


def test_a_list_that_cannot_be_used_is_named(own):
    own.issue()
    own.publish()
    (own.site / "status" / "1.cwt").write_bytes(b"garbage")
    own.publish()
    assert f"{own.site / 'status' / '1.cwt'} is ignored: " in own.notes
    own.publish()
    assert own.notes == ""


def test_published_again_in_the_same_second(own):
    printed = own.issue()
    now = ("--now", in_days(0))
    for _ in range(3):
        own.publish(*now)
        own.fetch()
        assert own.verdict(printed["url"]) == VALID
    own.publish("--now", in_days(1))
    refused = own.refused("publish", "--out", own.site, *now)
    assert "later than now; check the clock" in refused
