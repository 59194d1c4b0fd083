from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from lazygui.panels.control_panel import ControlPanel
from lazygui.panels.log_slider import ParameterSlider
from lazygui.panels.number_field import NumberField
from lazygui.panels.request_limiter import RequestLimiter
from lazygui.panels.section import Section
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.least_squares import LeastSquaresScenario
from lazygui.style import themes
from lazygui.style.themes import THEMES, Theme
from tests.panels.keys import drag, enter, leave, mouse, press

SCENARIOS: tuple[Scenario, ...] = (
    LazyScenario(),
    DescentScenario(),
    LeastSquaresScenario(),
)
Requests = list[tuple[str, Any]]


@pytest.fixture
def panel(qtbot: QtBot) -> ControlPanel:
    made = ControlPanel(choose_file=chosen_file)
    qtbot.addWidget(made)
    made.resize(300, 1400)
    made.set_scenario(LazyScenario())
    made.show()
    return made


def chosen_file() -> str:
    return "/data/points.csv"


@pytest.fixture
def requests(panel: ControlPanel) -> Requests:
    seen: Requests = []

    def note(name: str, value: object) -> None:
        seen.append((name, value))

    panel.requested.connect(note)
    return seen


def find(panel: QWidget, kind: type[Any], name: str) -> Any:
    found = panel.findChild(kind, name)
    assert found is not None, name
    return found


def shown(panel: ControlPanel) -> set[str]:
    names = (p.name for p in type(scenario_of(panel)).parameters())
    return {name for name in names if not panel.row(name).isHidden()}


def scenario_of(panel: ControlPanel) -> Scenario:
    scenario = panel.scenario()
    assert scenario is not None
    return scenario


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[s.kind for s in SCENARIOS])
def test_rows_are_the_active_parameters(panel: ControlPanel, scenario: Scenario) -> None:
    panel.set_scenario(scenario)
    assert shown(panel) == {p.name for p in scenario.active_parameters()}


def test_rows_come_and_go_with_the_choices(panel: ControlPanel) -> None:
    assert "dimension" not in shown(panel)
    row = panel.row("width")
    panel.set_scenario(LazyScenario(data="teacher"))
    assert {"dimension", "teachers"} <= shown(panel)
    assert "target" not in shown(panel)
    assert panel.row("width") is row


def test_another_kind_makes_other_rows(panel: ControlPanel) -> None:
    panel.set_scenario(DescentScenario())
    with pytest.raises(KeyError):
        panel.row("width")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[s.kind for s in SCENARIOS])
def test_every_control_is_named(panel: ControlPanel, scenario: Scenario) -> None:
    panel.set_scenario(scenario)
    for parameter in scenario.parameters():
        row = panel.row(parameter.name)
        assert row.objectName() == f"parameter-{parameter.name}"
        assert row.accessibleName() == parameter.title
        for control in row.editor.widgets():
            assert control.objectName().startswith(f"parameter-{parameter.name}-")
            assert parameter.title in control.accessibleName()
            assert control.toolTip()
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[s.kind for s in SCENARIOS])
def test_showing_a_scenario_asks_for_nothing(
    panel: ControlPanel, requests: Requests, scenario: Scenario
) -> None:
    panel.set_scenario(scenario)
    panel.set_scenario(scenario.replace(learning_rate=0.37))
    assert requests == []
    assert find(panel, NumberField, "parameter-learning_rate-field").text() == "0.37"


def test_live_change_is_shown(panel: ControlPanel) -> None:
    panel.set_scenario(LazyScenario().with_change(5, "learning_rate", 0.7))
    assert find(panel, NumberField, "parameter-learning_rate-field").value() == 0.7


def test_typed_number_keeps_its_kind(panel: ControlPanel, requests: Requests) -> None:
    field = find(panel, NumberField, "parameter-width-field")
    enter(field, "1e3")
    leave(field)
    assert requests == [("width", 1000)]
    assert isinstance(requests[0][1], int)
    assert find(panel, ParameterSlider, "parameter-width-slider").value() == 1000


