"""Runs that go on, or are finished, after the ledger, the keys or their folder changed."""

import errno
import os
import shutil
import stat
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from run_school import HEADER, certificates, check_all, make_school, row
from typer.testing import CliRunner

from signedcert.bulk.roster import NO_MAPPING
from signedcert.bulk.run.errors import EndedResultError, RunError
from signedcert.bulk.run.issue_run import IssueRun
from signedcert.bulk.run.parts import Parts
from signedcert.bulk.run.roster_run import issue_roster
from signedcert.cli.app import app
from signedcert.workspace import atomic_files
from signedcert.workspace.workspace import Workspace

ROWS = 120


class Stop(BaseException):
    pass


class Course:
    """A roster of four chunks, whose run stops after two."""

    def __init__(self, folder):
        self.folder, self.workspace = folder, folder / "workspace"
        make_school(self.workspace, list_size=64)
        self.out, self.partial = folder / "out.parquet", folder / "out.parquet.partial"
        self.roster = self.write("A")
        self.told = []

    @property
    def school(self):
        return Workspace.open(self.workspace)

    def write(self, name, rows=ROWS):
        roster = self.folder / "roster.csv"
        lines = (row(n, learner=f"{name} {n}") for n in range(rows))
        roster.write_text(HEADER + "".join(lines))
        return roster

    def run(self, stop_after=None, workers=1):
        now = datetime.now(UTC)
        errors = self.folder / "errors.csv"
        job = IssueRun(now, self.roster, NO_MAPPING, self.out, errors, links=True,
                       withdrawable=True, printing=None, workers=workers,
                       chunk_rows=30)  # fmt: skip

        def tell(progress):
            self.told.append(progress)
            if stop_after is not None and progress.rows >= stop_after:
                raise Stop

        with self.school.open_ledger(now) as ledger:
            return issue_roster(job, self.school, ledger, lambda _: b"", tell).counted

    def stop(self):
        with pytest.raises(Stop):
            self.run(stop_after=60)

    def codes(self):
        """Of the parts that are there."""
        codes = []
        for path in sorted(self.partial.glob("part-*")):
            with pa.ipc.open_file(path) as reader:
                codes += reader.get_batch(0).column("code").to_pylist()
        return codes

    def command(self, *arguments):
        command = [*map(str, arguments), "--workspace", str(self.workspace)]
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.output

    def compromise(self):
        (key,) = (each for each in self.school.document().keys if each.use.name == "STATEMENTS")
        kid = self.school.signer(key.use, datetime.now(UTC), lambda _: b"").public_key.kid.hex()
        self.command("rotate", "--no-passphrase")
        self.command("compromise", kid)

    def errors(self):
        return (self.folder / "errors.csv").read_text(encoding="utf-8-sig").splitlines()[1:]


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


def figures(counted):
    return counted.rows, counted.issued, counted.known, counted.repeats, counted.failed


@pytest.mark.parametrize("content", [None, b""])
def test_parts_of_a_folder_that_was_half_removed_reach_no_other_roster(course, content):
    course.stop()
    (course.partial / "run.json").unlink()
    if content is not None:
        (course.partial / "run.json").write_bytes(content)
    course.write("B")
    assert figures(course.run()) == (ROWS, ROWS, 0, 0, 0)
    assert [each["learner"] for each in certificates(course.out)] == [f"B {n}" for n in range(ROWS)]


def test_a_part_of_another_run_counts_as_not_there(course, tmp_path):
    course.stop()
    first = (course.partial / "part-000000.arrow").read_bytes()
    shutil.rmtree(course.partial)
    course.write("B")
    course.stop()
    (course.partial / "part-000000.arrow").write_bytes(first)
    course.run()
    assert [each["learner"] for each in certificates(course.out)] == [f"B {n}" for n in range(ROWS)]


def test_what_says_whose_a_folder_is_is_removed_last(course, monkeypatch):
    course.stop()
    with Parts.open(course.folder / "other", {}, {}) as parts:
        parts.mark(0, b"1")
        monkeypatch.setattr("shutil.rmtree", lambda _: None)
        parts.discard()
        assert sorted(path.name for path in parts.folder.iterdir()) == [".run.lock", "run.json"]


