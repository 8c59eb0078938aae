"""One link a line, without a header: a text file, or a spreadsheet's one column."""

import re
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

import pyarrow as pa

from signedcert.bulk.presented.contract import PresentedBatch
from signedcert.bulk.presented.text_file import TextFile

#: A line with nothing but a link on it, or its fragment, in quotes perhaps.
_LINK_ALONE = re.compile(
    r"[\s<“\"']*(?:https?://\S+?(?:#|%23)[0-9A-Za-z_-]*|[0-9A-Za-z_-]{80,})[\s>”\"'.,;:!)]*"
)
#: Characters after which a batch ends although more rows would fit.
_BATCH_TEXT = 2**24


def is_list(first: Sequence[str]) -> bool:
    """Whether lines begin with a link, where a table would have the names of its columns."""
    line = next((line for line in first if line.strip()), "")
    return _LINK_ALONE.fullmatch(line) is not None


class ListInput:
    """A list of links that is open; see :class:`PresentedInput`. Blank lines are left out."""

    is_list = True
    is_spreadsheet = True
    delimiter = ","
    rows_total = None
    place = pa.field("line", pa.int64())
    own = pa.schema([("link", pa.string())])

    def __init__(self, file: TextFile, batch_rows: int) -> None:
        self._file = file
        self._batch_rows = batch_rows
        self.bytes_total = file.size

    @property
    def bytes_read(self) -> int:
        """How far it has been read."""
        return self._file.bytes_read

    def batches(self) -> Iterator[PresentedBatch]:
        """All lines; see :meth:`PresentedInput.batches`.

        :raises RosterError: when the rest cannot be read.
        """
        places: list[int] = []
        links: list[str] = []
        line, room = 0, _BATCH_TEXT
        for block in self._file.lines().blocks():
            for text in block:
                line += 1
                link = text.strip()
                if not link:
                    continue
                places.append(line)
                links.append(link)
                room -= len(link)
                if len(places) == self._batch_rows or room < 0:
                    yield _batch(places, links)
                    places, links, room = [], [], _BATCH_TEXT
        if places:
            yield _batch(places, links)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()


def _batch(places: list[int], links: list[str]) -> PresentedBatch:
    column = pa.array(links, pa.string())
    return PresentedBatch(
        pa.array(places, pa.int64()), [column], pa.record_batch([column], names=["link"])
    )
