"""share create: what cannot be shared is refused in one clear line, and nothing is kept of it."""

import json
from pathlib import Path

import pytest
from own_issuer import contents, in_days
from record_issuer import AUDIENCE, RECORD, RecordIssuer

PRESET = ("--preset", "final-score")


class Prepared:
    """A record kept by the platform, and one whose share key the learner has."""

    def __init__(self, run, folder):
        self.school = RecordIssuer(run, folder)
        self.key = folder / "mine.pem"
        assert run("share", "key", "--out", self.key, "--no-passphrase").exit_code == 0
        self.record = self.school.record()
        self.learners = self.school.record("--holder-key", f"{self.key}.pub")
        self.certificate = self.school.issue()

    def word(self, part):
        """An argument of a parametrized test."""
        named = {
            "RECORD": self.record["code"],
            "FILE": self.record["token_file"],
            "LEARNERS": self.learners["code"],
            "CERTIFICATE_FILE": self.certificate["token_file"],
            "CERTIFICATE": self.certificate["code"],
            "KEY": self.key,
            "PUBLIC": f"{self.key}.pub",
            "OTHER_KEY": self.record["holder_key_file"],
            "YESTERDAY": in_days(-1),
        }
        return named.get(part, part)

    def state(self):
        """Everything that a refused command could change."""
        files = contents(self.school.folder)
        kept = {path: data for path, data in files.items() if "ledger." not in path.name}
        return kept, self.school.shares()


@pytest.fixture(scope="module")
def prepared(run, tmp_path_factory):
    return Prepared(run, tmp_path_factory.mktemp("prepared"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("RECORD",), "say what to show: --preset (final-score, summary, everything), or --show"),
        (("RECORD", *PRESET, "--show", "learner"), "say what to show"),
        (("RECORD", "--show", "grade"), "'grade' is no path; choose among learner, final_score"),
        (("RECORD", "--show", "assessments[x]"), "is no path"),
        (("RECORD", "--show", ""), "'' is no path"),
        (("RECORD", "--show", "assessments[3]"), "the record has 3 assessments, counted from 0"),
        (("RECORD", "--show", "assessments[kind=lab]"), "none of the assessments is so"),
        (("RECORD", "--show", "assessments[size=9]"), "there are title, kind, score"),
        (("RECORD", "--show", "learner[0]"), "learner is one, and has no rows"),
        (("RECORD", *PRESET, "--audience", ""), "the audience is blank"),
        (("RECORD", *PRESET, "--audience", " \u2003 "), "the audience is blank"),
        (("RECORD", *PRESET, "--audience", "A" * 201), "at most 200 are allowed"),
        (("RECORD", *PRESET, "--audience", "A\nB"), "U+000A at position 1 is not allowed"),
        (("RECORD", *PRESET, "--audience", "A\u202eB"), "U+202E at position 1 is not allowed"),
        (("RECORD", *PRESET, "--until", "YESTERDAY"), "would end before it begins"),
        (("RECORD", *PRESET, "--until", "tomorrow"), "--until takes a moment with its time zone"),
        (("RECORD", *PRESET, "--page", "ftp://a/"), "must be an http(s) URL"),
        (("RECORD", *PRESET, "--key", "KEY"), "is not the share key of this record"),
        (("RECORD", *PRESET, "--key", "PUBLIC"), "pub: this is the public half of a key"),
        (("RECORD", *PRESET, "--key", "missing.pem"), "missing.pem: No such file"),
        (("RECORD", *PRESET, "--key", "KEY", "--recovery-code"), "contradict each other"),
        (("RECORD", *PRESET, "--recovery-code"), "set SIGNEDCERT_RECOVERY_CODE"),
        (("LEARNERS", *PRESET), "the learner has it, as a key file (--key FILE) or"),
        (("LEARNERS", *PRESET, "--key", "OTHER_KEY"), "is not the share key of this record"),
        (("CERTIFICATE", *PRESET), "this is no course record, but a certificate"),
        (("0000-0000-0000-0000", *PRESET), "no course record of this code is in the ledger"),
    ],
)  # fmt: skip
def test_what_cannot_be_shared(prepared, arguments, words):
    before = prepared.state()
    given = [prepared.word(part) for part in arguments]
    audience = () if "--audience" in arguments else ("--audience", AUDIENCE)
    # Two files more that must not be there afterwards.
    files = ("--sealed", "--out", prepared.school.folder / "qr")
    refused = prepared.school.refused("share", "create", *given, *audience, *files)
    assert words in refused
    assert prepared.state() == before


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ("CERTIFICATE_FILE", 1, "not the token of a course record"),
        ("missing.cose", 4, "neither a course record's file nor a printed code"),
        ("x" * 300, 4, "neither a course record's file nor a printed code"),
        ("RECORD", 2, "say in which workspace"),
        ("FILE", 2, "say where the share key is"),
    ],
)
def test_without_a_workspace(run, prepared, given, code, words):
    before = prepared.state()
    arguments = ("share", "create", prepared.word(given), "--audience", AUDIENCE, *PRESET)
    for more in ((), ("--json",)):
        result = run(*arguments, *more)
        assert (result.exit_code, result.stdout) == (code, "")
        assert words in result.stderr
    assert prepared.state() == before


