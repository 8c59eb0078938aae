"""share reset: the old link stops, a new one shows the same; and what no reset can do."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from own_issuer import in_days
from published_issuers import served
from record_issuer import AUDIENCE, reasons, titles

from signedcert import SoftwareSigner, share
from signedcert.codec.record_framing import share_sig_structure
from signedcert.codec.text import frame_from_text
from signedcert.model.code import id_from_code

PRESET = ("--preset", "final-score")
EXAM = ("--show", "assessments[kind=exam]")
REVOKED = {"SHARE_STATUS": "revoked"}


@pytest.fixture
def record(school):
    """A record; the verifier has its list."""
    code = school.record()["code"]
    school.publish_and_fetch()
    return code


def test_the_old_link_stops_and_the_new_one_shows_the_same(school, record):
    old = school.share(record, *EXAM, "--days", "5")
    done = school.do("share", "reset", old["share"])
    new = done["new"]
    assert done["reset"] == old["share"]
    assert old["slot"] != new["slot"]
    for name in ("rows", "audience", "expires_at", "record"):
        assert new[name] == old[name]
    # Before it is published, nobody can know.
    assert school.opened(old["url"])["status"] == "VALID"
    school.publish_and_fetch()
    verdict = school.opened(old["url"])
    assert verdict["status"] == "INVALID"
    assert reasons(verdict) == REVOKED
    told = school.seen(old["url"])
    assert "The learner has reset the link. The record may well be valid: ask anew." in told
    assert "The issuer has not withdrawn it." in told
    verdict = school.opened(new["url"])
    assert verdict["status"] == "VALID"
    assert titles(verdict) == ["Final exam"]


def test_it_says_what_it_can_and_what_it_cannot_do(school, record):
    old = school.share(record, *PRESET)
    told = school.told("share", "reset", old["share"])
    assert told.startswith(f"reset  {old['share']}\nThe new link:\nshare  ")
    assert "What a reset does: with the next signedcert publish" in told
    assert "What it cannot do: take back what somebody has seen, copied or saved." in told
    assert "goes by the list that it has, whose date it shows" in told
    assert f"next   signedcert publish --workspace {school.workspace}" in told
    (new,) = [each for each in school.shares() if each["state"] == "active"]
    for arguments in ((new["share"],), ("--all", record)):
        done = school.do("share", "reset", *arguments, "--out", school.out)
        assert [words.partition(":")[0] for words in done["says"]] == [
            "What a reset of all does" if arguments[0] == "--all" else "What a reset does",
            "What it cannot do",
        ]


def test_it_claims_no_more_than_it_does(school, record):
    link, sealed = school.share(record, *PRESET), school.share(record, *PRESET, "--sealed")
    says = {}
    for name, made in (("link", link), ("sealed", sealed)):
        says[name] = school.do("share", "reset", made["share"], "--no-new-link")["says"][0]
        # Not: whoever opens the link. That depends on the list which they have.
        assert "against that list gets INVALID" in says[name]
    assert "sealed file" not in says["link"]
    assert "the sealed file leaves the site" in says["sealed"]


def test_a_share_that_took_anothers_id_ends_by_itself(run, school, tmp_path):
    """Whoever makes a share chooses its id; no other share is reset by that."""
    victim = school.share(school.record()["code"], *PRESET)
    key = tmp_path / "mine.pem"
    run("share", "key", "--out", key, "--no-passphrase")
    own = school.record("--holder-key", f"{key}.pub")
    now = datetime.now(UTC)
    token = share.create(
        Path(own["token_file"]).read_bytes(),
        disclosures=[],
        holder_signer=SoftwareSigner.from_pem(key.read_bytes(), None),
        audience="me",
        issued_at=now,
        expires_at=now + timedelta(days=9),
        share_id=id_from_code(victim["share"]),
        slot=3,
    )
    file = tmp_path / "share.cose"
    file.write_bytes(token)
    school.publish_and_fetch()
    done = school.do("share", "reset", file)
    assert (done["new"], done["at"] is None) == (None, False)
    [kept] = [each for each in school.shares() if each["share"] == victim["share"]]
    assert kept["state"] == "active"
    school.publish_and_fetch()
    assert school.opened(victim["url"])["status"] == "VALID"
    assert reasons(school.opened(file)) == {"SHARE_STATUS": "revoked"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--no-new-link", "--until", "2030-01-01T00:00:00Z"), "--until is for a new link"),
        (("--no-new-link", "--page", "https://a.example/r/"), "--page is for a new link"),
        (("--no-new-link", "--out", "x"), "--out is for a new link"),
        (("--all", "--until", "2030-01-01T00:00:00Z"), "--until is for one share"),
        (("--all", "--page", "https://a.example/r/"), "--page is for one share"),
        (("--all", "--no-new-link"), "--no-new-link is for one share"),
        (("--all", "--sealed", "x"), "--sealed is for one share"),
        (("--holder-key", "x"), "--holder-key goes with --all"),
    ],
)
def test_nothing_that_is_said_is_ignored(school, record, options, said):
    made = school.share(record, *PRESET)
    which = record if "--all" in options else made["share"]
    assert said in school.refused("share", "reset", which, *options)
    assert "active" in [each["state"] for each in school.shares() if each["share"] == made["share"]]


def test_a_verifier_with_an_old_list_shows_its_date_until_it_is_stale(run, school, record):
    old = school.share(record, *PRESET, "--days", "90")
    school.publish_and_fetch()
    fetched = json.loads(run("trust", "show", "--trust", school.store, "--json").stdout)
    dates = {each["issued_at"] for each in fetched["issuers"][0]["status_lists"]}
    school.do("share", "reset", old["share"])
    school.publish()
    verdict = school.opened(old["url"])
    assert verdict["status"] == "VALID"
    assert {verdict["findings"][11]["as_of"]} == dates
    assert f"The learner has not reset the link. (As of {dates.pop()}" in school.seen(old["url"])
    # The list lasts 30 days.
    late = ("--now", in_days(31))
    verdict = school.opened(old["url"], *late)
    assert verdict["status"] == "INDETERMINATE"
    assert reasons(verdict) == {"STATUS": "status_list_stale", "SHARE_STATUS": "status_list_stale"}
    told = school.seen(old["url"], *late)
    assert "Whether the link was reset is not known: the list is out of date." in told


@pytest.mark.parametrize("by", ["share", "url"])
def test_a_sealed_file_is_replaced(run, school, record, by):
    old = school.share(record, *PRESET, "--sealed")
    school.publish_and_fetch()
    on_site = school.site / "r" / "sealed"
    assert [path.stem for path in on_site.iterdir()] == [old["sealed_name"]]
    saved = school.folder / "saved.cose"
    saved.write_bytes(Path(old["sealed_file"]).read_bytes())
    new = school.do("share", "reset", old[by])["new"]
    assert [path.stem for path in school.sealed.iterdir()] == [new["sealed_name"]]
    school.publish_and_fetch()
    assert [path.stem for path in on_site.iterdir()] == [new["sealed_name"]]
    assert school.opened(new["url"], "--sealed", on_site)["status"] == "VALID"
    gone = run("share", "open", old["url"], "--sealed", on_site, "--trust", school.store)
    assert (gone.exit_code, gone.stdout) == (4, "")
    # Whoever saved it can still open it, and is told.
    assert reasons(school.opened(old["url"], "--sealed", saved)) == REVOKED


def test_a_sealed_share_from_a_real_server(run, school, record):
    with served(school.site) as url:
        old = school.share(record, *PRESET, "--sealed", "--page", f"{url}/r/")
        school.publish_and_fetch()
        opening = ("share", "open", old["url"], "--trust", school.store)
        assert "only https is fetched" in run(*opening).stderr
        opened = run(*opening, "--allow-loopback")
        assert opened.exit_code == 0
        # The host learns the name of the file, and never the secret.
        assert f"fetching {url}/r/sealed/{old['sealed_name']}.cose" in opened.stderr
        assert old["url"].partition("#")[2] not in opened.stderr
        school.do("share", "reset", old["share"], "--no-new-link")
        school.publish()
        gone = run(*opening, "--allow-loopback")
        assert (gone.exit_code, gone.stdout) == (4, "")
        assert "It may have been reset: ask the learner for a new link" in gone.stderr


def test_without_a_new_link(school, record):
    old = school.share(record, *PRESET)
    done = school.do("share", "reset", old["share"], "--no-new-link")
    assert done["new"] is None
    (kept,) = school.shares()
    assert (kept["state"], kept["replaced_by"]) == ("reset", None)
    school.publish_and_fetch()
    assert reasons(school.opened(old["url"])) == REVOKED


def test_one_that_has_ended_needs_a_new_end(school, record):
    old = school.share(record, *PRESET, "--days", "1")
    later = ("--now", in_days(2))
    refused = school.refused("share", "reset", old["share"], *later)
    assert f"ended on {old['expires_at']} by itself" in refused
    again = (*later, "--until")
    assert "would end before it begins" in school.refused(
        "share", "reset", old["share"], *again, in_days(1)
    )
    assert len(school.shares()) == 1
    new = school.do("share", "reset", old["share"], *again, in_days(9))["new"]
    assert new["expires_at"] > in_days(8)


def test_once_is_enough(school, record):
    old = school.share(record, *PRESET)
    school.do("share", "reset", old["share"])
    for more in ((), ("--no-new-link",)):
        refused = school.refused("share", "reset", old["share"], *more)
        assert f"{old['share']} has been reset since" in refused
    assert len(school.shares()) == 2


@pytest.mark.parametrize("sealed", [(), ("--sealed", "--out")])
def test_one_that_the_learner_made(run, school, sealed):
    key = school.folder / "mine.pem"
    run("share", "key", "--out", key, "--no-passphrase")
    file = school.record("--holder-key", f"{key}.pub")["token_file"]
    school.publish_and_fetch()
    folder = school.folder / "sealed"
    options = (*sealed, folder) if sealed else ()
    file_of = ("--sealed", folder) if sealed else ()
    made, other = (school.share_alone(file, *PRESET, "--key", key, *options) for _ in range(2))
    assert "no share of this code" in school.refused("share", "reset", made["share"])
    told = school.told("share", "reset", made["url"], *file_of)
    assert "The learner made it: a new link is the learner's to make" in told
    school.publish_and_fetch()
    assert reasons(school.opened(made["url"], *file_of)) == REVOKED
    assert school.opened(other["url"], *file_of)["status"] == "VALID"
    assert "that is final" in school.refused("share", "reset", made["url"], *file_of)


def test_nobody_resets_what_the_holder_did_not_share(school, record):
    made = school.share(record, *PRESET)
    frame = frame_from_text(made["url"])
    message = share_sig_structure(frame.protected, frame.payload)
    forged = frame._replace(signature=SoftwareSigner.generate().sign(message))
    path = school.folder / "forged.cose"
    path.write_bytes(forged.to_bytes())
    for given in (path, school.issue()["url"], school.out / f"{record}.cose"):
        refused = school.refused("share", "reset", given)
        assert "this is no share of a record of learn.example.edu" in refused
    assert [each["state"] for each in school.shares()] == ["active"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("0000-0000-0000-0000",), "no share of this code is in the ledger"),
        (("RECORD",), "it is a course record: add --all"),
        (("--all", "0000-0000-0000-0000"), "no course record of this code is in the ledger"),
        (("--all", "nonsense"), "--all takes a record's printed code"),
        (("--all", "RECORD", "--key", "k.pem"), "--all makes a new share key"),
        (("SHARE", "--holder-key", "k.pem"), "--holder-key goes with --all"),
    ],
)
def test_what_cannot_be_reset(school, record, arguments, words):
    share = school.share(record, *PRESET, "--sealed")
    named = {"RECORD": record, "SHARE": share["share"]}
    refused = school.refused("share", "reset", *(named.get(part, part) for part in arguments))
    assert words in refused
    assert [each["state"] for each in school.shares()] == ["active"]
    assert Path(share["sealed_file"]).exists()
    assert AUDIENCE in school.told("share", "list")
