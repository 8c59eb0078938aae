"""Closing an issuer: the last document and the last status lists, which never grow stale."""

import contextlib
from datetime import datetime
from pathlib import Path

from signedcert.crypto.signer import Signer
from signedcert.model.issuer_document import IssuerDocument
from signedcert.workspace.adoption import (
    UNANSWERED,
    Answers,
    adopt_published,
    check_doubtful,
    check_restore,
)
from signedcert.workspace.atomic_files import replace
from signedcert.workspace.document_changes import final_document
from signedcert.workspace.document_file import changing, signed_document, write_document
from signedcert.workspace.key_changes import OpenRoot
from signedcert.workspace.key_ends import take_back_ends
from signedcert.workspace.ledger import Ledger, LedgerError
from signedcert.workspace.list_signing import list_dates, signed_lists
from signedcert.workspace.published_site import is_own_site
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.site_lists import SiteLists, Tell, keep_quiet, read_site_lists
from signedcert.workspace.workspace import Workspace


def close(  # noqa: PLR0913 - each is a question of its own
    owner: Workspace,
    open_root: OpenRoot,
    now: datetime,
    *,
    site: Path | None = None,
    answers: Answers = UNANSWERED,
    tell: Tell = keep_quiet,
) -> int:
    """Makes the final document and final status lists, which never grow stale.

    :param site: the folder of the site as last published; what it says is withdrawn is taken over
        first.
    :param answers: to what this would otherwise refuse to decide.
    :param tell: is told what in the site cannot be used.
    :returns: how many withdrawals were taken over.
    :raises WorkspaceError: when the issuer is closed already, or something withdrawn might become
        valid again.
    """
    with changing(owner) as document:
        final = final_document(document, now)
        token = owner.document_file.read_bytes()
        if site is not None and not is_own_site(site, document, token):
            raise WorkspaceError(f"{site} is no site of {owner.issuer}; nothing was changed")
        with owner.open_ledger(now) as ledger:
            check_restore(ledger, site, answers, "--site")
            lists = SiteLists({}, [], [])
            if site is not None:
                lists = read_site_lists(document, site, ledger.published, tell)
                check_doubtful(ledger, lists, site, answers)
            list_dates(
                ledger, ledger.contents(), lists.dates, now
            )  # refuses before the root is asked
            root = open_root()
            adopted = adopt_published(ledger, lists, answers, now, tell)
            try:
                _write_final(owner, final, root, ledger, lists.dates, now)
            except BaseException:
                with contextlib.suppress(LedgerError):
                    take_back_ends(ledger, owner.document())
                raise
            ledger.settle_restores()
    return adopted


def _write_final(  # noqa: PLR0913, PLR0917 - what is final
    owner: Workspace,
    final: IssuerDocument,
    root: Signer,
    ledger: Ledger,
    there: dict[int, datetime],
    now: datetime,
) -> None:
    # From here on the ledger refuses what others would add, and this would miss.
    contents = ledger.end()
    dates = list_dates(ledger, contents, there, now)
    tokens = signed_lists(final, contents, dates, root, until=None, ttl=None)
    owner.final_lists_folder.mkdir(exist_ok=True)
    # Lists first: until the document is final, nobody looks at them.
    for number, token in tokens.items():
        replace(owner.final_lists_folder / f"{number}.cwt", token)
    write_document(owner, final, signed_document(final, root))
