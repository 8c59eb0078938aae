"""The moment by which something must be over."""

import time
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on this machine's monotonic clock, which no correction of the time of day moves.

    :ivar moment: in seconds, as :func:`time.monotonic` counts.
    """

    moment: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """The moment so many seconds from now."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """How many seconds remain; 0 when it has passed."""
        return max(0.0, self.moment - time.monotonic())
