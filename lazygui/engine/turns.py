"""Drawing and computing take turns, so that they do not fight for the interpreter.

Two threads of short Python calls that run at once hand the interpreter over hundreds of times per
frame, and both crawl. Here a slice of training and the drawing of a frame exclude each other: the
window waits for the end of a slice at most, the engine for the end of a frame.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_WAIT = 0.012
GLANCE = 0.002


class Turns:
    """A lock at which the window is let in first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frame_is_due = False

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Around a slice of training: lets a frame that is due go first."""
        while self._frame_is_due:
            time.sleep(GLANCE)
        with self._lock:
            yield

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Around a frame: waits for the slice under way, but never for a long step."""
        self._frame_is_due = True
        held = self._lock.acquire(timeout=LONGEST_WAIT)
        try:
            yield
        finally:
            self._frame_is_due = False
            if held:
                self._lock.release()
