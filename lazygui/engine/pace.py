"""How many steps are due: a fixed speed by the monotonic clock, or as many as a slice holds."""

from __future__ import annotations

import math
import time

SLICE_SECONDS = 0.010
# Steps that leave the interpreter alone keep no frame waiting, so that slices can be longer.
LONG_SLICE_SECONDS = 0.032
FRAME_SECONDS = 0.016
LONGEST_BACKLOG = 0.25


class Pace:
    """Steps per second, `math.inf` for as fast as the machine goes."""

    def __init__(self, speed: float = math.inf) -> None:
        self.speed = speed
        self.slice_seconds = SLICE_SECONDS
        self._chunk = 1
        self._due = 0.0
        self._last = time.monotonic()

    def set_speed(self, speed: float) -> None:
        """Change the speed; what was due at the old one is forgotten."""
        self.speed = speed
        self.begin()

    def begin(self) -> None:
        """Start counting now, with one step due at once."""
        self._due = 1.0
        self._last = time.monotonic()

    def interval_ms(self) -> int:
        """Milliseconds between two slices."""
        if math.isinf(self.speed):
            return 0
        return int(1000 * max(FRAME_SECONDS, min(1.0 / self.speed, LONGEST_BACKLOG)))

    def steps_due(self) -> int:
        """Steps to make in the slice that starts now."""
        if math.isinf(self.speed):
            return self._chunk
        now = time.monotonic()
        elapsed = min(now - self._last, max(LONGEST_BACKLOG, 1.0 / self.speed))
        self._last = now
        self._due += elapsed * self.speed
        whole = int(min(self._due, max(1, self._chunk)))
        # A machine too slow for the speed asked for drops the backlog instead of hoarding it.
        self._due = min(self._due - whole, self.speed * LONGEST_BACKLOG + 1.0)
        return whole

    def measured(self, steps: int, seconds: float) -> None:
        """Learn from a slice how many steps fill the next one."""
        if steps < 1 or seconds <= 0.0:
            return
        ideal = steps * self.slice_seconds / seconds
        self._chunk = max(1, int(min(ideal, 4 * self._chunk + 1)))
