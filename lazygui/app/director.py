"""What the user's requests mean for the run: the only writer of scenarios in the window."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from lazygui.engine.session import Session, State
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.catalogue import Entry, entries, entry
from lazygui.scenarios.faults import Fault, ScenarioError
from lazygui.scenarios.kinds import replaced
from lazygui.scenarios.parameters import Effect
from lazygui.simulation.history import History

if TYPE_CHECKING:
    from lazygui.export.opening import Opened
    from lazygui.scenarios.sweep import SweepScenario


class Director(QObject):
    """Turns requests into scenarios and hands them to the session.

    Signals: entry_chosen(Entry); entry_left() when a scenario of the user's own takes its place;
    scenario_shown(Scenario), what the controls should show; faulted(tuple of Fault) when a request
    cannot be met (`shown` and `faults` are the last of both); told(str level, str text);
    session_opened(OpenedSession, str) to be replayed, with what is said beside it; live_changed()
    when a live value is on its way to the run.
    """

    entry_chosen = Signal(object)
    entry_left = Signal()
    scenario_shown = Signal(object)
    faulted = Signal(object)
    told = Signal(str, str)
    session_opened = Signal(object, str)
    live_changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.entry: Entry | None = None
        self.shown: Scenario | None = None
        self.faults: tuple[Fault, ...] = ()
        self._entry_runs = False
        self._sweep: tuple[Entry | None, Scenario] | None = None
        self._greeting: tuple[str, str] | None = None
        self._choose_file: Callable[[], str] | None = None
        session.run_started.connect(self._on_run_started)
        session.changed.connect(self._on_changed)
        session.failed.connect(self._on_failed)

    def set_file_chooser(self, choose_file: Callable[[], str]) -> None:
        """Who asks for the CSV file when its data are chosen; empty when it was cancelled."""
        self._choose_file = choose_file

    @Slot(str)
    def choose(self, entry_id: str) -> None:
        """Run a demo of the catalogue."""
        chosen = entry(entry_id)
        self._enter(chosen, chosen.scenario)

    def _enter(self, chosen: Entry, scenario: Scenario, play: bool = True) -> bool:
        self.entry, self._entry_runs, self._sweep, self._greeting = chosen, False, None, None
        self.entry_chosen.emit(chosen)
        self.session.set_speed(chosen.speed or math.inf)
        if self._start(scenario, keep_ghost=False, play=play):
            return True
        self._leave_entry()
        return False

    def cue(self, scenario: Scenario, demo: str, keep_ghost: bool) -> bool:
        """Put a run on show, paused at its start, under the demo of that name if there is one."""
        chosen = next((item for item in entries() if item.id == demo), None)
        if chosen is not None and chosen is not self.entry:
            return self._enter(chosen, scenario, play=False)
        if not self._start(scenario, keep_ghost, play=False):
            return False
        if chosen is None:
            self._leave_entry()
        return True

    def _leave_entry(self) -> None:
        self.entry, self._entry_runs, self._sweep, self._greeting = None, False, None, None
        self.entry_left.emit()

    @Slot()
    def compute_full(self) -> None:
        """Run the present demo at the paper's size."""
        if self.entry is not None and self.entry.full is not None:
            self._enter(self.entry, self.entry.full)

    @Slot()
    def choose_previous(self) -> None:
        """Run the demo before the present one."""
        self._choose_neighbour(-1)

    @Slot()
    def choose_next(self) -> None:
        """Run the demo after the present one."""
        self._choose_neighbour(+1)

    def _choose_neighbour(self, offset: int) -> None:
        ids = [item.id for item in entries()]
        here = ids.index(self.entry.id) if self.entry is not None else -1
        self.choose(ids[min(max(here + offset, 0), len(ids) - 1)])

    def open(self, *paths: Path) -> None:
        """Run what the first file that leads to a run holds: scenario, figure, table, session."""
        # What reads files isn't needed before there is one: the window opens sooner without it.
        from lazygui.recording.reopening import open_first

        opened, others = open_first(paths)
        if opened is None:
            self.told.emit("error", " · ".join(others))
        else:
            self.show(opened, others)

    def show(self, opened: Opened, others: Iterable[str] = ()) -> None:
        """Run what a file held, and say where it comes from; `others` is said beside it."""
        if opened.is_session:
            self.session_opened.emit(opened, " · ".join(others))
            return
        demo = opened.demo()
        if demo is not None:
            started = self._enter(demo, opened.scenario)
        else:
            started = self._start(opened.scenario, keep_ghost=False)
            if started:
                self._leave_entry()
        said = _origin_of(opened, others)
        if started and said:
            self.greet("info", said)

    @Slot(int)
    def open_run(self, index: int) -> None:
        """Open one run of the sweep on show as a scenario of its own; `go_back` returns."""
        if self.session.scenario is None or self.session.scenario.kind != "sweep":
            return
        sweep = cast("SweepScenario", self.session.scenario)
        origin = self.entry, sweep
        if self._start(sweep.run(index), keep_ghost=False):
            self._leave_entry()
            self._sweep = origin
            self.greet("info", _place_of(sweep, index))

    @Slot()
    def go_back(self) -> None:
        """From a run of a sweep back to the sweep."""
        if self._sweep is None:
            return
        chosen, sweep = self._sweep
        if chosen is not None:
            self._enter(chosen, sweep)
        elif self._start(sweep, keep_ghost=False):
            self._leave_entry()

    def greet(self, level: str, text: str) -> None:
        """Say this once the run that was asked for is on show: a new run wipes what was said."""
        self._greeting = level, text

    def take_greeting(self) -> tuple[str, str] | None:
        """Level and text of what is to be said once of the run that has just started."""
        greeting, self._greeting = self._greeting, None
        return greeting

    @Slot(str, object)
    def request(self, name: str, value: Any) -> None:
        """Give a parameter another value: live ones at once, others by a restart."""
        current = self.session.asked
        if current is None:
            return
        try:
            runs = self.session.state in (State.RUNNING, State.PAUSED)
            if runs and current.parameter(name).effect is Effect.LIVE:
                replaced(current.without_changes(), **{name: value})
                self.session.change(name, float(value))
                self.live_changed.emit()
                return
            values = self._completed(current, name, value)
            self._start(replaced(current.without_changes(), **values))
        except KeyError:
            self._refuse([Fault(name, "this scenario has no such parameter")])
        except ScenarioError as error:
            self._refuse(error.faults)

    def _completed(self, current: Scenario, name: str, value: Any) -> dict[str, Any]:
        values = {name: value}
        # The row of the file shows only once the data are CSV, and these need a file to be valid.
        needs_file = (name, value) == ("data", "csv") and not getattr(current, "data_file", "")
        if needs_file and self._choose_file is not None:
            values["data_file"] = self._choose_file()
        return values

    @Slot()
    def restart(self) -> None:
        """The same run again, from the same initialization."""
        if self.session.asked is not None:
            self._start(self.session.asked.without_changes())

    @Slot()
    def new_seed(self) -> None:
        """The same scenario from another draw."""
        if self.session.asked is not None:
            self._start(self.session.asked.without_changes().redrawn())

    @Slot()
    def step_once(self) -> None:
        """One step, then pause."""
        self.session.step(1)

    @Slot()
    def play(self) -> None:
        """Go on with a paused run, start an ended one again; harmless while it runs."""
        if self.session.state is State.ENDED:
            self.restart()
        else:
            self.session.play()

    @Slot()
    def toggle_playing(self) -> None:
        """Pause a run, go on with a paused one, start an ended one again."""
        if self.session.state is State.RUNNING:
            self.session.pause()
        else:
            self.play()

    def _start(self, scenario: Scenario, keep_ghost: bool = True, play: bool = True) -> bool:
        try:
            self.session.set_scenario(scenario, play=play, keep_ghost=keep_ghost)
        except ScenarioError as error:
            self._refuse(error.faults)
            return False
        self._show(scenario)
        return True

    def _refuse(self, faults: Sequence[Fault]) -> None:
        self._show(self.session.asked, faults)

    def _show(self, scenario: Scenario | None, faults: Sequence[Fault] = ()) -> None:
        self.shown, self.faults = scenario, tuple(faults)
        if scenario is not None:
            self.scenario_shown.emit(scenario)
        self.faulted.emit(self.faults)

    @Slot(object, object)
    def _on_run_started(self, history: History, ghost: History | None) -> None:
        self._entry_runs = self.session.state is not State.LOADING

    @Slot(object)
    def _on_changed(self, scenario: Scenario) -> None:
        self._show(scenario.without_changes())

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        if self.session.asked is not None:
            self._show(self.session.asked.without_changes(), self.faults)
        self.told.emit("error", sentence)
        if self.entry is not None and not self._entry_runs:
            # The run on show is still that of another demo.
            self._leave_entry()


def _origin_of(opened: Opened, others: Iterable[str]) -> str:
    said = []
    if opened.provenance is not None:
        text = _tr("The run behind {name}: made on {date} with {program}.")
        made = opened.provenance
        said = [text.format(name=opened.path.name, date=made.date, program=made.program)]
    return " · ".join([*said, *others])


def _place_of(sweep: SweepScenario, index: int) -> str:
    run = sweep.run(index)
    values = ", ".join(f"{a.name} = {getattr(run, a.name):.4g}" for a in sweep.axes)
    text = _tr("Run {number} of {count} of the sweep: {values}. Backspace goes back to it.")
    return text.format(number=index + 1, count=sweep.steps, values=values)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Director", text)
