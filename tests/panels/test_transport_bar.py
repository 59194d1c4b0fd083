from __future__ import annotations

import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from lazygui.panels.progress_line import ProgressLine
from lazygui.panels.state_chip import StateChip
from lazygui.panels.transport_bar import SPEEDS, TransportBar
from lazygui.simulation.outcome import Outcome
from lazygui.style import themes
from lazygui.style.themes import THEMES
from tests.panels.keys import press

SIGNALS = ("play", "pause", "step", "restart", "new_seed")


@pytest.fixture
def bar(qtbot: QtBot) -> TransportBar:
    made = TransportBar()
    qtbot.addWidget(made)
    made.resize(900, 60)
    made.show()
    return made


@pytest.fixture
def asked(bar: TransportBar) -> list[str]:
    seen: list[str] = []
    for name in SIGNALS:
        signal = getattr(bar, f"{name}_requested")
        signal.connect(lambda name=name: seen.append(name))
    return seen


def button(bar: TransportBar, name: str) -> QToolButton:
    found = bar.findChild(QToolButton, f"transport-{name}")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "signal"),
    [("restart", "restart"), ("step", "step"), ("seed", "new_seed"), ("play", "play")],
)
def test_a_button_asks_once(bar: TransportBar, asked: list[str], name: str, signal: str) -> None:
    button(bar, name).click()
    assert asked == [signal]
    press(button(bar, name), Qt.Key.Key_Space)
    assert asked == [signal, signal]


def test_play_becomes_pause(bar: TransportBar, asked: list[str]) -> None:
    bar.set_state("running", "")
    assert button(bar, "play").accessibleName() == "Pause"
    button(bar, "play").click()
    bar.set_state("paused", "")
    assert button(bar, "play").accessibleName() == "Play"
    button(bar, "play").click()
    assert asked == ["pause", "play"]


def test_pressed_twice_is_the_same_request(bar: TransportBar, asked: list[str]) -> None:
    button(bar, "play").click()
    button(bar, "play").click()
    assert asked == ["play", "play"]


@pytest.mark.parametrize("outcome", Outcome)
def test_state_is_a_word_and_a_sentence(bar: TransportBar, outcome: Outcome) -> None:
    bar.set_state(outcome.name.lower(), outcome.value)
    chip = bar.findChild(StateChip)
    assert chip is not None
    words = {Outcome.STEP_LIMIT: "finished"}
    assert chip.text() == words.get(outcome, outcome.name.lower())
    assert outcome.value in chip.toolTip()
    assert button(bar, "play").accessibleName() == "Play"


def test_progress(bar: TransportBar) -> None:
    bar.set_progress(2840, 4000, 284.0, 12345.0)
    texts = [
        bar.findChild(QLabel, f"transport-{name}").text() for name in ("steps", "time", "rate")
    ]
    assert texts == ["step 2\u202f840 / 4\u202f000", "<i>t</i> = 284", "12\u202f300 steps/s"]
    line = bar.findChild(ProgressLine)
    assert line is not None
    assert line.fraction() == 0.71


@pytest.mark.parametrize(
    "numbers",
    [
        (0, 0, 0.0, 0.0),
        (5, 0, math.inf, 1e30),
        (9, 3, math.nan, 0.004),
        (10**9, 10**9, 1e300, 1.0),
    ],
)
def test_progress_survives_anything(
    bar: TransportBar, numbers: tuple[int, int, float, float]
) -> None:
    bar.set_progress(*numbers)
    line = bar.findChild(ProgressLine)
    assert line is not None
    assert 0 <= line.fraction() <= 1


def test_speed(bar: TransportBar) -> None:
    seen: list[float] = []
    bar.speed_changed.connect(seen.append)
    assert bar.speed() == math.inf
    combo = bar.findChild(QComboBox, "transport-speed")
    assert combo is not None
    combo.setFocus()
    press(combo, Qt.Key.Key_Up)
    assert seen == [10_000.0]
    bar.change_speed(-1)
    bar.change_speed(2)
    bar.change_speed(1)
    assert seen == [10_000.0, 3_000.0, math.inf]


@pytest.mark.parametrize(
    ("speed", "shown"),
    [(30.0, 30.0), (40.0, 30.0), (0.0, 1.0), (1e9, 10_000.0), (math.inf, math.inf)],
)
def test_outer_speed_is_shown_and_not_asked(bar: TransportBar, speed: float, shown: float) -> None:
    seen: list[float] = []
    bar.speed_changed.connect(seen.append)
    bar.set_speed(speed)
    assert (bar.speed(), seen) == (shown, [])
    assert shown in SPEEDS


def shown(bar: TransportBar) -> list[bool]:
    labels = (bar.findChild(QLabel, f"transport-{name}") for name in ("steps", "time", "rate"))
    return [label is not None and not label.isHidden() for label in labels]


def test_growing_numbers_never_widen_the_window(
    qtbot: QtBot, qapp: QApplication, bar: TransportBar
) -> None:
    themes.apply(qapp, THEMES["projector"])
    bar.set_theme(THEMES["projector"])
    bar.set_state("running")
    bar.resize(1024, bar.height())
    bar.set_progress(0, 6000, 0.0, 0.0)
    narrow = bar.minimumSizeHint().width()
    bar.set_progress(1320, 6000, 1.32e3, 123_456.0)
    qtbot.wait(20)
    bar.set_progress(1320, 6000, 1.32e3, 123_456.0)
    assert bar.minimumSizeHint().width() <= narrow + 80 < 1024
    assert bar.width() == 1024
    assert shown(bar) == [True, True, False]
    bar.resize(1600, bar.height())
    assert shown(bar) == [True, True, True]
    bar.resize(bar.minimumSizeHint().width(), bar.height())
    assert shown(bar) == [True, False, False]
