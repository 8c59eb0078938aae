"""Course records: whose key shares them, their files, and what becomes of them later."""

import json
import re
from pathlib import Path

import pytest
from own_issuer import contents, in_days
from record_issuer import RECORD, RecordIssuer, reasons
from sample_certificate import CERTIFICATE

from signedcert import SoftwareSigner, new_id
from signedcert.model.code import code_from_id
from signedcert.share import HeldRecord

SECRETS = {"SIGNEDCERT_PASSPHRASE": "signing-42", "SIGNEDCERT_ROOT_PASSPHRASE": "rooting-42"}
TEXT = json.dumps(RECORD)
PRESET = ("--preset", "final-score")


def mode(path):
    return Path(path).stat().st_mode & 0o777


def holder_files(school):
    return {*(school.workspace / "holders").glob("*")}


def test_with_a_share_key_in_the_workspace(school):
    printed = school.record()
    token = Path(printed["token_file"])
    assert printed == {
        "code": token.stem,
        "url": None,
        "token_file": str(token),
        "qr_version": None,
        "sizes": {"token": len(token.read_bytes())},
        "holder_key": printed["holder_key"],
        "holder_key_file": printed["holder_key_file"],
        "recovery_code": None,
    }
    # No link and no picture: either would show all of it to whoever has it.
    assert [*school.out.iterdir()] == [token]
    kept = Path(printed["holder_key_file"])
    assert holder_files(school) == {kept}
    assert SoftwareSigner.from_pem(kept.read_bytes()).public_key.raw.hex() == printed["holder_key"]
    assert (mode(token), mode(kept), mode(kept.parent)) == (0o600, 0o600, 0o700)
    told = school.told("issue", "-", "--record", "--out", school.out, stdin=TEXT)
    assert "it shows everything in it, and is for the learner alone" in told
    assert "this workspace shares for the learner" in told
    assert "url" not in told


def test_with_a_share_key_of_the_learners(run, school, tmp_path):
    private, public = tmp_path / "mine.pem", tmp_path / "mine.pem.pub"
    assert run("share", "key", "--out", private, "--no-passphrase").exit_code == 0
    assert mode(private) == 0o600
    printed = school.record("--holder-key", public)
    key = SoftwareSigner.from_pem(private.read_bytes()).public_key
    assert printed["holder_key"] == key.raw.hex()
    assert printed["holder_key_file"] is printed["recovery_code"] is None
    assert holder_files(school) == set()
    told = school.told("issue", "-", "--record", "--out", school.out, "--holder-key", public,
                       stdin=TEXT)  # fmt: skip
    assert "the learner's own" in told
    assert "this workspace shares for the learner" not in told


def test_with_a_recovery_code(school):
    printed = school.record("--recovery-code")
    code = printed["recovery_code"]
    assert re.fullmatch("([0-9A-Z]{4}-){6}[0-9A-Z]{4}", code)
    key = SoftwareSigner.from_recovery_code(code).public_key
    assert printed["holder_key"] == key.raw.hex()
    assert printed["holder_key_file"] is None
    told = school.told("issue", "-", "--record", "--out", school.out, "--recovery-code", stdin=TEXT)
    (other,) = re.findall("(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}", told)
    assert other != code
    assert "It is not stored and not shown again." in told


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--record", "--recovery-code", "--holder-key", "PUBLIC"), "contradict each other"),
        (("--recovery-code",), "go with --record"),
        (("--holder-key", "PUBLIC"), "go with --record"),
        (("--record", "--holder-key", "PRIVATE"), "PRIVATE: this is the private half"),
        (("--record", "--holder-key", "GARBAGE"), "GARBAGE: "),
        (("--record", "--holder-key", "MISSING"), "No such file"),
    ],
)
def test_a_share_key_that_is_none(run, school, tmp_path, options, words):
    run("share", "key", "--out", tmp_path / "PRIVATE", "--no-passphrase")
    (tmp_path / "PRIVATE.pub").rename(tmp_path / "PUBLIC")
    (tmp_path / "GARBAGE").write_bytes(b"garbage")
    given = [tmp_path / each if each.isupper() else each for each in options]
    refused = school.refused("issue", "-", "--out", school.out, *given, stdin=TEXT)
    assert words in refused
    assert not school.out.exists()
    assert holder_files(school) == set()


