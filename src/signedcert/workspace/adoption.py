"""What the published status lists know and the ledger does not: taken over, never forgotten.

A ledger restored from a backup has lost the withdrawals since. Publishing from it would make
revoked certificates valid again. So what the site says is withdrawn, and the ledger has never heard
of, is entered into the ledger before the site is replaced.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from signedcert.errors import TrustError
from signedcert.trust.status_at_hand import StatusAtHand
from signedcert.trust.status_list import StatusList
from signedcert.trust.status_token import TOKEN_MAX
from signedcert.trust.trust import Trust
from signedcert.workspace.ledger import Ledger, StatusIndex, StatusValue
from signedcert.workspace.workspace import Workspace

REASON = "taken over from the published status list"


def adopt_published(owner: Workspace, ledger: Ledger, out: Path, now: datetime) -> int:
    """Enters withdrawals into the ledger that only the published site knows.

    :param out: the folder of the site; none, or one without lists, adds nothing.
    :returns: how many were taken over.
    :raises LedgerError: when the ledger cannot be written.
    """
    trust, adopted = owner.trust(), 0
    known = {listed.number for listed in ledger.lists()}
    for number, statuses in _published(owner, trust, out):
        if number not in known:
            ledger.adopt_list(number, now)
        present = dict(ledger.changed(number))
        for index, value in _withdrawn(statuses):
            place = StatusIndex(number, index)
            if present.get(index) in (value, StatusValue.REVOKED):
                continue
            # What the ledger itself reinstated is no loss; a revocation is never undone.
            if value is StatusValue.SUSPENDED and ledger.history(place):
                continue
            change = ledger.revoke if value is StatusValue.REVOKED else ledger.suspend
            change(place, None, REASON, now)
            adopted += 1
    return adopted


def _published(owner: Workspace, trust: Trust, out: Path) -> Iterator[tuple[int, StatusList]]:
    """The lists in the site that the issuer's own keys signed."""
    for path in sorted((out / "status").glob("*.cwt")):
        with path.open("rb") as file:
            token = file.read(TOKEN_MAX + 1)
        try:
            holding = trust.with_status_list(token).holding(owner.issuer)
        except TrustError:
            continue  # nobody can use it, so it says nothing
        assert holding is not None  # it was in the trust before
        ((number, _),) = holding.lists
        found = trust.with_status_list(token).status_list(owner.issuer, number)
        if isinstance(found, StatusAtHand):
            yield number, found.statuses


def _withdrawn(statuses: StatusList) -> Iterator[tuple[int, StatusValue]]:
    """The entries that are revoked or suspended. Most bytes are zero, and are skipped at once."""
    each = 8 // statuses.bits
    for found in re.finditer(rb"[^\0]", statuses.array):
        for index in range(found.start() * each, (found.start() + 1) * each):
            value = statuses.value(index)
            if value in (StatusValue.REVOKED, StatusValue.SUSPENDED):
                yield index, StatusValue(value)
