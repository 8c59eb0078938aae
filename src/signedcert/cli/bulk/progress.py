"""How far a run has come: a bar in a terminal, a line now and then elsewhere."""

import contextlib
import time
from collections.abc import Iterator
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from signedcert.cli.screen import error_screen

#: Seconds between two lines.
_PAUSE = 10.0
#: Seconds before the rate says anything.
_SOON = 0.5


class Show(Protocol):
    """Called whenever a run has come further."""

    def __call__(self, *, rows: int, share: float, skipped: int = 0) -> None:
        """Shows it.

        :param rows: that are done.
        :param share: of all the work, from 0 to 1.
        :param skipped: rows that were done before this process began.
        """


@contextlib.contextmanager
def showing_progress(what: str, console: Console | None = None) -> Iterator[Show]:
    """Shows on standard error how far a run has come, how fast it is and how long it will take.

    :param what: is being done, such as "issuing".
    :param console: standard error, unless another is given.
    """
    console = console or error_screen()
    pace = _Pace()
    if console.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[words]}"),
        )
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(what, total=1.0, words="")

            def draw(*, rows: int, share: float, skipped: int = 0) -> None:
                bar.update(task, completed=share, words=pace.words(rows, share, skipped))

            yield draw
        return
    last = time.monotonic()

    def tell(*, rows: int, share: float, skipped: int = 0) -> None:
        nonlocal last
        words = pace.words(rows, share, skipped)
        if time.monotonic() - last >= _PAUSE:
            last = time.monotonic()
            console.print(f"signedcert: {what}: {share:.0%}, {words}")

    yield tell


class _Pace:
    """Rate and time left, of what this process has done."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._share: float | None = None

    def words(self, rows: int, share: float, skipped: int) -> str:
        """Rows, rate and time left."""
        passed = time.monotonic() - self._began
        if self._share is None:
            # What was done before took this process no time; of this much of it nothing is known.
            self._share = share if rows == skipped else share * skipped / max(1, rows)
        words = f"{rows:,} rows"
        done, share_done = rows - skipped, share - self._share
        if passed < _SOON or done <= 0 or share_done <= 0:
            return words
        left = passed * (1 - share) / share_done
        return f"{words}, {done / passed:,.0f} rows/s, {_duration(left)} left"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
