"""What a bulk verification came to, for people and for programs."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from signedcert.cli import words
from signedcert.cli.bulk.sheet_columns import reason_words
from signedcert.cli.bulk.verify_run import Done
from signedcert.cli.bulk.verify_tally import NAMED, UNREAD
from signedcert.cli.screen import print_rows, visible
from signedcert.cli.verdict_output import COLOURS, rfc3339
from signedcert.verify.verdict import Status

_REASONS = 10
_UNREAD_WORDS = "there was nothing to check, or it could not be read"


def summary_json(done: Done, out: Path) -> dict[str, Any]:
    """In JSON's types: ``out``, ``rows``, ``counts``, ``reasons`` and more."""
    tally, duplicates = done.tally, done.duplicates
    return {
        "out": str(out),
        "now": rfc3339(done.now),
        "rows": tally.rows,
        "place": done.place,
        "counts": {each: tally.answers[each] for each in (*Status, UNREAD)},
        "reasons": [
            {"status": status, "check": check, "reason": reason, "rows": rows}
            for (status, check, reason), rows in tally.reasons.most_common()
        ],
        "first": {
            status: [{"place": row.place, "why": row.said} for row in named]
            for status, named in tally.named.items()
        },
        "duplicates": {
            "codes": duplicates.codes,
            "rows": duplicates.rows,
            "examples": [{"code": code, "rows": rows} for code, rows in duplicates.examples],
        },
        "resumed": done.resumed,
        "rows_kept": done.kept,
        "seconds": round(done.seconds, 3),
    }


def print_summary(console: Console, done: Done, out: Path) -> None:
    """Prints it for people."""
    tally, duplicates = done.tally, done.duplicates
    rows = [
        (
            Text(status.value, COLOURS[status]),
            _said(tally.answers[status.value], words.STATUS[status]),
        )
        for status in Status
        if tally.answers[status.value]
    ]
    if tally.answers[UNREAD]:
        rows.append((Text(UNREAD, "bold red"), _said(tally.answers[UNREAD], _UNREAD_WORDS)))
    print_rows(console, rows)
    if tally.reasons:
        console.print()
        print_rows(
            console,
            (
                (
                    Text(f"{count:,}", justify="right"),
                    Text(f"{status}: {reason_words(check, reason)}"),
                )
                for (status, check, reason), count in tally.reasons.most_common(_REASONS)
            ),
        )
    for status in (UNREAD, Status.INVALID.value, Status.INDETERMINATE.value):
        named = tally.named.get(status)
        if named:
            console.print()
            more = tally.answers[status] > NAMED
            console.print(Text(f"{status}{', the first' if more else ''}:", "bold"))
            print_rows(
                console,
                (
                    (Text(f"  {done.place} {visible(str(row.place))}"), Text(visible(row.said)))
                    for row in named
                ),
            )
    console.print()
    if duplicates.codes:
        listed = ", ".join(f"{code} ({count})" for code, count in duplicates.examples)
        rest = ", …" if duplicates.codes > len(duplicates.examples) else ""
        console.print(
            f"Presented more than once: {_count(duplicates.codes, 'certificate')} in "
            f"{duplicates.rows:,} rows: {listed}{rest}"
        )
    _print_end(console, done, out)


def _print_end(console: Console, done: Done, out: Path) -> None:
    fresh = done.tally.rows - done.kept
    rate = f" ({fresh / done.seconds:,.0f} a second)" if fresh and done.seconds else ""
    console.print(f"{_count(done.tally.rows, 'row')} checked as of {rfc3339(done.now)}{rate}.")
    if done.resumed:
        console.print(
            f"This run was begun earlier: {done.kept:,} of the rows were checked then, and that "
            "moment counts for all."
        )
    if done.tally.answers[Status.VALID.value]:
        console.print(Text(words.NOT_PROVED, style="dim"))
    console.print(f"The sheet: {visible(str(out))}")


def _said(count: int, meaning: str) -> Text:
    return Text(f"{count:,}: {meaning}")


def _count(count: int, thing: str) -> str:
    return f"{count:,} {thing}" + ("" if count == 1 else "s")
