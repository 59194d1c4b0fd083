"""The right column: the parameters of the scenario, and the numbers of the run."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QSplitter

from lazygui.app.announcer import Announcer
from lazygui.app.director import Director
from lazygui.app.workspace import fill
from lazygui.engine.session import Session
from lazygui.panels.control_panel import ControlPanel
from lazygui.panels.readout_panel import ReadoutPanel
from lazygui.scenarios.faults import Fault
from lazygui.simulation.history import History
from lazygui.style.themes import Theme


class Parameters(QObject):
    """Fills the column, whatever has begun by then, and keeps it up to date."""

    def __init__(
        self,
        column: QSplitter,
        session: Session,
        director: Director,
        announcer: Announcer,
        choose_file: Callable[[], str],
        theme: Theme,
    ) -> None:
        super().__init__(column)
        self.controls = ControlPanel(choose_file)
        self.controls.set_theme(theme)
        self.readout = ReadoutPanel(theme=theme)
        if director.shown is not None:
            self.controls.set_scenario(director.shown)
            self._on_faults(director.faults)
        if session.history is not None:
            self._on_run_started(session.history, session.ghost)
        fill(column, (self.controls, 470), (self.readout, 370))
        director.scenario_shown.connect(self.controls.set_scenario)
        director.faulted.connect(self._on_faults)
        self.controls.requested.connect(director.request)
        session.run_started.connect(self._on_run_started)
        session.diagnosed.connect(self.readout.refresh)
        announcer.pulsed.connect(self.readout.refresh)

    @Slot(object)
    def _on_faults(self, faults: tuple[Fault, ...]) -> None:
        if not faults:
            self.controls.clear_faults()
            return
        self.controls.show_faults({fault.field: fault.sentence for fault in faults})

    @Slot(object, object)
    def _on_run_started(self, history: History, ghost: History | None) -> None:
        self.readout.begin(history)
        self.controls.set_marks("learning_rate", history.facts["learning_rate_marks"])

    def set_theme(self, theme: Theme) -> None:
        """Dress both anew."""
        self.controls.set_theme(theme)
        self.readout.set_theme(theme)
