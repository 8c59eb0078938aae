"""The places in status lists that a run has taken, and not yet used."""

from dataclasses import replace

from signedcert.workspace.ledger import Block, Ledger


class Places:
    """Takes places from the ledger as they are needed, durably before they are handed out.

    What a run does not need goes back to the ledger, if nobody took others since. What a killed run
    had taken is nobody's for ever.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._free: list[Block] = []

    def take(self, count: int) -> tuple[Block, ...]:
        """As many places.

        :raises LedgerError: when the ledger cannot be written.
        """
        missing = count - sum(block.count for block in self._free)
        if missing > 0:
            self._free += self._ledger.allocate_block(missing)
        taken, self._free = split(self._free, count)
        return tuple(taken)

    def give(self, blocks: tuple[Block, ...], used: int) -> None:
        """Takes back what was not needed: all but the first places of what :meth:`take` gave.

        Only places that were in nothing that was signed.
        """
        _, unused = split(list(blocks), used)
        # In the order in which the ledger handed them out, so that it can take the last ones back.
        self._free = sorted([*unused, *self._free], key=lambda block: block.first_counter)
        self._free.sort(key=lambda block: block.list)

    def close(self) -> None:
        """Gives the rest back to the ledger.

        :raises LedgerError: when the ledger cannot be written.
        """
        if self._free:
            self._ledger.give_back(self._free)
        self._free = []


def split(blocks: list[Block], count: int) -> tuple[list[Block], list[Block]]:
    """The first places of blocks, and the rest of them."""
    first: list[Block] = []
    rest: list[Block] = []
    for block in blocks:
        taken = min(count, block.count)
        count -= taken
        if taken:
            first.append(replace(block, count=taken))
        if taken < block.count:
            counter = block.first_counter + taken
            rest.append(replace(block, first_counter=counter, count=block.count - taken))
    return first, rest
