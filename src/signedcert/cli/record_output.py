"""A course record for people: its fields, then its assessments as a table."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from signedcert.cli.screen import print_rows, visible
from signedcert.cli.statement_rows import field_rows, row, shown, withheld_rows
from signedcert.model.course_record import Assessment, CourseRecord
from signedcert.share.fields import WITHHOLDABLE
from signedcert.share.shared_record import SharedRecord
from signedcert.share.withheld import WITHHELD, Withheld

_ASSESSMENTS = "assessments"
#: Columns of the table, and the fields that they show.
_COLUMNS = {
    "assessment": "title",
    "kind": "kind",
    "score": "score",
    "of": "maximum",
    "weight": "weight",
    "handed in": "submitted_on",
    "attempts": "attempts",
    "late": "late",
}


def print_record(console: Console, record: SharedRecord | CourseRecord) -> None:
    """Prints a record: every field that is set or withheld, then the assessments."""
    fields = [field for field in CourseRecord.fields_by_label if field.name != _ASSESSMENTS]
    rows = field_rows(record, fields)
    assessments = record.assessments
    if isinstance(assessments, Withheld):
        rows.append(row(0, _ASSESSMENTS, str(assessments)))
    if isinstance(record, SharedRecord):
        rows += _rest_rows(record) + _share_rows(record)
    for label, value in record.additional_claims.items():
        rows.append(row(0, f"additional, unknown to this version [{label}]", repr(value)))
    print_rows(console, rows)
    if isinstance(assessments, tuple) and assessments:
        console.print()
        _print_assessments(console, assessments)


def _print_assessments(console: Console, assessments: Sequence[Assessment | Withheld]) -> None:
    used = [
        title
        for title, name in _COLUMNS.items()
        if any(getattr(each, name, None) not in (None, False) for each in assessments)
    ]
    used = used or ["assessment"]
    lines: list[list[str]] = []
    for withheld, run in groupby(assessments, key=lambda each: each is WITHHELD):
        group = list(run)
        if withheld:
            lines.append([withheld_rows(len(group))])
            continue
        lines += [[_cell(getattr(each, _COLUMNS[title])) for title in used] for each in group]
    print_table(console, used, lines)


def _rest_rows(record: SharedRecord) -> list[tuple[Text, Text]]:
    """Where all fields are shown, what is withheld besides is none that this version knows."""
    values = (getattr(record, field.name) for field in WITHHOLDABLE.values())
    if not record.withholds_entries or any(value is WITHHELD for value in values):
        return []
    return [row(0, "anything else", str(WITHHELD))]


def _share_rows(record: SharedRecord) -> list[tuple[Text, Text]]:
    share = record.share
    if share is None:
        return []
    return [
        row(0, "shared with", share.audience),
        row(0, "shared at", shown(share.issued_at)),
        row(0, "link ends", shown(share.expires_at)),
    ]


def _cell(value: Any) -> str:
    return "" if value is None or value is False else shown(value)


def print_table(console: Console, titles: list[str], lines: list[list[str]]) -> None:
    """A table. A line may be short; then its last cell may be wider than its column."""
    cleaned = [[visible(cell) for cell in line] for line in lines]
    if console.is_terminal:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for title in titles:
            table.add_column(title)
        for line in cleaned:
            table.add_row(*line)
        console.print(table, soft_wrap=False)
        return
    full = [line for line in cleaned if len(line) == len(titles)]
    widths = [
        max(Text(line[column]).cell_len for line in [titles, *full])
        for column in range(len(titles))
    ]
    for line in [titles, *cleaned]:
        padded = [
            cell + " " * (width - Text(cell).cell_len)
            for cell, width in zip(line, widths, strict=False)
        ]
        console.print(Text("  ".join(padded).rstrip()))
