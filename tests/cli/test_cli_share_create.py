"""share create: what is chosen, for whom, until when; with the platform's key or the learner's."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from own_issuer import contents
from record_issuer import AUDIENCE, RECORD, RecordIssuer, titles, withheld

from signedcert.codec.text import secret_from_text
from signedcert.share.sealing import sealed_name

PRESET = ("--preset", "final-score")
FIELDS = {"learner", "final_score", "assessments", "identity_checks"}
VARIABLE = "SIGNEDCERT_RECOVERY_CODE"


def moment(text):
    return datetime.fromisoformat(text)


@pytest.fixture(scope="module")
def shared_school(run, tmp_path_factory):
    """An issuer whose tests change nothing but the list of shares."""
    school = RecordIssuer(run, tmp_path_factory.mktemp("school"))
    school.record()
    school.publish_and_fetch()
    return school


@pytest.fixture
def record(run, shared_school):
    """A record whose 16 places no other test uses; the verifier has its list."""
    return shared_school.record()["code"]


@pytest.fixture
def alone(run, school):
    """A record whose share key the learner alone has, with that key."""
    key = school.folder / "mine.pem"
    assert run("share", "key", "--out", key, "--no-passphrase").exit_code == 0
    printed = school.record("--holder-key", f"{key}.pub")
    school.publish_and_fetch()
    return Path(printed["token_file"]), key


@pytest.mark.parametrize(
    ("preset", "rows", "hidden"),
    [
        ("final-score", ["final_score"], FIELDS - {"final_score"}),
        ("summary", ["learner", "final_score", "identity_checks"], {"assessments"}),
        ("everything", ["everything"], set()),
    ],
)
def test_presets(shared_school, record, preset, rows, hidden):
    made = shared_school.share(record, "--preset", preset)
    assert made["rows"] == rows
    verdict = shared_school.opened(made["url"], "--audience", AUDIENCE)
    assert verdict["status"] == "VALID"
    assert withheld(verdict) == hidden
    for name in FIELDS - hidden:
        assert verdict["statement"][name] == RECORD[name]


@pytest.mark.parametrize(
    ("paths", "rows", "shown"),
    [
        (["assessments[0]"], ["assessments[0]"], ["Week 1 quiz"]),
        (["assessments[kind=exam]"], ["assessments[2]"], ["Final exam"]),
        (["assessments[late=true]"], ["assessments[1]"], ["Essay on Toyota"]),
        (
            ["assessments[2]", "assessments[title=Week 1 quiz]", "assessments[2]"],
            ["assessments[0]", "assessments[2]"],
            ["Week 1 quiz", "Final exam"],
        ),
        (["assessments"], ["assessments"], ["Week 1 quiz", "Essay on Toyota", "Final exam"]),
    ],
)
def test_paths(shared_school, record, paths, rows, shown):
    made = shared_school.share(record, *(part for path in paths for part in ("--show", path)))
    assert made["rows"] == rows
    verdict = shared_school.opened(made["url"])
    assert titles(verdict) == shown
    assert withheld(verdict) == FIELDS - {"assessments"}


def test_paths_of_several_fields(shared_school, record):
    made = shared_school.share(record, "--show", "final_score", "--show", "learner")
    assert made["rows"] == ["learner", "final_score"]
    assert withheld(shared_school.opened(made["url"])) == {"assessments", "identity_checks"}


def test_what_it_prints(shared_school, record):
    arguments = ("share", "create", record, "--audience", AUDIENCE, *PRESET)
    told = shared_school.told(*arguments)
    kept = shared_school.shares(record)[-1]
    lines = told.splitlines()
    assert lines[:3] == [
        f"share  {kept['share']}",
        f"for    {AUDIENCE}, until {kept['expires_at']}",
        "shows  final_score",
    ]
    assert lines[3].startswith("url    https://learn.example.edu/r/#A")
    assert len(lines) == 4
    sealed = shared_school.told(*arguments, "--sealed")
    assert "next   signedcert publish: the link opens once the sealed file is on the site" in sealed


def test_a_link_by_itself(run, shared_school, record, tmp_path):
    before = contents(shared_school.sealed)
    made = shared_school.share(record, *PRESET, "--out", tmp_path / "qr")
    picture = Path(made["qr_file"])
    assert [*(tmp_path / "qr").iterdir()] == [picture]
    assert picture.stat().st_mode & 0o077 == 0
    assert made["sizes"]["link"] == len(made["url"])
    assert (made["sealed_name"], made["sealed_file"]) == (None, None)
    assert contents(shared_school.sealed) == before
    scanned = shared_school.opened(picture)
    assert scanned.pop("document")["kind"] == "png"
    assert scanned == shared_school.opened(made["url"])


def test_a_sealed_share(shared_school, record):
    made = shared_school.share(record, "--preset", "everything", "--sealed")
    secret = secret_from_text(made["url"])
    assert len(made["url"]) < 75
    assert made["sealed_name"] == sealed_name(secret)
    path = Path(made["sealed_file"])
    assert path == shared_school.sealed / f"{made['sealed_name']}.cose"
    # Its size says one of five things.
    assert made["sizes"]["sealed_file"] == len(path.read_bytes()) < 4096 + 100
    assert b"Toyota" not in path.read_bytes()
    verdict = shared_school.opened(made["url"], "--sealed", path.parent)
    assert verdict["status"] == "VALID"
    assert withheld(verdict) == set()


def test_the_audience_is_written_in_one_way(shared_school, record):
    made = shared_school.do(
        "share", "create", record, *PRESET, "--audience", " Zu\u0308rich AG\u2003"
    )
    assert made["audience"] == "Zürich AG"
    verdict = shared_school.opened(made["url"], "--audience", "Zürich AG ")
    assert verdict["findings"][8]["outcome"] == "PASSED"


def test_when_it_ends(shared_school, record):
    now = datetime.now(UTC)
    usual = moment(shared_school.share(record, *PRESET)["expires_at"])
    short = moment(shared_school.share(record, *PRESET, "--days", "2")["expires_at"])
    said = shared_school.share(record, *PRESET, "--until", "2099-01-01T00:00:00+02:00")
    # Whole seconds, and the test may take a few.
    assert timedelta(days=30, seconds=-2) < usual - now < timedelta(days=30, seconds=20)
    assert timedelta(days=2, seconds=-2) < short - now < timedelta(days=2, seconds=20)
    assert said["expires_at"] == "2098-12-31T22:00:00Z"


def test_another_page(shared_school, record):
    made = shared_school.share(record, *PRESET, "--page", "https://example.com/show/")
    assert made["url"].startswith("https://example.com/show/#A")
    assert shared_school.opened(made["url"])["status"] == "VALID"


def test_every_share_gets_a_place_of_its_own_until_there_are_no_more(shared_school, record):
    made = [shared_school.share(record, *PRESET) for _ in range(16)]
    assert {each["slot"] for each in made} == {*range(16)}
    refused = shared_school.refused(
        "share", "create", record, "--audience", AUDIENCE, *PRESET, "--sealed"
    )
    assert "all 16 places for shares" in refused
    assert f"share reset --all {record}" in refused
    assert len(shared_school.shares(record)) == 16


def test_by_the_learner_with_a_key_file(run, school, alone):
    file, key = alone
    made = [school.share_alone(file, *PRESET, "--key", key) for _ in range(2)]
    sealed = school.share_alone(
        file, *PRESET, "--key", key, "--sealed", "--out", school.folder / "s"
    )
    slots = [each["slot"] for each in (*made, sealed)]
    assert len({*slots} & {*range(16)}) == 3
    for each in made:
        assert school.opened(each["url"])["status"] == "VALID"
    assert school.opened(sealed["url"], "--sealed", school.folder / "s")["status"] == "VALID"
    # The platform knows nothing of it.
    assert school.shares() == []
    assert not school.sealed.exists()
    beside = Path(f"{file}.shares.json")
    assert beside.stat().st_mode & 0o077 == 0
    assert [each["slot"] for each in json.loads(beside.read_bytes())["shares"]] == slots


def test_by_the_learner_there_are_no_more_than_16_either(run, school, alone):
    file, key = alone
    made = [school.share_alone(file, *PRESET, "--key", key) for _ in range(16)]
    assert {each["slot"] for each in made} == {*range(16)}
    before = contents(school.folder)
    arguments = ("share", "create", file, "--audience", "A", *PRESET, "--key", key, "--sealed",
                 "--out", school.folder / "s")  # fmt: skip
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert "all 16 shares that can be reset one by one were made" in refused.stderr
    assert contents(school.folder) == before


def test_by_the_learner_with_a_recovery_code(run, school):
    printed = school.record("--recovery-code")
    school.publish_and_fetch()
    file, code = printed["token_file"], printed["recovery_code"]
    # As people type it.
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    for each in (code, typed):
        made = school.share_alone(file, *PRESET, "--recovery-code", **{VARIABLE: each})
        assert school.opened(made["url"])["status"] == "VALID"
    arguments = ("share", "create", file, "--audience", "A", *PRESET, "--recovery-code")
    mistyped = code[:-1] + ("A" if code[-1] != "A" else "B")
    for given, words in ((mistyped, "recovery code"), ("nonsense", "28 letters and digits")):
        refused = run(*arguments, **{VARIABLE: given})
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert words in refused.stderr
        assert given not in refused.stderr
    missing = run(*arguments)
    assert missing.exit_code == 2
    assert VARIABLE in missing.stderr
    other = school.record("--recovery-code")["recovery_code"]
    refused = run(*arguments, **{VARIABLE: other})
    assert "the recovery code is not the share key of this record" in refused.stderr
    assert len(json.loads(run("share", "list", file, "--json").stdout)) == 2


def test_with_the_learners_key_in_the_platforms_ledger(school, alone):
    file, key = alone
    wanted = ("share", "create", file.stem, "--audience", AUDIENCE, *PRESET)
    assert "the learner has it, as a key file" in school.refused(*wanted)
    made = school.share(file.stem, *PRESET, "--key", key)
    assert [each["share"] for each in school.shares()] == [made["share"]]
    assert school.opened(made["url"])["status"] == "VALID"
