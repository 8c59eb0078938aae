"""What to say before a certificate is printed that nobody will find valid."""

from datetime import datetime

from signedcert.cli.screen import error_screen, visible
from signedcert.model.certificate import Certificate
from signedcert.share.shared_record import SharedRecord
from signedcert.workspace.ledger import Ledger, StatusIndex
from signedcert.workspace.ledger.values import StatusValue


def tell_of_end(statement: Certificate | SharedRecord, ledger: Ledger | None, at: datetime) -> None:
    """Says on standard error that it has expired, or that the ledger has it as withdrawn.

    :param ledger: of its issuer; None where it is not at hand.
    """
    why = None
    if statement.expires_at is not None and statement.expires_at <= at:
        why = f"it expired on {statement.expires_at:%Y-%m-%d}"
    if ledger is not None and statement.status is not None:
        value = ledger.status(StatusIndex(statement.status.list, statement.status.index)).value
        if value is not StatusValue.VALID:
            why = f"it is {value.name.lower()}"
    if why is not None:
        error_screen().print(
            visible(
                f"signedcert: {statement.code}: {why}; whoever checks what is made of it finds it "
                "INVALID"
            )
        )
