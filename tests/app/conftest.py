"""A window with a running engine, file dialogs that answer by themselves, and waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from lazygui.app.main_window import MainWindow
from lazygui.app.settings import Settings
from lazygui.engine.session import Session, State
from lazygui.scenarios.base import Scenario
from lazygui.simulation.history import History
from lazygui.style.themes import THEMES


class FakeDialogs:
    """Answers at once with the paths it was given; None is a cancelled dialog."""

    def __init__(self) -> None:
        self.opened: Path | None = None
        self.saved: Path | None = None
        self.questions: list[str] = []

    def open_file(self, title: str, pattern: str) -> Path | None:
        self.questions.append(title)
        return self.opened

    def save_file(self, title: str, name: str, pattern: str) -> Path | None:
        self.questions.append(title)
        return self.saved


class Bench:
    """The window as a user finds it, and what a user does with it."""

    def __init__(self, qtbot: Any, folder: Path) -> None:
        self._qtbot = qtbot
        self.dialogs = FakeDialogs()
        self.session = Session()
        settings = Settings(folder / "settings.ini")
        self.window = MainWindow(self.session, settings, THEMES["light"], dialogs=self.dialogs)
        self.window.sides.complete()
        self.started: list[History] = []
        self.ended: list[tuple[Any, str]] = []
        self.session.run_started.connect(self._note_start)
        self.session.run_finished.connect(self._note_end)
        self.window.show()
        self.window.stage.start()

    def _note_start(self, history: History, ghost: History | None) -> None:
        self.started.append(history)

    def _note_end(self, outcome: Any, sentence: str) -> None:
        self.ended.append((outcome, sentence))

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()

    def until(self, condition: Callable[[], bool], milliseconds: int = 8000) -> None:
        self._qtbot.waitUntil(condition, timeout=milliseconds)

    def rest(self, milliseconds: int = 60) -> None:
        self._qtbot.wait(milliseconds)

    def awaited(self, act: Callable[[], object]) -> History:
        """The run that `act` starts, once it is on show."""
        count = len(self.started)
        act()
        self.until(lambda: len(self.started) > count and self.session.state is not State.LOADING)
        return self.history

    def choose(self, name: str) -> History:
        return self.awaited(lambda: self.window.director.choose(name))

    def show(self, scenario: Scenario) -> History:
        """Run a scenario that is in no catalogue."""
        return self.awaited(lambda: self.window.director._start(scenario))

    def key(self, key: Qt.Key, target: QWidget | None = None) -> None:
        QTest.keyClick(target or self.window.stage, key)

    def type(self, parameter: str, text: str) -> None:
        """Put a number into a parameter's field and press Enter."""
        field = self.window.findChild(QWidget, f"parameter-{parameter}-field")
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def fault(self, parameter: str) -> str:
        return self.window.sides.parameters.controls.row(parameter).fault()

    @property
    def message(self) -> str:
        return self.window.workspace.messages.message()

    @property
    def history(self) -> History:
        assert self.session.history is not None
        return self.session.history


@pytest.fixture
def bench(qtbot: Any, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path)
    yield made
    made.close()
