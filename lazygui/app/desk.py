"""What goes in and out as files: scenarios, recorded rows, pictures, data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from lazygui.app import files
from lazygui.app.dialogs import Dialogs, scenario_pattern
from lazygui.app.director import Director
from lazygui.app.stage import Stage
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
        self._stage: Stage | None = None

    def set_stage(self, stage: Stage) -> None:
        """The stage whose pictures are saved."""
        self._stage = stage

    @Slot()
    def open_scenario(self) -> None:
        """Ask for a scenario file and run it."""
        path = self.dialogs.open_file(self.tr("Open a scenario"), scenario_pattern())
        if path is not None:
            self._director.open(path)

    @Slot()
    def save_scenario(self) -> None:
        """Save the scenario of the run on show, with the changes made on the way."""
        scenario = self._session.scenario
        if scenario is not None:
            path = self._ask(self.tr("Save the scenario"), ".toml", scenario_pattern())
            self._write(files.save_scenario, scenario, path)

    @Slot()
    def save_csv(self) -> None:
        """Save the recorded rows of the run on show."""
        history = self._session.history
        if history is not None:
            path = self._ask(self.tr("Save the run as CSV"), ".csv", self.tr("CSV (*.csv)"))
            self._write(files.save_history, history, path)

    @Slot()
    def save_image(self) -> None:
        """Save the stage as a picture."""
        if self._stage is not None:
            self._save_picture(files.picture_of(self._stage), ".png")

    @Slot(str)
    def save_view(self, name: str) -> None:
        """Save one view as a picture."""
        if self._stage is not None:
            self._save_picture(self._stage.view(name).image(), f"-{name}.png")

    def choose_data_file(self) -> str:
        """Ask for a CSV file; empty when the user thought better of it."""
        path = self.dialogs.open_file(
            self.tr("Open a data file"), self.tr("CSV (*.csv *.tsv *.txt);;All files (*)")
        )
        return "" if path is None else str(path)

    def _save_picture(self, image: QImage, ending: str) -> None:
        path = self._ask(self.tr("Save the picture"), ending, self.tr("PNG (*.png)"))
        self._write(files.save_image, image, path)

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
