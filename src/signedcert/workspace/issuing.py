"""Issuing from a workspace: every token is in the ledger before it leaves the process."""

from datetime import datetime

from signedcert.codec.lower import lower
from signedcert.crypto.signer import Signer
from signedcert.issue import issue
from signedcert.model.certificate import Certificate
from signedcert.model.course_record import CourseRecord
from signedcert.model.statement import StatusReference
from signedcert.workspace.ledger import Ledger, StatusIndex
from signedcert.workspace.settings import WorkspaceError

#: The longest reference: what is too large with it is refused before an index is spent.
_LONGEST = StatusReference(list=2**32 - 1, index=2**32 - 1)


def issue_recorded(
    ledger: Ledger,
    statement: Certificate,
    signer: Signer,
    now: datetime,
    *,
    withdrawable: bool = True,
) -> tuple[Certificate, bytes]:
    """Signs a certificate, with its place in a status list, and keeps the token in the ledger.

    :param statement: without a status reference; the ledger gives it one.
    :param withdrawable: False: it gets none, and can never be withdrawn.
    :returns: the statement as signed, and its token.
    :raises WorkspaceError: when the statement has a status reference already.
    :raises DuplicateIdError: when its id was issued before.
    :raises EncodeError: when it is too large for a token.
    :raises SignerError: when the signature does not verify.
    :raises LedgerError: when the ledger cannot be written.
    """
    check_unreferenced(statement)
    if not withdrawable:
        return statement, _recorded(ledger, statement, signer, None)
    lower(statement.model_copy(update={"status": _LONGEST}))
    (index,) = ledger.reserve([statement.id], now)
    reference = StatusReference(list=index.list, index=index.index)
    referenced = statement.model_copy(update={"status": reference})
    return referenced, _recorded(ledger, referenced, signer, index)


def check_unreferenced(statement: Certificate | CourseRecord) -> None:
    """Refuses a status reference that the ledger did not give.

    :raises WorkspaceError: when there is one.
    """
    if statement.status is not None:
        raise WorkspaceError(
            "the workspace gives each statement its own place in a status list; leave out the "
            "field status"
        )


def _recorded(
    ledger: Ledger,
    statement: Certificate,
    signer: Signer,
    index: StatusIndex | None,
) -> bytes:
    token = issue(statement, signer)
    ledger.record(
        statement.id,
        token,
        signer.public_key.kid,
        statement.media_type,
        statement.issued_at,
        index,
    )
    return token
