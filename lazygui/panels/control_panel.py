"""The parameters of the scenario, as controls."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from lazygui.panels.appearance import DEFAULT_THEME, narrowest, panel_sheet
from lazygui.panels.column_scroll import ColumnScroll
from lazygui.panels.parameter_row import ParameterRow
from lazygui.panels.request_limiter import RequestLimiter
from lazygui.panels.section import Section
from lazygui.panels.text_editors import ChooseFile
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.parameters import Group, Parameter
from lazygui.style.themes import Theme

ADVANCED = "Advanced"
_ORDER = (*(group.value for group in Group if group is not Group.COMPUTE), ADVANCED,
          Group.COMPUTE.value)  # fmt: skip
_FOLDED = (ADVANCED, Group.COMPUTE.value)


class ControlPanel(QWidget):
    """Rows for the active parameters of a scenario, grouped; it asks and never decides.

    Signals: `requested(str, object)`: a parameter and the value the user asks for, at most sixty
    times a second during a drag; `edit_finished(str)` once the user let go, so that a drag is one
    step to undo.
    """

    requested = Signal(str, object)
    edit_finished = Signal(str)

    def __init__(
        self, choose_file: ChooseFile | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("control-panel")
        self.setAccessibleName(self.tr("Parameters"))
        self._choose_file = choose_file
        self._theme = DEFAULT_THEME
        self._scenario: Scenario | None = None
        self._offered: tuple[Parameter, ...] = ()
        self._rows: dict[str, ParameterRow] = {}
        self._sections: list[Section] = []
        self._limiter = RequestLimiter(self)
        self._limiter.passed.connect(self.requested)
        self._fault = _fault_line()
        self._scroll = ColumnScroll("control-panel-scroll")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._fault)
        column.addWidget(self._scroll, 1)

    def set_scenario(self, scenario: Scenario) -> None:
        """Show the scenario; rows are made anew only where it offers other parameters."""
        offered = scenario.offered_parameters()
        if self._scenario is None or offered != self._offered:
            self._offered = offered
            self._build(scenario)
        self._scenario = scenario
        active = {parameter.name for parameter in scenario.active_parameters()}
        values = {change.name: change.value for change in scenario.changes}
        for name, row in self._rows.items():
            row.set_value(values.get(name, scenario.value_of(name)))
            row.setVisible(name in active)
        for section in self._sections:
            section.update_visibility()

    def scenario(self) -> Scenario | None:
        """The scenario shown, None before the first."""
        return self._scenario

    def _build(self, scenario: Scenario) -> None:
        opened = {section.objectName() for section in self._sections if section.is_open()}
        body = QWidget()
        body.setObjectName("panel-body")
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 12, 12, 16)
        column.setSpacing(18)
        self._scroll.setWidget(body)
        self._rows, self._sections = {}, []
        self.clear_faults()
        for heading in _ORDER:
            chosen = [p for p in scenario.offered_parameters() if _heading_of(p) == heading]
            if chosen:
                column.addWidget(self._section(heading, chosen, scenario))
        column.addStretch(1)
        for section in self._sections:
            if section.objectName() in opened:
                section.set_open(True)
        self._dress_rows()

    def _section(self, heading: str, parameters: list[Parameter], scenario: Scenario) -> Section:
        title = QCoreApplication.translate("Group", heading)
        section = Section(heading.lower(), title, folding=heading in _FOLDED)
        for parameter in parameters:
            value = scenario.value_of(parameter.name)
            row = ParameterRow(parameter, value, self._choose_file)
            row.dragged.connect(self._on_dragged)
            row.dropped.connect(self._on_dropped)
            row.edited.connect(self._on_edited)
            self._rows[parameter.name] = row
            section.add(row)
        self._sections.append(section)
        return section

    def row(self, name: str) -> ParameterRow:
        """The row of a parameter. Raises KeyError if the scenario has none of that name."""
        return self._rows[name]

    def set_marks(self, name: str, marks: Sequence[tuple[float, str]]) -> None:
        """Theory marks (value, rich label) on a parameter's slider; ignored without a row."""
        if name in self._rows:
            self._rows[name].set_marks(marks)

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """A red sentence under each row concerned, the others on one line at the top.

        The sentences are plain text.
        """
        self.clear_faults()
        general = []
        for name, sentence in faults.items():
            row = self._rows.get(name)
            if row is None or row.isHidden():
                general.append(sentence)
            else:
                row.show_fault(html.escape(sentence))
        self._fault.setText("<br>".join(html.escape(sentence) for sentence in general))
        self._fault.setVisible(bool(general))

    def clear_faults(self) -> None:
        """Take all red sentences away."""
        for row in self._rows.values():
            row.show_fault("")
        self._fault.clear()
        self._fault.hide()

    def general_fault(self) -> str:
        """The line at the top, empty if there is none."""
        return self._fault.text()

    def set_theme(self, theme: Theme) -> None:
        """Dress the panel anew."""
        self._theme = theme
        self.setMinimumWidth(narrowest(276, theme))
        self.setStyleSheet(panel_sheet(theme))
        self._dress_rows()

    def _dress_rows(self) -> None:
        for section in self._sections:
            section.set_theme(self._theme)
        for row in self._rows.values():
            row.set_theme(self._theme)

    @Slot(str, object)
    def _on_dragged(self, name: str, value: object) -> None:
        self._limiter.offer(name, value)

    @Slot(str, object)
    def _on_dropped(self, name: str, value: object) -> None:
        self._limiter.finish(name, value)
        self.edit_finished.emit(name)

    @Slot(str, object)
    def _on_edited(self, name: str, value: object) -> None:
        self._limiter.finish(name, value)
        self.edit_finished.emit(name)


def _heading_of(parameter: Parameter) -> str:
    if parameter.group is Group.COMPUTE:
        return Group.COMPUTE.value
    return ADVANCED if parameter.advanced else parameter.group.value


def _fault_line() -> QLabel:
    label = QLabel()
    label.setObjectName("general-fault")
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setProperty("look", "fault")
    label.setProperty("box", "bad")
    label.setContentsMargins(16, 8, 16, 8)
    label.hide()
    return label
