"""Finishes figures outside the GUI thread, one after the other."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from lazygui.export.atomic import ExportError
from lazygui.views.figures import Prepared

PATIENCE = 5.0  # seconds that closing waits for the figure in hand


class FigureWork(QObject):
    """A thread that lives while there is work.

    Signal: finished(int number, files by format, str sentence); the sentence is empty unless the
    figure failed.
    """

    finished = Signal(int, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: queue.SimpleQueue[tuple[int, Prepared, tuple[str, ...]]] = (
            queue.SimpleQueue()
        )
        self._busy = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, number: int, figure: Prepared, forms: Sequence[str]) -> None:
        """Finish a figure in these formats; `finished` tells so under this number."""
        self._waiting.put((number, figure, tuple(forms)))
        with self._busy:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="figures")
                self._thread.start()

    def _work(self) -> None:
        while True:
            try:
                with self._busy:
                    number, figure, forms = self._waiting.get_nowait()
            except queue.Empty:
                with self._busy:
                    if self._waiting.empty():
                        self._thread = None
                        return
                continue
            self._tell(number, *_finished(figure, forms))

    def _tell(self, number: int, files: dict[str, bytes], sentence: str) -> None:
        try:
            self.finished.emit(number, files, sentence)
        except RuntimeError:
            # The window has gone meanwhile, and nobody waits for the figure any more.
            return

    def close(self) -> None:
        """Wait for the figure in hand, and forget the others."""
        while not self._waiting.empty():
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                break
        thread = self._thread
        if thread is not None:
            thread.join(PATIENCE)


def _finished(figure: Prepared, forms: Sequence[str]) -> tuple[dict[str, bytes], str]:
    try:
        return {form: figure.finish(form) for form in forms}, ""
    except (ValueError, ExportError) as error:
        return {}, str(error)
    except MemoryError:
        return {}, "There is not enough memory for this figure; choose a smaller size."
    except Exception as error:
        return {}, f"The figure failed: {type(error).__name__}: {error}"
