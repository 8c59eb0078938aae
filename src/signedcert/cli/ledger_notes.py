"""What the ledger has to tell its owner."""

from signedcert.cli.screen import error_screen, visible
from signedcert.workspace.ledger import Ledger


def warn_of_restore(ledger: Ledger) -> None:
    """Says that the ledger was restored from a backup, where that was noticed just now."""
    if ledger.restored_at_open:
        evidence = ledger.restores()[-1].evidence
        error_screen().print(
            visible(
                f"signedcert: the workspace was copied or restored from a backup ({evidence}). "
                "What was issued since is not in its ledger; new certificates get a new status "
                "list. Withdraw lost ones by their link or token"
            )
        )
