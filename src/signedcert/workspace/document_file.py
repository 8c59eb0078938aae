"""Signing the issuer document and putting it into the workspace, one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from signedcert.codec.lower import lower
from signedcert.crypto.sign1 import sign
from signedcert.crypto.signer import Signer
from signedcert.model.issuer_document import Handover, IssuerDocument
from signedcert.workspace.atomic_files import replace
from signedcert.workspace.folder_lock import locked
from signedcert.workspace.key_set import published_jwk_set
from signedcert.workspace.workspace import Workspace


def signed_document(document: IssuerDocument, root: Signer) -> bytes:
    """The token of a document.

    :raises EncodeError: when the document is too large.
    :raises SignerError: when the signature does not verify.
    """
    return sign(document.media_type, lower(document), root).to_bytes()


def signed_handover(handover: Handover, root: Signer) -> bytes:
    """The token of a handover.

    :raises SignerError: when the signature does not verify.
    """
    return sign(handover.media_type, lower(handover), root).to_bytes()


@contextmanager
def changing(owner: Workspace) -> Iterator[IssuerDocument]:
    """The present document, which no other process changes meanwhile.

    :raises WorkspaceError: when another process is changing it.
    """
    with locked(owner.public_folder):
        yield owner.document()


def write_document(owner: Workspace, document: IssuerDocument, token: bytes) -> None:
    """Puts a document in the place of the present one.

    :param token: the document, signed.
    :raises OSError: when it cannot be written; the present one stays.
    """
    replace(owner.document_file, token)
    # Made from the document, so a crash in between is made good by the next change.
    replace(owner.jwks_file, published_jwk_set(document))
