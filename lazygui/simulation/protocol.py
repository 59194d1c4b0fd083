"""What every simulation offers, and the part that all of them share.

One call of `advance` makes many steps: a kind of simulation only says how to move on by some steps,
what a recorded row holds and what a frame holds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lazygui.scenarios.base import STEPS_LIMIT, Change, Scenario
from lazygui.simulation.history import Array, Batch, Column, Frame, read_only
from lazygui.simulation.outcome import Outcome
from lazygui.simulation.schedule import Schedule

TRACE_RESOLUTION = 256
FRAME_RESOLUTION = 24
ROWS_PER_MOVE = 256

# Computes facts of a run.
Finding: TypeAlias = Callable[[], dict[str, Any]]

STEP = Column("step", "k", "step", log=True)
TIME = Column("time", "t = ηk", "time", log=True)


@dataclass(frozen=True)
class Snapshot:
    """All it takes to go on from a step: rewind, fork and replay restore it."""

    step: int
    learning_rate: float
    rate_step: int
    rate_time: float
    state: Mapping[str, Any]
    outcome: Outcome | None


class Simulation(ABC):
    """A run in progress. Not thread-safe: one thread owns it.

    The same scenario gives the same records to the last bit however `advance` splits the steps.
    """

    def __init__(self, scenario: Scenario, columns: tuple[Column, ...]) -> None:
        self.scenario = scenario
        self.columns = (STEP, TIME, *columns)
        self.facts: dict[str, Any] = {}
        self.notices: tuple[str, ...] = ()
        self.step = 0
        self._rate_step, self._rate_time = 0, 0.0
        self.learning_rate = scenario.value_at("learning_rate", 0)
        self.outcome: Outcome | None = None
        self._traces = Schedule(TRACE_RESOLUTION, scenario.record_every)
        self._checkpoints = Schedule(FRAME_RESOLUTION)
        self._rows: list[dict[str, Any]] = []
        self._frames: list[Frame] = []
        self._first, self._started = 0, False

    @abstractmethod
    def _move(self, steps: int) -> None:
        """Make `steps` steps of gradient descent with the current learning rate."""

    @abstractmethod
    def _row(self) -> dict[str, Any]:
        """The values of the columns (but step and time) at the current step."""

    @abstractmethod
    def _state(self) -> dict[str, Any]:
        """Copies of all that `_move` changes."""

    @abstractmethod
    def _set_state(self, state: Mapping[str, Any]) -> None:
        """Go back to what `_state` returned."""

    @abstractmethod
    def _finite(self) -> bool:
        """Whether the current state is made of finite numbers, its loss included."""

    @property
    def releases_interpreter(self) -> bool:
        """Whether steps leave the interpreter to other threads, such as one that draws."""
        return False

    def resume_in(self, folder: Path, keep: bool = False) -> int:
        """Keep what a kill would lose in a folder, and take over what one left; 0 if nothing.

        It is removed again at the end, unless `keep`.
        """
        return 0

    def close(self) -> None:  # noqa: B027 - most kinds hold nothing
        """Let go of threads and files; the records stay. May be called twice."""

    def skip_frames(self) -> None:
        """Record no checkpoints on the way, for who wants the rows alone; they stay the same."""
        self._checkpoints = Schedule(FRAME_RESOLUTION, 2 * STEPS_LIMIT)

    def _frame(self) -> dict[str, Array]:
        """The arrays of a checkpoint."""
        return {}

    def _converged(self, row: Mapping[str, Any]) -> bool:
        """Whether nothing is left to gain in floating point."""
        return False

    def findings(self) -> list[Finding]:
        """What takes a while to find out, κ first. They keep the present: any thread may call."""
        return []

    def diagnose(self) -> dict[str, Any]:
        """The facts of all findings, now."""
        return {name: value for find in self.findings() for name, value in find().items()}

    def diverged_sentence(self) -> str:
        """Why the run left the finite numbers, with the numbers."""
        return f"{Outcome.DIVERGED.value} (step {self.step}, η = {self.learning_rate:g})"

    def advance(self, steps: int) -> Batch:
        """Make up to `steps` more steps, fewer if the run ends: what they recorded."""
        self.proceed(steps)
        return self.collect()

    def proceed(self, steps: int) -> None:
        """Make up to `steps` more steps and keep what they record until `collect`."""
        if not self._started:
            self._started = True
            self._rows.append(self._full_row())
            self._frames.append(self._full_frame())
        goal = min(self.step + steps, self.scenario.steps)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            while self.step < goal and self.outcome is None:
                if not self._stretch(goal):
                    self._segment(goal)
        if self.step >= self.scenario.steps and self.outcome is None:
            self.outcome = Outcome.STEP_LIMIT

    def rounded(self, steps: int) -> int:
        """The most of `steps` that end at a recorded row, which saves a move; all if none does."""
        return self._traces.rounded(self.step, steps)

    def collect(self) -> Batch:
        """What was recorded since the last call, with the row and the frame of this step."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            batch = self._batch(self._first, self._rows, self._frames)
        self._first, self._rows, self._frames = self.step, [], []
        return batch

    @property
    def _many_rows(self) -> bool:
        """Whether `_rows_through` passes several recorded steps in one move."""
        return False

    def _rows_through(self, counts: NDArray[np.int64]) -> list[dict[str, Any]]:
        """Move on by counts[0] steps, counts[1] more and so on: the rows of `_row` after each.

        They are the same to the last bit as those of single moves.
        """
        raise NotImplementedError

    def _stretch(self, goal: int) -> bool:
        """Pass several recorded steps in one move; False where the next must be made alone."""
        if not self._many_rows:
            return False
        self._use_rate(self.scenario.value_at("learning_rate", self.step))
        checkpoint = self._checkpoints.next_after(self.step)
        stop = min(goal, checkpoint, self._next_change())
        steps = self._traces.between(self.step, stop, ROWS_PER_MOVE)
        if len(steps) < 2:
            return False
        before, counts = self._state(), np.diff([self.step, *steps])
        rows = self._rows_through(counts)
        kept = self._rows_to_keep(rows)
        if kept < len(rows):  # the run ended on the way: back to where, or to before, it did
            self._set_state(before)
            rows = self._rows_through(counts[:kept]) if kept else []
        for self.step, row in zip(steps, rows, strict=False):
            self._rows.append({"step": float(self.step), "time": self.time, **row})
        if rows and self._converged(rows[-1]):
            self.outcome = Outcome.CONVERGED
        if rows and self.step == checkpoint:
            self._frames.append(self._full_frame())
        return bool(rows)

    def _rows_to_keep(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """Up to the first at which the run has converged, or before the first not finite."""
        for index, row in enumerate(rows):
            if not np.isfinite(row["loss"]):
                return index
            if self._converged(row):
                return index + 1
        return len(rows)

    def _segment(self, goal: int) -> None:
        """Move to the next step at which something is recorded or a change is due."""
        self._use_rate(self.scenario.value_at("learning_rate", self.step))
        trace, checkpoint = (s.next_after(self.step) for s in (self._traces, self._checkpoints))
        stop = min(goal, trace, checkpoint, self._next_change())
        before = self._state()
        try:
            self._move(stop - self.step)
        except Exception:
            self._set_state(before)  # half a move belongs to no step
            raise
        if not self._finite():
            self._set_state(before)
            self._move_while_finite()
            self.outcome = Outcome.DIVERGED
            return
        self.step = stop
        if self.step == trace:
            self._rows.append(self._full_row())
            if self._converged(self._rows[-1]):
                self.outcome = Outcome.CONVERGED
        if self.step == checkpoint:
            self._frames.append(self._full_frame())

    def _move_while_finite(self) -> None:
        while True:
            before = self._state()
            self._move(1)
            if not self._finite():
                self._set_state(before)
                return
            self.step += 1

    @property
    def time(self) -> float:
        """t = Σ η over the steps made, in closed form since η last changed."""
        return self._rate_time + (self.step - self._rate_step) * self.learning_rate

    def _use_rate(self, learning_rate: float) -> None:
        if learning_rate != self.learning_rate:
            self._leave_rate()
            self._rate_time, self._rate_step = self.time, self.step
            self.learning_rate = learning_rate

    def _leave_rate(self) -> None:  # noqa: B027 - most kinds have nothing to do
        """Called before the learning rate changes, with the one in force so far."""

    def _next_change(self) -> int:
        later = [c.step for c in self.scenario.changes if c.step > self.step]
        return min(later, default=self.scenario.steps)

    def change(self, name: str, value: float) -> Change:
        """Give a live parameter a new value from the next step on; the scenario remembers it.

        Raises ValueError for a value out of bounds.
        """
        # The next segment takes it up: a value tried and taken back leaves no trace in the run.
        self.scenario = self.scenario.with_change(self.step, name, value)
        return Change(step=self.step, name=name, value=value)

    def snapshot(self) -> Snapshot:
        """All it takes to come back to this step."""
        state = read_only(self._state())
        return Snapshot(
            self.step, self.learning_rate, self._rate_step, self._rate_time, state, self.outcome
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to the step of a snapshot; what follows repeats itself bit for bit."""
        self.step, self.learning_rate = snapshot.step, snapshot.learning_rate
        self._rate_step, self._rate_time = snapshot.rate_step, snapshot.rate_time
        self.outcome = snapshot.outcome
        self._started = True
        self._set_state(snapshot.state)

    @property
    def is_recorded(self) -> bool:
        """Whether the present step is one whose row `collect` has at hand."""
        return bool(self._rows) and self._rows[-1]["step"] == self.step

    def _full_row(self) -> dict[str, Any]:
        if self.is_recorded:
            return self._rows[-1]
        return {"step": float(self.step), "time": self.time, **self._row()}

    def _full_frame(self) -> Frame:
        return Frame(self.step, read_only(self._frame()))

    def _batch(
        self, first: int, rows: Sequence[Mapping[str, Any]], frames: Sequence[Frame]
    ) -> Batch:
        tail = {name: np.asarray(v, dtype=float) for name, v in self._full_row().items()}
        now = self._full_frame()
        stacked = _stacked(self.columns, rows)
        return Batch(first, self.step, read_only(stacked), read_only(tail), tuple(frames), now)


def _stacked(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> dict[str, Array]:
    """Each column with its values in all rows, (rows, *shape)."""
    return {
        column.name: np.array([row[column.name] for row in rows], dtype=float).reshape(
            len(rows), *column.shape
        )
        for column in columns
    }