def test_typed_odd_width_is_left_to_the_scenario(panel: ControlPanel, requests: Requests) -> None:
    enter(find(panel, NumberField, "parameter-width-field"), "101")
    assert requests == [("width", 101)]


def test_a_click_on_the_handle_asks_for_nothing(panel: ControlPanel, requests: Requests) -> None:
    slider = find(panel, ParameterSlider, "parameter-scale-slider")
    drag(slider, [100.0], 8.0)
    drag(slider, [100.0], 8.0)
    assert requests == [("scale", slider.value())]


def test_the_answer_to_a_drag_shows_once_it_ends(panel: ControlPanel) -> None:
    slider = find(panel, ParameterSlider, "parameter-width-slider")

    def answer(name: str, value: int) -> None:
        panel.set_scenario(LazyScenario().replace(**{name: value}))

    panel.requested.connect(answer)
    shown_widths = set()
    for x in range(8, 120, 3):
        drag(slider, [float(x)], 8.0)
        shown_widths.add(slider.value())
    assert len(shown_widths) > 8
    assert all(width % 2 == 0 for width in shown_widths), "doubled networks have even widths"


def test_choice(panel: ControlPanel, requests: Requests) -> None:
    combo = find(panel, QComboBox, "parameter-activation-combo")
    combo.setFocus()
    press(combo, Qt.Key.Key_Down)
    assert requests == [("activation", "relu")]


def test_objective_is_a_choice(panel: ControlPanel) -> None:
    panel.set_scenario(DescentScenario())
    combo = find(panel, QComboBox, "parameter-objective-combo")
    assert combo.currentText() == DescentScenario.parameter("objective").choice_titles["quadratic"]


def test_flag(panel: ControlPanel, requests: Requests) -> None:
    box = find(panel, QCheckBox, "parameter-bias-check")
    box.click()
    label = find(panel, QWidget, "parameter-bias-label")
    mouse(label, QEvent.Type.MouseButtonPress, 3.0, 3.0)
    mouse(label, QEvent.Type.MouseButtonRelease, 3.0, 3.0)
    assert requests == [("bias", True), ("bias", False)]


def test_vector(panel: ControlPanel, requests: Requests) -> None:
    panel.set_scenario(DescentScenario())
    field = find(panel, QLineEdit, "parameter-start-field")
    enter(field, "1,5")
    assert requests == [("start", (1.5,))]
    enter(field, "nonsense")
    assert "list of numbers" in panel.row("start").fault()
    enter(field, "2")
    assert requests[1:] == [("start", (2.0,))]
    assert panel.row("start").fault() == ""


def test_file_is_chosen(panel: ControlPanel, requests: Requests) -> None:
    find(panel, QToolButton, "parameter-data_file-browse").click()
    assert requests == [("data_file", "/data/points.csv")]


def test_refusal_stands_under_the_row(panel: ControlPanel, requests: Requests) -> None:
    field = find(panel, NumberField, "parameter-learning_rate-field")
    enter(field, "-1")
    assert panel.row("learning_rate").fault() == "η must be greater than 0"
    leave(field)
    assert panel.row("learning_rate").fault() == "η must be greater than 0"
    enter(field, "0.2")
    assert panel.row("learning_rate").fault() == ""
    assert requests == [("learning_rate", 0.2)]


def test_faults_stand_where_they_belong(panel: ControlPanel) -> None:
    panel.show_faults({"width": "m < 3 is odd", "": "in general", "dimension": "hidden row"})
    assert panel.row("width").fault() == "m &lt; 3 is odd"
    assert panel.general_fault() == "in general<br>hidden row"
    panel.clear_faults()
    assert (panel.row("width").fault(), panel.general_fault()) == ("", "")


