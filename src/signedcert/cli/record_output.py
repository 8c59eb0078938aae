"""A course record for people: its fields, then its assessments as a table."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich.cells import cell_len
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
#: Between the columns of a table.
_GAP = 2
#: Words up to this long are never broken: codes and moments are to be copied.
_WORD_MAX = 20
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
    """A table. A line may be short; then its last cell may be wider than its column.

    In a terminal that is too narrow for it, each line becomes rows of their own: nothing is cut.
    """
    cleaned = [[visible(cell) for cell in line] for line in lines]
    full = [line for line in cleaned if len(line) == len(titles)]
    columns = [*zip(titles, *full, strict=True)]
    natural = [max(map(cell_len, column)) for column in columns]
    if not console.is_terminal:
        for line in [titles, *cleaned]:
            padded = [
                cell + " " * (width - cell_len(cell))
                for cell, width in zip(line, natural, strict=False)
            ]
            console.print(Text("  ".join(padded).rstrip()))
        return
    widths = _fitting(columns, natural, console.width - _GAP * (len(titles) - 1))
    if widths is None:
        _print_one_by_one(console, titles, cleaned)
        return
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")
    for title, width in zip(titles, widths, strict=True):
        table.add_column(title, width=width, overflow="fold")
    for line in cleaned:
        table.add_row(*line)
    console.print(table, soft_wrap=False)


def _fitting(columns: list[tuple[str, ...]], natural: list[int], room: int) -> list[int] | None:
    """How wide columns are that share the room; None where words would have to be broken."""
    words = [[word for cell in column for word in cell.split()] for column in columns]
    widths = [min(_WORD_MAX, max(map(cell_len, each), default=0)) for each in words]
    if sum(widths) > room:
        return None
    for _ in range(room - sum(widths)):
        short = [at for at, width in enumerate(widths) if width < natural[at]]
        if not short:
            break
        widths[min(short, key=widths.__getitem__)] += 1
    return widths


def _print_one_by_one(console: Console, titles: list[str], lines: list[list[str]]) -> None:
    for at, line in enumerate(lines):
        if at:
            console.print()
        if len(line) < len(titles):
            console.print(Text("  ".join(line)))
            continue
        cells = zip(titles, line, strict=True)
        print_rows(
            console, [(Text(name, style="bold"), Text(cell)) for name, cell in cells if cell]
        )
