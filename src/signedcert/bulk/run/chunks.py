"""Some rows of a roster → certificates: what is known is looked up, the rest is signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from signedcert.bulk.kernel.plan import IssuePlan
from signedcert.bulk.kernel.preparing import sign_prepared
from signedcert.bulk.run.chunk_rows import ChunkRows
from signedcert.bulk.run.columns import KNOWN
from signedcert.bulk.run.known_rows import KnownRows
from signedcert.crypto.keys import PublicKey
from signedcert.crypto.signer import Signer
from signedcert.trust.key_entry import KeyEntry, signed_digest
from signedcert.workspace.key_store import open_key
from signedcert.workspace.ledger import Block, LedgerReader, StatusIndex

_CLOSED = "the issuer is closed: nothing more can be issued"


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where the signing key is, and what opens it: for the processes that sign, and nobody else.

    :ivar secret: its passphrase, or the PIN of its hardware; None where it needs none.
    """

    path: Path
    public_key: PublicKey
    secret: bytes | None = field(repr=False)

    def open(self) -> Signer:
        """The signer.

        :raises KeyFileError: when its file cannot be opened.
        :raises SignerError: when it is in hardware that cannot be used.
        """
        return open_key(self.path, self.public_key, lambda _: self.secret or b"")


@dataclass(frozen=True, slots=True)
class Work:
    """Some rows of a chunk, to be issued.

    :ivar batch: columns of the kernel's ROSTER.
    :ivar blocks: places in status lists, one for each row at least; none where the run gives none.
    :ivar mark: the digests of tokens that this run made of the chunk before it was interrupted.
    """

    batch: pa.RecordBatch
    blocks: tuple[Block, ...]
    mark: frozenset[bytes] = frozenset()


class Done(NamedTuple):
    """What came of a piece of work. In all of them, row for row what the work has.

    :ivar part: columns of :data:`PART`.
    :ivar ids: of what is to be recorded before anything of the part leaves the process; else null.
    :ivar digests: of these tokens.
    """

    part: pa.RecordBatch
    ids: pa.Array
    digests: pa.Array

    @property
    def signed(self) -> int:
        """How many were signed."""
        return len(self.ids) - int(self.ids.null_count)


@dataclass(frozen=True, slots=True)
class Setup:
    """What all work of a run has in common.

    :ivar plan: of all certificates; without places.
    :ivar ledger: its file.
    :ivar since: what was in the ledger when the run began has no higher number than this.
    :ivar disowned: the keys that were declared compromised, by kid.
    """

    plan: IssuePlan
    ledger: Path
    since: int
    disowned: Mapping[bytes, KeyEntry]


class ChunkIssuer:
    """Issues rows in one process."""

    def __init__(self, setup: Setup, signer: Signer | None) -> None:
        """:param signer: None where nothing may be signed any more.

        :raises LedgerError: when the ledger cannot be opened.
        """
        self._setup = setup
        self._reader = LedgerReader(setup.ledger)
        self._signer = signer

    def issue(self, work: Work) -> Done:
        """Certificates of some rows. Nothing is recorded.

        :raises LedgerError: when the ledger cannot be read.
        :raises SignerError: when the signer fails.
        """
        plan = replace(self._setup.plan, blocks=work.blocks)
        outcome = ChunkRows(work.batch, plan)
        known = KnownRows(self._reader, self._reader.known(outcome.first), self._setup.disowned)
        fresh = [row for id_, row in outcome.first.items() if id_ not in known.own]
        if self._signer is None:
            for row in fresh:
                outcome.errors[row] = _CLOSED
            fresh = []
        places: Sequence[StatusIndex | None] = (
            plan.places(range(len(fresh))) if plan.blocks else [None] * len(fresh)
        )
        tokens: list[bytes] = []
        if self._signer is not None:
            tokens = sign_prepared(outcome.prepared, self._signer, places, fresh)
        ids: list[bytes | None] = [None] * outcome.size
        digests: list[bytes | None] = [None] * outcome.size
        for row, place, token in zip(fresh, places, tokens, strict=True):
            ids[row] = outcome.issued(row, token, place)
            digests[row] = signed_digest(token)
        for identifier in known.own:
            self._known(outcome, known, identifier, work.mark)
        outcome.repeat()
        return Done(outcome.part(), pa.array(ids, pa.binary()), pa.array(digests, pa.binary()))

    def _known(
        self, outcome: ChunkRows, known: KnownRows, identifier: bytes, mark: frozenset[bytes]
    ) -> None:
        row = outcome.first[identifier]
        pieces = outcome.prepared.pieces[row]
        assert pieces is not None  # a row with an id has no error
        found, error = known.answer(identifier, pieces, outcome.keys[row])
        if error is not None or found.token is None:
            outcome.errors[row] = error
            return
        outcome.issued(row, found.token, found.reference, found.id)
        if known.own[identifier].digest in mark:
            return
        outcome.outcomes[row] = KNOWN
        outcome.repeats[row] = found.sequence > self._setup.since

    def close(self) -> None:
        """Closes the ledger."""
        self._reader.close()
