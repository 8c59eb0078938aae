"""share list and share show: what was shared, with whom, until when, and whether it counts."""

import json
import shutil

import pytest
from own_issuer import in_days
from record_issuer import AUDIENCE, RECORD, RecordIssuer

PRESET = ("--preset", "final-score")


@pytest.fixture(scope="module")
def listed(run, tmp_path_factory):
    """An issuer with two records; of the first there are four shares, of the second one."""
    school = RecordIssuer(run, tmp_path_factory.mktemp("listed"))
    first, second = school.record()["code"], school.record()["code"]
    made = [
        school.share(first, *PRESET),
        school.share(first, "--show", "assessments[2]", "--show", "learner", "--sealed"),
        school.share(first, *PRESET, "--days", "2"),
        school.share(second, "--preset", "everything"),
    ]
    ended = school.do("share", "reset", made[0]["share"])
    return school, [first, second], [*made, ended["new"]]


def test_everything_or_of_one_record(listed):
    school, (first, second), made = listed
    assert [each["share"] for each in school.shares()] == [each["share"] for each in made]
    of_first, of_second = school.shares(first), school.shares(second)
    assert {each["record"] for each in of_first} == {first}
    assert [each["share"] for each in of_second] == [made[3]["share"]]
    assert len(of_first) == 4
    file = school.out / f"{second}.cose"
    assert school.shares(file) == of_second
    assert school.shares(second.lower()) == of_second


def test_what_is_said_of_each(listed):
    school, (first, _), made = listed
    sealed = school.shares()[1]
    assert sealed == {name: made[1][name] for name in sealed if name in made[1]} | {
        "state": "active",
        "reset_at": None,
        "replaced_by": None,
    }
    assert sealed["rows"] == ["learner", "assessments[2]"]
    assert (sealed["record"], sealed["audience"]) == (first, AUDIENCE)
    # Neither the link nor its secret is kept.
    assert not any("#" in str(value) for value in sealed.values())


def test_states(listed):
    school, _, made = listed
    states = [each["state"] for each in school.shares()]
    assert states == ["reset", "active", "active", "active", "active"]
    later = school.do("share", "list", "--now", in_days(3))
    assert [each["state"] for each in later] == ["reset", "active", "ended", "active", "active"]
    old = school.shares()[0]
    assert old["replaced_by"] == made[4]["share"]
    assert old["reset_at"] is not None


def test_as_a_table(listed):
    school, (first, _), made = listed
    title, *rows, count = school.told("share", "list").splitlines()
    assert title.split() == ["share", "record", "audience", "until", "state", "carried", "by",
                             "shows"]  # fmt: skip
    assert count == "5 shares"
    assert [row.split()[0] for row in rows] == [each["share"] for each in made]
    row = rows[1]
    for word in (first, AUDIENCE, made[1]["expires_at"], "active", "sealed",
                 "learner, assessments[2]"):  # fmt: skip
        assert word in row
    one = school.told("share", "list", made[3]["record"]).splitlines()
    assert one[-1] == "1 share"


def test_one_share(listed):
    school, _, made = listed
    shown = school.do("share", "show", made[1]["share"])
    assert shown == school.shares()[1]
    told = school.told("share", "show", made[0]["share"])
    assert "state        reset" in told
    assert f"replaced by  {made[4]['share']}" in told


def test_what_a_record_has_to_share(run, listed):
    school, (first, _), _ = listed
    file = school.out / f"{first}.cose"
    paths = ["learner", "final_score", "assessments[0]", "assessments[1]", "assessments[2]",
             "identity_checks[0]"]  # fmt: skip
    shown = school.do("share", "show", first)
    assert shown["paths"] == paths
    assert {name: shown["record"][name] for name in RECORD} == RECORD
    assert json.loads(run("share", "show", file, "--json").stdout) == shown
    told = run("share", "show", file).stdout
    for path in paths:
        assert f"\n  {path}" in told
    # A number says little; beside it stands what it is.
    assert "  assessments[2]      Final exam\n" in told
    assert "assessments[kind=exam]" in told


