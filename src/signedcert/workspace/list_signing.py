"""The ledger's status lists as signed tokens, each dated later than the one before."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from signedcert.crypto.signer import Signer
from signedcert.model.issuer_document import IssuerDocument
from signedcert.trust.status_list import pack_statuses
from signedcert.trust.status_signing import sign_status_list
from signedcert.workspace.ledger import Ledger, ListContent
from signedcert.workspace.settings import WorkspaceError

#: How long a status list counts, and how often a fresh one should be fetched.
LIST_LIFETIME, LIST_TTL = timedelta(days=30), timedelta(hours=12)
#: Room for revoked and suspended.
_BITS = 2
#: How far ahead of the clock a list may be dated: so far verifiers take it (verify/freshness.py).
_AHEAD = timedelta(minutes=5)
_SECOND = timedelta(seconds=1)


def list_dates(
    ledger: Ledger, contents: Iterable[ListContent], there: Mapping[int, datetime], now: datetime
) -> dict[int, datetime]:
    """When each list is to be dated: now, or a second after the one that is published.

    Verifiers take no list that is not newer than the one they have.

    :param there: number → date, of the lists in the site.
    :raises WorkspaceError: when a list in the site is dated more than five minutes after now.
    """
    dates = {}
    for number in (each.listed.number for each in contents):
        present = there.get(number, now - _SECOND)
        if present - now > _AHEAD:
            raise WorkspaceError(
                f"the published list {number} is dated {present:%Y-%m-%d %H:%M:%S} UTC, later than "
                "now; check the clock. Nothing was published"
            )
        before = [at for at in ledger.published(number).values() if at - now <= _AHEAD]
        dates[number] = max(now, *(at + _SECOND for at in (present, *before)))
    return dates


def signed_lists(  # noqa: PLR0913 - what a list says
    document: IssuerDocument,
    contents: Iterable[ListContent],
    dates: Mapping[int, datetime],
    signer: Signer,
    *,
    until: datetime | None,
    ttl: timedelta | None,
) -> dict[int, bytes]:
    """The token of each list, by number.

    :param dates: number → date.
    :param until: when they grow stale; None: never.
    :raises WorkspaceError: when the document has no URI for them, or they would end after the year
        9999.
    """
    tokens = {}
    for listed, changed in contents:
        uri = document.status_list_uri(listed.number)
        if uri is None:
            raise WorkspaceError("the issuer document has no URI for status lists")
        array = pack_statuses(listed.size, _BITS, ((index, int(value)) for index, value in changed))
        try:
            tokens[listed.number] = sign_status_list(
                subject=uri,
                issued_at=dates[listed.number],
                expires_at=until,
                ttl=ttl,
                bits=_BITS,
                array=array,
                signer=signer,
            )
        except ValueError as error:
            raise WorkspaceError(f"status list {listed.number} cannot be made: {error}") from error
    return tokens
