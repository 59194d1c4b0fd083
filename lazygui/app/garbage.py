"""Garbage collection on the main thread only.

A collection in the worker could free widgets from the wrong thread; here it runs from a timer,
between two frames.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

from lazygui.memory import give_back

INTERVAL_MS = 1000
FULL_EVERY = 60


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