def test_drag_asks_sixty_times_a_second_at_most(
    qtbot: QtBot, panel: ControlPanel, requests: Requests
) -> None:
    slider = find(panel, ParameterSlider, "parameter-scale-slider")
    finished: list[str] = []
    panel.edit_finished.connect(finished.append)
    places = [50.0 + 0.5 * i for i in range(300)]
    drag(slider, places, 8.0)
    assert 2 <= len(requests) < 150
    assert requests[-1] == ("scale", slider.value())
    assert finished == ["scale"]
    qtbot.wait(40)
    assert requests[-1] == ("scale", slider.value())


def test_outer_scenario_does_not_fight_the_drag(panel: ControlPanel) -> None:
    slider = find(panel, ParameterSlider, "parameter-scale-slider")
    field = find(panel, NumberField, "parameter-scale-field")
    drag(slider, [50.0, 120.0], 8.0, release=False)
    held = slider.value()
    panel.set_scenario(LazyScenario(scale=777.0))
    assert (slider.value(), field.value()) == (held, held)
    mouse(slider, QEvent.Type.MouseButtonRelease, 120.0, 8.0)
    panel.set_scenario(LazyScenario(scale=777.0))
    assert (slider.value(), field.value()) == (777.0, 777.0)


def test_marks_reach_the_slider(panel: ControlPanel) -> None:
    panel.set_marks("learning_rate", [(2.0, "2/L")])
    slider = find(panel, ParameterSlider, "parameter-learning_rate-slider")
    assert slider.marks() == ((2.0, "2/L"),)
    panel.set_marks("no such parameter", [(2.0, "2/L")])


def test_compute_is_folded_until_asked(panel: ControlPanel) -> None:
    section = find(panel, Section, "section-compute")
    assert not section.is_open()
    find(panel, QToolButton, "section-compute-fold").click()
    assert section.is_open()
    panel.set_scenario(DescentScenario())
    assert find(panel, Section, "section-compute").is_open()


def test_a_group_without_rows_is_hidden(panel: ControlPanel) -> None:
    panel.set_scenario(LeastSquaresScenario())
    assert panel.findChild(Section, "section-data") is None
    assert panel.findChild(Section, "section-advanced") is None


def test_focus_survives_an_update(qtbot: QtBot, panel: ControlPanel) -> None:
    field = find(panel, NumberField, "parameter-scale-field")
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    panel.set_scenario(LazyScenario(data="teacher", scale=3.0))
    assert field.hasFocus()
    assert field.text() == "3"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=[s.kind for s in SCENARIOS])
def test_no_row_is_wider_than_the_panel(
    qtbot: QtBot, qapp: QApplication, panel: ControlPanel, theme: Theme, scenario: Scenario
) -> None:
    themes.apply(qapp, theme)
    panel.set_scenario(scenario)
    panel.set_theme(theme)
    for section in panel.findChildren(Section):
        section.set_open(True)
    panel.resize(panel.minimumWidth(), 700)
    qtbot.wait(20)
    for name in shown(panel):
        row = panel.row(name)
        right = row.mapTo(panel, row.rect().topRight()).x()
        assert right <= panel.width(), name


def test_limiter_never_loses_the_last(qtbot: QtBot) -> None:
    limiter = RequestLimiter()
    seen: Requests = []

    def note(name: str, value: object) -> None:
        seen.append((name, value))

    limiter.passed.connect(note)
    for value in range(10):
        limiter.offer("a", value)
    assert seen == [("a", 0)]
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen[1] == ("a", 9)
    limiter.finish("a", 9)
    assert len(seen) == 2, "a value that was passed on is not repeated"
    limiter.finish("a", 9)
    assert len(seen) == 3, "a later edit of the same value is an edit"
    limiter.offer("b", 1)
    limiter.offer("c", 2)
    limiter.finish("c", 3)
    assert [request for request in seen[3:] if request != ("c", 2)] == [("b", 1), ("c", 3)]
