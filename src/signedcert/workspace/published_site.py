"""Whose site is in a folder already, and whether this workspace continues it."""

from pathlib import Path

from signedcert.errors import TrustError
from signedcert.model.issuer_document import DOCUMENT_MAX, IssuerDocument
from signedcert.trust.chain import look_into
from signedcert.trust.trust import Trust
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.site.paths import ISSUER_FILE


def is_own_site(site: Path, document: IssuerDocument, token: bytes) -> bool:
    """Whether there is a site of this issuer, which its present document may follow.

    :param token: the present document.
    :returns: False where there is none, or none that anybody can use.
    :raises WorkspaceError: when it is another issuer's, or its document is one that the present one
        does not follow: verifiers would refuse it.
    """
    try:
        with (site / ISSUER_FILE).open("rb") as file:
            there = file.read(DOCUMENT_MAX + 1)
    except (FileNotFoundError, NotADirectoryError):
        return False
    if there == token:
        return True
    try:
        found = look_into(there)
        trust = Trust.empty().with_issuer_document(there, found.signing_root)
    except TrustError:
        return False
    if found.issuer != document.issuer:
        raise WorkspaceError(f"{site} is the site of {found.issuer}, not of {document.issuer}")
    try:
        trust.with_issuer_document(token)
    except TrustError as error:
        raise WorkspaceError(
            f"{site} has an issuer document that this workspace does not continue ({error}). Was "
            "the workspace restored from a backup? If so, take the document over: copy "
            f"{site / ISSUER_FILE} to the workspace's public folder. Nothing was published"
        ) from error
    return True
