"""The end of keys, said in the ledger before the document says it: nothing slips in between."""

from signedcert.crypto.keys import PublicKey
from signedcert.model.issuer_document import IssuerDocument, KeyEnd
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.ledger.ended import EVERY_KEY
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.workspace import Workspace, public_key_of


def take_back_ends(ledger: Ledger, document: IssuerDocument) -> None:
    """Forgets ends in the ledger that the document does not say: what made them was broken off.

    For whoever keeps other processes from changing the document.

    :raises LedgerError: when the ledger cannot be written.
    """
    closed = [EVERY_KEY] if document.final else []
    ledger.take_back_ends([*compromised_kids(document), *closed])


def compromised_kids(document: IssuerDocument) -> frozenset[bytes]:
    """The kids of the signing keys that are compromised."""
    return frozenset(
        public_key_of(each).kid
        for each in document.keys
        if isinstance(each.key, bytes)
        and each.revocation is not None
        and each.revocation.end is KeyEnd.COMPROMISED
    )


def check_still_signs(owner: Workspace, key: PublicKey, code: str) -> None:
    """Refuses to hand out what was signed while its key, or the issuer, came to its end.

    To be called once the token is in the ledger.

    :param code: the printed code of what was signed.
    :raises WorkspaceError: when that is so.
    """
    document = owner.document()
    if document.final:
        raise WorkspaceError(
            f"the issuer was closed meanwhile; {code} is signed and in the ledger. It is good: "
            f"write its files with: signedcert reissue {code}"
        )
    if key.kid in compromised_kids(document):
        raise WorkspaceError(
            f"the key {key.kid.hex()} was declared compromised meanwhile; {code} is in the ledger, "
            "but no file was written. Sign it anew with another key: signedcert rotate, then "
            f"signedcert reissue {code} --anew"
        )
