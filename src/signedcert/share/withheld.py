"""What stands where somebody chose not to tell."""

from enum import Enum
from typing import Final, NoReturn


class Withheld(Enum):
    """The type of :data:`WITHHELD`, the one value that is neither absent nor zero.

    It has no truth value and compares equal to nothing but itself.
    """

    WITHHELD = "withheld"

    def __bool__(self) -> NoReturn:
        raise TypeError("it is withheld, which is neither true nor false; ask: is WITHHELD")

    def __repr__(self) -> str:
        return "WITHHELD"

    def __str__(self) -> str:
        return "withheld"


#: The holder of a record did not reveal what stands here, or there is nothing here: nobody but the
#: holder and the issuer can tell.
WITHHELD: Final = Withheld.WITHHELD
