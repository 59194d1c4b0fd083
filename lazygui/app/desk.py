"""What goes in and out as files: scenarios and recorded numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from lazygui.app.background import Background
from lazygui.app.dialogs import Dialogs, data_pattern, run_pattern, scenario_pattern
from lazygui.app.director import Director
from lazygui.app.files import SavedHistory, SavedScenario
from lazygui.engine.session import Session


class Desk(QObject):
    """Asks for a file, and reads it or has it written behind the window.

    Signal: told(str level, str text).
    """

    told = Signal(str, str)

    def __init__(
        self, session: Session, director: Director, dialogs: Dialogs, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._director, self.dialogs = session, director, dialogs
        self._background = Background("files", self)
        self._background.finished.connect(self._on_written)

    @Slot()
    def open_scenario(self) -> None:
        """Ask for a file and run what it holds: a scenario, or a figure, table or film of a run."""
        path = self.dialogs.open_file(self.tr("Open a scenario or a run"), run_pattern())
        if path is not None:
            self._director.open(path)

    @Slot(object)
    def open_files(self, paths: Sequence[Path]) -> None:
        """Run what the first of these files that leads to a run holds."""
        self._director.open(*paths)

    @Slot()
    def save_scenario(self) -> None:
        """Save the scenario of the run on show, with the changes made on the way."""
        scenario = self._session.scenario
        if scenario is not None:
            path = self._ask(self.tr("Save the scenario"), ".toml", scenario_pattern())
            if path is not None:
                self._write(SavedScenario(scenario, path))

    @Slot()
    def save_data(self) -> None:
        """Save the recorded numbers of the run on show, in a format of the user's choice."""
        history = self._session.history
        if history is not None:
            path = self._ask(self.tr("Save the numbers of the run"), ".csv", data_pattern())
            if path is not None:
                self._write(SavedHistory(history.at_rest(), path))

    def choose_data_file(self) -> str:
        """Ask for a CSV file; empty when the user thought better of it."""
        path = self.dialogs.open_file(
            self.tr("Open a data file"), self.tr("CSV (*.csv *.tsv *.txt);;All files (*)")
        )
        return "" if path is None else str(path)

    def _ask(self, title: str, ending: str, pattern: str) -> Path | None:
        entry = self._director.entry
        name = entry.id if entry is not None else "lazygui"
        return self.dialogs.save_file(title, name + ending, pattern)

    def _write(self, job: SavedScenario | SavedHistory) -> None:
        self._background.start(0, job, keep=True)

    @Slot(int, object, str)
    def _on_written(self, _number: int, path: Path | None, sentence: str) -> None:
        if sentence:
            self.told.emit("error", sentence)
        else:
            self.told.emit("info", self.tr("Saved: {path}").format(path=path))

    def close(self) -> None:
        """Wait a while for what is being written when the window goes."""
        self._background.close()

    def finish(self) -> None:
        """Wait until every file is written."""
        self._background.finish()
