"""What stands where somebody chose not to tell."""

from typing import Final, NoReturn, Self, final


@final
class Withheld:
    """The type of :data:`WITHHELD`, the one value that is neither absent nor zero.

    It has no truth value, no attributes, and compares equal to nothing but itself: a withheld
    learner has no name, not even an empty one.
    """

    __slots__ = ()

    def __new__(cls) -> Self:
        """The one value."""
        return WITHHELD

    def __bool__(self) -> NoReturn:
        raise TypeError("it is withheld, which is neither true nor false; ask: is WITHHELD")

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"it is withheld, so it has no {name!r}; ask first: is WITHHELD")

    def __repr__(self) -> str:
        return "WITHHELD"

    def __str__(self) -> str:
        return "withheld"

    def __reduce__(self) -> str:
        """Copies, and what was pickled, are the one value."""
        return "WITHHELD"


#: The holder of a record did not reveal what stands here, or there is nothing here: nobody but the
#: holder and the issuer can tell.
WITHHELD: Final[Withheld] = object.__new__(Withheld)
