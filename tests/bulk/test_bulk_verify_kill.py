"""``bulk verify`` that is killed or stopped at any moment goes on, and ends with the same sheet."""

import json
import os
import shutil
import signal
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bulk_verifying import begun, changed_link, command, link, sheet, token, trust_options

from issuing import NOW, OTHER_SIGNER, jwk, jwks
from signedcert.bulk.presented.reading import BATCH_ROWS
from signedcert.bulk.run.parts import Parts
from signedcert.cli.bulk.verify_files import FILES

PARTS = 3


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A table of some parts, and the sheet that an undisturbed run makes of it."""
    folder = tmp_path_factory.mktemp("whole")
    tokens = [token(at) for at in range(40)] + [b"x", b""]
    rows = BATCH_ROWS * (PARTS - 1) + 100
    path = folder / "given.parquet"
    pq.write_table(pa.table({"n": range(rows), "token": (tokens * rows)[:rows]}), path)
    trust = trust_options(folder)
    out = folder / "out.csv"
    assert command(path, *trust, "--out", out).exit_code == 4
    return path, trust, out.read_bytes()


def killed(arguments, cwd: Path, part: str, by: int = signal.SIGKILL) -> "tuple[int, bytes]":
    """Ends a run by a signal as soon as it has kept a part."""
    run = begun(*arguments, cwd=cwd)
    wanted = cwd / "out.csv.partial" / part
    end = time.monotonic() + 60
    while not wanted.exists():
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < end
        time.sleep(0.005)
    os.kill(run.pid, by)
    _, said = run.communicate(timeout=30)
    # None of its processes outlives it for long: they are of its session.
    end = time.monotonic() + 20
    while subprocess.run(["pgrep", "-s", str(run.pid)], check=False, capture_output=True).stdout:
        assert time.monotonic() < end
        time.sleep(0.05)
    return run.returncode, said


def finished(arguments, cwd: Path) -> "tuple[int, bytes]":
    """Runs to the end; the exit code, and what was printed."""
    with begun(*arguments, cwd=cwd) as run:
        printed, _ = run.communicate(timeout=60)
        return run.returncode, printed


def test_killed_twice(made, tmp_path):
    path, trust, whole = made
    arguments = [path, *trust, "--out", "out.csv", "--workers", "2", "--json"]
    for part in ("part-000000.arrow", "part-000001.arrow"):
        code, _ = killed(arguments, tmp_path, part)
        assert code == -signal.SIGKILL
        assert not (tmp_path / "out.csv").exists()
    code, printed = finished(arguments, tmp_path)
    assert code == 4
    assert (tmp_path / "out.csv").read_bytes() == whole
    assert not (tmp_path / "out.csv.partial").exists()
    summary = json.loads(printed)
    assert summary["resumed"]
    assert summary["rows_kept"] >= 2 * BATCH_ROWS
    assert summary["rows"] == BATCH_ROWS * (PARTS - 1) + 100


def test_stopped_by_its_user(made, tmp_path):
    path, trust, whole = made
    arguments = [path, *trust, "--out", "out.csv", "--workers", "2"]
    code, said = killed(arguments, tmp_path, "part-000000.arrow", signal.SIGINT)
    assert code == 130
    assert b"run the same command again" in said
    assert b"Traceback" not in said
    assert finished(arguments, tmp_path)[0] == 4
    assert (tmp_path / "out.csv").read_bytes() == whole


def test_an_empty_file_that_a_kill_left_is_taken_where_the_run_is_not_finished(made, tmp_path):
    # So it is on file systems without hard links, between two system calls.
    path, trust, whole = made
    arguments = [path, *trust, "--out", "out.csv", "--workers", "2"]
    killed(arguments, tmp_path, "part-000000.arrow")
    (tmp_path / "out.csv").touch()
    assert finished(arguments, tmp_path)[0] == 4
    assert (tmp_path / "out.csv").read_bytes() == whole
    (tmp_path / "out.csv").write_bytes(b"")
    assert finished(arguments, tmp_path)[0] == 2
    assert (tmp_path / "out.csv").read_bytes() == b""


def stop(_parts: Parts) -> None:
    raise KeyboardInterrupt


@pytest.fixture(scope="module")
def killed_run(made, tmp_path_factory):
    """The folder of a run that was killed, without --now; and its command."""
    path, trust, _ = made
    folder = tmp_path_factory.mktemp("killed")
    arguments = [path, *trust[:-2], "--out", "out.csv", "--workers", "2"]
    killed(arguments, folder, "part-000000.arrow")
    return folder, arguments


@pytest.fixture
def unfinished(killed_run, tmp_path, monkeypatch):
    """The command of a run that was killed in the current folder."""
    folder, arguments = killed_run
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return arguments


def test_one_moment_counts_for_all_rows(unfinished, tmp_path):
    noted = json.loads((tmp_path / "out.csv.partial" / "run.json").read_text())["begun"]["now"]
    result = command(*unfinished, "--json")
    assert json.loads(result.stdout)["now"] == noted[:19] + "Z"


def test_a_run_that_depends_on_something_else_is_refused(unfinished, tmp_path):
    (tmp_path / "other.jwks.json").write_bytes(jwks(jwk(), jwk(OTHER_SIGNER)))
    moment = f"{NOW + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"
    for more, said in (
        (["--now", moment], "--now"),
        (["--trust", tmp_path / "other.jwks.json"], "the trust store"),
        (["--max-staleness", "1d"], "--max-staleness"),
        (["--audience", "Acme"], "--audience"),
        (["--column", "token"], "--column"),
    ):
        arguments = [*unfinished, *more]
        if more[0] == "--trust":
            arguments = [unfinished[0], *more, *unfinished[3:]]
        result = command(*arguments)
        assert result.exit_code == 2
        assert "depends on something else" in result.stderr.replace("\n", " "), said
        assert said in result.stderr
    other = tmp_path / "given.parquet"
    pq.write_table(pa.table({"token": [token()]}), other)
    assert "the input" in command(other, *unfinished[1:]).stderr
    assert not (tmp_path / "out.csv").exists()


def test_killed_after_the_sheet_had_its_name(made, tmp_path, monkeypatch):
    path, trust, whole = made
    monkeypatch.chdir(tmp_path)
    arguments = [path, *trust, "--out", "out.csv"]
    with monkeypatch.context() as patched:
        # As if it was killed before its last step.
        patched.setattr(Parts, "discard", stop)
        assert command(*arguments).exit_code == 130
    assert (tmp_path / "out.csv").read_bytes() == whole
    assert (tmp_path / "out.csv.partial").exists()
    assert command(*arguments).exit_code == 4
    assert (tmp_path / "out.csv").read_bytes() == whole
    assert not (tmp_path / "out.csv.partial").exists()
    assert command(*arguments).exit_code == 2


def test_a_folder_that_is_killed(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for at in range(FILES + 50):
        (folder / f"{at:04}.txt").write_text(link(at) if at % 50 else changed_link(at))
    arguments = [folder, *trust_options(tmp_path), "--out", "out.csv", "--workers", "2"]
    code, _ = killed(arguments, tmp_path, "part-000000.arrow")
    assert code == -signal.SIGKILL
    assert finished(arguments, tmp_path)[0] == 1
    rows = sheet(tmp_path / "out.csv")
    assert [row["file"] for row in rows] == [f"{at:04}.txt" for at in range(FILES + 50)]
    assert [at for at, row in enumerate(rows) if row["status"] != "VALID"] == list(
        range(0, FILES + 50, 50)
    )
