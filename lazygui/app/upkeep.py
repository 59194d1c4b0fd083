"""Clears the cache of sweeps that nobody came back for, once the program has come to rest."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from lazygui.simulation.ledger_folder import tidy

DELAY_MS = 60_000


class Upkeep(QObject):
    """Tidies a folder of ledgers once, in a thread of its own: it may lie on a slow disk."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._timer = QTimer(self)
        self._timer.setObjectName("upkeep")
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tidy)

    def start(self) -> None:
        """Wait a minute, then begin."""
        self._timer.start(DELAY_MS)

    def stop(self) -> None:
        """Don't begin any more."""
        self._timer.stop()

    @Slot()
    def _tidy(self) -> None:
        # A daemon: closing the window doesn't wait for a disk that doesn't answer.
        threading.Thread(target=tidy, args=(self._folder,), name="upkeep", daemon=True).start()
