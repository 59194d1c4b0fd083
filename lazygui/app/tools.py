"""What writes and reads files for a window: figures, films and data, made when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from lazygui.style.themes import Theme

if TYPE_CHECKING:
    from lazygui.app.desk import Desk
    from lazygui.app.dialogs import Dialogs
    from lazygui.app.figures import Figures
    from lazygui.app.main_window import MainWindow
    from lazygui.app.recorder import Recorder
    from lazygui.recording.reopening import OpenedSession


class Tools(QObject):
    """The desk, the figures and the recorder of a window.

    Formats, typesetting and films are a fifth of the program: none of it loads before a first use,
    so that the window opens sooner.
    """

    def __init__(self, window: MainWindow, dialogs: Dialogs | None) -> None:
        super().__init__(window)
        self._window, self._dialogs = window, dialogs
        window.director.set_file_chooser(self.choose_data_file)
        window.director.session_opened.connect(self._replay)

    @cached_property
    def desk(self) -> Desk:
        """Opens and saves."""
        from lazygui.app.desk import Desk
        from lazygui.app.dialogs import FileDialogs

        window = self._window
        dialogs = self._dialogs or FileDialogs(window.settings, window)
        desk = Desk(window.session, window.director, dialogs, window)
        desk.told.connect(window.workspace.messages.show_message)
        return desk

    @cached_property
    def figures(self) -> Figures:
        """Makes figures."""
        from lazygui.app.figures import figures_of

        return figures_of(self._window)

    @cached_property
    def recorder(self) -> Recorder:
        """Records, replays and films."""
        from lazygui.app.recorder import recorder_of

        return recorder_of(self._window)

    def choose_data_file(self) -> str:
        """Ask for a CSV file; empty when the user thought better of it."""
        return self.desk.choose_data_file()

    @Slot(object)
    def open_files(self, paths: Sequence[Path]) -> None:
        """Run what the first of these files that leads to a run holds."""
        self.desk.open_files(paths)

    @Slot(str)
    def ask_for_figure(self, view: str) -> None:
        """Open the dialog for a figure of this view."""
        self.figures.open_for(view)

    @Slot(str)
    def copy_view(self, view: str) -> None:
        """Put a view on the clipboard."""
        self.figures.copy_view(view)

    @Slot(object, str)
    def _replay(self, opened: OpenedSession, beside: str) -> None:
        self.recorder.replay.open(opened, beside)

    def set_theme(self, theme: Theme) -> None:
        """What is recorded from now on is recorded in this theme."""
        if "recorder" in vars(self):
            self.recorder.theme = theme.name

    def close(self) -> None:
        """Stop what is under way, as the window closes; wait a while for what is being written."""
        for name in ("recorder", "figures", "desk"):
            if name in vars(self):
                getattr(self, name).close()

    def finish(self) -> None:
        """Wait until everything that was to be saved is."""
        for name in ("figures", "desk"):
            if name in vars(self):
                getattr(self, name).finish()
