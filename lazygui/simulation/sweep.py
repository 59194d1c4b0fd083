"""A sweep in progress: its steps are whole runs, made beside each other by a few threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.history import Batch, read_only
from lazygui.simulation.outcome import Outcome
from lazygui.simulation.protocol import Simulation
from lazygui.simulation.sweep_ledger import Ledger, ledger_name
from lazygui.simulation.sweep_run import Row, RunMeter, where

WAIT_SECONDS = 0.01
# Runs that ended before their turn wait here: a slow one does not keep the threads idle.
AHEAD = 64


class SweepSimulation(Simulation):
    """Step k ends run k − 1 of the sweep: `record_every` is 1, every run is a row.

    The rows come in the order of the runs and do not depend on the number of threads. `close`
    ends the threads; a sweep that has ended closes itself. Raises ScenarioError for a metric that
    no run gives.
    """

    def __init__(self, scenario: SweepScenario) -> None:
        self._meter = RunMeter(scenario)
        super().__init__(scenario, self._meter.columns)
        self.sweep = scenario
        self.facts = {
            "axes": tuple((axis.name, axis.values(), axis.log) for axis in scenario.axes),
            "runs": scenario.steps,
            "learning_rate_marks": (),
        }
        self._ledger: Ledger | None = None
        self._temporary: Path | None = None
        self._known: dict[int, Row] = {}
        self._pending: dict[int, Future[Row | None]] = {}
        self._pool: ThreadPoolExecutor | None = None
        self._stop = threading.Event()
        self._news = threading.Event()

    @property
    def releases_interpreter(self) -> bool:
        """True: the thread that drives a sweep only waits."""
        return True

    def open_ledger(self, path: Path, comments: str = "") -> int:
        """Keep finished runs in a file and take over those it holds; returns how many.

        A new file begins with `comments`, whole lines after '#'. Raises LedgerError for a file of
        another sweep or one that cannot be written.
        """
        names = [column.name for column in self._meter.columns]
        self._ledger = Ledger(path, self.sweep, names, comments)
        self._known |= dict(enumerate(self._ledger.rows))
        return len(self._ledger.rows)

    def resume_in(self, folder: Path, keep: bool = False) -> int:
        """Keep the finished runs in a folder, until the sweep has ended or for good."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / ledger_name(self.sweep)
        self._temporary = None if keep else path
        return self.open_ledger(path)

    def proceed(self, steps: int) -> None:
        """Hand over up to `steps` more runs, as far as they end within about 10 ms.

        Runs are begun here and nowhere else: a sweep that is not driven comes to rest. Raises
        RuntimeError naming the run that failed.
        """
        goal = min(self.step + steps, self.sweep.steps)
        deadline = time.monotonic() + WAIT_SECONDS
        while self.step < goal and self.outcome is None:
            row = self._row_of(self.step, deadline)
            if row is None:
                return
            self._rows.append({"step": float(self.step + 1), "time": self.step + 1.0, **row})
            self.step += 1
        if self.step >= self.sweep.steps and self.outcome is None:
            self.outcome = Outcome.STEP_LIMIT
            self.close()
            if self._temporary is not None:
                self._temporary.unlink(missing_ok=True)

    def advance(self, steps: int) -> Batch:
        """Wait for `steps` more runs, or the last, and hand them over.

        For who has no window to draw meanwhile; `proceed` returns after about 10 ms.
        """
        goal = min(self.step + steps, self.sweep.steps)
        while self.step < goal and self.outcome is None:
            self.proceed(goal - self.step)
        return self.collect()

    def _row_of(self, index: int, deadline: float) -> Row | None:
        """The row of a run, once it has ended; None when that takes too long."""
        while index not in self._known:
            self._news.clear()
            self._begin_runs(index)
            if self._pending[index].done():
                self._take(index)
            elif (left := deadline - time.monotonic()) <= 0:
                return None
            else:
                self._news.wait(left)
        return self._known[index]

    def _begin_runs(self, first: int) -> None:
        """Keep the threads busy: with one run each, and one more each to follow it."""
        running = sum(not future.done() for future in self._pending.values())
        for index in range(first, min(first + AHEAD, self.sweep.steps)):
            if running >= 2 * self.sweep.threads:
                return
            if index not in self._known and index not in self._pending:
                self._pending[index] = self._submit(index)
                running += 1

    def _submit(self, index: int) -> Future[Row | None]:
        if self._pool is None:
            self._stop = threading.Event()
            self._pool = ThreadPoolExecutor(self.sweep.threads, thread_name_prefix="sweep")
        future = self._pool.submit(self._meter.row, index, self._stop)
        future.add_done_callback(self._tell)
        return future

    def _tell(self, future: Future[Row | None]) -> None:
        self._news.set()

    def _take(self, index: int) -> None:
        future = self._pending.pop(index)
        try:
            row = future.result()
            assert row is not None  # only `close` stops a run, and it forgets the pending ones
        except Exception as error:
            self.close()
            place = f"Run {index + 1} of {self.sweep.steps} ({where(self.sweep, index)})"
            raise RuntimeError(f"{place} failed: {error or type(error).__name__}") from error
        self._known[index] = row
        if self._ledger is not None:
            self._ledger.append(index, row)

    def close(self) -> None:
        """End the threads, which leave their runs within a slice, and the ledger."""
        self._stop.set()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        self._pending.clear()
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    def collect(self) -> Batch:
        """The runs handed over since the last call; no row before the first of them."""
        rows, self._rows = self._rows, []
        names = [column.name for column in self.columns]
        stacked = {name: np.array([row[name] for row in rows], dtype=float) for name in names}
        tail = None
        if self.step > 0:
            newest = {"step": float(self.step), "time": float(self.step)}
            newest |= self._known[self.step - 1]
            tail = read_only({name: np.asarray(newest[name]) for name in names})
        first, self._first = self._first, self.step
        return Batch(first, self.step, read_only(stacked), tail, (), self._full_frame())

    def _state(self) -> dict[str, Any]:
        return {"runs": self.step}

    def _set_state(self, state: Mapping[str, Any]) -> None:
        """The number of runs is the step; those made since are handed over again, not repeated."""

    def _row(self) -> dict[str, Any]:
        return dict(self._known[self.step - 1])

    def _move(self, steps: int) -> None:
        raise NotImplementedError("a sweep makes runs, not steps")

    def _finite(self) -> bool:
        return True
