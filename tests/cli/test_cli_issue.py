"""issue: JSON in, token, link, QR code and size report out."""

import copy
import io
import json
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sample_certificate import CERTIFICATE

import signedcert as sc
import signedcert.cli.issuing as cli_issuing
import signedcert.cli.reissue as cli_reissue
from conftest import key_file
from signedcert.cli.screen import Screen
from signedcert.cli.size_output import print_sizes
from signedcert.model.code import id_from_code
from signedcert.qr.size_report import Saving, Sizes
from signedcert.workspace import atomic_files
from signedcert.workspace.workspace import Workspace


def changed(**fields):
    return json.dumps(CERTIFICATE | fields)


def test_what_is_printed_is_what_was_signed(issued, token, trust_file):
    trust = sc.Trust.from_bundle(trust_file.read_bytes())
    verdict = sc.verify_text(issued["url"], trust, now=datetime.now(UTC))
    assert verdict.status is sc.Status.VALID
    assert verdict.statement.code == issued["code"]
    shown = verdict.statement.model_dump(mode="json", exclude_defaults=True)
    for name, value in CERTIFICATE.items():
        assert shown[name] == value
    assert sc.token_from_text(issued["url"]) == token
    assert Path(issued["token_file"]).name == f"{issued['code']}.cose"
    assert len(issued["code"].split("-")) == 4
    sizes = issued["sizes"]
    assert sizes["token"] == len(token)
    parts = [sizes[name] for name in ("format_byte", "kid", "signature", "payload")]
    assert parts[:3] == [1, 8, 64]
    assert sum(parts) == sizes["packed"]
    assert sizes["link"] == len(issued["url"])
    assert issued["qr_version"] == sizes["qr_version"]
    assert sizes["qr_modules"] == 17 + 4 * sizes["qr_version"]


def test_people_get_url_code_files_and_what_would_shrink_it(run, workspace):
    result = run("issue", "-", "--workspace", workspace, stdin=changed(
        course=CERTIFICATE["course"] | {"description": "All about processes. " * 20}))  # fmt: skip
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    code = lines[0].split()[1]
    assert lines[1].split()[1].startswith("https://learn.example.edu/c/#A")
    for ending in ("cose", "png", "svg"):
        path = workspace / "issued" / f"{code}.{ending}"
        assert path.exists()
        assert f"wrote  {path}" in lines
    report = result.stdout[result.stdout.index("what would shrink it") :].splitlines()[1:]
    assert report[0].split()[1] == "course.description"
    saved = [int(line.split()[2]) for line in report]
    assert saved == sorted(saved, reverse=True)
    assert "signature" in result.stdout


def test_a_file_works_like_standard_input_with_a_byte_order_mark(run, workspace, tmp_path):
    path = tmp_path / "in.json"
    path.write_bytes(b"\xef\xbb\xbf" + changed().encode())
    result = run("issue", path, "--workspace", workspace, "--out", tmp_path / "new" / "folder")
    assert result.exit_code == 0, result.output
    assert len(list((tmp_path / "new" / "folder").iterdir())) == 3


def test_id_and_moment_are_taken_where_they_are_given(run, workspace, tmp_path):
    stated = {"id": "0123-4567-89AB-CDEF", "issuer": "learn.example.edu"}
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    arguments = ("issue", "-", "--workspace", workspace, "--out", tmp_path, "--json")
    text = changed(**stated, issued_at=moment)
    assert json.loads(run(*arguments, stdin=text).stdout)["code"] == stated["id"]
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    again = run(*arguments, stdin=text)
    assert again.exit_code == 2
    assert f"{stated['id']}.cose exists; nothing was signed" in again.stderr
    assert before == {path: path.read_bytes() for path in tmp_path.iterdir()}


