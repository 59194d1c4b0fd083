"""The worker: lives in the QThread, owns the simulation, trains in slices of 10 or 32 ms."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from lazygui.engine.dispatch import Dispatch
from lazygui.engine.pace import LONG_SLICE_SECONDS, SLICE_SECONDS, Pace
from lazygui.engine.turns import Turns
from lazygui.numerics.interruption import Interrupted, interruptible
from lazygui.scenarios.base import Scenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import Column
from lazygui.simulation.outcome import Outcome
from lazygui.simulation.protocol import Simulation

PATIENCE_SECONDS = 0.3


@dataclass(frozen=True)
class RunStart:
    """What the main thread needs to open the history of a run."""

    scenario: Scenario
    columns: tuple[Column, ...]
    facts: Mapping[str, Any]
    notices: tuple[str, ...]


class Worker(QObject):
    """Runs one simulation at a time; every command is a queued slot.

    Flags of the main thread cut work short that nobody waits for any more: `is_superseded` the
    load under way, `is_replaced` a long step of the run before it, `is_closing` everything.

    Signals carry the number of the run they belong to:
    run_started(int, RunStart), batch_ready(int, Batch), findings_due(int, list[Finding]),
    change_made(int, Change), run_ended(int, Outcome, str), load_failed(int, str),
    playing_changed(bool).
    """

    run_started = Signal(int, object)
    batch_ready = Signal(int, object)
    findings_due = Signal(int, object)
    change_made = Signal(int, object)
    run_ended = Signal(int, object, str)
    load_failed = Signal(int, str)
    playing_changed = Signal(bool)

    def __init__(self, turns: Turns | None = None, unfinished: Path | None = None) -> None:
        super().__init__()
        self._turns = turns or Turns()
        self._unfinished = unfinished
        self.is_superseded = self.is_replaced = self.is_closing = False
        self._simulation: Simulation | None = None
        self._run = 0
        self._pace = Pace()
        self._playing = False
        self._in_flight = False
        self._undelivered = False
        self._diagnosed = False
        self._dispatch = Dispatch()
        self._timer = QTimer(self)
        self._timer.setObjectName("engine-slices")
        self._timer.timeout.connect(self._slice)
        self._postman = QTimer(self)
        self._postman.setObjectName("engine-delivery")
        self._postman.setSingleShot(True)
        self._postman.timeout.connect(self._deliver)

    @Slot(int, object, bool)
    def load(self, run: int, scenario: Scenario, play: bool) -> None:
        """Build the simulation of a scenario; the run before goes on if that fails."""
        self.is_replaced = False
        try:
            with interruptible(self._is_vain):
                simulation = build_simulation(scenario)
                if self._is_vain():
                    raise Interrupted
            self._resume(simulation)
        except MemoryError:
            self.load_failed.emit(run, "There is not enough memory for this run.")
            return
        except Exception as error:  # as above, else the session would wait for ever
            self.load_failed.emit(run, str(error))
            return
        self._set_playing(False)
        self._drop()
        self._simulation, self._run = simulation, run
        alone = simulation.releases_interpreter
        self._pace.slice_seconds = LONG_SLICE_SECONDS if alone else SLICE_SECONDS
        self._in_flight = self._undelivered = self._diagnosed = False
        self._dispatch.reset()
        start = RunStart(
            simulation.scenario, simulation.columns, dict(simulation.facts), simulation.notices
        )
        self.run_started.emit(run, start)
        self._advance(0)
        self._set_playing(play)

    def _is_vain(self) -> bool:
        return self.is_superseded or self.is_closing

    def _resume(self, simulation: Simulation) -> None:
        """Take over what a kill left of a long sweep; one that cannot be kept runs all the same."""
        if self._unfinished is not None:
            with suppress(OSError, RuntimeError):
                simulation.resume_in(self._unfinished)

    @Slot()
    def play(self) -> None:
        """Go on training."""
        self._set_playing(True)

    @Slot()
    def pause(self) -> None:
        """Stop after the current slice."""
        self._set_playing(False)
        self._deliver(force=True)

    @Slot(int)
    def step(self, steps: int) -> None:
        """Make a few steps and pause."""
        self._set_playing(False)
        self._advance(steps)
        self._deliver(force=True)

    @Slot(str, float)
    def change(self, name: str, value: float) -> None:
        """Give a live parameter another value from the next step on."""
        if self._simulation is not None:
            self.change_made.emit(self._run, self._simulation.change(name, value))

    @Slot(float)
    def set_speed(self, speed: float) -> None:
        """Steps per second; infinity for as fast as possible."""
        self._pace.set_speed(speed)
        if self._playing:
            self._timer.start(self._pace.interval_ms())

    @Slot(int)
    def acknowledge(self, run: int) -> None:
        """The main thread took the batch: the next one may go."""
        if run == self._run:
            self._in_flight = False
            self._deliver()
            if not self._diagnosed:
                self._diagnose()

    @Slot()
    def stop(self) -> None:
        """End all work, then the thread: a timer must be stopped by the thread it lives in."""
        self._timer.stop()
        self._postman.stop()
        self._drop()
        QThread.currentThread().quit()

    def _drop(self) -> None:
        """Let go of the run, with whatever still computes for it."""
        if self._simulation is not None:
            self._simulation.close()
        self._simulation = None

    def _set_playing(self, playing: bool) -> None:
        can_play = self._simulation is not None and self._simulation.outcome is None
        playing = playing and can_play
        if playing and not self._playing:
            # The first step is due at once, however slow the demo.
            self._pace.begin()
            self._timer.start(0)
        elif not playing:
            self._timer.stop()
        if playing != self._playing:
            self._playing = playing
            self.playing_changed.emit(playing)

    @Slot()
    def _slice(self) -> None:
        if self._timer.interval() != self._pace.interval_ms():
            self._timer.setInterval(self._pace.interval_ms())
        steps = self._pace.steps_due()
        if steps == 0 or self._simulation is None:
            return
        if math.isinf(self._pace.speed):
            steps = self._simulation.rounded(steps)
        with self._turn():
            started = time.perf_counter()
            made = self._advance(steps)
        self._pace.measured(made, time.perf_counter() - started)

    def _turn(self) -> AbstractContextManager[None]:
        """Steps that leave the interpreter alone run beside the drawing, others in turns."""
        if self._simulation is not None and self._simulation.releases_interpreter:
            return nullcontext()
        return self._turns.computing()

    def _advance(self, steps: int) -> int:
        """Make steps, deliver, and close the run when it ends; returns the steps made."""
        simulation = self._simulation
        if simulation is None or simulation.outcome is not None:
            return 0
        before = simulation.step
        try:
            with self._patiently():
                simulation.proceed(steps)
        except Interrupted:
            return 0
        except Exception as error:  # a fault of any kind ends the run, never the thread
            self._fail(error)
            return 0
        self._undelivered = True
        self._deliver()
        self._close_if_ended(simulation)
        return simulation.step - before

    def _patiently(self) -> AbstractContextManager[None]:
        """Inside, a step ends at a checkpoint if the window closes, or if it keeps a load waiting.

        Short steps end by themselves, so that the run can go on unhurt if the load fails.
        """
        patience = time.monotonic() + PATIENCE_SECONDS

        def is_over() -> bool:
            return self.is_closing or (self.is_replaced and time.monotonic() > patience)

        return interruptible(is_over)

    def _fail(self, error: Exception) -> None:
        """End the run with what it recorded, as far as that can still be read."""
        self._undelivered = True
        with suppress(Exception):
            self._deliver(force=True)
        self._undelivered = False
        self._close(Outcome.FAILED, f"{Outcome.FAILED.value} {error}".rstrip())

    def _close_if_ended(self, simulation: Simulation) -> None:
        if simulation.outcome is Outcome.DIVERGED:
            self._close(simulation.outcome, simulation.diverged_sentence())
        elif simulation.outcome is not None:
            self._close(simulation.outcome, simulation.outcome.value)

    def _close(self, outcome: Outcome, sentence: str) -> None:
        self._deliver(force=True)
        if self._simulation is not None:
            self._simulation.outcome = outcome
        # The end is told first: a run that ended was not paused before.
        self.run_ended.emit(self._run, outcome, sentence)
        self._set_playing(False)

    @Slot()
    def _deliver(self, force: bool = False) -> None:
        """Hand over what was recorded: one batch in flight, newest wins."""
        now = time.monotonic()
        if self._simulation is None or not self._undelivered or (self._in_flight and not force):
            return
        is_recorded = self._simulation.is_recorded
        due = self._dispatch.due(is_recorded)
        if now < due and not force:
            # At a slow speed the next slice is long in coming.
            self._postman.start(math.ceil(1000 * (due - now)))
            return
        try:
            with self._patiently():
                batch = self._simulation.collect()
        except Interrupted:
            return
        self._undelivered, self._in_flight = False, True
        self._dispatch.sent(now, time.monotonic(), is_recorded)
        self.batch_ready.emit(self._run, batch)

    def _diagnose(self) -> None:
        """Have κ and what else takes a while found, after the first batch is on the screen."""
        if self._simulation is not None:
            self._diagnosed = True
            self.findings_due.emit(self._run, self._simulation.findings())
