"""What the published status lists know and the ledger does not: taken over, never forgotten.

A ledger restored from a backup has lost the withdrawals since. Publishing from it would make
revoked certificates valid again. So what the site says is withdrawn, and the ledger has never heard
of, is entered into the ledger before the site is replaced.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from signedcert.workspace.ledger import Ledger, PublishedList, StatusValue
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.site.paths import ISSUER_FILE
from signedcert.workspace.site_lists import SiteLists, Tell
from signedcert.workspace.workspace import Workspace


class Answers(NamedTuple):
    """What nobody but the issuer knows.

    :ivar adopt: whether withdrawals that only lists by a compromised key say are the issuer's own.
    :ivar ignore_site_lists: whether they are the thief's.
    :ivar nothing_was_published: whether a restored ledger has lost no withdrawal, because nothing
        was ever published.
    """

    adopt: bool = False
    ignore_site_lists: bool = False
    nothing_was_published: bool = False


UNANSWERED = Answers()


def check_restore(ledger: Ledger, site: Path | None, answers: Answers, option: str) -> None:
    """Refuses to go on from a restored ledger where nothing shows what it has lost.

    :param site: the folder of the site as last published; None where there is none.
    :param option: how to name that folder in this command.
    :raises WorkspaceError: when there is none.
    """
    restore = ledger.unsettled_restore()
    if restore is None or site is not None or answers.nothing_was_published:
        return
    raise WorkspaceError(
        f"the workspace was copied or restored from a backup ({restore.evidence}), and what was "
        "withdrawn since would become valid again. Give the folder of the site as it was last "
        f"published with {option}: what is withdrawn is read there. Only if nothing was ever "
        "published, add --nothing-was-published. Nothing was changed"
    )


def check_doubtful(ledger: Ledger, lists: SiteLists, site: Path, answers: Answers) -> None:
    """Refuses to decide what only a list by a compromised key says.

    :raises WorkspaceError: when it says more than the ledger, and it is not said what that means.
    """
    if answers.adopt and answers.ignore_site_lists:
        raise WorkspaceError("--adopt and --ignore-site-lists contradict each other")
    if answers.adopt or answers.ignore_site_lists:
        return
    found = ledger.missing(lists.doubtful).withdrawn
    if found:
        raise WorkspaceError(
            f"the status lists in {site} say that {len(found)} more are withdrawn than the ledger "
            "knows, and they are signed by a key that was compromised. Either the workspace was "
            "restored from a backup and has forgotten them: then add --adopt. Or the thief made "
            "them up: then add --ignore-site-lists. Nothing was changed"
        )


def adopt_published(
    ledger: Ledger, lists: SiteLists, answers: Answers, now: datetime, tell: Tell
) -> int:
    """Enters withdrawals into the ledger that only the published site knows; all or none.

    :returns: how many were taken over.
    :raises LedgerError: when the ledger cannot be written.
    """
    counted = [*lists.genuine, *(lists.doubtful if answers.adopt else ())]
    if not counted:
        return 0
    done = ledger.adopt(counted, now)
    if done.impossible:
        tell(
            f"{done.impossible} entries of the published status lists are ignored: this ledger's "
            "lists have no such index"
        )
    return len(done.withdrawn)


def check_final(
    owner: Workspace, final: list[PublishedList], lists: SiteLists, site: Path, answers: Answers
) -> None:
    """Refuses to put final lists in the place of lists that say more is revoked.

    :raises WorkspaceError: when they do.
    """
    revoked = {*_revoked(final)}
    doubtful = [] if answers.ignore_site_lists else lists.doubtful
    lost = [each for each in _revoked([*lists.genuine, *doubtful]) if each not in revoked]
    if lost:
        raise WorkspaceError(
            f"the status lists in {site} say that {len(lost)} are revoked that the final lists do "
            "not: they would become valid for ever. Was the workspace restored from a backup "
            f"before it was closed? Then copy {site / ISSUER_FILE} to {owner.document_file}, and "
            f"close again with --site {site}. Nothing was published"
        )


def _revoked(lists: Iterable[PublishedList]) -> Iterator[tuple[int, int]]:
    """Number and index of all that is revoked."""
    for each in lists:
        for index, value in each.withdrawn():
            if value is StatusValue.REVOKED:
                yield each.number, index