def test_one_that_was_revoked_between_two_processes_is_not_handed_out(course):
    course.stop()
    code = course.codes()[35]
    course.command("revoke", code, "--reason", "a mistake")
    assert figures(course.run()) == (ROWS, ROWS - 1, 0, 0, 1)
    assert code not in [each["code"] for each in certificates(course.out)]
    assert [code in each and "revoked" in each for each in course.errors()] == [True]


def test_a_key_that_was_compromised_between_two_processes(course):
    course.stop()
    course.compromise()
    counted = course.run()
    assert figures(counted) == (ROWS, ROWS - 60, 0, 0, 60)
    ((reason, rows),) = counted.reasons.items()
    assert rows == 60
    assert reason.startswith("it was issued as CODE with")
    assert reason.endswith("reissue CODE --anew")
    assert all("--anew" in each for each in course.errors())


def test_a_finished_result_says_what_of_it_is_no_longer_good(course):
    course.run()
    assert figures(course.run()) == (ROWS, ROWS, 0, 0, 0)
    course.command("revoke", certificates(course.out)[3]["code"], "--reason", "a mistake")
    with pytest.raises(EndedResultError, match=r"1 of its certificates were withdrawn.*Move it"):
        course.run()
    course.compromise()
    with pytest.raises(EndedResultError, match=f"{ROWS} of its certificates"):
        course.run()


def test_a_ledger_from_a_backup_between_two_processes(course):
    ledger = course.workspace / "ledger.sqlite"
    shutil.copy(ledger, course.folder / "backup")
    course.stop()
    for path in course.workspace.glob("ledger.sqlite-*"):
        path.unlink()
    shutil.copy(course.folder / "backup", ledger)
    assert figures(course.run()) == (ROWS, ROWS, 0, 0, 0)
    kept = {each["token"] for each in certificates(course.out)}
    with course.school.open_ledger(datetime.now(UTC)) as opened:
        assert {each.token for each in opened.tokens()} == kept
    # And once more, after the result is there.
    for path in course.workspace.glob("ledger.sqlite-*"):
        path.unlink()
    shutil.copy(course.folder / "backup", ledger)
    with pytest.raises(EndedResultError, match=rf"does not have {ROWS} .*move it away"):
        course.run()


def test_an_issuer_that_was_closed_between_two_processes(course):
    course.stop()
    kept = course.codes()
    course.command("close", "--yes", "--nothing-was-published")
    assert figures(course.run()) == (ROWS, 60, 0, 0, 60)
    assert [each["code"] for each in certificates(course.out)] == kept
    assert all("the issuer is closed" in each for each in course.errors())


def test_a_kill_without_hard_links_leaves_a_name_that_the_next_run_takes(course, monkeypatch):
    def no_links(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    course.stop()

    def killed(path, target):
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        raise Stop

    with monkeypatch.context() as patch:
        patch.setattr(type(course.out), "replace", killed)
        patch.setattr(atomic_files, "_discard", lambda _: None)
        staged = course.folder / "staged"
        staged.write_bytes(b"1")
        staged.chmod(0o600)
        with pytest.raises(Stop):
            atomic_files.move_new(staged, course.out)
    assert course.out.read_bytes() == b""
    assert figures(course.run()) == (ROWS, ROWS, 0, 0, 0)
    check_all(course.school, course.out, ROWS)


def test_an_empty_file_of_anybody_else_stays(course):
    course.out.touch()
    with pytest.raises(RunError, match="another file"):
        course.run()


def test_progress_is_of_what_is_done_however_far_reading_runs_ahead(course):
    course.run(workers=2)
    assert [(each.rows, each.share) for each in course.told] == [
        (0, 0.0), (30, 0.25), (60, 0.5), (90, 0.75), (120, 1.0)
    ]  # fmt: skip


def test_progress_goes_on_where_it_was(course):
    course.stop()
    course.told.clear()
    course.run(workers=2)
    assert [each.rows for each in course.told] == [60, 90, 120]
    assert {each.skipped for each in course.told} == {60}
    assert [each.share for each in course.told[1:]] == [0.75, 1.0]
