from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from lazygui.panels.number_field import NumberField
from lazygui.panels.value_scale import ValueScale
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.lazy import LazyScenario
from tests.panels.keys import enter, leave, press, type_text


@pytest.fixture
def field(qtbot: QtBot) -> NumberField:
    made = NumberField(ValueScale.of(Scenario.parameter("learning_rate")), 0.1)
    made.set_help("the help")
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def edits(field: NumberField) -> list[float]:
    seen: list[float] = []
    field.valueEdited.connect(seen.append)
    return seen


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [("0.25", 0.25, "0.25"), ("0,25", 0.25, "0.25"), ("1e-3", 1e-3, "0.001"),
     ("1 000", 1000.0, "1000")],
)  # fmt: skip
def test_enter_takes_the_value_once(
    field: NumberField, edits: list[float], text: str, value: float, shown: str
) -> None:
    enter(field, text)
    leave(field)
    assert edits == [value]
    assert field.text() == shown


@pytest.mark.parametrize("text", ["nan", "inf", "abc", "0", "-1", "1e13", ""])
def test_refused_text_turns_red_and_leaves(
    field: NumberField, edits: list[float], text: str
) -> None:
    reasons: list[str] = []
    field.refused.connect(reasons.append)
    if text:
        type_text(field, text)
    else:
        field.selectAll()
        press(field, Qt.Key.Key_Delete)
    press(field, Qt.Key.Key_Return)
    assert field.property("fault") == "true"
    assert reasons[-1]
    assert reasons[-1] in field.toolTip()
    leave(field)
    assert field.text() == "0.1"
    assert field.property("fault") == "false"
    assert field.toolTip() == "the help"
    assert edits == []
    assert reasons[-1], "the reason stays with whoever shows it"


def test_bound_is_explained(field: NumberField) -> None:
    enter(field, "0")
    assert "η must be greater than 0" in field.toolTip()


def test_typing_on_takes_the_red_away(field: NumberField, edits: list[float]) -> None:
    enter(field, "x")
    enter(field, "0.3")
    assert field.property("fault") == "false"
    assert edits == [0.3]


def test_leaving_takes_the_value(field: NumberField, edits: list[float]) -> None:
    type_text(field, "0.7")
    leave(field)
    assert edits == [0.7]


def test_same_value_is_no_edit(field: NumberField, edits: list[float]) -> None:
    enter(field, "1e-1")
    assert edits == []
    assert field.text() == "0.1"


def test_escape_restores(field: NumberField, edits: list[float]) -> None:
    type_text(field, "7")
    press(field, Qt.Key.Key_Escape)
    leave(field)
    assert (field.text(), edits) == ("0.1", [])


@pytest.mark.parametrize(
    ("key", "factor"),
    [(Qt.Key.Key_Up, 10**0.05), (Qt.Key.Key_Down, 10**-0.05),
     (Qt.Key.Key_PageUp, 10**0.25), (Qt.Key.Key_PageDown, 10**-0.25)],
)  # fmt: skip
def test_keys_step(field: NumberField, edits: list[float], key: Qt.Key, factor: float) -> None:
    press(field, key)
    assert edits == [pytest.approx(0.1 * factor, rel=5e-3)]


def test_step_at_a_bound_says_why(qtbot: QtBot) -> None:
    field = NumberField(ValueScale.of(LazyScenario.parameter("width")), 1)
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.refused) as signal:
        press(field, Qt.Key.Key_Down)
    assert signal.args == ["m must be at least 1"]
    assert field.value() == 1


def test_outer_value_spares_what_is_typed(qtbot: QtBot, field: NumberField) -> None:
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    type_text(field, "0.5")
    field.set_value(3.0)
    assert field.text() == "0.5"
    press(field, Qt.Key.Key_Escape)
    assert field.text() == "3"
