"""What a run over a roster is asked to do, how far it has come, and what came of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from signedcert.bulk.roster import Roster, RosterMapping
from signedcert.bulk.run.look import look_of
from signedcert.bulk.run.printing import Printing
from signedcert.bulk.run.result import Counted
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.workspace import Workspace

#: Rows that are signed and recorded together. More make the ledger faster, and cost memory.
CHUNK_ROWS = 4096
#: The same where certificates are printed, which takes far longer.
PRINTED_ROWS = 512


@dataclass(frozen=True, slots=True)
class IssueRun:
    """What is to be issued, and where to.

    :ivar now: when this process begins, or goes on.
    :ivar out: the result, a Parquet file that does not exist yet.
    :ivar errors: the rows without a certificate, a CSV file.
    :ivar links: whether the result has links to the verify page.
    :ivar withdrawable: whether certificates get places in status lists.
    :ivar printing: what is printed; None for nothing.
    :ivar workers: how many processes sign.
    """

    now: datetime
    roster: Path
    mapping: RosterMapping
    out: Path
    errors: Path
    links: bool
    withdrawable: bool
    printing: Printing | None
    workers: int
    chunk_rows: int = CHUNK_ROWS

    def fingerprint(self, owner: Workspace, ledger: Ledger, roster: Roster) -> dict[str, str]:
        """All that the result depends on, by names that people understand.

        :raises OSError: when what PDF files look like cannot be read.
        """
        printing = self.printing
        return {
            "the roster or its mapping": roster.fingerprint(),
            "the issuer": owner.issuer,
            "the workspace's ledger": hashlib.sha256(ledger.id_key()).hexdigest(),
            "the verify page": owner.page,
            "--no-links": str(not self.links),
            "--no-status": str(not self.withdrawable),
            "--pdf": str(printing.pdf.resolve()) if printing and printing.pdf else "",
            "--qr": str(printing.qr.resolve()) if printing and printing.qr else "",
            **look_of(printing),
            "the rows of a chunk": str(self.chunk_rows),
        }


def digest_of(fingerprint: Mapping[str, str]) -> str:
    """What a result says of the run that made it."""
    return hashlib.sha256(json.dumps(fingerprint, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come.

    :ivar rows: that are done.
    :ivar share: of the roster, from 0 to 1, as far as can be told.
    :ivar skipped: rows that were done before this process began.
    """

    rows: int
    share: float
    skipped: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a run.

    :ivar counted: of the whole run, whatever processes worked on it.
    :ivar skipped: rows that earlier processes had done.
    :ivar seconds: that this process took.
    :ivar issued_at: the date of what this process signed; None where there was nothing to sign.
    :ivar finished_before: whether OUT was there already, made by this very run.
    :ivar lists: the numbers of the status lists that there were when the run began.
    """

    counted: Counted
    skipped: int
    seconds: float
    issued_at: datetime | None
    finished_before: bool
    lists: tuple[int, ...]
