"""The issuer's ledger: what was issued, its place in a status list, and what was withdrawn.

It is the issuer's notebook; verification never needs it. One SQLite file, ``ledger.sqlite``, with
``ledger.id`` and ``ledger.mark`` beside it, all for their owner alone. Several processes may use it
at once, and any of them may die at any moment: what a method returned is on the disk, no index is
handed out twice, and an id is either free, reserved, or has its token.

A statement is issued in this order::

    [reference] = ledger.reserve([id], at)          # id and index, together
    token = issue(statement with reference, signer)
    ledger.record(id, token, kid, media_type, at, reference)
    hand out the token

A record also gets 16 places for its shares, in a status list of shares
(:meth:`Ledger.allocate_share_places`). A share takes one of them and is in the ledger before its
link leaves the process (:meth:`Ledger.reserve_share`).

A run over a roster takes a block of places first (:meth:`Ledger.allocate_block`), signs with them,
and records by the thousand (:meth:`Ledger.record_new`): an id that has a token by then keeps it.
The ids are made of the roster's rows, with a key of the ledger's own (:meth:`Ledger.id_key`).

Of a certificate it knows whether its learner agreed that whoever has the printed code may open it
(:meth:`Ledger.allow_by_code`).

**Restored backups.** A ledger that was copied or put back from a backup has forgotten which indices
were handed out since. Opening it notices, closes its lists, and continues with a new list under a
random number, which no lost list has.

- What is noticed: the file put back over the newer one; the folder copied, unpacked or synchronised
  elsewhere or over itself.
- What is no restore: moving or renaming the folder on its own file system, restarts, killed
  processes.
- What is taken for one, and costs a list number: new permissions or another owner of ``ledger.id``,
  a hard link to it, moving the folder to another file system, a file system that numbers its files
  anew when it is mounted.
- What cannot be noticed: a disk put back as a whole, such as a virtual machine's snapshot; or
  ``rsync --inplace``, which writes the older content into the newer files and leaves ``ledger.id``
  alone. Whoever does that calls :meth:`Ledger.open_new_list` before issuing. A change of status of
  an index that the ledger did not hand out has the same effect.

What was withdrawn since the backup is in the published status lists. So a restore stays unsettled
until a publication has looked there (:meth:`Ledger.adopt`, :meth:`Ledger.settle_restores`).

A backup is best taken with SQLite's own ``.backup``; copies of a ledger in use may be damaged.
"""

from signedcert.workspace.ledger.bulk import BulkStatements, Row
from signedcert.workspace.ledger.by_code import ByCode, OpenByCode
from signedcert.workspace.ledger.endings import Endings
from signedcert.workspace.ledger.known import Known, LedgerReader
from signedcert.workspace.ledger.publications import Missing, Publications, PublishedList
from signedcert.workspace.ledger.recorded_share import RecordedShare
from signedcert.workspace.ledger.replacements import Replacements
from signedcert.workspace.ledger.shares import Shares
from signedcert.workspace.ledger.values import (
    SLOTS,
    Block,
    Counts,
    CurrentStatus,
    DuplicateIdError,
    Event,
    Issued,
    LedgerError,
    ListContent,
    Recording,
    Restore,
    StatusIndex,
    StatusList,
    StatusValue,
)

__all__ = [
    "SLOTS",
    "Block",
    "Counts",
    "CurrentStatus",
    "DuplicateIdError",
    "Event",
    "Issued",
    "Known",
    "Ledger",
    "LedgerError",
    "LedgerReader",
    "ListContent",
    "Missing",
    "OpenByCode",
    "PublishedList",
    "RecordedShare",
    "Recording",
    "Restore",
    "Row",
    "StatusIndex",
    "StatusList",
    "StatusValue",
]


class Ledger(BulkStatements, ByCode, Endings, Publications, Replacements, Shares):
    """An open ledger; close it, or use it in a ``with`` statement.

    It belongs to the thread and the process that opened it: others open their own.
    """
