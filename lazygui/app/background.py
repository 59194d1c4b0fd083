"""Makes and writes files outside the GUI thread, one after the other."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from lazygui.export.atomic import ExportError

PATIENCE = 5.0  # seconds that closing the window waits for the file in hand


class Background(QObject):
    """A thread that lives while there is work.

    Signal: finished(int number, object result, str sentence); the sentence is empty, or says why
    there is no result.
    """

    finished = Signal(int, object, str)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._waiting: deque[tuple[int, Callable[[], object], bool]] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, number: int, job: Callable[[], object], *, keep: bool = False) -> None:
        """Do this job after those before it; `finished` tells so under this number.

        With `keep` it is done even if the window closes meanwhile: it writes a file that the user
        asked for.
        """
        with self._lock:
            self._waiting.append((number, job, keep))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name)
                self._thread.start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                number, job, _ = self._waiting.popleft()
            self._tell(number, *_outcome(job))

    def _tell(self, number: int, result: object, sentence: str) -> None:
        try:
            self.finished.emit(number, result, sentence)
        except RuntimeError:
            # The window has gone meanwhile, and nobody waits for it any more.
            return

    def close(self) -> None:
        """Forget what need not be kept, and wait a while for the rest."""
        with self._lock:
            self._waiting = deque(item for item in self._waiting if item[2])
        self._join(PATIENCE)

    def finish(self) -> None:
        """Wait until every file is written, after the window has gone."""
        self._join(None)

    def _join(self, seconds: float | None) -> None:
        thread = self._thread
        if thread is not None:
            thread.join(seconds)


def _outcome(job: Callable[[], object]) -> tuple[object, str]:
    try:
        return job(), ""
    except (ValueError, ExportError) as error:
        return None, str(error)
    except MemoryError:
        return None, "There is not enough memory for this file; choose a smaller one."
    except Exception as error:
        return None, f"The file was not made: {type(error).__name__}: {error}"
