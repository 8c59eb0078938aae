"""What grows with the number of certificates: ``python -m benchmarks.scale``.

The figures of ``docs/guides/scale.md``: bytes of tokens and links, what the kernel takes of one
core, the ledger's file and how fast it grows, and status lists by how many of their certificates
are withdrawn. Times are those of the process, not of the clock.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic, TypeVar

import pyarrow as pa

import signedcert as sc
from benchmarks import roster
from benchmarks.bulk_issuer import Issuer
from signedcert.bulk import issue_batch, verify_batch
from signedcert.bulk.run.recording import record_issued
from signedcert.trust.status_list import pack_statuses
from signedcert.trust.status_signing import sign_status_list
from signedcert.workspace.creation import LIST_SIZE
from signedcert.workspace.workspace import Workspace

Result = TypeVar("Result")
ROWS = 100_000
_BITS, _REVOKED = 2, 1
_SHARES = (0.0, 0.001, 0.01, 0.05)
_URI = "https://learn.example.edu/status/1.cwt"


def measure(rows: int = ROWS) -> list[str]:
    """Markdown."""
    with TemporaryDirectory() as folder:
        issuer = Issuer.new(Path(folder) / "workspace")
        given = list(roster.batches(rows))
        issue = _Timed(lambda: _issued(issuer, given, rows))
        verify = _Timed(lambda: _valid(issuer, issue.result))
        assert verify.result == rows
        owner = Workspace.open(issuer.folder)
        before = _size(owner.ledger_file)
        with owner.open_ledger(issuer.now) as ledger:
            record = _Timed(lambda: record_issued(ledger, issue.result))
        assert record.result.recorded == rows
        grown = (_size(owner.ledger_file) - before) / rows
        return [
            *_sizes(issue.result),
            "",
            "| of one core, for each certificate | microseconds |",
            "|---|---|",
            f"| to issue it | {1e6 * issue.seconds / rows:.0f} |",
            f"| to verify it | {1e6 * verify.seconds / rows:.0f} |",
            f"| to record it | {1e6 * record.seconds / rows:.0f} |",
            "",
            f"The ledger's file grows by {grown:.0f} bytes with each, tokens and all.",
            "",
            *_lists(issuer),
        ]


class _Timed(Generic[Result]):
    """What a call comes to, and the seconds of this process that it takes."""

    def __init__(self, call: Callable[[], Result]) -> None:
        start = time.process_time()
        self.result = call()
        self.seconds = time.process_time() - start


def _issued(issuer: Issuer, given: list[pa.RecordBatch], rows: int) -> list[pa.RecordBatch]:
    plan, signer = issuer.plan(rows), issuer.signer()
    issued, position = [], 0
    for batch in given:
        positions = pa.array(range(position, position + batch.num_rows))
        issued.append(issue_batch(batch.append_column("position", positions), plan, signer))
        position += batch.num_rows
    return issued


def _valid(issuer: Issuer, issued: list[pa.RecordBatch]) -> int:
    trust = sc.Trust.from_bundle(issuer.bundle())
    verdicts = (verify_batch(batch, trust, issuer.now) for batch in issued)
    return sum(each.column("status").to_pylist().count("VALID") for each in verdicts)


def _sizes(issued: list[pa.RecordBatch]) -> list[str]:
    lines = ["| of each certificate | bytes, median | 95 of 100 have at most |", "|---|---|---|"]
    for name in ("token", "link"):
        sizes = [len(each.as_py()) for batch in issued for each in batch.column(name)]
        quantiles = statistics.quantiles(sizes, n=20)
        lines.append(f"| {name} | {statistics.median(sizes):.0f} | {quantiles[-1]:.0f} |")
    return lines


def _lists(issuer: Issuer) -> list[str]:
    lines = [
        f"| withdrawn of {LIST_SIZE:,} in a list | bytes to fetch | seconds of a core to sign |",
        "|---|---|---|",
    ]
    for share in _SHARES:
        # Always the same ones; which ones makes no difference.
        indices = random.Random(1).sample(range(LIST_SIZE), int(share * LIST_SIZE))
        busy = time.process_time()
        token = sign_status_list(
            subject=_URI,
            issued_at=issuer.now,
            expires_at=issuer.now + timedelta(days=30),
            ttl=timedelta(hours=12),
            bits=_BITS,
            array=pack_statuses(LIST_SIZE, _BITS, ((each, _REVOKED) for each in indices)),
            signer=issuer.signer(),
        )
        busy = time.process_time() - busy
        lines.append(f"| {share:.1%} | {len(token):,} | {busy:.2f} |")
    return lines


def _size(ledger: Path) -> int:
    """Of the file, and of what SQLite has not moved into it yet."""
    return sum(each.stat().st_size for each in ledger.parent.glob(f"{ledger.name}*"))


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    print("\n".join(measure(parser.parse_args().rows)))


if __name__ == "__main__":
    main()
