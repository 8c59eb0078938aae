"""Certificates that were presented in more than one row, counted in bounded memory."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc

from signedcert.bulk.arrow_file import arrow_file
from signedcert.bulk.run.writing import closing_of, naming
from signedcert.model.code import ALPHABET

_SCHEMA = pa.schema([("code", pa.string())])
#: Codes that are counted at once. One takes about 100 bytes while that lasts.
_AT_ONCE = 50_000
#: The letters of codes, of which the first is as good as random.
_LETTERS = ALPHABET
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What was presented more than once.

    :ivar codes: how many certificates or records.
    :ivar rows: in how many rows.
    :ivar examples: the codes of some, with their numbers of rows.
    """

    codes: int = 0
    rows: int = 0
    examples: tuple[tuple[str, int], ...] = ()


class DuplicateCount:
    """Keeps the codes of all rows in a file until they are counted. Use it in a ``with`` statement.

    :param path: written anew, and removed at the end.
    :raises OSError: when it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._path = path
        self._rows = 0
        self._file = arrow_file(path, "wb")
        self._writer = ipc.new_stream(self._file, _SCHEMA)

    def add(self, codes: pa.Array) -> None:
        """Adds the codes of some rows; null where there is none."""
        known = codes.drop_null()
        self._rows += len(known)
        with naming(self._path):
            self._writer.write_batch(pa.record_batch([known], schema=_SCHEMA))

    def found(self) -> Duplicates:
        """What there is; nothing can be added any more.

        :raises OSError: when what was added could not be written.
        """
        with naming(self._path):
            self._writer.close()
            self._file.close()
        passes = min(len(_LETTERS), 1 + self._rows // _AT_ONCE)
        share = -(-len(_LETTERS) // passes)
        codes = rows = 0
        examples: list[tuple[str, int]] = []
        for first in range(0, len(_LETTERS), share):
            repeated = self._repeated(_LETTERS[first : first + share])
            codes += len(repeated)
            rows += pc.sum(repeated.field("counts")).as_py() or 0
            some = repeated.slice(0, _EXAMPLES - len(examples)).to_pylist()
            examples += [(each["values"], each["counts"]) for each in some]
        return Duplicates(codes, rows, tuple(examples))

    def _repeated(self, letters: str) -> pa.StructArray:
        """The codes that begin with one of the letters and come more than once."""
        # In the order of ASCII, as the letters are.
        first, after = letters[0], f"{letters[-1]}~"
        chunks = [
            each.filter(pc.and_(pc.greater_equal(each, first), pc.less(each, after)))
            for each in self._kept()
        ]
        counts = pc.value_counts(pa.chunked_array(chunks, pa.string()))
        return counts.filter(pc.greater(counts.field("counts"), 1))

    def _kept(self) -> Iterator[pa.Array]:
        with arrow_file(self._path) as file, ipc.open_stream(file) as reader:
            for batch in reader:
                yield batch.column("code")

    def __enter__(self) -> "DuplicateCount":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with closing_of(self._path, kind), closing(self._file):
            if not self._file.closed:
                self._writer.close()
        self._path.unlink(missing_ok=True)