def test_every_wrong_field_is_named_with_what_was_expected(run, workspace):
    wrong = copy.deepcopy(CERTIFICATE)
    wrong["course"]["syllabus"][0]["hours"] = -1
    wrong["course"]["sylabus"] = []
    wrong["learner"] = "Jacob"
    wrong["skills"] = [{"name": "x"}, 5]
    wrong["limitations"] = ["no_degree_credits"]
    wrong["issuer"] = "other.example.org"
    wrong["expires_at"] = "2026-11-02T10:00:00"
    wrong["language"] = "English!"
    del wrong["completed_on"]
    result = run("issue", "-", "--workspace", workspace, stdin=json.dumps(wrong))
    assert result.exit_code == 2
    lines = {
        line.strip().partition(": ")[0]: line.strip().partition(": ")[2]
        for line in result.stderr.splitlines()[1:]
    }
    assert lines["course.syllabus[0].hours"] == "expected a number that is not negative"
    assert lines["course.sylabus"] == "there is no such field; did you mean syllabus?"
    assert lines["learner"] == "expected an object with the fields name, latin_name"
    assert "the framework's entry" in lines["skills[0].url"]
    assert lines["skills[1]"] == "expected an object with the fields name, url"
    assert "no_degree_credit" in lines["limitations[0]"]
    assert "learn.example.edu" in lines["issuer"]
    assert "time zone" in lines["expires_at"] or "moment" in lines["expires_at"]
    assert "BCP 47" in lines["language"]
    assert "the day it was completed" in lines["completed_on"]
    assert f"{len(lines)} wrong fields" in result.stderr.splitlines()[0]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("learner", {"name": "a\u202eb"}, "learner.name: character U+202E"),
        ("learner", {"name": "\x1b[31m"}, "U+001B"),
        ("learner", {"name": ""}, "empty"),
        ("skills", "Process Analysis", "skills: expected a list"),
        ("skills", ["x"] * 51, "skills: there are 51 items, at most 50 are allowed"),
        ("completed_on", "2026-13-01", "completed_on: "),
        ("completed_on", "2026-11-02T10:00:00Z", "calendar date"),
        ("result", {}, "result: set at least one field"),
        ("result", {"score": 1e400}, "decimal places"),
        ("nonsense", 1, "nonsense: there is no such field; there are"),
        ("issued_at", "2199-01-01T00:00:00Z", "issued_at: it lies in the future"),
        ("expires_at", "2001-01-01T00:00:00Z", "never valid"),
        ("issuer", 5, "issuer: "),
    ],
)
def test_one_wrong_field(run, workspace, field, value, words):
    text = changed(**{field: value}).replace("Infinity", "1e400")
    result = run("issue", "-", "--workspace", workspace, stdin=text)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "1 wrong field," in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"a": 1,\n "b": 2, "a": 3}', "line 2, column 10: the member 'a' is repeated"),
        (b'{"x": {"a": 1, "a": 3}}', "column 16: the member 'a' is repeated"),
        (b'{"a": 1,\n  b: 2}', "line 2, column 3: expected a name in double quotes"),
        (b'{"a": 1 "b": 2}', "line 1, column 9: expected ',' or '}'"),
        (b'{"a" 1}', "expected ':'"),
        (b'{"a": }', "line 1, column 7: expected a value"),
        (b'{"a": 1', "line 1, column 8"),
        (b'{"a": 1} x', "column 10: Extra data"),
        (b'{"a": "\xff"}', "not UTF-8 at line 1, byte 8"),
        (b'{\n"a": "\xff"}', "not UTF-8 at line 2, byte 7"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"1" * 5000, "digits"),
        (b"[]", "expected a JSON object"),
        (b"", "it is empty"),
        (b" " * 1_000_001, "more than 1000000 bytes"),
        (b"\x89PNG", "not UTF-8"),
    ],
)
def test_what_is_not_strict_json_is_refused_with_its_place(run, workspace, data, words):
    result = run("issue", "-", "--workspace", workspace, stdin=data)
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_numbers_keep_every_digit(run, workspace, tmp_path):
    text = changed(result={"score": "@"}).replace('"@"', "92.10")
    arguments = ("issue", "-", "--workspace", workspace, "--out", tmp_path, "--json")
    printed = json.loads(run(*arguments, stdin=text).stdout)
    inspected = run("inspect", printed["token_file"], "--json")
    assert json.loads(inspected.stdout)["statement"]["result"] == {"score": 92.1}