def test_nothing_of_a_record_that_was_not_issued_is_left(school):
    printed = school.record()
    before = contents(school.folder)
    again = ("issue", "-", "--record", "--out")
    same = TEXT[:-1] + f', "id": "{printed["code"]}"}}'
    assert "exists; nothing was signed" in school.refused(*again, school.out, stdin=same)
    assert "was issued already" in school.refused(*again, school.folder / "new", stdin=same)
    large = RECORD | {"assessments": [{"title": "x" * 290, "kind": "y" * 90}] * 200}
    assert "bytes" in school.refused(*again, school.out, stdin=json.dumps(large))
    ledger = school.workspace / "ledger.sqlite"
    assert {**contents(school.folder), ledger: b""} == {**before, ledger: b""}


def test_a_share_key_is_encrypted_as_the_signing_keys_are(run, tmp_path):
    locked = RecordIssuer(run, tmp_path, **SECRETS)
    printed = locked.record()
    pem = Path(printed["holder_key_file"]).read_bytes()
    assert b"ENCRYPTED" in pem
    SoftwareSigner.from_pem(pem, SECRETS["SIGNEDCERT_PASSPHRASE"].encode())
    assert locked.share(printed["code"], *PRESET)["record"] == printed["code"]
    wanted = ("share", "create", printed["code"], "--audience", "Acme HR", *PRESET)
    refused = locked.refused(*wanted, SIGNEDCERT_PASSPHRASE="guess-17")
    assert "wrong passphrase" in refused
    assert "guess-17" not in refused
    assert len(locked.shares()) == 1


def test_inspected_it_shows_everything_and_proves_nothing(run, school):
    printed = school.record()
    shown = run("inspect", printed["token_file"])
    assert shown.exit_code == 0
    assert shown.stdout.startswith("Nothing here was verified.")
    for words in ("course record", "Jacob Ångström", "91.5", "Week 1 quiz", "Final exam"):
        assert words in shown.stdout
    assert "withheld" not in shown.stdout
    content = json.loads(run("inspect", printed["token_file"], "--json").stdout)
    assert (content["verified"], content["kind"]) == (False, "course record")
    assert content["holder_signature"] is None
    assert content["sizes"]["token"] == printed["sizes"]["token"]
    assert {name: content["statement"][name] for name in RECORD} == RECORD


def test_verified_without_a_share_it_is_undecided(run, school):
    printed = school.record()
    school.publish_and_fetch()
    for verdict in (
        school.opened(printed["token_file"]),
        json.loads(run("verify", printed["token_file"], "--trust", school.store, "--json").stdout),
    ):
        assert verdict["status"] == "INDETERMINATE"
        assert reasons(verdict) == {"HOLDER": "not_presented"}
        of_share = [each["reason"] for each in verdict["findings"][8:]]
        assert of_share == ["no_share", "not_presented", "no_share", "no_share"]
        assert verdict["statement"]["final_score"] == RECORD["final_score"]
    told = school.seen(printed["token_file"])
    assert "Nobody says with the record's share key that it is shown to you." in told
    # Who names the audience asks about a share, and this is none.
    asked = school.opened(printed["token_file"], "--audience", "Acme HR")
    assert reasons(asked) == {"HOLDER": "not_presented"}


def test_withdrawn_it_takes_its_shares_along(school):
    printed, other = school.record(), school.record()
    share, beside = (school.share(each["code"], *PRESET) for each in (printed, other))
    school.publish_and_fetch()
    assert school.opened(share["url"])["status"] == "VALID"
    school.do("revoke", printed["code"], "--reason", "mistake")
    assert {each["share"]: each["state"] for each in school.shares()} == {
        share["share"]: "withdrawn",
        beside["share"]: "active",
    }
    school.publish_and_fetch()
    assert reasons(school.opened(share["url"])) == {"STATUS": "revoked"}
    assert school.opened(printed["token_file"])["status"] == "INVALID"
    assert school.opened(beside["url"])["status"] == "VALID"


