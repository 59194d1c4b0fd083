"""Has the claims of the chosen demo read while it runs, and keeps the verdicts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from lazygui.app.background import Background
from lazygui.app.director import Director
from lazygui.claims.claim import Claim, Reading, Verdict
from lazygui.claims.judging import judged, overall
from lazygui.claims.registry import claims_named
from lazygui.engine.session import Session, State
from lazygui.numerics.interruption import interruptible
from lazygui.panels.claims_bar import ClaimsBar
from lazygui.scenarios.catalogue import Entry
from lazygui.scenarios.faults import ScenarioError
from lazygui.simulation.history import History

INTERVAL_MS = 250
# Slow checks are made less often, so that they never take more than this share of the time: what
# is slow is the first one, which draws the network again, so that the pause has an end.
MOST_OF_THE_TIME, LONGEST_PAUSE = 0.05, 5.0


@dataclass(frozen=True)
class _Job:
    """Claims to read in a run at rest, as long as that is wanted."""

    claims: tuple[Claim, ...]
    history: History
    is_over: Callable[[], bool]

    def __call__(self) -> tuple[list[Reading], float]:
        """The readings, and the seconds they took."""
        started = time.monotonic()
        with interruptible(self.is_over):
            readings = [judged(claim, self.history) for claim in self.claims]
        return readings, time.monotonic() - started


class Checker(QObject):
    """Reads at most four times a second, and once more when a run has ended.

    A check may draw a network again and multiply by its Jacobian: the window never waits for it.

    Signal: verdict_changed(str, Verdict | None), the id of a demo and what `verdicts` says of it.
    """

    verdict_changed = Signal(str, object)

    def __init__(self, session: Session, director: Director, bar: ClaimsBar) -> None:
        super().__init__(bar)
        self._session, self._director, self._bar = session, director, bar
        self.verdicts: dict[str, Verdict] = {}
        self._claims: tuple[Claim, ...] = ()
        self._entry: Entry | None = None
        self._history: History | None = None
        self._settled: Verdict | None = None
        self._seen = -1
        self._background = Background("claims", self)
        self._number = 0
        self.is_reading = self._is_final = False
        self._later = QTimer(self)
        self._later.setObjectName("claims-later")
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._read)
        self._started = self._earliest = 0.0
        self._wire()

    def _wire(self) -> None:
        self._director.entry_chosen.connect(self._on_entry)
        self._director.entry_left.connect(self._leave)
        self._session.run_started.connect(self._on_run_started)
        self._session.advanced.connect(self._on_news)
        self._session.diagnosed.connect(self._on_news)
        self._session.run_finished.connect(self._on_run_finished)
        self._background.finished.connect(self._on_read)
        self._bar.revealed.connect(self._on_revealed)

    # What is checked

    @Slot(object)
    def _on_entry(self, entry: Entry) -> None:
        self._leave()
        try:
            self._claims = claims_named(entry.claims)
        except ScenarioError as error:
            self._director.told.emit("error", " ".join(str(error).split()))
            return
        self._entry = entry
        self._settled = self.verdicts.get(entry.id)
        self._bar.set_claims(self._claims)

    @Slot()
    def _leave(self) -> None:
        """A check that was not finished says nothing: the verdict before it comes back."""
        if self._entry is not None:
            self._record(self._entry.id, self._settled)
        self._entry, self._history, self._claims = None, None, ()
        self._give_up()
        self._bar.set_claims(())

    @Slot(object, object)
    def _on_run_started(self, history: History, ghost: History | None) -> None:
        # A run that another one is about to replace may belong to the demo before.
        if self._entry is not None and self._session.state is not State.LOADING:
            self._give_up()
            self._history, self._seen = history, -1
            self._read()

    # When it is read

    @Slot()
    def _on_news(self) -> None:
        """Read now if the last time is long enough ago, otherwise as soon as it is."""
        if self._history is None or self._later.isActive():
            return
        wait = self._earliest - time.monotonic()
        if wait <= 0.0:
            self._read()
        else:
            self._later.start(max(1, round(1e3 * wait)))

    @Slot()
    def _on_run_finished(self) -> None:
        self._is_final = self.is_reading
        self._read()

    @Slot()
    def _read(self) -> None:
        """Have every claim read, if anything has happened since and no reading is under way."""
        history = self._history
        if history is None or not len(history) or history.revision == self._seen:
            return
        if self.is_reading:
            return
        self._later.stop()
        self._seen, self._started = history.revision, time.monotonic()
        self._number += 1
        self.is_reading, self._is_final = True, False
        number = self._number
        job = _Job(self._claims, history.at_rest(), lambda: number != self._number)
        self._background.start(number, job)

    def _give_up(self) -> None:
        """Forget the reading under way, and let it end."""
        self._number += 1
        self.is_reading = self._is_final = False
        self._earliest = 0.0
        self._later.stop()

    @Slot(int, object, str)
    def _on_read(self, number: int, result: object, fault: str) -> None:
        if number != self._number:
            return
        self.is_reading = False
        if not isinstance(result, tuple):
            return
        readings, taken = result
        pause = min(taken / MOST_OF_THE_TIME, taken + LONGEST_PAUSE)
        self._earliest = self._started + max(1e-3 * INTERVAL_MS, pause)
        self._bar.show_readings(readings)
        self._settle()
        if self._is_final:
            self._read()
        elif self._history is not None and self._history.revision != self._seen:
            self._on_news()

    def stop(self) -> None:
        """Read no more: the window closes."""
        self._give_up()
        self._history = None
        self._background.close()

    @Slot(bool)
    def _on_revealed(self, revealed: bool) -> None:
        self._settle()

    def _settle(self) -> None:
        if self._entry is None or not self._claims:
            return
        verdict = overall(reading.verdict for reading in self._bar.readings())
        shown = verdict if self._bar.is_revealed else None
        if verdict is not Verdict.PENDING and self._bar.is_revealed:
            self._settled = verdict
        self._record(self._entry.id, shown)

    def _record(self, name: str, verdict: Verdict | None) -> None:
        if verdict is self.verdicts.get(name):
            return
        self.verdicts.pop(name, None)
        if verdict is not None:
            self.verdicts[name] = verdict
        self.verdict_changed.emit(name, verdict)