def test_a_course_record_needs_its_own_flag(run, workspace, tmp_path, trust_file):
    record = {
        "learner": {"name": "A"},
        "course": {"title": "T", "institution": "I"},
        "assessments": [{"title": "Quiz 1", "kind": "quiz", "score": 9, "maximum": 10}],
    }
    arguments = ("issue", "-", "--workspace", workspace, "--out", tmp_path)
    refused = run(*arguments, stdin=json.dumps(record))
    assert refused.exit_code == 2
    assert "assessments" in refused.stderr
    result = run(*arguments, "--record", "--json", stdin=json.dumps(record))
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    # Its link would show all of it to whoever has it.
    assert (printed["url"], printed["qr_version"]) == (None, None)
    verdict = run("verify", printed["token_file"], "--trust", trust_file, "--json")
    assert json.loads(verdict.stdout)["statement"]["assessments"][0]["title"] == "Quiz 1"


def test_too_much_for_a_qr_code_is_still_issued(run, workspace, tmp_path):
    # Text that does not compress.
    noise = [os.urandom(100).hex() for _ in range(20)]
    text = changed(course=CERTIFICATE["course"] | {"syllabus": [{"title": n} for n in noise]})
    arguments = ("issue", "-", "--workspace", workspace, "--out", tmp_path)
    printed = json.loads(run(*arguments, "--json", stdin=text).stdout)
    assert printed["qr_version"] is None
    assert printed["qr_files"] == []
    assert [path.suffix for path in tmp_path.iterdir()] == [".cose"]
    shown = run(*arguments, stdin=text)
    assert "too large for any" in shown.stdout
    assert "without course.syllabus" in shown.stdout


def test_too_much_for_a_token_is_refused(run, workspace, tmp_path):
    titles = [{"title": "x" * 300, "topics": ["y" * 300]} for _ in range(100)]
    text = changed(course=CERTIFICATE["course"] | {"syllabus": titles})
    result = run("issue", "-", "--workspace", workspace, "--out", tmp_path, stdin=text)
    assert result.exit_code == 2
    assert "16384" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_outside_of_the_key_period_nothing_is_signed(run, workspace, tmp_path):
    for moment in ("2020-01-01T00:00:00Z", "2199-01-01T00:00:00Z"):
        result = run("issue", "-", "--workspace", workspace, "--out", tmp_path, "--now", moment,
                     stdin=changed())  # fmt: skip
        assert result.exit_code == 2
        assert "no signing key" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_naive_now_is_wrong_usage(run, workspace):
    result = run("issue", "-", "--workspace", workspace, "--now", "2026-11-02T10:00:00",
                 stdin=changed())  # fmt: skip
    assert result.exit_code == 2
    assert "time zone" in result.stderr


@pytest.fixture
def own_workspace(workspace, tmp_path):
    ignored = shutil.ignore_patterns("issued")
    return Path(shutil.copytree(workspace, tmp_path / "own", ignore=ignored))


@pytest.mark.skipif(os.name == "nt", reason="permissions")
def test_a_key_that_others_may_read_is_refused_with_the_remedy(run, own_workspace):
    key = key_file(own_workspace)
    key.chmod(0o640)
    result = run("issue", "-", "--workspace", own_workspace, stdin=changed())
    assert result.exit_code == 2
    assert f"chmod 600 {key}" in result.stderr
    key.chmod(0o600)
    assert run("issue", "-", "--workspace", own_workspace, stdin=changed()).exit_code == 0


def test_an_encrypted_key_needs_its_passphrase(run, tmp_path):
    right = {"SIGNEDCERT_PASSPHRASE": "right"}
    folder = tmp_path / "w"
    assert run("init", "--workspace", folder, "--issuer", "a.example", **right).exit_code == 0
    arguments = ("issue", "-", "--workspace", folder)
    assert run(*arguments, stdin=changed(), **right).exit_code == 0
    wrong = run(*arguments, stdin=changed(), SIGNEDCERT_PASSPHRASE="guess-42")
    assert wrong.exit_code == 2
    assert "wrong passphrase" in wrong.stderr
    assert "guess-42" not in wrong.output
    missing = run(*arguments, stdin=changed())
    assert missing.exit_code == 2
    assert "SIGNEDCERT_PASSPHRASE" in missing.stderr


def test_a_passphrase_around_does_not_disturb_a_key_in_the_clear(run, workspace):
    result = run("issue", "-", "--workspace", workspace, stdin=changed(), SIGNEDCERT_PASSPHRASE="x")
    assert result.exit_code == 0


