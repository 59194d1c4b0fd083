"""What goes in and out as files: scenarios and recorded numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from lazygui.app import files
from lazygui.app.dialogs import Dialogs, data_pattern, run_pattern, scenario_pattern
from lazygui.app.director import Director
from lazygui.engine.session import Session
from lazygui.export.atomic import ExportError

Content = TypeVar("Content")


class Desk(QObject):
    """Asks for a file and reads or writes it. Signal: told(str level, str text)."""

    told = Signal(str, str)

    def __init__(
        self, session: Session, director: Director, dialogs: Dialogs, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._director, self.dialogs = session, director, dialogs

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
            self._write(files.save_scenario, scenario, path)

    @Slot()
    def save_data(self) -> None:
        """Save the recorded numbers of the run on show, in a format of the user's choice."""
        history = self._session.history
        if history is not None:
            path = self._ask(self.tr("Save the numbers of the run"), ".csv", data_pattern())
            self._write(files.save_history, history, path)

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

    def _write(
        self, write: Callable[[Content, Path], None], content: Content, path: Path | None
    ) -> None:
        if path is None:
            return
        try:
            write(content, path)
        except ExportError as error:
            self.told.emit("error", str(error))
            return
        self.told.emit("info", self.tr("Saved: {path}").format(path=path))
