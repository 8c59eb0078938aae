"""What came of a run: for people, and as JSON."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from signedcert.bulk.run.issue_run import IssueRun, Summary
from signedcert.bulk.run.result import REASONS_MAX
from signedcert.cli.ledger_notes import tell
from signedcert.cli.screen import screen, visible
from signedcert.workspace.ledger import Ledger

_REASONS_SHOWN = 5


def begun_lists(before: Sequence[int], ledger: Ledger) -> list[int]:
    """The numbers of the status lists that were begun since; none where nothing was published yet.

    :param before: the numbers of the lists that there were.
    """
    if not before:
        return []
    return [each.number for each in ledger.lists() if each.number not in before and each.grain == 1]


def tell_of_begun_lists(numbers: Sequence[int]) -> None:
    """Says that status lists were begun which nobody can have yet."""
    if numbers:
        several = f"lists {', '.join(map(str, numbers))}"
        which = several if len(numbers) > 1 else f"list {numbers[0]}"
        tell(
            f"this begins status {which}: for verifiers it stays undecided whether what is in it "
            "is withdrawn, until you publish"
        )


def summary_json(summary: Summary, run: IssueRun, begun: Sequence[int]) -> dict[str, Any]:
    """What came of a run, in JSON's types."""
    counted, at = summary.counted, summary.issued_at
    # A run that was finished before may have given its list another name.
    listed = (counted.failed or counted.unprinted) and run.errors.exists()
    return {
        "rows": counted.rows,
        "issued": counted.issued,
        "known": counted.known,
        "repeats": counted.repeats,
        "failed": counted.failed,
        "unprinted": counted.unprinted,
        "resumed_rows": summary.skipped,
        "finished_before": summary.finished_before,
        "seconds": round(summary.seconds, 3),
        "rows_per_second": _rate(summary),
        "issued_at": None if at is None or not counted.issued else f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "out": str(run.out),
        "errors": str(run.errors) if listed else None,
        "reasons": [
            {"reason": reason, "rows": rows} for reason, rows in counted.reasons.most_common()
        ],
        "new_status_lists": list(begun),
    }


def print_summary(summary: Summary, run: IssueRun, workspace: Path) -> None:
    """What came of a run, for people."""
    out, counted = screen(), summary.counted
    if summary.finished_before:
        out.print(visible(f"{run.out} is there already, made by this very run; nothing to do"))
    numbers = {
        "rows": counted.rows,
        "issued": counted.issued,
        "known": counted.known,
        "refused": counted.failed,
        "unprinted": counted.unprinted,
    }
    width = len(f"{counted.rows:,}")
    for name, number in numbers.items():
        if number or name in ("rows", "issued"):
            out.print(f"{name:<10}{number:>{width},}{_MEANING.get(name, '')}")
    for reason, rows in counted.reasons.most_common(_REASONS_SHOWN):
        out.print(visible(f"  {rows:,} × {reason}"))
    if len(counted.reasons) > _REASONS_SHOWN:
        # So many are counted, and no more.
        least = "at least " if len(counted.reasons) >= REASONS_MAX else ""
        out.print(f"  and {least}{len(counted.reasons) - _REASONS_SHOWN:,} other reasons")
    if not summary.finished_before:
        out.print(f"time      {summary.seconds:.1f} s, {_rate(summary):,.0f} rows/s")
        out.print(visible(f"wrote     {run.out}"))
        if counted.failed or counted.unprinted:
            out.print(visible(f"wrote     {run.errors}"))
    if counted.repeats:
        what = "row says" if counted.repeats == 1 else "rows say"
        out.print(
            f"\n{counted.repeats:,} {what} exactly what an earlier row says, or another process "
            "issued since this run began, and got its certificate. If they are different people, "
            "give each a key of its own, in a column key."
        )
    if counted.issued and run.withdrawable and not summary.finished_before:
        out.print(visible(f"next      signedcert publish --workspace {workspace} --out SITE"))


_MEANING = {
    "known": "  had their certificate from an earlier run or row",
    "refused": "  have none: see the file of errors",
    "unprinted": "  have one that could not be printed: see the file of errors",
}


def _rate(summary: Summary) -> float:
    """Rows a second that this process did."""
    done = summary.counted.rows - summary.skipped
    return round(done / summary.seconds, 1) if summary.seconds else 0.0