@pytest.mark.parametrize("content", [b"", b"garbage", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_damaged_key_file_is_refused_without_quoting_it(run, own_workspace, content):
    key = key_file(own_workspace)
    key.write_bytes(content)
    result = run("issue", "-", "--workspace", own_workspace, stdin=changed())
    assert result.exit_code == 2
    assert f"{key}: " in result.stderr
    assert "private key file" in result.stderr
    assert "AAAA" not in result.output


def test_a_key_file_of_another_key_is_refused(run, own_workspace):
    key = key_file(own_workspace)
    key.write_bytes(sc.SoftwareSigner.generate().to_pem(None))
    result = run("issue", "-", "--workspace", own_workspace, stdin=changed())
    assert result.exit_code == 2
    assert "another key" in result.stderr
    assert str(key) in result.stderr


def test_a_missing_key_file_is_said_so(run, own_workspace):
    key = key_file(own_workspace)
    key.unlink()
    result = run("issue", "-", "--workspace", own_workspace, stdin=changed())
    assert result.exit_code == 2
    assert "no signing key" in result.stderr
    assert f"{key} is missing" in result.stderr


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_failure_in_the_middle_leaves_no_file(run, workspace, tmp_path, monkeypatch, failing):
    real, calls = os.link, []

    def unplugged(source, target):
        calls.append(target)
        if len(calls) == failing:
            raise OSError(5, "Input/output error", str(source))
        real(source, target)

    monkeypatch.setattr(atomic_files.os, "link", unplugged)
    arguments = ("issue", "-", "--workspace", workspace, "--out", tmp_path)
    result = run(*arguments, stdin=changed())
    assert result.exit_code == 2
    assert f"{calls[-1]}: Input/output error" in result.stderr
    assert len(calls) == failing
    assert list(tmp_path.iterdir()) == []
    # It is in the ledger, though, and the message says how to get at it.
    monkeypatch.undo()
    code = calls[0].stem
    assert f"signedcert reissue {code} --out DIR" in result.stderr
    again = run("reissue", code, "--workspace", workspace, "--out", tmp_path)
    assert again.exit_code == 0, again.output
    assert len(list(tmp_path.iterdir())) == 3


def test_what_stands_in_the_way_is_named(run, workspace, tmp_path):
    (tmp_path / "file").write_text("x")
    result = run("issue", "-", "--workspace", workspace, "--out", tmp_path / "file",
                 stdin=changed())  # fmt: skip
    assert result.exit_code == 2
    assert str(tmp_path / "file") in result.stderr
    for name in ("missing.json", "."):
        result = run("issue", tmp_path / name, "--workspace", workspace)
        assert result.exit_code == 2
        assert str(tmp_path) in result.stderr


def test_an_id_is_signed_once_whatever_the_folder(run, own_workspace, tmp_path):
    text = changed(id="FEDC-BA98-7654-3210")
    first, second = tmp_path / "first", tmp_path / "second"
    arguments = ("issue", "-", "--workspace", own_workspace, "--json")
    printed = json.loads(run(*arguments, "--out", first, stdin=text).stdout)
    assert printed["token_file"] == str(first / "FEDC-BA98-7654-3210.cose")
    assert [Path(name).parent for name in printed["qr_files"]] == [first, first]
    assert not (own_workspace / "issued").exists()
    for more in (("--out", second), ()):
        again = run(*arguments, *more, stdin=text)
        assert again.exit_code == 2
        assert "issued already" in again.stderr
    assert list(second.iterdir()) == []
    assert list((own_workspace / "issued").iterdir()) == []
    kept = run("reissue", "FEDC-BA98-7654-3210", "--workspace", own_workspace, "--out", second)
    assert kept.exit_code == 0, kept.output
    for name in (printed["token_file"], *printed["qr_files"]):
        assert (second / Path(name).name).read_bytes() == Path(name).read_bytes()


def test_out_may_be_the_folder_of_what_was_issued(run, own_workspace):
    folder = own_workspace / "keys" / ".." / "issued"
    arguments = ("issue", "-", "--workspace", own_workspace, "--out", folder)
    result = run(*arguments, stdin=changed())
    assert result.exit_code == 0, result.output
    assert len(list(folder.iterdir())) == 3


@pytest.mark.skipif(os.name == "nt", reason="permissions")
def test_what_was_issued_is_for_its_owner_alone(run, own_workspace):
    before = os.umask(0)
    try:
        assert run("issue", "-", "--workspace", own_workspace, stdin=changed()).exit_code == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((own_workspace / "issued").stat().st_mode) == 0o700


def test_programs_learn_what_would_shrink_it(issued):
    names = [saving["without"] for saving in issued["savings"]]
    assert {"course.syllabus", "course.workload", "skills"} <= set(names)
    sizes = [saving["bytes"] for saving in issued["savings"]]
    assert sizes == sorted(sizes, reverse=True)
    assert all(list(s) == ["without", "bytes", "qr_version"] for s in issued["savings"])


def test_people_see_what_lowers_the_version_and_three_others():
    versions = {"a": 12, "b": 12, "c": 12, "d": 12, "e": 11, "f": 12, "g": 10}
    savings = [Saving(n, 90 - i, v) for i, (n, v) in enumerate(versions.items())]
    sizes = Sizes(1, 8, 64, 200, 273, 300, 400, 12, "M", 65)
    output = io.StringIO()
    print_sizes(Screen(file=output, width=100), sizes, savings)
    _, _, report = output.getvalue().partition("what would shrink it\n")
    assert [line.split()[1] for line in report.splitlines()] == ["a", "b", "c", "e", "g"]


def test_a_schema_named_for_editors_is_ignored(run, workspace):
    text = changed(**{"$schema": "schemas/certificate-input.json"})
    assert run("issue", "-", "--workspace", workspace, stdin=text).exit_code == 0
    inner = changed(learner={"name": "A", "$schema": "x"})
    assert run("issue", "-", "--workspace", workspace, stdin=inner).exit_code == 2


def test_what_verifiers_will_not_take_for_valid_is_said(run, workspace):
    now = datetime.now(UTC)
    later = (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    past = {"issued_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "expires_at": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"}  # fmt: skip
    result = run("issue", "-", "--workspace", workspace, "--now", later, "--json",
                 stdin=changed(**past))  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "answer INVALID" in result.stderr
    assert json.loads(result.stdout)["code"]
    assert run("issue", "-", "--workspace", workspace, stdin=changed()).stderr == ""


def test_a_place_in_a_status_list_is_the_ledgers_to_give(run, workspace, tmp_path):
    for options in ((), ("--no-status",)):
        result = run("issue", "-", "--workspace", workspace, "--out", tmp_path, *options,
                     stdin=changed(status={"list": 1, "index": 2}))  # fmt: skip
        assert result.exit_code == 2
        assert "leave out the field status" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_help_names_the_schema_of_what_is_written(run):
    assert "schemas/certificate-input.json" in run("issue", "--help", COLUMNS="200").stdout


@pytest.mark.parametrize("name", ["issue", "supersede", "reissue"])
@pytest.mark.parametrize("end", ["compromise", "close"])
def test_what_ends_while_something_is_signed_keeps_it_in_the_ledger(own, monkeypatch, name, end):
    old = own.issue()
    workspace = ("--workspace", own.workspace)
    arguments = {"compromise": (own.key, *workspace), "close": ("--yes", *workspace)}[end]

    def ending(module, function):
        real = getattr(module, function)

        def recorded(*given, **more):
            done = real(*given, **more)
            assert own.run(end, *arguments).exit_code == 0
            return done

        monkeypatch.setattr(module, function, recorded)

    if name == "reissue":
        ending(cli_reissue, "reissue_one")
    else:
        ending(cli_issuing, "issue_recorded")
    code = {"issue": (), "supersede": (old["code"],), "reissue": ("--anew", old["code"])}[name]
    file = () if name == "reissue" else ("-",)
    new = own.folder / "new"
    text = json.dumps(CERTIFICATE)
    result = own.run(name, *code, *file, *workspace, "--out", new, stdin=text)
    assert (result.exit_code, result.stdout) == (2, "")
    expected = "closed meanwhile" if end == "close" else "declared compromised meanwhile"
    assert expected in result.stderr
    assert [*new.iterdir()] == []
    with Workspace.open(own.workspace).open_ledger(datetime.now(UTC)) as ledger:
        assert ledger.history_by_id(id_from_code(old["code"])) == []
