"""Asking the user for a file: one object, so that tests can answer instead."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from lazygui.app.settings import Settings
from lazygui.export.data import DATA_FORMATS
from lazygui.export.opening import ENDINGS

_FILTER_ENDING = re.compile(r"\(\*(\.[^\s)]+)\)")


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
        """Ask where to save; a name gets the ending that goes with the format chosen."""
        start = str(Path(self._settings.folder) / name)
        text, chosen = QFileDialog.getSaveFileName(self._parent, title, start, pattern)
        path = self._chosen(text)
        if path is None:
            return None
        ended = with_ending(path, name, chosen)
        # The dialog has asked about the name as it was typed.
        return ended if ended == path or self._may_replace(ended) else None

    def _may_replace(self, path: Path) -> bool:
        if not path.exists():
            return True
        question = QCoreApplication.translate("dialogs", "{path} exists. Replace it?")
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(self._parent, "LazyGUI", question.format(path=path))
        return answer == buttons.Yes

    def _chosen(self, name: str) -> Path | None:
        if not name:
            return None
        path = Path(name)
        self._settings.folder = str(path.parent)
        return path


def with_ending(path: Path, suggested: str, chosen: str) -> Path:
    """The path with the ending of the `chosen` filter, unless the user typed another one.

    A name has no ending when there is none or it begins with a digit, as in "alpha0.5"; one that
    still has the ending of the `suggested` name follows the filter.
    """
    usual = Path(suggested).suffix
    match = _FILTER_ENDING.search(chosen)
    wanted = match.group(1) if match else usual
    if path.name.lower().endswith(wanted):
        return path
    if not path.suffix or path.suffix[1].isdigit():
        return path.with_name(path.name + wanted)
    if path.suffix == usual:
        return path.with_name(path.name.removesuffix(usual) + wanted)
    return path


def run_pattern() -> str:
    """The file filters of all that leads to a run."""
    endings = " ".join(f"*{ending}" for ending in ENDINGS)
    text = QCoreApplication.translate(
        "dialogs",
        "Scenarios, figures, tables, films ({endings});;Scenarios (*.toml);;All files (*)",
    )
    return text.format(endings=endings)


def data_pattern() -> str:
    """A file filter for each format of data."""
    filters = [
        f"{QCoreApplication.translate('dialogs', item.title)} (*{item.ending})"
        for item in DATA_FORMATS
    ]
    return ";;".join(filters)


def scenario_pattern() -> str:
    """The file filter of scenario files."""
    return QCoreApplication.translate("dialogs", "Scenarios (*.toml);;All files (*)")
