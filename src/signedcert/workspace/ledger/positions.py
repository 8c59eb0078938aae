"""Positions in status lists: counted up in the ledger, so that none is taken twice."""

import secrets
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from signedcert.workspace.ledger.database import generation
from signedcert.workspace.ledger.permutation import KEY_SIZE, Permutation
from signedcert.workspace.ledger.values import (
    SLOTS,
    Block,
    LedgerError,
    StatusIndex,
    place,
    seconds,
)

LIST_SIZE_MAX = 2**32
_NUMBER_MAX = 2**32 - 1
#: Lists that are opened after a restore have a random number from here on: higher than what
#: counting from 1 reaches, and never met by another copy that goes on from the same backup.
_RANDOM_MIN = 2**24


def take(connection: sqlite3.Connection, count: int, *, grain: int = 1) -> list[Block]:
    """Takes positions of the open list, and of next ones where it has not as many left.

    :param grain: how many consecutive indices each position has. Lists of another grain have none.
    """
    blocks = []
    while count > 0:
        row = connection.execute(
            "SELECT number, size, key, allocated FROM lists "
            "WHERE allocated < size AND NOT closed AND grain = ?",
            (grain,),
        ).fetchone()
        if row is None:
            open_list(connection, grain=grain)
            continue
        number, size, key, allocated = row
        taken = min(count, (size - allocated) // grain)
        connection.execute(
            "UPDATE lists SET allocated = allocated + ? WHERE number = ?", (grain * taken, number)
        )
        permutation = Permutation(key, size // grain)
        blocks.append(Block(number, allocated // grain, taken, permutation, grain))
        count -= taken
    return blocks


def open_list(connection: sqlite3.Connection, *, grain: int = 1) -> int:
    """Opens the next list.

    :return: its number.
    """
    (number,) = connection.execute("SELECT next_list FROM ledger").fetchone()
    while number > _NUMBER_MAX or _is_known(connection, number):
        number = _random_number()
    row = (number, size_of_lists(connection, grain), secrets.token_bytes(KEY_SIZE), grain)
    connection.execute("INSERT INTO lists VALUES (?, ?, ?, 0, 0, ?)", row)
    connection.execute("UPDATE ledger SET next_list = ?", (number + 1,))
    return int(number)


def size_of_lists(connection: sqlite3.Connection, grain: int) -> int:
    """How many indices a new list of this grain has: whole groups, and two of them at least."""
    size: int = connection.execute("SELECT list_size FROM ledger").fetchone()[0]
    return max(2, -(-size // grain)) * grain


def start_anew(
    connection: sqlite3.Connection, evidence: str, at: datetime | None, *, beyond: int = 0
) -> None:
    """Takes nothing from the lists so far any more: part of what was taken has been forgotten.

    :param beyond: the generation that the lost history reached.
    """
    connection.execute("UPDATE lists SET closed = 1 WHERE allocated < size")
    ahead = max(0, beyond - generation(connection)) + 1
    connection.execute(
        "UPDATE ledger SET next_list = ?, generation_base = generation_base + ?",
        (_random_number(), ahead),
    )
    connection.execute(
        "INSERT INTO restores (at, evidence) VALUES (?, ?)",
        (None if at is None else seconds(at), evidence),
    )


def adopt(connection: sqlite3.Connection, number: int, at: datetime | None) -> None:
    """Makes a list known that lost history opened. Nothing is ever taken from it.

    It may have been one of shares, and is as large as those: never smaller than others.

    :raises LedgerError: for a number that no list has.
    """
    if not 1 <= number <= _NUMBER_MAX:
        raise LedgerError(f"{number} is no number of a status list; they go from 1 to 2^32 - 1")
    if _is_known(connection, number):
        return
    if connection.execute("SELECT 1 FROM restores").fetchone() is None:
        # Nobody noticed yet that history was lost, and the open list may be part of it.
        start_anew(connection, f"list {number} is in use, and the ledger did not know it", at)
    row = (number, size_of_lists(connection, SLOTS), secrets.token_bytes(KEY_SIZE))
    connection.execute("INSERT INTO lists VALUES (?, ?, ?, 0, 1, 1)", row)


def acknowledge(
    connection: sqlite3.Connection, reference: StatusIndex, at: datetime | None
) -> None:
    """Sees to it that an index which is in use is never handed out, whether the ledger knew it.

    :raises LedgerError: for a list or an index that cannot be.
    """
    number, index = place(reference)
    adopt(connection, number, at)
    size, key, allocated, closed, grain = connection.execute(
        "SELECT size, key, allocated, closed, grain FROM lists WHERE number = ?", (number,)
    ).fetchone()
    if not 0 <= index < size:
        raise LedgerError(f"status list {number} has no index {index}: it has {size}, from 0")
    if closed:
        return
    if grain * Permutation(key, size // grain).counter(index // grain) >= allocated:
        why = f"index {index} of list {number} is in use, and the ledger did not hand it out"
        start_anew(connection, why, at)


def never_handed_out(
    connection: sqlite3.Connection, references: Iterable[StatusIndex]
) -> set[StatusIndex]:
    """Which of these places were never handed out to a statement by this ledger."""
    by_list: dict[int, list[StatusIndex]] = {}
    for each in references:
        by_list.setdefault(each.list, []).append(each)
    found: set[StatusIndex] = set()
    for number, places in by_list.items():
        row = connection.execute(
            "SELECT size, key, allocated FROM lists WHERE number = ? AND grain = 1", (number,)
        ).fetchone()
        if row is None:
            found.update(places)
            continue
        size, key, allocated = row
        permutation = Permutation(key, size)
        found.update(
            each
            for each in places
            if not 0 <= each.index < size or permutation.counter(each.index) >= allocated
        )
    return found


def check_grain(connection: sqlite3.Connection, reference: StatusIndex, grain: int) -> None:
    """Refuses a place of the other kind: a share's for a statement, or a statement's for a share.

    :raises LedgerError: when the ledger opened the list for the other kind. Of a list that lost
        history opened, nobody knows it.
    """
    row = connection.execute(
        "SELECT grain FROM lists WHERE number = ? AND NOT (closed AND allocated = 0)",
        (reference.list,),
    ).fetchone()
    if row is not None and row[0] != grain:
        kinds = ("statements", "shares") if grain == SLOTS else ("shares", "statements")
        raise LedgerError(
            f"status list {reference.list} has places of {kinds[0]}, not of {kinds[1]}; nothing "
            "was changed"
        )


def _is_known(connection: sqlite3.Connection, number: int) -> bool:
    known = connection.execute("SELECT 1 FROM lists WHERE number = ?", (number,)).fetchone()
    return known is not None


def _random_number() -> int:
    return _RANDOM_MIN + secrets.randbelow(_NUMBER_MAX - _RANDOM_MIN + 1)
