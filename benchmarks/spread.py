"""Medians with quartiles: the clock of a small virtual machine jumps, so one number says little."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of what was measured, between its quartiles."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Of at least one value."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        return cls(*statistics.quantiles(values, n=4, method="inclusive"))

    def text(self, digits: int = 2) -> str:
        """For a table: ``**0.81** (0.80–0.83)``."""
        return f"**{self.middle:,.{digits}f}** ({self.low:,.{digits}f}–{self.high:,.{digits}f})"


def ratios(above: Sequence[float], below: Sequence[float]) -> Spread:
    """Of two things that took turns: each round's ratio, so that both saw the same clock."""
    return Spread.of([one / other for one, other in zip(above, below, strict=True)])


@dataclass(frozen=True, slots=True)
class Goal:
    """What was to be reached.

    :ivar what: in a few words.
    :ivar found: what was measured.
    :ivar limit: what it should be.
    :ivar at_most: whether less is better.
    :ivar unit: behind the numbers.
    """

    what: str
    found: float
    limit: float
    at_most: bool = False
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether it was reached, to the digits that are printed."""
        found = round(self.found, self._digits)
        return found <= self.limit if self.at_most else found >= self.limit

    def row(self) -> str:
        """A row of a Markdown table."""
        sign, unit = "≤" if self.at_most else "≥", f" {self.unit}".rstrip()
        verdict = "met" if self.met else "**missed**"
        return (
            f"| {self.what} | {sign} {self.limit:,.{self._digits}f}{unit} "
            f"| {self.found:,.{self._digits}f}{unit} | {verdict} |"
        )

    @property
    def _digits(self) -> int:
        return 0 if self.limit >= 10 else 2
