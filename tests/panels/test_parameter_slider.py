from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lazygui.panels.log_slider import ParameterSlider
from lazygui.panels.value_scale import ValueScale
from lazygui.style.themes import THEMES, Theme
from tests.panels.keys import drag, mouse, press

SCALE = ValueScale(symbol="η", lower=0.0, low=1e-3, high=10.0, log=True)
MARKS = ((2.0, "2/λ<sub>max</sub>"), (1.9, "2/(λ<sub>1</sub>+λ<sub>n</sub>)"), (50.0, "far"))


@pytest.fixture
def slider(qtbot: QtBot) -> ParameterSlider:
    made = ParameterSlider(SCALE, 0.1)
    qtbot.addWidget(made)
    made.resize(416, 60)  # a groove of 400 pixels: 100 for each decade
    made.show()
    return made


@pytest.fixture
def seen(slider: ParameterSlider) -> list[object]:
    events: list[object] = []

    def finished() -> None:
        events.append("finished")

    slider.valueChanged.connect(events.append)
    slider.editingFinished.connect(finished)
    return events


def test_click_takes_the_value_of_the_place(slider: ParameterSlider, seen: list[object]) -> None:
    drag(slider, [308.0], 8.0)
    assert seen == [pytest.approx(1.0, rel=5e-3), "finished"]


def test_drag_follows_and_finishes_once(slider: ParameterSlider, seen: list[object]) -> None:
    drag(slider, [208.0, 258.0, 308.0], 8.0)
    assert seen == [
        pytest.approx(0.316, rel=5e-3),
        pytest.approx(1.0, rel=5e-3),
        "finished",
    ]


def test_grip_off_centre_does_not_jump(slider: ParameterSlider, seen: list[object]) -> None:
    drag(slider, [211.0], 8.0)
    assert seen == ["finished"]
    assert slider.value() == 0.1


def test_drag_beyond_the_ends_stays_at_them(slider: ParameterSlider) -> None:
    drag(slider, [208.0, 2000.0], 8.0)
    assert slider.value() == 10.0
    drag(slider, [408.0, -50.0], 8.0)
    assert slider.value() == 1e-3


def test_outer_value_does_not_fight_the_drag(slider: ParameterSlider, seen: list[object]) -> None:
    drag(slider, [208.0, 308.0], 8.0, release=False)
    slider.set_value(5.0)
    assert slider.value() == pytest.approx(1.0, rel=5e-3)
    mouse(slider, QEvent.Type.MouseButtonRelease, 308.0, 8.0)
    slider.set_value(5.0)
    assert slider.value() == 5.0
    assert seen.count("finished") == 1


def test_mark_gives_exactly_its_value(slider: ParameterSlider, seen: list[object]) -> None:
    exact = 2 / 0.763
    slider.set_marks([(exact, "2/λ<sub>max</sub>")])
    centre = slider.mark_rect(0).center()
    drag(slider, [centre.x()], centre.y())
    assert seen == [exact, "finished"]


def test_labels_do_not_overlap(slider: ParameterSlider) -> None:
    slider.set_marks(MARKS)
    rects = [slider.mark_rect(i) for i in range(len(MARKS))]
    for i, first in enumerate(rects):
        assert first.left() >= 0
        assert first.right() <= slider.width()
        assert first.bottom() <= slider.sizeHint().height()
        assert not any(first.intersects(other) for other in rects[i + 1 :])


def test_mark_beyond_the_end_stays_reachable(slider: ParameterSlider) -> None:
    slider.set_marks(MARKS)
    centre = slider.mark_rect(2).center()
    drag(slider, [centre.x()], centre.y())
    assert slider.value() == 50.0


def test_marks_without_a_place_are_left_out(slider: ParameterSlider) -> None:
    slider.set_marks([(0.0, "zero"), (-1.0, "negative"), (1.0, "one")])
    assert slider.marks() == ((1.0, "one"),)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (Qt.Key.Key_Right, 0.112), (Qt.Key.Key_Up, 0.112), (Qt.Key.Key_Left, 0.0891),
        (Qt.Key.Key_Down, 0.0891), (Qt.Key.Key_PageUp, 0.178), (Qt.Key.Key_PageDown, 0.0562),
        (Qt.Key.Key_Home, 1e-3), (Qt.Key.Key_End, 10.0),
    ],
)  # fmt: skip
def test_keys(slider: ParameterSlider, seen: list[object], key: Qt.Key, value: float) -> None:
    press(slider, key)
    assert seen == [pytest.approx(value), "finished"]


def test_control_arrow_jumps_to_the_next_mark(slider: ParameterSlider) -> None:
    slider.set_marks(MARKS)
    control = Qt.KeyboardModifier.ControlModifier
    reached = []
    for _ in range(4):
        press(slider, Qt.Key.Key_Right, control)
        reached.append(slider.value())
    assert reached == [1.9, 2.0, 50.0, 50.0]
    press(slider, Qt.Key.Key_Left, control)
    assert slider.value() == 2.0


def turn_wheel(slider: ParameterSlider) -> bool:
    place = QPointF(50, 8)
    event = QWheelEvent(
        place, slider.mapToGlobal(place), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    event.setAccepted(False)
    QApplication.sendEvent(slider, event)
    return event.isAccepted()


def test_wheel_only_when_focused(qtbot: QtBot, slider: ParameterSlider, seen: list[object]) -> None:
    slider.clearFocus()
    assert not turn_wheel(slider)
    assert seen == []
    slider.setFocus()
    qtbot.waitUntil(slider.hasFocus)
    assert turn_wheel(slider)
    assert seen == [pytest.approx(0.112), "finished"]


def test_value_is_accessible(slider: ParameterSlider) -> None:
    slider.set_value(0.25)
    assert slider.accessibleDescription() == "0.25"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("value", [1e-9, 0.1, 1e9])
def test_it_paints_at_any_size(slider: ParameterSlider, theme: Theme, value: float) -> None:
    slider.set_theme(theme)
    slider.set_marks(MARKS)
    slider.set_value(value)
    for size in ((1, 1), (416, 80)):
        slider.resize(*size)
        assert not slider.grab().isNull()


def test_handle_turns_into_an_arrow_beyond_the_end(slider: ParameterSlider) -> None:
    slider.set_value(10.0)
    inside = slider.grab().toImage()
    slider.set_value(11.0)
    assert slider.grab().toImage() != inside
