"""What the session reports, on the stage, in the transport bar and the messages."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from lazygui.app.director import Director
from lazygui.app.workspace import Workspace
from lazygui.engine.session import Session, State
from lazygui.simulation.history import History
from lazygui.simulation.outcome import Outcome

PULSE_MS = 80
_LEVELS = {Outcome.DIVERGED: "warn", Outcome.FAILED: "error"}


class Announcer(QObject):
    """Hands a new run to the parts that show it, and shows how far it is.

    Signal: pulsed(), when the numbers of the run on show are due to be written anew.
    """

    pulsed = Signal()

    def __init__(self, session: Session, director: Director, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._session, self._director, self._workspace = session, director, workspace
        # Numbers that change sixty times a second cannot be read, and cost the engine its time.
        self._pulse = QTimer(self)
        self._pulse.setObjectName("number-pulse")
        self._pulse.timeout.connect(self._on_pulse)
        self._pulse.start(PULSE_MS)
        session.run_started.connect(self._on_run_started)
        session.state_changed.connect(self._on_state)
        session.run_finished.connect(self._on_finished)
        session.noticed.connect(self._on_notice)

    def stop(self) -> None:
        """Leave the numbers as they are."""
        self._pulse.stop()

    @Slot(object, object)
    def _on_run_started(self, history: History, ghost: History | None) -> None:
        space = self._workspace
        space.messages.clear()
        greeting = self._director.take_greeting()
        if greeting:
            space.messages.show_message(*greeting)
        space.stage.begin(history, ghost)
        self._on_pulse()

    @Slot()
    def _on_pulse(self) -> None:
        history = self._session.history
        if history is not None:
            self._workspace.transport.show_run(history, self._session.steps_per_second)
            self.pulsed.emit()

    @Slot(object)
    def _on_state(self, state: State) -> None:
        outcome = self._session.outcome
        word = outcome.name.lower() if state is State.ENDED and outcome else state.value
        self._workspace.transport.set_state(word, self._session.sentence)

    @Slot(object, str)
    def _on_finished(self, outcome: Outcome, sentence: str) -> None:
        self._on_state(State.ENDED)
        self._on_pulse()
        if outcome in _LEVELS:
            self._workspace.messages.show_message(_LEVELS[outcome], sentence)

    @Slot(str)
    def _on_notice(self, text: str) -> None:
        self._workspace.messages.show_message("info", text)
