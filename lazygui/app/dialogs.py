"""Asking the user for a file: one object, so that tests can answer instead."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from lazygui.app.settings import Settings


class Dialogs(Protocol):
    """The questions the window can ask; None means the user thought better of it."""

    def open_file(self, title: str, pattern: str) -> Path | None:
        """An existing file."""

    def save_file(self, title: str, name: str, pattern: str) -> Path | None:
        """A file to write; the dialog itself asks before an existing one is replaced."""


class FileDialogs:
    """The desktop's own file dialogs, starting in the last folder used."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        self._settings = settings
        self._parent = parent

    def open_file(self, title: str, pattern: str) -> Path | None:
        """Ask for an existing file."""
        name, _ = QFileDialog.getOpenFileName(self._parent, title, self._settings.folder, pattern)
        return self._chosen(name)

    def save_file(self, title: str, name: str, pattern: str) -> Path | None:
        """Ask where to save; a name without an ending gets that of `name`."""
        start = str(Path(self._settings.folder) / name)
        text, _ = QFileDialog.getSaveFileName(self._parent, title, start, pattern)
        path = self._chosen(text)
        if path is not None and not path.suffix:
            return path.with_suffix(Path(name).suffix)
        return path

    def _chosen(self, name: str) -> Path | None:
        if not name:
            return None
        path = Path(name)
        self._settings.folder = str(path.parent)
        return path


def scenario_pattern() -> str:
    """The file filter of scenario files."""
    return QCoreApplication.translate("dialogs", "Scenarios (*.toml);;All files (*)")
