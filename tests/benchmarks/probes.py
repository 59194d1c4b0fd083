"""What the benchmarks measure inside a running window."""

from __future__ import annotations

import statistics
import time
from itertools import pairwise

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot


class FrameProbe(QObject):
    """Milliseconds between two frames: the ticks that redraw the stage, painting included."""

    def __init__(self, frames: QTimer) -> None:
        super().__init__(frames)
        self._times: list[float] = []
        self._on = False
        frames.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to measure."""
        self._on = True

    @Slot()
    def _tick(self) -> None:
        if self._on:
            self._times.append(time.perf_counter())

    def median_ms(self) -> float:
        """The median frame."""
        gaps = [b - a for a, b in pairwise(self._times)]
        return 1000 * statistics.median(gaps)


class DelayProbe(QObject):
    """How late an event of the GUI thread is handled: a timer against its own schedule."""

    PERIOD_MS = 5

    def __init__(self) -> None:
        super().__init__()
        self._late: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to measure."""
        self._last = time.perf_counter()
        self._timer.start(self.PERIOD_MS)

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        self._late.append(max(0.0, now - self._last - self.PERIOD_MS / 1000))
        self._last = now

    def percentile_ms(self, percent: float) -> float:
        """A percentile of the lateness."""
        ordered = sorted(self._late)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


class Idle(QObject):
    """Tells when a thread has done what it was asked for before. Signal: answered()."""

    answered = Signal()
    _asked = Signal()

    def __init__(self, thread: QThread) -> None:
        super().__init__()
        self.moveToThread(thread)
        self._asked.connect(self._answer)

    def ask(self) -> None:
        """From any thread."""
        self._asked.emit()

    @Slot()
    def _answer(self) -> None:
        self.answered.emit()
