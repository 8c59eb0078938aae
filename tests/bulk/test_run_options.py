"""Where a run writes, what its look depends on, and whom it tells its secrets."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from as_owner import run_bound
from pyarrow import parquet
from run_school import make_school, row, write_roster
from test_run import School
from typer.testing import CliRunner

from signedcert.bulk.roster.reading import Roster
from signedcert.bulk.run import issue_run
from signedcert.bulk.run.look import look_of
from signedcert.bulk.run.printing import Printing
from signedcert.cli.app import app
from signedcert.documents.theme import read_theme

PASSPHRASE = "a passphrase of twenty letters"
ERRORS_HEADER = "\ufeffline,key,learner,reason\r\n"


@pytest.fixture
def school(tmp_path):
    return School(tmp_path)


class TestFiles:
    @pytest.mark.parametrize("link", [None, "symlink_to", "hardlink_to"])
    def test_the_roster_is_no_list_of_errors_by_whatever_name(self, school, link):
        roster = school.folder / "x.errors.csv"
        given = roster if link is None else school.folder / "roster.csv"
        given.write_text(f"{ERRORS_HEADER}2,,A Learner,none\r\n", encoding="utf-8", newline="")
        if link is not None:
            getattr(roster, link)(given)
        said = school.refused("bulk", "issue", given, "--out", school.folder / "x.parquet")
        assert "x.errors.csv is the roster, and no list of errors" in said
        assert given.read_text(encoding="utf-8").count("\n") == 2
        assert not (school.folder / "x.parquet.partial").exists()

    def test_the_mapping_is_neither(self, school):
        roster = school.roster(row(1))
        mapping = school.folder / "mapping.toml"
        mapping.write_text("", encoding="utf-8")
        command = ("bulk", "issue", roster, "--mapping", mapping)
        said = school.refused(*command, "--out", school.folder / "o", "--errors", mapping)
        assert "is the mapping" in said
        assert "is the mapping" in school.refused(*command, "--out", mapping)
        assert "is the roster" in school.refused(*command, "--out", roster)

    def test_out_and_errors_are_two(self, school):
        roster, out = school.roster(row(1)), school.folder / "out.parquet"
        (school.folder / "same").symlink_to(school.folder)
        for errors in (out, school.folder / "same" / "out.parquet"):
            said = school.refused("bulk", "issue", roster, "--out", out, "--errors", errors)
            assert "is --out, and no list of errors" in said

    @pytest.mark.parametrize("out", [".", "/", "..", "folder"])
    def test_a_folder_is_no_out(self, school, out, monkeypatch):
        monkeypatch.chdir(school.folder)
        Path("folder").mkdir()
        roster = school.roster(row(1))
        said = school.refused("bulk", "issue", roster, "--out", out)
        assert "name a file, and not a folder" in said
        said = school.refused("bulk", "issue", roster, "--out", "o.parquet", "--errors", out)
        assert "name a file, and not a folder" in said

    def test_an_out_that_is_a_link_to_nothing_is_refused_before_any_work(self, school):
        out = school.folder / "out.parquet"
        out.symlink_to(school.folder / "nothing")
        assert "a link to nothing" in school.refused("bulk", "issue", school.roster(), "--out", out)

    def test_out_has_the_name_of_what_it_will_be(self, school):
        roster = school.roster(row(1))
        for name in ("certificates.csv", "certificates"):
            said = school.refused("bulk", "issue", roster, "--out", school.folder / name)
            assert said.endswith("certificates are written as Parquet; name it FILE.parquet\n")

    def test_a_folder_whose_name_is_no_utf_8(self, school):
        inner = school.folder / os.fsdecode(b"sch\xfcler")
        inner.mkdir()
        roster = inner / "roster.parquet"
        with roster.open("wb") as file:
            rows = [{"learner": f"Learner {n}", "course": "C", "institution": "I",
                     "completed_on": "2026-11-01"} for n in range(3)]  # fmt: skip
            parquet.write_table(pa.Table.from_pylist(rows), file)
        out, trust = inner / "out.parquet", inner / "trust.bundle"
        command = ("bulk", "issue", roster, "--out", out, "--json")
        for finished in (False, True):
            code, printed, said = school.run(*command)
            assert code == 0, said
            assert json.loads(printed)["finished_before"] is finished
        code, printed, said = school.run("bulk", "record", out, "--json")
        assert (code, json.loads(printed)["known"]) == (0, 3), said
        trust.write_bytes(school.owner.trust().to_bundle())
        for name in ("verdicts.csv", "verdicts.parquet"):
            arguments = [str(each) for each in (out, "--trust", trust, "--out", inner / name)]
            result = CliRunner().invoke(app, ["bulk", "verify", *arguments])
            assert result.exit_code == 3, result.output  # no status list is published
            assert (inner / name).exists()

    def test_a_file_with_nothing_in_it_is_no_roster(self, school):
        for content in (b"", b"\n\n", b"\xef\xbb\xbf"):
            roster = school.folder / "nothing.csv"
            roster.write_bytes(content)
            out = school.folder / "out.parquet"
            assert "it is empty" in school.refused("bulk", "issue", roster, "--out", out, code=4)

    @pytest.mark.parametrize("kept", [False, True], ids=["nothing kept", "parts kept"])
    def test_a_roster_that_changes_meanwhile_may_be_begun_again(self, school, monkeypatch, kept):
        monkeypatch.setattr(issue_run, "CHUNK_ROWS", 1 if kept else 100)
        roster, out = school.roster(*map(row, range(20))), school.folder / "out.parquet"
        command = ("bulk", "issue", roster, "--out", out)
        unchanged, looks = Roster._check_unchanged, []

        def changing(self):
            looks.append(self)
            if len(looks) == 2:  # the first is for the fingerprint
                with roster.open("a", encoding="utf-8") as file:
                    file.write(row(20))
            unchanged(self)

        monkeypatch.setattr(Roster, "_check_unchanged", changing)
        said = school.refused(*command)
        assert "the file was changed while it was read; start again" in said
        left = Path(f"{out}.partial")
        assert left.exists() is kept
        assert (f"remove {left}, and give the same command" in said) is kept
        if kept:
            assert "depends on something else" in school.refused(*command)
            shutil.rmtree(left)
        code, printed, _ = school.run(*command, "--json")
        assert code == 0
        assert json.loads(printed)["rows"] == 21
        with school.owner.open_ledger(datetime.now(UTC)) as ledger:
            assert ledger.counts().issued == 21

    def test_folders_for_printed_certificates_are_for_their_owner_alone(self, school):
        pictures = school.folder / "new" / "pictures"
        school.issue(school.roster(row(1)), "out", "--qr", pictures)
        assert len(list(pictures.rglob("*.png"))) == 1
        assert stat.S_IMODE(pictures.stat().st_mode) == 0o700

    def test_what_a_cluster_wrote_may_lie_in_a_folder_that_is_named_as_a_file(self, school):
        school.issue(school.roster(row(1)), "one")
        folder = school.folder / "all" / "issued.parquet"
        folder.mkdir(parents=True)
        (school.folder / "one.parquet").rename(folder / "part-0.parquet")
        code, printed, said = school.run("bulk", "record", folder.parent, "--json")
        assert (code, json.loads(printed)["known"]) == (0, 1), said

    def test_folders_that_are_missing_are_found_before_any_work(self, school):
        roster, out = school.roster(row(1)), school.folder / "out.parquet"
        missing = school.folder / "missing" / "file"
        assert "there is no folder" in school.refused("bulk", "issue", roster, "--out", missing)
        said = school.refused("bulk", "issue", roster, "--out", out, "--errors", missing)
        assert "--errors" in said
        assert "there is no folder" in said
        assert not (school.folder / "out.parquet.partial").exists()

    def test_folders_that_may_not_be_written_are_found_before_any_work(self, school):
        kept = school.folder / "kept"
        kept.mkdir(mode=0o500)
        arguments = ("bulk", "issue", school.roster(row(1)), "--workspace", school.workspace)
        done = run_bound(*arguments, "--out", kept / "out")
        assert done.returncode == 2, done.stderr
        assert "cannot be written to" in done.stderr
        assert list(kept.iterdir()) == []

    def test_another_list_of_errors_makes_no_other_run(self, school):
        roster = school.roster(row(1), row(2, learner=" "))
        school.issue(roster, code=1)
        elsewhere = school.folder / "elsewhere.csv"
        printed, _ = school.issue(roster, "out", "--errors", elsewhere, code=1)
        assert printed["finished_before"]
        assert printed["errors"] is None
        assert not elsewhere.exists()


class TestLook:
    @pytest.fixture
    def theme(self, tmp_path):
        (tmp_path / "theme.toml").write_text('design = "classic"\n', encoding="utf-8")
        (tmp_path / "fonts").mkdir()
        return tmp_path / "theme.toml"

    def test_a_finished_run_with_another_look_is_refused(self, school):
        roster = school.roster(row(1))
        pdf = ("--pdf", school.folder / "pdf")
        school.issue(roster, "out", *pdf)
        again, _ = school.issue(roster, "out", *pdf)
        assert again["finished_before"]
        command = ("bulk", "issue", roster, "--out", school.folder / "out.parquet")
        looks = [("--paper", "us-letter"), ("--design", "modern"), ("--language", "fr")]
        for look in looks:
            assert "the result of another run" in school.refused(*command, *pdf, *look)
        (school.workspace / "theme.toml").write_text('[colours]\nprimary = "#000000"\n')
        assert "the result of another run" in school.refused(*command, *pdf)

    def test_it_is_what_is_in_the_files(self, theme):
        def look() -> dict[str, str]:
            from dataclasses import replace

            read = replace(read_theme(theme), font_folders=(theme.parent / "fonts",))
            return look_of(Printing("https://example.edu/", theme.parent, None, read))

        plain = look()
        theme.write_text('# The same.\ndesign = "classic"\n', encoding="utf-8")
        assert look() == plain
        (theme.parent / "fonts" / "a.ttf").write_bytes(b"1")
        assert {name for name in plain if look()[name] != plain[name]} == {"--fonts"}
        (theme.parent / "own").mkdir()
        (theme.parent / "own" / "a.typ").write_text("one")
        theme.write_text('template = "own"\n', encoding="utf-8")
        one = look()
        (theme.parent / "own" / ".a.typ.swp").write_text("an editor's")
        assert look() == one
        (theme.parent / "own" / "a.typ").write_text("two")
        assert {name for name in one if look()[name] != one[name]} == {"--theme"}

    def test_it_does_not_count_where_no_pdf_is_printed(self, theme):
        printing = Printing("https://example.edu/", None, theme.parent, read_theme(theme))
        assert look_of(printing) == look_of(None)


class TestSecrets:
    def test_a_key_that_does_not_open_leaves_nothing_behind(self, tmp_path):
        folder = tmp_path / "school"
        school = School(folder)
        school.workspace = folder / "locked"
        make_school(school.workspace, PASSPHRASE.encode())
        roster, out = school.roster(row(1)), folder / "out.parquet"
        command = ("bulk", "issue", roster, "--out", out, "--workspace", school.workspace)
        for env in ({}, {"SIGNEDCERT_PASSPHRASE": "another passphrase of twenty"}):
            found, _, said = school.run(*command[:-2], **env)
            assert found == 2, said
            assert {each.name for each in folder.iterdir()} == {"workspace", "locked", "roster.csv"}
        # So the mended roster, which is another one, is no other run.
        school.roster(row(1), row(2))
        found, _, said = school.run(*command[:-2], SIGNEDCERT_PASSPHRASE=PASSPHRASE)
        assert found == 0, said
        assert parquet.read_table(out).num_rows == 2

    def test_no_other_process_has_them_and_a_stopped_run_counts_its_parts(self, tmp_path):
        make_school(tmp_path / "w", PASSPHRASE.encode())
        roster, out = write_roster(tmp_path / "roster.csv", 40_000), tmp_path / "out.parquet"
        command = [sys.executable, "-m", "signedcert", "bulk", "issue", roster, "--out", out,
                   "--workspace", tmp_path / "w", "--workers", "2"]  # fmt: skip
        env = {**os.environ, "SIGNEDCERT_PASSPHRASE": PASSPHRASE, "SIGNEDCERT_PIN": PASSPHRASE}
        process = subprocess.Popen(
            [*map(str, command)], env=env, stderr=subprocess.PIPE, start_new_session=True, text=True
        )
        partial = tmp_path / "out.parquet.partial"
        deadline = time.monotonic() + 60
        while not (partial / "part-000000.arrow").exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        task = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        children = [int(each) for each in task.read_text().split()]
        assert len(children) >= 3  # with Python's own
        for each in children:
            assert PASSPHRASE.encode() not in Path(f"/proc/{each}/environ").read_bytes()
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=60)[1]
        assert process.returncode == 130, said
        parts = list(partial.glob("part-*.arrow"))
        kept = sum(pa.ipc.open_file(path).get_batch(0).num_rows for path in parts)
        assert f"stopped after {kept:,} rows" in said

    def test_the_caller_has_them_again_afterwards(self, tmp_path):
        from signedcert.cli.bulk.hidden_secrets import secrets_hidden
        from signedcert.cli.passphrase import asking, of_keys

        os.environ["SIGNEDCERT_PIN"] = "1234"
        try:
            with secrets_hidden() as taken:
                assert "SIGNEDCERT_PIN" not in os.environ
                ask = asking(of_keys(None, taken))
                assert ask(tmp_path / "key.pkcs11") == b"1234"
                assert "SIGNEDCERT_PIN" not in os.environ
            assert os.environ["SIGNEDCERT_PIN"] == "1234"
        finally:
            del os.environ["SIGNEDCERT_PIN"]


def test_a_folder_without_parquet_files_has_nothing_to_record(tmp_path):
    school = School(tmp_path)
    (tmp_path / "issued").mkdir()
    said = school.refused("bulk", "record", tmp_path / "issued", code=4)
    assert "there is no Parquet file in it" in said
