"""The columns beside the stage are filled late, and then show what a window built at once would."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

from lazygui.app.main_window import MainWindow
from lazygui.app.settings import Settings
from lazygui.engine.session import Session, State
from lazygui.scenarios.catalogue import DEFAULT, entries, entry
from lazygui.style.themes import THEMES


@pytest.fixture
def window(qtbot: Any, tmp_path: Path) -> Iterator[MainWindow]:
    made = MainWindow(Session(), Settings(tmp_path / "settings.ini"), THEMES["light"])
    made.resize(1440, 900)
    made.show()
    made.stage.start()
    yield made
    made.close()
    made.deleteLater()


def built(window: MainWindow) -> set[str]:
    return {"lecture", "parameters"} & set(vars(window.sides))


def is_complete(window: MainWindow) -> bool:
    listed = "lecture" in built(window) and window.sides.lecture.catalogue.count()
    return listed == len(entries())


def text(window: MainWindow, name: str) -> str:
    label = window.findChild(QLabel, name)
    assert label is not None
    return label.text()


def test_they_come_once_something_moves_and_nothing_gives_way(qtbot: Any, window: MainWindow):
    window.director.choose(DEFAULT)
    assert not built(window)
    empty = window.workspace.splitter.sizes()
    started = time.monotonic()
    qtbot.waitUntil(lambda: bool(built(window)), timeout=8000)
    history = window.session.history
    assert history is not None or time.monotonic() - started > 0.45
    qtbot.waitUntil(lambda: is_complete(window), timeout=8000)
    assert window.workspace.splitter.sizes() == empty
    assert min(empty) > 0
    chosen = entry(DEFAULT)
    assert window.sides.lecture.catalogue.current() == DEFAULT
    assert text(window, "note-title") == chosen.title
    assert window.sides.parameters.controls.scenario() == chosen.scenario
    assert not window.findChild(QTimer, "late-parts").isActive()


def test_they_come_without_a_run_too(qtbot: Any, window: MainWindow):
    qtbot.waitUntil(lambda: is_complete(window), timeout=8000)
    assert window.sides.parameters.controls.scenario() is None
    assert text(window, "note-title") == ""


def test_the_numbers_of_a_run_that_has_ended_are_shown(qtbot: Any, window: MainWindow):
    window.sides.stop()
    window.director.choose("quadratic")
    window.session.set_speed(float("inf"))
    qtbot.waitUntil(lambda: window.session.state is State.ENDED, timeout=8000)
    qtbot.waitUntil(lambda: not window.checker.is_reading, timeout=8000)
    assert not built(window)
    verdict = window.checker.verdicts["quadratic"]
    steps = window.session.history
    assert window.sides.parameters.readout._history is steps
    assert window.sides.lecture.catalogue.verdict("quadratic") is verdict


def test_a_fault_found_before_them_is_said(qtbot: Any, window: MainWindow):
    window.director.choose("quadratic")
    window.director.request("steps", -1)
    assert not built(window)
    row = window.sides.parameters.controls.row("steps")
    assert "-1" in row.fault()
    window.director.request("steps", 40)
    assert row.fault() == ""


def test_a_scenario_of_the_users_own_has_its_note(window: MainWindow):
    window.director._start(entry("quadratic").scenario)
    window.sides.complete()
    assert text(window, "note-title") == "A scenario of your own"
    window.director.choose("quadratic")
    assert text(window, "note-title") == entry("quadratic").title


def test_they_are_dressed_in_the_theme_of_their_time(window: MainWindow):
    window.set_theme(THEMES["projector"])
    light = window.workspace.right.minimumWidth()
    window.sides.complete()
    assert window.sides.parameters.controls.minimumWidth() == light > 276
    window.set_theme(THEMES["light"])
    assert window.sides.parameters.controls.minimumWidth() == 276
    assert window.workspace.right.minimumWidth() == 276


def test_a_window_that_closes_builds_nothing_more(qtbot: Any, window: MainWindow):
    window.close()
    qtbot.wait(600)
    assert not built(window)
