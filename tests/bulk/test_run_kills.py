"""Runs that are killed, starved or met by another: every row has one certificate in the end."""

import os
import random
import signal
import time
from datetime import UTC, datetime

import pytest
from run_school import (
    Run,
    certificates,
    check_all,
    finish,
    make_school,
    row,
    write_roster,
)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes")

ROWS = 2000


@pytest.fixture
def school(tmp_path):
    # Small lists, so that they fill up under the kills.
    return make_school(tmp_path / "workspace", list_size=512)


@pytest.fixture
def roster(tmp_path):
    return write_roster(tmp_path / "roster.csv", ROWS)


def test_killed_at_random_moments_and_run_again(school, roster, tmp_path):
    chance, out = random.Random(1), tmp_path / "out.parquet"
    kills = 0
    for _ in range(8):
        run = Run(school, roster, out)
        if not run.wait_for_chunk():
            assert run.end()[0] == 0
            break
        time.sleep(chance.random() * 0.1)
        run.kill()
        kills += run.process.returncode == -signal.SIGKILL
    assert kills >= 3
    summary = finish(school, roster, out)
    # Also what was in the ledger already when the kill came is this run's own.
    assert (summary["rows"], summary["issued"], summary["repeats"]) == (ROWS, ROWS, 0)
    assert summary["skipped"] > 0
    check_all(school, out, ROWS)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "out.parquet", "roster.csv", "workspace",
    ]  # fmt: skip


def test_killed_between_any_two_steps_of_a_chunk(school, tmp_path, monkeypatch):
    """In this process, by an exception that nothing catches, at each step of the third chunk."""
    from signedcert.bulk.roster import NO_MAPPING
    from signedcert.bulk.run import issuing
    from signedcert.bulk.run.issue_run import IssueRun
    from signedcert.bulk.run.parts import Parts
    from signedcert.bulk.run.roster_run import issue_roster
    from signedcert.workspace.ledger import Ledger

    class Cut(BaseException):
        pass

    def cut(owner, name, *, after):
        kept, calls = getattr(owner, name), []

        def cutting(*arguments, **options):
            calls.append(1)
            if len(calls) == 3 and not after:
                raise Cut
            result = kept(*arguments, **options)
            if len(calls) == 3:
                raise Cut
            return result

        monkeypatch.setattr(owner, name, cutting)

    def run(roster, out):
        now = datetime.now(UTC)
        job = IssueRun(now, roster, NO_MAPPING, out, out.with_suffix(".errors.csv"), links=True,
                       withdrawable=True, printing=None, workers=1, chunk_rows=50)  # fmt: skip
        with school.open_ledger(now) as ledger:
            return issue_roster(job, school, ledger, lambda _: b"", lambda _: None).counted

    steps = [
        (Ledger, "allocate_block", True), (Parts, "mark", False), (Parts, "mark", True),
        (Ledger, "record_new", False), (Ledger, "record_new", True), (Parts, "write", False),
        (Parts, "write", True), (issuing.Keeping, "_check_may_leave", True),
    ]  # fmt: skip
    for number, (owner, name, after) in enumerate(steps):
        roster, out = tmp_path / f"{number}.csv", tmp_path / f"{number}.parquet"
        rows = [row(n, learner=f"Learner {number} {n}") for n in range(230)]
        roster.write_text("key,learner,course,institution,completed_on\n" + "".join(rows))
        cut(owner, name, after=after)
        with pytest.raises(Cut):
            run(roster, out)
        monkeypatch.undo()
        counted = run(roster, out)
        assert (counted.rows, counted.issued, counted.repeats) == (230, 230, 0), name
        with school.open_ledger(datetime.now(UTC)) as ledger:
            assert ledger.counts().issued == 230 * (number + 1)
        assert len({each["code"] for each in certificates(out)}) == 230


def test_a_killed_worker_is_told_of_and_the_same_command_goes_on(school, roster, tmp_path):
    out = tmp_path / "out.parquet"
    run = Run(school, roster, out)
    assert run.wait_for_chunk()
    victim = run.workers()[0]
    os.kill(victim, signal.SIGKILL)
    code, _, words = run.end()
    assert code == 2
    assert words.startswith("RunError: a worker process ended before its work was done")
    assert "Traceback" not in words
    finish(school, roster, out)
    check_all(school, out, ROWS)


def test_files_that_cannot_grow_stop_it_and_room_lets_it_go_on(school, roster, tmp_path):
    out = tmp_path / "out.parquet"
    failures = set()
    for size in (90_000, 330_000, 700_000):
        code, _, words = Run(school, roster, out, file_size=size).end()
        assert code in (0, 2)
        assert "Traceback" not in words
        failures |= {words.partition(":")[0]} if code else set()
    assert failures
    finish(school, roster, out)
    check_all(school, out, ROWS)


def test_two_runs_at_once_over_one_roster_give_the_same_certificates(school, tmp_path):
    # A third of the rows say what another says, a little or far away.
    numbers = [n if n % 3 else n // 40 for n in range(900)]
    roster = tmp_path / "roster.csv"
    lines = "".join(row(n) for n in numbers)
    roster.write_text("key,learner,course,institution,completed_on\n" + lines)
    outs = [tmp_path / f"{name}.parquet" for name in "ab"]
    runs = [Run(school, roster, out, chunk=60) for out in outs]
    ends = [run.end() for run in runs]
    assert [end[0] for end in ends] == [0, 0], ends
    tables = [certificates(out) for out in outs]
    assert [each["token"] for each in tables[0]] == [each["token"] for each in tables[1]]
    assert len({each["code"] for each in tables[0]}) == len({*numbers})
    with school.open_ledger(datetime.now(UTC)) as ledger:
        assert ledger.counts().issued == len({*numbers})
    assert ends[0][1]["issued"] + ends[1][1]["issued"] == len({*numbers})


def test_two_runs_into_one_file_do_not_meet(school, roster, tmp_path):
    out = tmp_path / "out.parquet"
    first = Run(school, roster, out)
    assert first.wait_for_chunk()
    os.kill(first.process.pid, signal.SIGSTOP)
    code, _, words = Run(school, roster, out).end()
    os.kill(first.process.pid, signal.SIGCONT)
    assert code == 2
    assert "another process is working on" in words
    assert first.end()[0] == 0
    check_all(school, out, ROWS)
