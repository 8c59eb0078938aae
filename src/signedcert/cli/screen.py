"""Printing: what tokens say must never work on the terminal."""

import json
import re
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

#: Controls, line separators, bidirectional overrides and isolates, tags, and halves of characters.
#: A list of its own: what may be signed is another question than what a terminal obeys.
_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)


class Screen(Console):
    """A console that takes no text for markup, and lets a closed pipe be seen."""

    def on_broken_pipe(self) -> None:
        """Leaves the exit code to the caller: rich would exit with 1, which means invalid."""
        raise BrokenPipeError


def screen() -> Screen:
    """Standard output."""
    return Screen(markup=False, highlight=False, emoji=False, soft_wrap=True)


def error_screen() -> Screen:
    """Standard error."""
    return Screen(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True)


def visible(text: str) -> str:
    """The text in one line, with characters that steer a terminal written out."""
    return _STEERING.sub(lambda found: f"\\u{{{ord(found[0]):04X}}}", text)


def print_json(value: Any) -> None:
    """One JSON value on standard output, in ASCII: what it quotes cannot steer a terminal."""
    sys.stdout.write(json.dumps(value, indent=2) + "\n")


def print_rows(console: Console, rows: Iterable[tuple[Text, Text]]) -> None:
    """Two columns; wrapped within the second in a terminal, never wrapped elsewhere."""
    listed = list(rows)
    width = max((left.cell_len for left, _ in listed), default=0)
    if console.is_terminal:
        grid = Table.grid(padding=(0, 2, 0, 0))
        # Without "fold", long words such as links would be cut off.
        grid.add_column(overflow="fold", no_wrap=2 * width <= console.width)
        grid.add_column(overflow="fold")
        for left, right in listed:
            grid.add_row(left, right)
        console.print(grid, soft_wrap=False)
        return
    for left, right in listed:
        space = " " * (width - left.cell_len + 2)
        first, *others = right.split("\n")
        console.print(Text.assemble(left, space, first))
        for line in others:
            console.print(Text.assemble(" " * (width + 2), line))
