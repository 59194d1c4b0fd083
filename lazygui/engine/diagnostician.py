"""What takes a while to know about a run, found in a thread of its own beside the training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from lazygui.numerics.interruption import Interrupted, interruptible
from lazygui.simulation.protocol import Finding


class Diagnostician(QObject):
    """Makes the findings of the run on show, one after the other.

    Signal: facts_ready(int, dict), with the number of the run, once for each finding.
    """

    facts_ready = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._run = 0

    def attend(self, run: int) -> None:
        """Give up on every other run, at the next checkpoint. From any thread."""
        self._run = run

    @Slot(int, object)
    def diagnose(self, run: int, findings: Sequence[Finding]) -> None:
        """Make the findings as long as the run is on show."""

        def is_over() -> bool:
            return run != self._run

        with interruptible(is_over):
            for place, find in enumerate(findings):
                if is_over():
                    return
                try:
                    facts = find()
                except Interrupted:
                    return
                except (ArithmeticError, ValueError, RuntimeError, MemoryError) as error:
                    facts = _unknown(error) if place == 0 else {}
                if facts:
                    self.facts_ready.emit(run, facts)

    @Slot()
    def stop(self) -> None:
        """End the thread."""
        QThread.currentThread().quit()


def _unknown(error: Exception) -> dict[str, Any]:
    """The facts of a run whose κ could not be computed: the first finding."""
    return {"kappa": None, "kappa_exact": False, "kappa_note": str(error)}