def test_each_path_that_is_shown_can_be_shared(listed):
    school, _, _ = listed
    code = school.record()["code"]
    for path in (*school.do("share", "show", code)["paths"], "everything"):
        assert school.share(code, "--show", path)["rows"] == [path]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "0000-0000-0000-0000"), "no course record of this code is in the ledger"),
        (("show", "nonsense"), "nonsense: "),
        (("show", "https://learn.example.edu/r/#BAAA"), "the link: "),
        (("list", "https://learn.example.edu/r/#BAAA"), "the link: "),
        (("list", "nonsense"), "nonsense: "),
    ],
)
def test_what_is_not_there(listed, arguments, words):
    school, _, _ = listed
    refused = school.refused("share", *arguments)
    assert words in refused
    assert "BAAA" not in refused


def test_the_learners_own_list(run, school, tmp_path):
    key = tmp_path / "mine.pem"
    run("share", "key", "--out", key, "--no-passphrase")
    file = school.record("--holder-key", f"{key}.pub")["token_file"]
    assert json.loads(run("share", "list", file, "--json").stdout) == []
    made = school.share_alone(file, *PRESET, "--key", key)
    (kept,) = json.loads(run("share", "list", file, "--json").stdout)
    assert kept == {name: made[name] for name in kept if name in made} | {
        # Whether it was reset, its issuer knows.
        "state": "made",
        "reset_at": None,
        "replaced_by": None,
    }
    later = run("share", "list", file, "--json", "--now", in_days(31))
    assert json.loads(later.stdout)[0]["state"] == "ended"
    neither = run("share", "list")
    assert (neither.exit_code, neither.stdout) == (2, "")
    assert "say whose" in neither.stderr


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"format": 2}', '{"format": 1, "shares": 7}'])
def test_a_damaged_list_is_left_as_it_is(run, school, tmp_path, damage):
    key = tmp_path / "mine.pem"
    run("share", "key", "--out", key, "--no-passphrase")
    file = school.record("--holder-key", f"{key}.pub")["token_file"]
    school.share_alone(file, *PRESET, "--key", key)
    beside = school.out / f"{file}.shares.json"
    beside.write_text(damage)
    for command in (("list", file), ("create", file, "--audience", "A", *PRESET, "--key", key)):
        result = run("share", *command)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{beside} is damaged" in result.stderr
    assert beside.read_text() == damage


def test_states_that_come_from_the_record(run, tmp_path):
    school = RecordIssuer(run, tmp_path)
    code = school.record()["code"]
    school.share(code, *PRESET, "--sealed")
    for command, state in (("suspend", "suspended"), ("reinstate", "active"),
                           ("revoke", "withdrawn")):  # fmt: skip
        assert [each["state"] for each in school.shares()] != [state] or state == "active"
        school.do(command, code, "--reason", "it was taken back")
        assert [each["state"] for each in school.shares()] == [state]
    # What can no longer be valid is not served either.
    [file] = school.sealed.iterdir()
    school.publish()
    assert not file.exists()


def test_a_code_that_is_no_records(listed):
    school, _, _ = listed
    result = school.run("share", "list", "0000-0000-0000-0000", "--workspace", school.workspace)
    assert result.exit_code == 2
    assert result.stderr == "signedcert: the ledger knows no course record 0000-0000-0000-0000\n"


def test_a_certificates_code(listed):
    school, _, _ = listed
    code = school.issue()["code"]
    refused = school.refused("share", "list", code)
    assert "this is no course record, but a certificate" in refused


def test_a_restored_workspace_says_so(run, tmp_path):
    school = RecordIssuer(run, tmp_path)
    code = school.record()["code"]
    shutil.copytree(school.workspace, tmp_path / "backup")
    made = school.share(code, *PRESET)["share"]
    shutil.rmtree(school.workspace)
    shutil.copytree(tmp_path / "backup", school.workspace)
    assert school.shares() == []
    assert "restored from a backup" in school.notes
    school.do("share", "show", code)
    assert "restored from a backup" in school.notes
    assert made in school.refused("share", "show", made)


def test_a_slot_that_the_record_contradicts(run, school, tmp_path):
    key = tmp_path / "mine.pem"
    run("share", "key", "--out", key, "--no-passphrase")
    file = school.record("--holder-key", f"{key}.pub")["token_file"]
    slot = school.share_alone(file, *PRESET, "--key", key)["slot"]
    beside = school.out / f"{file}.shares.json"
    wrong = slot - 1 if slot else 1
    beside.write_text(beside.read_text().replace(f'"slot": {slot},', f'"slot": {wrong},'))
    result = run("share", "list", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "share 1 on it: its slot does not match its place" in result.stderr
