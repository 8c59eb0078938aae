"""The rows of a CSV file, each with the line in which it begins."""

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from signedcert.bulk.roster.csv_dialect import CsvDialect, dialect_of
from signedcert.bulk.roster.csv_quotes import QuoteCheck
from signedcert.bulk.roster.errors import RosterError
from signedcert.bulk.roster.mapping import RosterMapping
from signedcert.bulk.roster.text_lines import ROW_MAX, TextLines

#: Characters after which a batch ends although more rows would fit.
BATCH_TEXT = 2**24
#: What the csv module says of a quote that is not closed when the file ends.
_UNCLOSED = "unexpected end of data"


@dataclass(slots=True)
class CsvRows:
    """Some rows.

    :ivar lines: the line in which each row begins, from 1.
    :ivar cells: as many in each row as in the header.
    :ivar errors: why rows could not be read, by their number here, from 0. Their cells are empty.
    :ivar unread: of those, the cells that the file has, cut or filled to the header's width.
    """

    lines: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    errors: dict[int, str] = field(default_factory=dict)
    unread: dict[int, list[str]] = field(default_factory=dict)


class CsvReading:
    """One reading of a CSV file, from its beginning to its end.

    Text of a cell must never become a row: what is too large to hold ends the reading, and so does
    a quote that can be read in two ways, since where the next row begins is then unknown.

    :ivar dialect: how the file is written.
    """

    def __init__(self, name: str, source: TextLines, mapping: RosterMapping) -> None:
        """Reads as far as the header.

        :raises RosterError: when there is none that can be read.
        """
        blocks = source.blocks()
        first = next(blocks, [])
        if source.nul:
            raise RosterError(
                f"{name}: it has NUL characters; save it as CSV UTF-8, or name its encoding in a "
                'mapping under [csv], such as encoding = "utf-16-le"'
            )
        self._name = name
        self._source = source
        self.dialect: CsvDialect = dialect_of(name, first, mapping)
        self._quotes = QuoteCheck(name, self.dialect.delimiter)
        self._row_begins = 1
        self._room = BATCH_TEXT
        self._reader = self.dialect.rows(
            itertools.chain.from_iterable(self._bounded(itertools.chain([first], blocks)))
        )

    def _bounded(self, blocks: Iterator[list[str]]) -> Iterator[list[str]]:
        """The blocks, as long as rows are certain and none takes up too many of them."""
        line, row_text = 1, 0
        for lines in blocks:
            size = sum(map(len, lines))
            self._room -= size
            skipped = 1 if line == 1 and self.dialect.sep_line else 0
            self._quotes.check(lines[skipped:], line + skipped)
            yield lines
            # The reader has had all of them, and wants more.
            row_text = row_text + size if self._row_begins <= line else 0
            if row_text > ROW_MAX:
                raise self._too_large()
            line += len(lines)

    def _too_large(self) -> RosterError:
        return RosterError(
            f"{self._name}, line {self._row_begins}: the row that begins here is too large (a cell "
            f"of more than {csv.field_size_limit():,} characters, or a row of more than "
            f"{ROW_MAX:,}); probably a quote in it is not closed. What follows was not read"
        )

    def batches(self, rows_max: int) -> Iterator[CsvRows]:
        """The rows after the header, in batches of at most ``rows_max``. Blank rows are left out.

        :raises RosterError: for bytes that are not in the encoding, and where it is in doubt where
            a row ends.
        """
        width = len(self.dialect.header)
        self._skip_header()
        # For every row of the file: hence few names to look up, and no call of one's own.
        reader = self._reader
        rows = CsvRows()
        cells, lines = rows.cells, rows.lines
        begins = reader.line_num + 1
        self._row_begins = begins
        try:
            for row in reader:
                if text := "".join(row).strip():
                    odd = len(row) != width or (self._source.nul and "\0" in text)
                    cells.append(self._fitted(row, rows) if odd else row)
                    lines.append(begins)
                self._row_begins = begins = reader.line_num + 1
                if len(cells) == rows_max or self._room < 0:
                    yield rows
                    self._room = BATCH_TEXT
                    rows = CsvRows()
                    cells, lines = rows.cells, rows.lines
        except csv.Error as error:
            rows.errors[len(cells)] = self._unclosed(str(error), begins, reader.line_num)
            cells.append([""] * width)
            lines.append(begins)
        if cells:
            yield rows

    def _skip_header(self) -> None:
        if self.dialect.sep_line:
            next(self._reader)
        while not "".join(next(self._reader)).strip():
            pass

    def _fitted(self, row: list[str], rows: CsvRows) -> list[str]:
        """The row as wide as the header.

        Spreadsheets write empty cells where no column is, and leave them out where one is without
        a name. Any other row gets an error, and nothing of it is taken.
        """
        header = self.dialect.header
        width = len(header)
        fitted = [*row[:width], *[""] * (width - len(row))]
        nul = "\0" in "".join(row)
        if not (nul or "".join(row[width:]).strip() or any(header[len(row) :])):
            return fitted
        number = len(rows.cells)
        rows.errors[number] = _unusual(row, width)
        rows.unread[number] = [cell.replace("\0", "\ufffd") for cell in fitted]
        return [""] * width

    def _unclosed(self, said: str, first: int, last: int) -> str:
        """Why the last row could not be read.

        :raises RosterError: when it is not the last, but too large.
        """
        if _UNCLOSED in said:
            where = f"; lines {first} to {last} were taken for one row" if last > first else ""
            return f"a quote in the row of line {first} is not closed until the file ends{where}"
        raise self._too_large()


def _unusual(row: list[str], width: int) -> str:
    if len(row) != width:
        cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
        return f"the row has {cells}, the header has {width}"
    return "the row has a NUL character (U+0000)"
