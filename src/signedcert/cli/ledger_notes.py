"""What the ledger has to tell its owner."""

from collections.abc import Iterable

from signedcert.cli.screen import error_screen, visible
from signedcert.workspace.ledger import Ledger


def warn_of_restore(ledger: Ledger) -> None:
    """Says that the ledger was restored from a backup, until a publication has settled that."""
    restore = ledger.unsettled_restore()
    if restore is not None:
        tell(
            f"the workspace was copied or restored from a backup ({restore.evidence}). "
            "What was issued since is not in its ledger; new certificates get a new status "
            "list. Withdraw lost ones by their link or token. What was withdrawn since is read "
            "from the site when it is published again"
        )


def tell(message: str) -> None:
    """Says something on standard error."""
    error_screen().print(visible(f"signedcert: {message}"))


def tell_of_adopted(count: int) -> None:
    """Says how many withdrawals the ledger took over from the published site, where it did."""
    if count:
        tell(
            "the ledger did not know everything that is withdrawn by the published status lists; "
            f"taken over: {count}. Was it restored from a backup?"
        )


def tell_of_new_list(before: Iterable[int], number: int | None) -> None:
    """Says that a status list was begun which nobody can have yet.

    :param before: the numbers of the lists that there were.
    :param number: of the list that was used; None for none.
    """
    known = {*before}
    if known and number is not None and number not in known:
        tell(
            f"this begins status list {number}: for verifiers it stays undecided whether what is "
            "in it is withdrawn, until you publish"
        )


def tell_of_new_lists(before: Iterable[int], ledger: Ledger) -> None:
    """Says that status lists were begun which nobody can have yet.

    :param before: the numbers of the lists that there were.
    """
    for listed in ledger.lists():
        tell_of_new_list(before, listed.number)
