"""Garbage collection on the main thread only.

A collection in the worker could free widgets from the wrong thread; here it runs from a timer,
between two frames.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 1000
FULL_EVERY = 60
ARENAS = 2
_M_ARENA_MAX = -8


class GarbageCollector(QObject):
    """Collects young objects every second and all of them every minute."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rounds = 0
        self._timer = QTimer(self)
        self._timer.setObjectName("garbage-collector")
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Take over from Python's automatic collection."""
        # What the start made lives as long as the program: no need to look at it, ever.
        gc.freeze()
        gc.disable()
        self._timer.start(INTERVAL_MS)

    def stop(self) -> None:
        """Give the automatic collection back."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def collect(self) -> None:
        """Collect as deep as it is time for."""
        self._rounds += 1
        if self._rounds % FULL_EVERY:
            gc.collect(1)
        else:
            gc.collect(2)
            give_back()


def give_back() -> bool:
    """Return the pages that the C library holds free to the system; whether there were any.

    glibc keeps what a run freed wherever something younger lies above it: over an hour of demos
    that grows. Takes 2 to 3 ms. Does nothing where the C library has no `malloc_trim`.
    """
    trim = _function("malloc_trim", ctypes.c_size_t)
    return trim is not None and bool(trim(0))


def share_free_memory() -> bool:
    """Let the threads made from now on share their memory; whether the C library could.

    glibc gives each of the first threads an arena of its own, and what a thread has freed there no
    other one may use.
    """
    mallopt = _function("mallopt", ctypes.c_int, ctypes.c_int)
    return mallopt is not None and bool(mallopt(_M_ARENA_MAX, ARENAS))


@cache
def _function(name: str, *arguments: type) -> Callable[..., int] | None:
    try:
        found = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        # macOS and musl have none; Windows has no process-wide handle to look in.
        return None
    found.argtypes, found.restype = list(arguments), ctypes.c_int
    return found  # type: ignore[no-any-return]
