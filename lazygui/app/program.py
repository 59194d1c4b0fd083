"""The running program: application, session, window and what watches over them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path
from PySide6.QtCore import QLocale, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from lazygui.app.errors import ErrorReporter
from lazygui.app.garbage import GarbageCollector
from lazygui.app.main_window import MainWindow
from lazygui.app.settings import Settings
from lazygui.app.upkeep import Upkeep
from lazygui.engine.session import Session
from lazygui.engine.torch_loader import TorchLoader
from lazygui.memory import keep_free_memory, share_free_memory
from lazygui.scenarios.catalogue import DEFAULT
from lazygui.scenarios.faults import ScenarioError
from lazygui.style.themes import STYLED, THEMES, Theme, prepare

TORCH_DELAY_MS = 1500
SWITCH_SECONDS = 0.0001


class Program(QObject):
    """Owns everything that lives as long as the program."""

    def __init__(self, arguments: Sequence[str]) -> None:
        # Numbers are typed and shown with a point, whatever the desktop's language.
        QLocale.setDefault(QLocale.c())
        # Window and engine wait at most this long for the interpreter: the engine gives it up for
        # each product of matrices, and gets it back at once.
        sys.setswitchinterval(SWITCH_SECONDS)
        share_free_memory()
        keep_free_memory()
        self.application = QApplication([*arguments, *STYLED])
        super().__init__()
        self.application.setApplicationName("LazyGUI")
        self.errors = ErrorReporter()
        self.errors.install()
        self.settings = Settings()
        unfinished = user_cache_path("LazyGUI", appauthor=False) / "sweeps"
        self.session = Session(unfinished=unfinished)
        theme = self._first_theme()
        prepare(self.application, theme, is_styled=True)
        self.window = MainWindow(self.session, self.settings, theme)
        self.errors.connect_to(self._show_error)
        self.garbage = GarbageCollector(self)
        self.upkeep = Upkeep(unfinished, self)
        self.torch = TorchLoader(self)
        self.torch.loaded.connect(self._torch_loaded)
        self.torch.failed.connect(self._torch_failed)
        self._torch_timer = QTimer(self)
        self._torch_timer.setSingleShot(True)
        self._torch_timer.timeout.connect(self._load_torch)
        self.is_unfinished = False

    def _first_theme(self) -> Theme:
        remembered = THEMES.get(self.settings.theme)
        if remembered is not None:
            return remembered
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return THEMES["dark" if dark else "light"]

    def run(self, scenario: str | None) -> int:
        """Show the window, start the first run, and stay until it is closed."""
        self.window.closed.connect(self._on_closed)
        self.window.show()
        self.window.stage.start()
        self.window.stage.setFocus()
        self._start_with(scenario)
        self.garbage.start()
        self.upkeep.start()
        self._torch_timer.start(TORCH_DELAY_MS)
        code = self.application.exec()
        self.window.tools.finish()
        self.garbage.stop()
        self.errors.uninstall()
        self.is_unfinished = self.torch.is_busy or self.session.is_running_late
        return code

    def _start_with(self, scenario: str | None) -> None:
        director = self.window.director
        if scenario is None:
            director.choose(DEFAULT)
            return
        from lazygui.export.atomic import ExportError
        from lazygui.export.opening import is_file_name
        from lazygui.recording.reopening import open_any

        try:
            if is_file_name(scenario):
                opened = open_any(Path(scenario))
                director.choose(DEFAULT)
                director.show(opened)
            else:
                director.choose(scenario)
        except (ScenarioError, ExportError) as error:
            director.choose(DEFAULT)
            director.greet("error", " · ".join(str(error).splitlines()))

    def close(self) -> None:
        """Close the window as its cross does."""
        self.window.close()

    @Slot()
    def _load_torch(self) -> None:
        # The import stalls the window once for a fifth of a second: never under a drag.
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._torch_timer.start(TORCH_DELAY_MS)
            return
        self.window.show_status(self.tr("loading torch…"))
        self.torch.start()

    @Slot(str)
    def _torch_loaded(self, version: str) -> None:
        self.window.show_status("")

    @Slot(str)
    def _torch_failed(self, sentence: str) -> None:
        self.window.show_status("")
        self.window.workspace.messages.show_message("warn", sentence)

    @Slot(str)
    def _show_error(self, sentence: str) -> None:
        self.window.workspace.messages.show_message("error", sentence)

    @Slot()
    def _on_closed(self) -> None:
        self._torch_timer.stop()
        self.upkeep.stop()
        self.application.quit()
