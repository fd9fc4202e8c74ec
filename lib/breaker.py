"""A breaker: after a failure another process is not asked for a while, so that no request waits for it in turn."""

import threading
import time
from collections.abc import Callable

PAUSE_SECONDS = 5.0


class Breaker:
    """Opens when a call fails, closes when one works. While it is open `allows()` is False, but for one try a pause.

    `pause` is in seconds. One for each other process that is asked; safe to share between threads.
    """

    def __init__(self, *, pause: float = PAUSE_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause = pause
        self._clock = clock
        self._again_at: float | None = None
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Whether to ask now. After the pause one caller may try; the others wait for what it finds."""
        with self._lock:
            if self._again_at is None:
                return True
            if self._clock() < self._again_at:
                return False
            self._again_at = self._clock() + self._pause
            return True

    def failed(self) -> None:
        """The call failed: do not ask again before the pause is over."""
        with self._lock:
            self._again_at = self._clock() + self._pause

    def worked(self) -> bool:
        """The call worked; True if the breaker was open until now."""
        with self._lock:
            was_open, self._again_at = self._again_at is not None, None
            return was_open
