"""A run over a roster: every row gets its certificate, once, whatever happens on the way.

Of each chunk of rows, in this order::

    places in status lists are taken from the ledger
    a worker looks up which rows have a certificate, and signs the others
    the digests of what it signed are noted in the run's folder
    the ledger keeps the tokens; where another process was first, its token counts
    the certificates are printed, where that was asked for
    the part with the chunk's certificates is written

Each step is on the disk before the next one begins. So a run that was killed repeats only what has
no part: what the ledger has of that is found there, and the rest is signed.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Final, NamedTuple

import pyarrow as pa

from signedcert.bulk.run.chunks import Done, Work
from signedcert.bulk.run.errors import RunError
from signedcert.bulk.run.marks import digests_in
from signedcert.bulk.run.parts import Parts
from signedcert.bulk.run.places import Places
from signedcert.bulk.run.worker import Crew
from signedcert.crypto.keys import PublicKey
from signedcert.model.certificate import Certificate
from signedcert.model.code import code_from_id
from signedcert.workspace.key_ends import compromised_kids
from signedcert.workspace.ledger import Block, Ledger, Row
from signedcert.workspace.workspace import Workspace

#: Rows that a worker is given at once. More cost memory in each of them.
_WORK_ROWS = 1024
#: In a row of the ledger.
_ID: Final = 0
_DIGEST: Final = 6


class _UnderWay(NamedTuple):
    """Of a piece of work: its chunk, its places, and whether it is the chunk's last one."""

    batch: pa.RecordBatch
    blocks: tuple[Block, ...]
    mark: frozenset[bytes]
    ends: bool


@dataclass(frozen=True, slots=True)
class Keeping:
    """What chunks pass through on their way from a worker to their parts.

    :ivar key: that signs; None where nothing is signed any more.
    :ivar issued_at: the date of what it signs, in seconds since 1970.
    :ivar places: None where certificates get no place in a status list.
    :ivar prints: whether they are printed.
    """

    owner: Workspace
    ledger: Ledger
    parts: Parts
    crew: Crew
    key: PublicKey | None
    issued_at: int
    places: Places | None
    prints: bool

    def keep(self, batches: Iterable[pa.RecordBatch], first: int) -> Iterator[pa.RecordBatch]:
        """Issues the chunks of a roster from a number on; their parts, each once it is written.

        :raises RunError: when it cannot go on; likewise LedgerError, SignerError, OSError.
        """
        under_way = deque[_UnderWay]()

        def work() -> Iterator[Work]:
            for number, batch in enumerate(batches, first):
                mark = digests_in(self.parts.marked(number))
                for start in range(0, batch.num_rows, _WORK_ROWS):
                    some = batch.slice(start, _WORK_ROWS)
                    blocks = () if self.places is None else self.places.take(some.num_rows)
                    ends = start + _WORK_ROWS >= batch.num_rows
                    under_way.append(_UnderWay(batch, blocks, mark, ends))
                    yield Work(some, blocks, mark)

        number, chunk = first, list[Done]()
        for done in self.crew.issue(work()):
            chunk.append(done)
            each = under_way.popleft()
            if self.places is not None:
                self.places.give(each.blocks, used=done.signed)
            if not each.ends:
                continue
            part = pa.concat_batches([done.part for done in chunk])
            if any(done.signed for done in chunk):
                part = self._recorded(number, each, part, chunk)
                self._check_may_leave()
            if self.prints:
                part = self.crew.printed(part)
            self.parts.write(number, part)
            number, chunk = number + 1, []
            yield part
            # Not two of them at once: the next one is being collected.
            del part

    def _recorded(
        self, number: int, given: "_UnderWay", part: pa.RecordBatch, chunk: list[Done]
    ) -> pa.RecordBatch:
        """The part of a chunk, once the ledger has all of its tokens."""
        rows = self._rows(part, chunk)
        mark = b"".join([*given.mark, *(row[_DIGEST] for row in rows)])
        self.parts.mark(number, mark)
        ids = [row[_ID] for row in rows]
        others: set[bytes] = set()
        if len({*ids}) < len(ids):
            # Two workers signed for one row each, and these say the same.
            others = {each for each, times in Counter(ids).items() if times > 1}
            rows = [*{row[_ID]: row for row in reversed(rows)}.values()]
        rows.sort()
        others.update(self.ledger.record_new(rows))
        return self._with_others(given.batch, part, others, digests_in(mark)) if others else part

    def _rows(self, part: pa.RecordBatch, chunk: list[Done]) -> list[Row]:
        """What the ledger is to keep."""
        assert self.key is not None  # something was signed
        columns = zip(
            [each for done in chunk for each in done.ids.to_pylist()],
            part.column("status_list").to_pylist(),
            part.column("status_index").to_pylist(),
            repeat(self.key.kid),
            repeat(Certificate.media_type),
            repeat(self.issued_at),
            [each for done in chunk for each in done.digests.to_pylist()],
            part.column("token").to_pylist(),
        )
        return [row for row in columns if row[_ID] is not None]

    def _with_others(
        self, batch: pa.RecordBatch, part: pa.RecordBatch, ids: set[bytes], mark: frozenset[bytes]
    ) -> pa.RecordBatch:
        """The part with what the ledger has of some ids, in place of what was signed for them."""
        codes = {code_from_id(each) for each in ids}
        rows = [row for row, code in enumerate(part.column("code").to_pylist()) if code in codes]
        again = self.crew.issue_again(Work(batch.take(pa.array(rows, pa.int64())), (), mark))
        if again.signed:
            raise RunError(
                "the ledger changed in a way that nothing here explains: was it replaced? Nothing "
                "more was issued; run the same command again"
            )
        order = list(range(part.num_rows))
        for place, row in enumerate(rows):
            order[row] = part.num_rows + place
        both = pa.concat_batches([part, again.part])
        return both.take(pa.array(order, pa.int64()))

    def _check_may_leave(self) -> None:
        """Refuses to hand out what was signed while its key, or the issuer, came to its end.

        :raises RunError: when that is so.
        """
        assert self.key is not None  # as above
        document = self.owner.document()
        if document.final:
            raise RunError(
                "the issuer was closed meanwhile; nothing more can be issued. Run the same "
                f"command again: it finishes with what {self.parts.folder} and the ledger have"
            )
        if self.key.kid in compromised_kids(document):
            raise RunError(
                f"the key {self.key.kid.hex()} was declared compromised meanwhile. Make another "
                "with signedcert rotate, and run the same command again"
            )
