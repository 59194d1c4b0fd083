"""The session: the only thing the window talks to. Main thread; commands go to the worker."""

from __future__ import annotations

import math
import time
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, Signal, Slot

from lazygui.engine.diagnostician import Diagnostician
from lazygui.engine.turns import Turns
from lazygui.engine.worker import RunStart, Worker
from lazygui.scenarios.base import Change, Scenario
from lazygui.scenarios.kinds import checked_change
from lazygui.simulation.build import check_memory
from lazygui.simulation.history import Batch, History
from lazygui.simulation.outcome import Outcome

CLOSE_MS = 1500
# A run shorter than this, as during the drag of a slider, does not become the ghost.
GHOST_SECONDS = 0.7


class State(Enum):
    """What the run is doing."""

    EMPTY = "empty"
    LOADING = "loading"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class Session(QObject):
    """A run, its history and the ghost of the run before.

    Signals: run_started(History, ghost History | None), advanced(), diagnosed(),
    changed(Scenario) when a live parameter took a new value, state_changed(State),
    run_finished(Outcome, str), failed(str), noticed(str). Sweeps keep their finished runs in the
    folder `unfinished` until they have ended.
    """

    run_started = Signal(object, object)
    advanced = Signal()
    diagnosed = Signal()
    changed = Signal(object)
    state_changed = Signal(object)
    run_finished = Signal(object, str)
    failed = Signal(str)
    noticed = Signal(str)

    _load = Signal(int, object, bool)
    _play = Signal()
    _pause = Signal()
    _step = Signal(int)
    _change = Signal(str, float)
    _speed = Signal(float)
    _acknowledge = Signal(int)
    _stop = Signal()

    def __init__(self, parent: QObject | None = None, unfinished: Path | None = None) -> None:
        super().__init__(parent)
        self.history: History | None = None
        self.ghost: History | None = None
        self.outcome: Outcome | None = None
        self.sentence = ""
        self.state = State.EMPTY
        self.asked: Scenario | None = None
        self._run = 0
        self.is_running_late = False
        self._number = 0
        self._waiting: tuple[Scenario, bool] | None = None
        self._keep_ghost = True
        self._shown_since = 0.0
        self._playing = False
        self._told: set[str] = set()
        self._rate = _Rate()
        self.turns = Turns()
        self._worker = Worker(self.turns, unfinished)
        self._diagnostician = Diagnostician()
        self._threads = (
            _inhabited(self._worker, "engine", self),
            _inhabited(self._diagnostician, "diagnosis", self),
        )
        self._connect()
        for thread in self._threads:
            thread.start()

    def _connect(self) -> None:
        worker, diagnostician = self._worker, self._diagnostician
        self._load.connect(worker.load)
        self._play.connect(worker.play)
        self._pause.connect(worker.pause)
        self._step.connect(worker.step)
        self._change.connect(worker.change)
        self._speed.connect(worker.set_speed)
        self._acknowledge.connect(worker.acknowledge)
        self._stop.connect(worker.stop)
        worker.run_started.connect(self._on_run_started)
        worker.batch_ready.connect(self._on_batch)
        worker.change_made.connect(self._on_change)
        worker.run_ended.connect(self._on_run_ended)
        worker.load_failed.connect(self._on_load_failed)
        worker.playing_changed.connect(self._on_playing)
        worker.findings_due.connect(diagnostician.diagnose)
        diagnostician.facts_ready.connect(self._on_facts)
        self._stop.connect(diagnostician.stop)

    @property
    def scenario(self) -> Scenario | None:
        """The scenario of the run on show, with the changes made on the way."""
        return self.history.scenario if self.history is not None else None

    @property
    def steps_per_second(self) -> float:
        """Measured over the last second or so; 0 while nothing runs."""
        return self._rate.value if self.state is State.RUNNING else 0.0

    def set_scenario(self, scenario: Scenario, play: bool = True, keep_ghost: bool = True) -> None:
        """Start a run of `scenario`; the present one stays on show until it has started.

        While one is being built only the newest request waits. `keep_ghost` leaves the run on
        show as a ghost behind the new one. Raises ScenarioError when it would not fit in memory.
        """
        check_memory(scenario)
        self.asked = scenario
        self._keep_ghost = self._keep_ghost and keep_ghost
        if self.state is State.LOADING:
            self._waiting = (scenario, play)
            self._worker.is_superseded = True
            return
        self._set_state(State.LOADING)
        self._send(scenario, play)

    def _send(self, scenario: Scenario, play: bool) -> None:
        self._number += 1
        self._worker.is_superseded, self._worker.is_replaced = False, True
        self._load.emit(self._number, scenario, play)

    def _next_waiting(self) -> bool:
        """Send the request that waited for the one before; False when none did."""
        if self._waiting is None:
            return False
        waiting, self._waiting = self._waiting, None
        self._send(*waiting)
        return True

    def restart(self, play: bool = True) -> None:
        """The same scenario again, from the same seed, with the values now in force."""
        if self.scenario is not None:
            self.set_scenario(self.scenario.without_changes(), play)

    def play(self) -> None:
        """Go on; a finished run starts again."""
        if self.state is State.ENDED:
            self.restart()
        elif self.state is State.PAUSED:
            self._play.emit()

    def pause(self) -> None:
        """Pause the run."""
        self._pause.emit()

    def step(self, steps: int = 1) -> None:
        """Make a few steps and pause."""
        if self.state in (State.RUNNING, State.PAUSED):
            self._step.emit(steps)

    def change(self, name: str, value: float) -> None:
        """Give a live parameter a new value at once. Raises ScenarioError naming what is wrong."""
        if self.history is not None:
            checked_change(self.history.scenario, self.history.last_step, name, value)
            self._change.emit(name, value)

    def set_speed(self, steps_per_second: float) -> None:
        """Steps per second; infinity for as fast as possible."""
        self._speed.emit(steps_per_second)

    def close(self) -> bool:
        """Stop both threads; False when a long step kept them from ending in time."""
        self._worker.is_closing = True
        self._diagnostician.attend(0)
        self._stop.emit()
        ended = QDeadlineTimer(CLOSE_MS)
        self.is_running_late = not all(thread.wait(ended) for thread in self._threads)
        return not self.is_running_late

    @Slot(int, object)
    def _on_run_started(self, run: int, start: RunStart) -> None:
        self._diagnostician.attend(run)
        if self._next_waiting():
            return
        self._choose_ghost(start.scenario.kind)
        self.history = History(start.scenario, start.columns, dict(start.facts))
        self.asked = start.scenario
        self._run, self.outcome, self.sentence = run, None, ""
        self._rate = _Rate()
        self._shown_since = time.monotonic()
        self._set_state(State.PAUSED)
        for notice in start.notices:
            self._tell_once(notice)

    def _choose_ghost(self, kind: str) -> None:
        previous, lasted = self.history, time.monotonic() - self._shown_since
        if previous is not None and lasted >= GHOST_SECONDS:
            self.ghost = previous
        related = self.ghost is not None and self.ghost.scenario.kind == kind
        if not (self._keep_ghost and related):
            self.ghost = None
        self._keep_ghost = True

    def _tell_once(self, notice: str) -> None:
        if notice not in self._told:
            self._told.add(notice)
            self.noticed.emit(notice)

    @Slot(int, object)
    def _on_batch(self, run: int, batch: Batch) -> None:
        if run != self._run or self.history is None:
            return
        first = self.history.revision == 0
        self.history.append(batch)
        self._rate.count(batch.last_step)
        self._acknowledge.emit(run)
        if first:
            self.run_started.emit(self.history, self.ghost)
        self.advanced.emit()

    @Slot(int, object)
    def _on_facts(self, run: int, facts: dict[str, Any]) -> None:
        if run == self._run and self.history is not None:
            self.history.record_facts(facts)
            self.diagnosed.emit()

    @Slot(int, object)
    def _on_change(self, run: int, change: Change) -> None:
        if run == self._run and self.history is not None:
            self.history.record_change(change)
            if self.state is not State.LOADING:
                self.asked = self.history.scenario
            self.changed.emit(self.history.scenario)

    @Slot(int, object, str)
    def _on_run_ended(self, run: int, outcome: Outcome, sentence: str) -> None:
        if run != self._run:
            return
        self.outcome, self.sentence = outcome, sentence
        self._set_state(State.ENDED)
        self.run_finished.emit(outcome, sentence)

    @Slot(int, str)
    def _on_load_failed(self, run: int, sentence: str) -> None:
        if self._next_waiting():
            return
        self.asked = self.scenario
        self._keep_ghost = True
        self._set_state(self._settled_state())
        self.failed.emit(sentence)

    def _settled_state(self) -> State:
        """The state of the run on show when no other one is being loaded."""
        if self.history is None:
            return State.EMPTY
        if self.outcome is not None:
            return State.ENDED
        return State.RUNNING if self._playing else State.PAUSED

    @Slot(bool)
    def _on_playing(self, playing: bool) -> None:
        self._playing = playing
        if self.state in (State.LOADING, State.EMPTY):
            return
        if playing:
            self._rate = _Rate()
            self._set_state(State.RUNNING)
        elif self.state is State.RUNNING:
            self._set_state(State.PAUSED)

    def _set_state(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)


def _inhabited(inhabitant: QObject, name: str, parent: QObject) -> QThread:
    """A thread for the slots of `inhabitant`, not started yet."""
    thread = QThread(parent)
    thread.setObjectName(name)
    inhabitant.moveToThread(thread)
    return thread


class _Rate:
    """Steps per second, averaged over about a second."""

    def __init__(self) -> None:
        self.value = 0.0
        self._mark: tuple[float, int] | None = None

    def count(self, step: int) -> None:
        now = time.monotonic()
        if self._mark is None:
            self._mark = (now, step)
            return
        elapsed = now - self._mark[0]
        if elapsed < 0.25:
            return
        current = (step - self._mark[1]) / elapsed
        weight = 1.0 if self.value == 0.0 else 1.0 - math.exp(-elapsed)
        self.value += weight * (current - self.value)
        self._mark = (now, step)
