"""share reset --all: the record is issued anew; and records of which no share can be reset."""

from pathlib import Path

import pytest
from record_issuer import reasons

from signedcert import SoftwareSigner

PRESET = ("--preset", "final-score")
EVERYTHING = ("--preset", "everything")


@pytest.fixture
def shared(school):
    """A record of which a link and a sealed share are out, and a record beside it."""
    record, other = school.record(), school.record()
    link = school.share(record["code"], *PRESET)
    sealed = school.share(record["code"], *EVERYTHING, "--sealed")
    beside = school.share(other["code"], *EVERYTHING, "--sealed")
    school.publish_and_fetch()
    return record, link, sealed, beside


def test_every_share_of_the_record_ends_and_no_other(school, shared):
    record, link, sealed, beside = shared
    saved = school.folder / "saved.cose"
    saved.write_bytes(Path(sealed["sealed_file"]).read_bytes())
    old_token = Path(record["token_file"]).read_bytes()
    done = school.do("share", "reset", "--all", record["code"], "--out", school.out)
    assert done["reset"] == [link["share"], sealed["share"]]
    # The same record, for another key; its certificate goes on naming it.
    assert done["code"] == record["code"]
    assert done["holder_key"] != record["holder_key"]
    assert done["token_file"] == record["token_file"]
    token = Path(done["token_file"])
    assert token.read_bytes() != old_token
    assert token.stat().st_mode & 0o077 == 0
    kept = {path.name for path in (school.workspace / "holders").iterdir()}
    assert Path(done["holder_key_file"]).name in kept
    assert Path(record["holder_key_file"]).name not in kept
    assert [path.stem for path in school.sealed.iterdir()] == [beside["sealed_name"]]
    states = {each["share"]: each["state"] for each in school.shares()}
    assert states == {link["share"]: "reset", sealed["share"]: "reset", beside["share"]: "active"}
    # Until the lists are there, it is as it was.
    assert school.opened(link["url"])["status"] == "VALID"
    new = school.share(record["code"], *PRESET)
    school.publish_and_fetch()
    for given in ((link["url"],), (sealed["url"], "--sealed", saved)):
        assert reasons(school.opened(*given)) == {"STATUS": "revoked"}
        told = school.seen(*given)
        assert "withdrawn this record, or issued it anew: ask for a new link" in told
    assert school.opened(new["url"])["status"] == "VALID"
    assert school.opened(beside["url"], "--sealed", school.sealed)["status"] == "VALID"


def test_a_certificate_goes_on_naming_it(run, school, shared):
    record, *_ = shared
    certificate = school.issue(record_id=record["code"])
    school.do("share", "reset", "--all", record["code"], "--out", school.out)
    new = school.share(record["code"], *PRESET)
    school.publish_and_fetch()
    result = school.opened(new["url"], "--certificate", certificate["url"])
    assert result["record_link"]["outcome"] == "PASSED"


def test_twice(school, shared):
    record, *_ = shared
    again = ("share", "reset", "--all", record["code"], "--out", school.out)
    school.do(*again)
    between = school.share(record["code"], *PRESET)
    done = school.do(*again)
    assert done["reset"] == [between["share"]]
    new = school.share(record["code"], *PRESET)
    school.publish_and_fetch()
    assert reasons(school.opened(between["url"])) == {"STATUS": "revoked"}
    assert school.opened(new["url"])["status"] == "VALID"


def test_the_new_key_may_be_the_learners(run, school, shared):
    record, link, *_ = shared
    key = school.folder / "mine.pem"
    run("share", "key", "--out", key, "--no-passphrase")
    done = school.do("share", "reset", "--all", record["code"], "--holder-key", f"{key}.pub",
                     "--out", school.out)  # fmt: skip
    public = SoftwareSigner.from_pem(key.read_bytes()).public_key
    assert done["holder_key"] == public.raw.hex()
    assert done["holder_key_file"] is done["recovery_code"] is None
    assert not (Path(record["holder_key_file"])).exists()
    school.publish_and_fetch()
    new = school.share_alone(done["token_file"], *PRESET, "--key", key)
    assert school.opened(new["url"])["status"] == "VALID"
    assert reasons(school.opened(link["url"])) == {"STATUS": "revoked"}
    # What the learner has, the platform does not take over unasked; nor is the same key a new one.
    before = school.shares()
    refused = school.refused("share", "reset", "--all", record["code"])
    assert "Say what the new one is to be" in refused
    same = ("--holder-key", f"{key}.pub")
    assert "has already" in school.refused("share", "reset", "--all", record["code"], *same)
    assert school.shares() == before
    school.publish_and_fetch()
    assert school.opened(new["url"])["status"] == "VALID"


def test_a_withdrawn_record_stays_withdrawn(school, shared):
    record, *_ = shared
    token = Path(record["token_file"]).read_bytes()
    holders = [*(school.workspace / "holders").iterdir()]
    school.do("revoke", record["code"])
    refused = school.refused("share", "reset", "--all", record["code"], "--out", school.out)
    assert record["code"] in refused
    assert "revoked" in refused
    assert Path(record["token_file"]).read_bytes() == token
    assert {*(school.workspace / "holders").iterdir()} == {*holders}


def test_a_certificate_has_no_shares(school):
    code = school.issue()["code"]
    refused = school.refused("share", "reset", "--all", code)
    assert "this is no course record, but a certificate" in refused
    assert school.published_verdict(school.out / f"{code}.cose")[0] == "VALID"


def test_a_record_without_places_says_that_its_links_cannot_be_reset(school):
    school.issue()
    printed = school.record("--no-status")
    made = school.share(printed["code"], *PRESET)
    assert made["slot"] is None
    assert "this link cannot be reset" in school.notes
    school.publish_and_fetch()
    verdict = school.opened(made["url"])
    assert verdict["status"] == "VALID"
    assert verdict["findings"][11]["reason"] == "no_status_reference"
    refused = school.refused("share", "reset", made["share"])
    assert "cannot be reset" in refused
    assert made["expires_at"] in refused
    assert reasons(school.opened(made["url"])) == {}
    assert "has no place in a status list" in school.refused(
        "share", "reset", "--all", printed["code"]
    )


def test_without_places_a_sealed_file_is_all_that_can_be_taken_away(school):
    school.issue()
    code = school.record("--no-status")["code"]
    made = school.share(code, *PRESET, "--sealed")
    saved = school.folder / "saved.cose"
    saved.write_bytes(Path(made["sealed_file"]).read_bytes())
    school.do("share", "reset", made["share"], "--no-new-link")
    assert f"whoever saved it can open it until {made['expires_at']}" in school.notes
    assert [*school.sealed.iterdir()] == []
    school.publish_and_fetch()
    assert not [*school.site.rglob(f"{made['sealed_name']}*")]
    assert school.opened(made["url"], "--sealed", saved)["status"] == "VALID"