def test_a_record_cut_down_or_changed(run, prepared, tmp_path):
    token = Path(prepared.record["token_file"]).read_bytes()
    at = token.index(b"Toyota")
    changed = {
        "cut.cose": token[:-1],
        "other.cose": token[:at] + b"Honda!" + token[at + 6 :],
        "empty.cose": b"",
    }
    for name, data in changed.items():
        (tmp_path / name).write_bytes(data)
        result = run("share", "create", tmp_path / name, "--audience", "A", *PRESET,
                     "--key", prepared.record["holder_key_file"])  # fmt: skip
        assert result.exit_code == 1, name
        assert f"signedcert: {tmp_path / name}: " in result.stderr
    assert {path.name for path in tmp_path.iterdir()} == {*changed}


def test_no_share_is_made_from_a_share(run, prepared, tmp_path):
    made = prepared.school.share(prepared.record["code"], *PRESET)
    result = run("share", "create", made["url"], "--audience", "A", *PRESET,
                 "--key", prepared.record["holder_key_file"])  # fmt: skip
    assert (result.exit_code, result.stdout) == (4, "")
    assert "neither a course record's file nor a printed code" in result.stderr


@pytest.mark.parametrize("sealed", [(), ("--sealed",)])
def test_files_that_cannot_be_written(run, school, tmp_path, sealed):
    """The share was kept before; it counts, and that is said, with its link where it has one."""
    key, occupied = tmp_path / "mine.pem", tmp_path / "occupied"
    occupied.write_bytes(b"mine")
    run("share", "key", "--out", key, "--no-passphrase")
    record = school.record("--holder-key", f"{key}.pub")
    create = ("--audience", AUDIENCE, *PRESET, "--key", key, "--out", occupied, *sealed)
    for given, where in (
        (record["token_file"], ()),
        (record["code"], ("--workspace", school.workspace)),
    ):
        refused = run("share", "create", given, *create, *where)
        assert refused.exit_code == 2
        assert f"{occupied}: " in refused.stderr
        listed = json.loads(run("share", "list", given, "--json", *where).stdout)
        (kept,) = [each["share"] for each in listed]
        if sealed and not where:
            assert refused.stdout == ""
            assert f"The share {kept} is kept, but without its file" in refused.stderr
        else:
            assert f"share  {kept}\n" in refused.stdout
            assert "url    https://" in refused.stdout
            assert "The share was made, but not its picture" in refused.stderr
    assert occupied.read_bytes() == b"mine"


def test_a_withdrawn_record(school):
    printed = school.record()
    share = school.share(printed["code"], *PRESET)
    school.do("revoke", printed["code"])
    for record in (printed["code"], printed["token_file"]):
        wanted = ("share", "create", record, "--audience", AUDIENCE, *PRESET)
        assert "is withdrawn, or was issued anew since" in school.refused(*wanted)
    assert "is withdrawn" in school.refused("share", "reset", share["share"])
    assert [each["share"] for each in school.shares()] == [share["share"]]


def test_the_file_from_before_everything_was_reset(school):
    printed = school.record()
    old = school.folder / "old.cose"
    old.write_bytes(Path(printed["token_file"]).read_bytes())
    school.do("share", "reset", "--all", printed["code"], "--out", school.out)
    refused = school.refused("share", "create", old, "--audience", AUDIENCE, *PRESET)
    assert "is withdrawn, or was issued anew since" in refused
    assert school.shares() == []


def test_a_record_of_another_issuer(run, prepared, tmp_path):
    """It would take the place of a share of this one's."""
    where = ("--workspace", tmp_path / "workspace")
    run("init", "--issuer", "school.example.org", "--no-passphrase", *where)
    arguments = ("share", "create", prepared.record["token_file"], "--audience", AUDIENCE, *PRESET)
    refused = run(*arguments, "--key", prepared.record["holder_key_file"], *where)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "is a record of learn.example.edu, and this workspace is that of" in refused.stderr
    assert json.loads(run("share", "list", "--json", *where).stdout) == []


def test_no_share_outlives_its_record(school):
    code = school.record(expires_at=in_days(10))["code"]
    wanted = ("share", "create", code, "--audience", AUDIENCE, *PRESET)
    refused = school.refused(*wanted)
    assert "the share would end after the record, which is valid until" in refused
    assert school.shares() == []
    assert school.share(code, *PRESET, "--days", "9")["record"] == code


def test_what_the_record_does_not_have(school):
    fields = {"final_score": None, "assessments": [], "identity_checks": []}
    bare = {name: value for name, value in (RECORD | fields).items() if value}
    file = school.folder / "bare.json"
    file.write_text(json.dumps(bare))
    code = school.do("issue", file, "--record")["code"]
    wanted = ("share", "create", code, "--audience", AUDIENCE)
    assert "has none of what this preset reveals" in school.refused(*wanted, *PRESET)
    refused = school.refused(*wanted, "--show", "assessments[0]")
    assert "assessments[0]: the record has no assessments" in refused
    assert school.shares() == []


def test_a_closed_issuer_shares_nothing_any_more(school):
    code = school.record()["code"]
    school.do("close", "--yes")
    wanted = ("share", "create", code, "--audience", AUDIENCE, *PRESET, "--sealed")
    assert "closed" in school.refused(*wanted)
    assert "is closed: its status lists can never change" in school.refused(
        "share", "reset", "--all", code
    )
    assert not [*school.sealed.glob("*")]


def test_a_public_half_that_everybody_may_read(run, prepared, tmp_path):
    public = tmp_path / "mine.pem.pub"
    public.write_bytes(Path(f"{prepared.key}.pub").read_bytes())
    public.chmod(0o644)
    options = ("--audience", AUDIENCE, *PRESET, "--key", public)
    result = run("share", "create", prepared.learners["token_file"], *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{public}: this is the public half of a key" in result.stderr
