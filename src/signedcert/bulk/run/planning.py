"""What a cluster needs to issue for a workspace: places of its own, and the key of ids."""

from datetime import datetime

from signedcert.bulk.kernel.plan import IssuePlan
from signedcert.bulk.run.errors import RunError
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.workspace import Workspace


def plan_for(  # noqa: PLR0913 - two of the six are options, given by name
    owner: Workspace,
    ledger: Ledger,
    rows: int,
    now: datetime,
    *,
    links: bool = True,
    withdrawable: bool = True,
) -> IssuePlan:
    """A plan for as many rows, with places in status lists that nobody else gets, durably.

    Kept and used again, it gives the same certificates again. Once they are there, the ledger is
    to be told: :func:`signedcert.bulk.run.recording.record_issued`, or ``signedcert bulk record``.
    What was not used of the places is nobody's for ever.

    :param ledger: the workspace's.
    :param rows: how many positions there are, from 0.
    :param now: the moment of signing that all certificates state.
    :param links: whether they get links to the workspace's verify page.
    :param withdrawable: whether they get places in status lists.
    :raises ValueError: for fewer rows than one.
    :raises RunError: when the issuer is closed.
    :raises LedgerError: when the ledger cannot be written.
    """
    if rows < 1:
        raise ValueError("a plan is for one row at least")
    if owner.document().final:
        raise RunError(f"{owner.issuer} is closed: nothing can be issued any more")
    return IssuePlan(
        owner.issuer,
        now,
        ledger.id_key(),
        tuple(ledger.allocate_block(rows)) if withdrawable else (),
        owner.page if links else None,
    )
