"""Positions of rows on a cluster: numbers from 0 on, without gaps, which no recomputation changes.

An engine computes a row again whenever it likes: a lost worker, a slow one, a second look at a
result. A position that is computed along the way (row numbers, a ``zip``) may then be another one,
and two certificates get one place in a status list. So the roster is written to files first, where
each row carries the number of the task that wrote it and its own number within it; the position is
made of these two alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from signedcert.errors import SignedCertError

Frame = TypeVar("Frame")
PartName = TypeVar("PartName", int, str)


class PositionsError(SignedCertError):
    """The files of a roster are not those that were written for it."""


@dataclass(frozen=True, slots=True)
class Placed(Generic[Frame]):
    """A roster in files, whose rows have positions. ``with_positions`` makes it.

    :ivar frame: the rows as the engine reads them, with the column ``position``.
    :ivar rows: how many there are: their positions are ``range(rows)``.
    """

    frame: Frame
    rows: int


@dataclass(frozen=True, slots=True)
class Part(Generic[PartName]):
    """What one task wrote.

    :ivar name: which task: no two have the same.
    :ivar rows: how many rows of it are in the files.
    :ivar last: the largest number that one of them has, counted from 0.
    :ivar total: the sum of their numbers: of rows of which one is missing and another there twice,
        the count and the last are right.
    """

    name: PartName
    rows: int
    last: int
    total: int


def first_positions(parts: Iterable[Part[PartName]], where: str) -> dict[PartName, int]:
    """The position of each part's row 0: parts follow one another in the order of their names.

    :param where: the folder, for the error.
    :raises PositionsError: when rows of a part are missing, or there twice, as far as their number,
        the last one and the sum tell: whatever files are lost or copied, but not every change that
        somebody could make.
    """
    first: dict[PartName, int] = {}
    position = 0
    for part in sorted(parts, key=lambda each: each.name):
        whole = part.rows == part.last + 1 and part.total == part.rows * part.last // 2
        if not whole or part.name in first:
            raise PositionsError(
                f"{where} is not as it was written: rows are missing, or there twice; remove the "
                "folder and write the roster anew"
            )
        first[part.name] = position
        position += part.rows
    return first
