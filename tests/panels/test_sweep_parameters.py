"""The control panel of a sweep: the rows of its base, without those that move."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from lazygui.panels.control_panel import ControlPanel
from lazygui.panels.number_field import NumberField
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.sweep_texts import swept


def shown(panel: ControlPanel, name: str) -> str:
    field = panel.row(name).findChild(NumberField)
    assert field is not None
    return field.text()


def test_rows_are_those_of_the_base_and_follow_its_kind(qtbot: QtBot):
    panel = ControlPanel()
    qtbot.addWidget(panel)
    panel.set_scenario(LazyScenario(width=40))
    assert "scale" in panel._rows
    sweep = swept(LazyScenario(width=50, steps=300), ["scale=1:100:log:3"])
    panel.set_scenario(sweep)
    assert "scale" not in panel._rows
    row = panel.row("width")
    panel.set_scenario(sweep.replace(width=64))
    assert panel.row("width") is row
    assert shown(panel, "steps") == "300"
    assert shown(panel, "width") == "64"
    panel.set_scenario(swept(DescentScenario(), ["learning_rate=0.1,0.2"]))
    assert "width" not in panel._rows
    assert "objective" in panel._rows
