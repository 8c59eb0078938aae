"""A school with rosters, and runs over them in processes that may be killed.

Run as a script, this file does one run with chunks of few rows::

    run_school.py WORKSPACE ROSTER OUT CHUNK_ROWS WORKERS [FILE_SIZE_MAX]

It prints a line after each chunk, and the summary as JSON; on failure, words and exit code 2.
"""

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from signedcert.bulk import verify_batch
from signedcert.workspace.creation import Plan, Secrets, create_workspace
from signedcert.workspace.publication import own_trust
from signedcert.workspace.workspace import Workspace

ISSUER = "learn.example.edu"
HEADER = "key,learner,course,institution,completed_on\n"
RESULT_COLUMNS = [
    "line", "key", "outcome", "code", "token", "link", "status_list", "status_index", "learner",
    "course",
]  # fmt: skip


def never(path: Path) -> bytes:
    raise AssertionError(f"{path} needs no passphrase")


def make_school(folder: Path, secret: bytes | None = None, **options: object) -> Workspace:
    plan = Plan(ISSUER, f"https://{ISSUER}/c/", datetime.now(UTC).replace(microsecond=0))
    return create_workspace(folder, replace(plan, **options), lambda: Secrets(secret, secret))


def row(number: int, **fields: str) -> str:
    key = fields.get("key", "")
    name = fields.get("learner", f"Learner {number}")
    return f"{key},{name},Course {number % 7},University of Example,2026-11-0{1 + number % 9}\n"


def write_roster(path: Path, rows: int, *, keyed: bool = False) -> Path:
    lines = (row(n, key=f"e{n}" if keyed else "") for n in range(rows))
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return path


class Run:
    """A run in a process of its own."""

    def __init__(
        self, owner: Workspace, roster: Path, out: Path, *, chunk: int = 100, workers: int = 2,
        file_size: int = 0,
    ) -> None:  # fmt: skip
        names = (owner.folder, roster, out, chunk, workers, file_size)
        self.process = subprocess.Popen(
            [sys.executable, __file__, *map(str, names)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.chunks = 0

    def wait_for_chunk(self) -> bool:
        """Waits until a chunk is done; False where the run came to its end before."""
        line = self.process.stdout.readline()
        self.chunks += line.startswith("chunk")
        return line.startswith("chunk")

    def children(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(each) for each in path.read_text().split()]

    def workers(self) -> list[int]:
        return [
            each for each in self.children()
            if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()
        ]  # fmt: skip

    def kill(self) -> None:
        """Kills it, and sees that nothing it started stays behind."""
        started = self.children() if self.process.poll() is None else []
        self.process.kill()
        self.process.communicate()
        deadline = time.monotonic() + 10
        while any(is_alive(each) for each in started):
            assert time.monotonic() < deadline, "a worker outlived its run"
            time.sleep(0.02)

    def end(self) -> tuple[int, dict[str, object], str]:
        """Exit code, summary and words."""
        out, err = self.process.communicate(timeout=60)
        lines = out.splitlines()
        summary = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
        return self.process.returncode, summary, err


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


def finish(owner: Workspace, roster: Path, out: Path, **options: int) -> dict[str, object]:
    code, summary, words = Run(owner, roster, out, **options).end()
    assert code == 0, words
    return summary


def certificates(out: Path) -> list[dict[str, object]]:
    table = parquet.read_table(out)
    assert table.column_names == RESULT_COLUMNS
    return table.to_pylist()


def check_all(owner: Workspace, out: Path, rows: int) -> list[dict[str, object]]:
    """One certificate for each row, valid, no place twice; and the ledger has exactly these."""
    found = certificates(out)
    assert [each["line"] for each in found] == list(range(2, rows + 2))
    assert len({each["code"] for each in found}) == rows
    assert len({(each["status_list"], each["status_index"]) for each in found}) == rows
    trust = own_trust(owner, never, datetime.now(UTC))
    for column in ("token", "link"):
        batch = pa.record_batch({column: [each[column] for each in found]})
        verdicts = verify_batch(batch, trust, datetime.now(UTC)).to_pylist()
        assert {each["status"] for each in verdicts} == {"VALID"}
        assert [each["code"] for each in verdicts] == [each["code"] for each in found]
        assert [each["learner"] for each in verdicts] == [each["learner"] for each in found]
    with owner.open_ledger(datetime.now(UTC)) as ledger:
        assert not ledger.restored_at_open
        assert ledger.counts().issued == rows
        kept = {each.id: each.token for each in ledger.tokens()}
        assert {*kept.values()} == {each["token"] for each in found}
    return found


def main() -> None:
    from signedcert.bulk.roster import NO_MAPPING
    from signedcert.bulk.run.issue_run import IssueRun, Progress
    from signedcert.bulk.run.own_process import take_little_memory
    from signedcert.bulk.run.roster_run import issue_roster
    from signedcert.errors import SignedCertError

    workspace, roster, out = map(Path, sys.argv[1:4])
    chunk, workers, file_size = map(int, sys.argv[4:7])
    if file_size:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    take_little_memory()
    owner, now = Workspace.open(workspace), datetime.now(UTC)
    run = IssueRun(
        now, roster, NO_MAPPING, out, out.with_suffix(".errors.csv"), links=True, withdrawable=True,
        printing=None, workers=workers, chunk_rows=chunk,
    )  # fmt: skip

    def tell(progress: Progress) -> None:
        if progress.rows > progress.skipped:
            sys.stdout.write(f"chunk {progress.rows}\n")
            sys.stdout.flush()

    try:
        with owner.open_ledger(now) as ledger:
            done = issue_roster(run, owner, ledger, never, tell)
    except (SignedCertError, OSError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.exit(2)
    counted = done.counted
    names = ("rows", "issued", "known", "repeats", "failed")
    summary = {name: getattr(counted, name) for name in names}
    summary |= {"skipped": done.skipped, "finished_before": done.finished_before}
    sys.stdout.write(json.dumps(summary) + "\n")


if __name__ == "__main__":
    # As a terminal's Ctrl-C finds it, whatever the one who started this ignores.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
