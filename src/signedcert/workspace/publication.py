"""Publishing: the issuer document, fresh status lists, and what is made of them, as one site."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from signedcert.crypto.signer import Signer
from signedcert.errors import TrustError
from signedcert.model.issuer_document import DOCUMENT_MAX, IssuerDocument, KeyUse
from signedcert.trust.chain import look_into
from signedcert.trust.status_list import pack_statuses
from signedcert.trust.status_signing import sign_status_list
from signedcert.trust.trust import Trust
from signedcert.workspace.adoption import adopt_published
from signedcert.workspace.document_file import changing
from signedcert.workspace.key_file import AskPassphrase
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.ledger import StatusList as ListedList
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.site.files import site_files
from signedcert.workspace.site.folder import publish_folder
from signedcert.workspace.site.paths import ISSUER_FILE
from signedcert.workspace.workspace import Workspace

#: How long a status list counts, and how often a fresh one should be fetched.
LIST_LIFETIME, LIST_TTL = timedelta(days=30), timedelta(hours=12)
#: Room for revoked and suspended.
_BITS = 2


class Published(NamedTuple):
    """What was published.

    :ivar document: the issuer document.
    :ivar lists: the numbers of the status lists.
    :ivar lists_until: when they grow stale; None where they never do.
    :ivar files: the relative paths of all files.
    :ivar adopted: how many withdrawals the ledger had lost and took over from the site before.
    """

    document: IssuerDocument
    lists: tuple[int, ...]
    lists_until: datetime | None
    files: tuple[str, ...]
    adopted: int


def publish(  # noqa: PLR0913 - what a site is made of
    owner: Workspace,
    out: Path,
    ask: AskPassphrase,
    now: datetime,
    *,
    lifetime: timedelta = LIST_LIFETIME,
    ttl: timedelta = LIST_TTL,
) -> Published:
    """Writes the site into a folder. Readers see the old site or the new one.

    :param out: the folder; files in it that are not ours stay.
    :param ask: for the passphrase of the key that signs status lists.
    :param lifetime: how long the status lists count.
    :param ttl: how often they should be fetched; caches keep files no longer.
    :raises WorkspaceError: when the site there is newer than this workspace, or another issuer's,
        or no key may sign status lists, or another process is publishing or changing keys.
    """
    # One at a time: of two, the one that read the ledger first must not publish last.
    with changing(owner) as document:
        token = owner.document_file.read_bytes()
        _check_site(out, document, token)
        adopted = 0
        if document.final:
            tokens = _kept_lists(owner)
            until = None
        else:
            signer = owner.signer(KeyUse.STATUS, now, ask)
            until = now + lifetime
            with owner.open_ledger(now) as ledger:
                adopted = adopt_published(owner, ledger, out, now)
            tokens = signed_lists(owner, document, signer, now, until=until, ttl=ttl)
        files = site_files(document, token, tokens, ttl=ttl)
        publish_folder(out, files)
    return Published(document, tuple(tokens), until, tuple(sorted(files)), adopted)


def signed_lists(  # noqa: PLR0913 - what a list says
    owner: Workspace,
    document: IssuerDocument,
    signer: Signer,
    now: datetime,
    *,
    until: datetime | None,
    ttl: timedelta | None,
) -> dict[int, bytes]:
    """Every status list of the ledger, signed.

    :raises LedgerError: when the ledger cannot be read.
    """
    tokens = {}
    with owner.open_ledger(now) as ledger:
        for listed in ledger.lists():
            uri = document.status_list_uri(listed.number)
            if uri is None:
                raise WorkspaceError("the issuer document has no URI for status lists")
            tokens[listed.number] = sign_status_list(
                subject=uri,
                issued_at=now,
                expires_at=until,
                ttl=ttl,
                bits=_BITS,
                array=_array(ledger, listed),
                signer=signer,
            )
    return tokens


def final_lists(
    owner: Workspace, document: IssuerDocument, root: Signer, now: datetime
) -> dict[int, bytes]:
    """Every status list, signed by a root and without an end."""
    return signed_lists(owner, document, root, now, until=None, ttl=None)


def own_trust(owner: Workspace, ask: AskPassphrase, now: datetime) -> Trust:
    """What a verifier has who fetched everything at this moment."""
    trust, document = owner.trust(), owner.document()
    if document.final:
        tokens = _kept_lists(owner)
    else:
        signer = owner.signer(KeyUse.STATUS, now, ask)
        until = now + LIST_LIFETIME
        tokens = signed_lists(owner, document, signer, now, until=until, ttl=LIST_TTL)
    for token in tokens.values():
        trust = trust.with_status_list(token)
    return trust


def _array(ledger: Ledger, listed: ListedList) -> bytes:
    changed: Iterator[tuple[int, int]] = (
        (index, int(value)) for index, value in ledger.changed(listed.number)
    )
    return pack_statuses(listed.size, _BITS, changed)


def _kept_lists(owner: Workspace) -> dict[int, bytes]:
    return {
        int(path.stem): path.read_bytes()
        for path in sorted(owner.final_lists_folder.glob("[0-9]*.cwt"))
    }


def _check_site(out: Path, document: IssuerDocument, token: bytes) -> None:
    """Refuses to put an older document in the place of a newer one: verifiers would refuse it."""
    try:
        with (out / ISSUER_FILE).open("rb") as file:
            there = file.read(DOCUMENT_MAX + 1)
    except (FileNotFoundError, NotADirectoryError):
        return
    if there == token:
        return
    try:
        found = look_into(there)
        trust = Trust.empty().with_issuer_document(there, found.signing_root)
    except TrustError:
        return  # nobody can use what is there
    if found.issuer != document.issuer:
        raise WorkspaceError(f"{out} is the site of {found.issuer}, not of {document.issuer}")
    try:
        trust.with_issuer_document(token)
    except TrustError as error:
        raise WorkspaceError(
            f"{out} has an issuer document that this workspace does not continue ({error}). Was "
            "the workspace restored from a backup? If so, take the document over: copy "
            f"{out / ISSUER_FILE} to the workspace's public folder. Nothing was published"
        ) from error