def test_its_file_again_is_the_same_and_the_owners(school):
    printed = school.record()
    (again,) = school.do("reissue", printed["code"], "--out", school.folder / "again")
    path = school.folder / "again" / Path(printed["token_file"]).name
    assert again == {"code": printed["code"], "url": None, "token_file": str(path)}
    assert path.read_bytes() == Path(printed["token_file"]).read_bytes()
    assert mode(path) == 0o600


def test_signed_anew_its_shares_stay_good(school):
    printed = school.record()
    share = school.share(printed["code"], *PRESET)
    school.do("rotate", "--no-passphrase")
    later = ("--now", in_days(0.001))
    (anew,) = school.do("reissue", "--anew", printed["code"], "--out", school.folder / "new",
                        *later)  # fmt: skip
    assert Path(anew["token_file"]).read_bytes() != Path(printed["token_file"]).read_bytes()
    assert school.place(anew) == school.place(printed)
    other = school.share(anew["token_file"], *PRESET, *later)
    assert share["slot"] != other["slot"]
    school.publish_and_fetch()
    for each in (share, other):
        assert school.opened(each["url"], *later)["status"] == "VALID"


def test_a_corrected_record_keeps_the_learners_key(school):
    printed = school.record()
    share = school.share(printed["code"], *PRESET)
    better = json.dumps(RECORD | {"final_score": {"score": 95, "maximum": 100}})
    arguments = ("supersede", printed["code"], "-", "--record", "--out", school.out)
    done = school.do(*arguments, stdin=better)
    assert done["supersedes"] == printed["code"] != done["code"]
    assert done["holder_key"] == printed["holder_key"]
    other = school.share(done["code"], *PRESET)
    school.publish_and_fetch()
    assert reasons(school.opened(share["url"])) == {"STATUS": "revoked"}
    verdict = school.opened(other["url"])
    assert verdict["status"] == "VALID"
    assert verdict["statement"]["final_score"]["score"] == 95
    assert "was superseded already" in school.refused(*arguments, stdin=better)


def test_a_certificate_and_a_record_do_not_correct_each_other(school):
    printed, record = school.issue(), school.record()
    with_record = ("supersede", printed["code"], "-", "--record", "--out", school.out)
    assert "this is no course record" in school.refused(*with_record, stdin=TEXT)
    with_certificate = ("supersede", record["code"], "-", "--out", school.out)
    refused = school.refused(*with_certificate, stdin=json.dumps(CERTIFICATE))
    assert "is a course record: correct it with --record" in refused
    assert school.published_verdict(printed["url"])[0] == "VALID"
    assert reasons(school.opened(record["token_file"])) == {"HOLDER": "not_presented"}


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_recovery_code_is_told_though_the_file_cannot_be_written(run, school, tmp_path, more):
    """It is in no other place."""
    code = code_from_id(new_id())
    # Nothing is written through a link.
    (tmp_path / f"{code}.cose").symlink_to(tmp_path / "nowhere")
    result = run("issue", "-", "--record", "--workspace", school.workspace, "--recovery-code",
                 "--out", tmp_path, *more, stdin=json.dumps(RECORD | {"id": code}),
                 **school.env)  # fmt: skip
    assert result.exit_code == 2
    assert f"{code} is signed and in the ledger; write its file elsewhere with" in result.stderr
    assert "wrote" not in result.stdout
    told = json.loads(result.stdout)["recovery_code"] if more else result.stdout
    found = re.search(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}", told)
    key = SoftwareSigner.from_recovery_code(found[0]).public_key
    [again] = school.do("reissue", code, "--out", tmp_path / "again")
    held = HeldRecord.open(Path(again["token_file"]).read_bytes())
    assert held.visible.holder_key == key.raw


def test_the_wrong_kind_of_document(run, school):
    for document, options, said in (
        (RECORD, (), "reads like a course record, which is issued with --record"),
        (CERTIFICATE, ("--record",), "reads like a certificate, which is issued without --record"),
    ):
        result = run("issue", "-", *options, "--workspace", school.workspace,
                     stdin=json.dumps(document), **school.env)  # fmt: skip
        assert result.exit_code == 2
        assert said in result.stderr
