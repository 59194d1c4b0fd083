"""At most sixty requests a second from a slider, and never a lost last one."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

INTERVAL_MS = 17


class RequestLimiter(QObject):
    """Passes the first value at once, then the newest of each interval, none of them twice.

    Signal: `passed(str, object)`.
    """

    passed = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: tuple[str, object] | None = None
        self._last: tuple[str, object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._flush)

    def offer(self, name: str, value: object) -> None:
        """A value of a drag, which a newer one may replace."""
        if self._waiting is not None and self._waiting[0] != name:
            self._flush()
        self._waiting = (name, value)
        if not self._timer.isActive():
            self._flush()

    def finish(self, name: str, value: object) -> None:
        """The value that stands: passed on at once, and the drag is over."""
        self._waiting = (name, value)
        self._timer.stop()
        self._send()
        self._last = None

    @Slot()
    def _flush(self) -> None:
        if self._waiting is not None:
            self._send()
            self._timer.start()

    def _send(self) -> None:
        request, self._waiting = self._waiting, None
        if request is not None and request != self._last:
            self._last = request
            self.passed.emit(*request)
