"""Replays the log of a session in the window, until the user takes over."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from lazygui.app.director import Director
from lazygui.app.stage import Stage
from lazygui.engine.session import Session, State
from lazygui.recording.film import duration_text
from lazygui.recording.looks import dress, look_of
from lazygui.recording.reopening import OpenedSession
from lazygui.recording.script import Look, Script
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.faults import ScenarioError
from lazygui.simulation.build import check_memory
from lazygui.simulation.history import History

TICK_MS = 33
LONGEST_TICK = 0.25  # seconds; a window that stood still longer goes on from where it stood
FIRST_CHUNK, MOST_CHUNK = 256, 1_000_000
QUICK, SLOW = 0.03, 0.1
"""Seconds; steps asked for at once become more and fewer so that they take about as long."""

TAKEN_OVER = "The replay of {name} ends here: the run is yours."
ENDED = "The replay of {name} has ended."


class Replay(QObject):
    """Drives the session along a script: runs, steps, changes and views at their times.

    The clock stands still while a run is being built or lags behind. Whatever else happens to the
    run or to the views was the user's doing and ends the replay: the run is theirs from there on.
    Signal: told(str level, str text).
    """

    told = Signal(str, str)

    def __init__(self, session: Session, director: Director, stage: Stage, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._director, self._stage = session, director, stage
        self._script: Script | None = None
        self._name = self._beside = ""
        self._run, self._at, self._last = -1, 0.0, 0.0
        self._cued: Scenario | None = None
        self._history: History | None = None
        self._changes = self._goal = 0
        self._in_flight = self._was_overtaken = False
        self._sent, self._chunk = 0.0, FIRST_CHUNK
        self._scene: tuple[Look, ...] | None = None
        self._dressed: tuple[Look, ...] = ()
        self._timer = QTimer(self)
        self._timer.setObjectName("replay")
        self._timer.timeout.connect(self._tick)
        session.run_started.connect(self._on_run_started)
        session.advanced.connect(self._on_advanced)
        session.state_changed.connect(self._on_state)
        session.failed.connect(self._on_failed)
        director.live_changed.connect(self._on_live_changed)

    @property
    def is_active(self) -> bool:
        """Whether a session is being replayed."""
        return self._script is not None

    @Slot(object, str)
    def open(self, opened: OpenedSession, beside: str) -> None:
        """Begin to replay a session; `beside` is said with it. One too large is refused."""
        script = opened.script
        assert script is not None
        try:
            for run in script.runs:
                check_memory(run.scenario)
        except ScenarioError as error:
            self.told.emit("error", " · ".join(str(error).splitlines()))
            return
        self._script, self._name, self._beside = script, opened.path.name, beside
        self._at = script.runs[0].at
        self._timer.start(TICK_MS)
        self._cue(0)

    def stop(self) -> None:
        """Leave the run as it is."""
        self._script, self._cued, self._history = None, None, None
        self._timer.stop()

    # Runs

    def _cue(self, number: int) -> None:
        script = self._script
        assert script is not None
        run = script.runs[number]
        self._run, self._changes, self._goal = number, 0, 0
        self._in_flight, self._chunk, self._scene = False, FIRST_CHUNK, None
        self._cued, self._history = run.scenario.replace(changes=()), None
        if not self._director.cue(self._cued, run.demo, keep_ghost=run.ghost >= 0):
            self.stop()
            return
        self._stage.prefer([look.name for look in script.scene_at(self._at)])
        said = self.tr("Replaying {name}, {length}: any change of yours takes over.")
        said = said.format(name=self._name, length=duration_text(script.duration))
        self._director.greet("info", " · ".join(filter(None, (said, self._beside))))

    @Slot(object, object)
    def _on_run_started(self, history: History, ghost: History | None) -> None:
        if self._script is None:
            return
        if self._cued is None or history.scenario != self._cued:
            self.stop()
            return
        self._cued, self._last, self._history = None, time.monotonic(), history

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self.stop()

    @Slot()
    def _on_live_changed(self) -> None:
        """The user's value is on its way: none of the script may follow it."""
        if self._script is not None:
            self._end(TAKEN_OVER)

    @Slot(object)
    def _on_state(self, state: State) -> None:
        """Let a run go on that the user has set going, though a step was asked for after that."""
        if self._was_overtaken:
            self._was_overtaken = False
            if state is State.PAUSED:
                self._session.play()
        elif state is State.RUNNING and self._script is not None:
            self._was_overtaken = self._in_flight
            self._end(TAKEN_OVER)

    # Time

    @Slot()
    def _on_advanced(self) -> None:
        if self._in_flight:
            self._in_flight = False
            took = time.monotonic() - self._sent
            if took < QUICK:
                self._chunk = min(2 * self._chunk, MOST_CHUNK)
            elif took > SLOW:
                self._chunk = max(self._chunk // 2, 1)
        self._tick()

    @Slot()
    def _tick(self) -> None:
        script, history = self._script, self._session.history
        # Another run may be there before its start is told: no step of the script is for it.
        if script is None or history is None or history is not self._history:
            return
        if self._is_taken_over(history):
            self._end(TAKEN_OVER)
        elif not self._in_flight or self._session.state is State.ENDED:
            self._go_on(script, history)

    def _go_on(self, script: Script, history: History) -> None:
        now = time.monotonic()
        elapsed, self._last = min(now - self._last, LONGEST_TICK), now
        if not self._lags(script, history):
            self._at += elapsed
        if script.run_at(self._at) != self._run:
            self._cue(script.run_at(self._at))
            return
        self._show(script)
        self._change(script, history)
        self._step(script, history)
        if self._at >= script.duration and not self._lags(script, history):
            self._end(ENDED)

    def _lags(self, script: Script, history: History) -> bool:
        behind = history.last_step < script.step_at(self._at)
        return behind and self._session.state is not State.ENDED

    def _end(self, sentence: str) -> None:
        self.stop()
        self.told.emit("info", self.tr(sentence).format(name=self._name))

    # Steps and changes

    def _change(self, script: Script, history: History) -> None:
        """Give live parameters the values that they took at this step."""
        changes = script.runs[self._run].scenario.changes
        while self._changes < len(changes) and changes[self._changes].step <= history.last_step:
            change = changes[self._changes]
            self._changes += 1
            if self._session.state is not State.ENDED:
                self._session.change(change.name, change.value)

    def _step(self, script: Script, history: History) -> None:
        """Ask for the steps up to now, or up to the next change."""
        goal = script.step_at(self._at)
        changes = script.runs[self._run].scenario.changes
        if self._changes < len(changes):
            goal = min(goal, changes[self._changes].step)
        steps = min(goal - history.last_step, self._chunk)
        if steps > 0 and self._session.state is State.PAUSED:
            self._goal = history.last_step + steps
            self._in_flight, self._sent = True, time.monotonic()
            self._session.step(steps)

    # Views

    def _show(self, script: Script) -> None:
        looks = script.scene_at(self._at)
        if looks == self._scene:
            return
        self._scene = looks
        names = [look.name for look in looks]
        if names and names != self._stage.visible():
            self._stage.choose(names)
        for look in looks:
            if look.name in self._stage.visible():
                view = self._stage.view(look.name)
                dress(view, look)
                if not view.plot.following:
                    view.plot.following_changed.emit(False)
        self._dressed = self._looks()

    def _looks(self) -> tuple[Look, ...]:
        """How the stage looks, without ranges: these follow the size of the window, too."""
        shown = (look_of(self._stage.view(name)) for name in self._stage.visible())
        return tuple(replace(look, span=look.span and (0.0, 0.0, 0.0, 0.0)) for look in shown)

    def _is_taken_over(self, history: History) -> bool:
        script = self._script
        assert script is not None
        made = history.scenario.changes
        told = script.runs[self._run].scenario.changes[: self._changes]
        return (
            history.last_step > self._goal
            or made != told[: len(made)]
            or (self._scene is not None and self._looks() != self._dressed)
        )
