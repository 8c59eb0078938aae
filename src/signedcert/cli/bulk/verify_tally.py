"""What a bulk verification counts, and the rows that it tells of by name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from signedcert.cli.exit_codes import OF_STATUS, ExitCode, worst
from signedcert.verify.verdict import Status

#: Of the rows with one answer, so many are told by name.
NAMED = 5
#: What rows that could not be read are counted under, beside the names of :class:`Status`.
UNREAD = "ERROR"


@dataclass(frozen=True, slots=True)
class NamedRow:
    """One row that is not VALID.

    :ivar place: the line, row or file.
    :ivar said: why, in words.
    """

    place: int | str
    said: str


@dataclass(slots=True)
class Tally:
    """Counts of rows.

    :ivar answers: by status; :data:`UNREAD` are those without one.
    :ivar reasons: by status, check and reason.
    :ivar named: by status, the first that are not VALID.
    """

    answers: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    named: dict[str, list[NamedRow]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.answers.total()

    def add(self, batch: pa.RecordBatch) -> None:
        """Counts the rows of a batch that has a column ``place`` and the verdict's columns."""
        status = batch.column("status").fill_null(UNREAD)
        valid = pc.equal(status, Status.VALID.value)
        self.answers[Status.VALID.value] += pc.sum(valid).as_py() or 0
        rest = pa.record_batch(
            [
                status,
                *(batch.column(name) for name in ("check", "reason", "why", "error", "place")),
            ],
            names=["status", "check", "reason", "why", "error", "place"],
        ).filter(pc.invert(valid))
        for row in _rows(rest):
            found, check, reason, why, error, place = row
            self.answers[found] += 1
            if found != UNREAD:
                self.reasons[found, check, reason] += 1
            named = self.named.setdefault(found, [])
            if len(named) < NAMED:
                named.append(NamedRow(place, error if found == UNREAD else why))

    @property
    def exit_code(self) -> ExitCode:
        """The code for all of them: 4 where any could not be read, else 1, else 3, else 0."""
        codes = [OF_STATUS[each] for each in Status if self.answers[each.value]]
        if self.answers[UNREAD]:
            codes.append(ExitCode.NOTHING_READ)
        # Of nothing at all, nothing could be read.
        return worst(codes) if codes else ExitCode.NOTHING_READ


def _rows(batch: pa.RecordBatch) -> Iterable[tuple[str, str, str, str, str, int | str]]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)
