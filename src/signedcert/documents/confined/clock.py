"""A time limit that costs nothing where it is kept."""

import threading
import time
from collections.abc import Callable


class Clock:
    """Calls something when time is up. One thread watches, and is never woken for a new limit.

    :param period: seconds. It looks at least so often; no limit may be shorter.
    """

    def __init__(self, period: float) -> None:
        self._period = period
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._until: float | None = None
        self._late = False

    def start(self, seconds: float) -> None:
        """Sets a limit from now on, of the period or longer."""
        with self._lock:
            self._late = False
            self._until = time.monotonic() + seconds

    def stop(self) -> bool:
        """Takes the limit away. False where time was up before."""
        with self._lock:
            self._until = None
            return not self._late

    def end(self) -> None:
        """Has the watching thread return."""
        self._ended.set()

    def watch(self, ring: Callable[[], None]) -> None:
        """Waits until :meth:`end`, and calls ``ring`` whenever a limit has passed."""
        rest = self._period
        # A limit that is set while this sleeps ends later than the sleep.
        while not self._ended.wait(rest):
            with self._lock:
                now = time.monotonic()
                if self._until is not None and self._until <= now:
                    self._until, self._late = None, True
                    ring()
                rest = self._period if self._until is None else min(self._period, self._until - now)
