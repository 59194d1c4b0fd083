"""What stands beside the stage, built once something moves on it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from lazygui.scenarios.catalogue import entries
from lazygui.style.themes import Theme

if TYPE_CHECKING:
    from lazygui.app.lecture import Lecture
    from lazygui.app.main_window import MainWindow
    from lazygui.app.parameters import Parameters

# After the frame that shows the first batch, or without one.
LATE_MS, LATEST_MS = 50, 500
_SIDES = ("parameters", "lecture")


class Sides(QObject):
    """The panels of the two columns.

    They take a quarter of the program's start: the columns keep their room, and are filled one
    after the other while the first run moves, or when a panel is first asked for.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._later = QTimer(self)
        self._later.setObjectName("late-parts")
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._build_next)
        self._later.start(LATEST_MS)
        single = Qt.ConnectionType.SingleShotConnection
        window.session.advanced.connect(self._on_first_batch, single)

    @Slot()
    def _on_first_batch(self) -> None:
        if self._later.isActive():
            self._later.start(LATE_MS)

    @cached_property
    def parameters(self) -> Parameters:
        """Controls over readout."""
        from lazygui.app.parameters import Parameters

        window = self._window
        return Parameters(
            window.workspace.right, window.session, window.director, window.announcer,
            window.tools.choose_data_file, window.theme,
        )  # fmt: skip

    @cached_property
    def lecture(self) -> Lecture:
        """Catalogue over note."""
        from lazygui.app.lecture import Lecture

        window = self._window
        made = Lecture(
            window.workspace.left, window.director, window.checker, window.results, window.theme
        )
        made.catalogue.chosen.connect(window.choose_demo)
        return made

    @Slot()
    def _build_next(self) -> None:
        """One part at a time: the run goes on between them."""
        missing = [name for name in _SIDES if name not in vars(self)]
        if missing:
            getattr(self, missing[0])
            self._later.start(0)
        else:
            self.lecture.catalogue.set_entries(entries())

    def complete(self) -> None:
        """Build at once what is still missing."""
        while self._later.isActive():
            self._later.stop()
            self._build_next()

    def set_theme(self, theme: Theme) -> None:
        """Dress what is built anew."""
        for name in _SIDES:
            if name in vars(self):
                getattr(self, name).set_theme(theme)

    def stop(self) -> None:
        """Build nothing any more: the window closes."""
        self._later.stop()
