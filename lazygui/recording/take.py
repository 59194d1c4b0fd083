"""A run that is shown step by step, more than once if need be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from lazygui.scenarios.base import Scenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import Batch, History
from lazygui.simulation.protocol import Simulation

MOST_BYTES = 500_000_000
# Between two frames the run is left alone at most this many steps, so that a cancel is heard.
SLICE = 20_000


class Take:
    """Drives a simulation from stop to stop and fills a history.

    `stops` are all the steps it will be asked for. What they recorded is kept, so that showing
    the run again makes no step again; beyond `MOST_BYTES` it is made again.
    """

    def __init__(self, scenario: Scenario, stops: Sequence[int]) -> None:
        self.scenario = scenario
        forward = [b for a, b in pairwise((-1, *stops)) if b > a]
        self._stops = forward if forward == list(stops) else []
        self._kept: list[Batch] = []
        self._bytes = 0
        self._simulation: Simulation | None = None
        self._given = 0
        self._facts: dict[str, object] = {}
        self.history: History | None = None
        self.ended_at = -1

    @property
    def _is_kept(self) -> bool:
        return bool(self._stops) and len(self._kept) == len(self._stops)

    def begin(self) -> History:
        """A new history at the first stop, or at step 0."""
        self._given = 0
        if not self._is_kept:
            self.close()
            self._kept, self._bytes = [], 0
            self._simulation = build_simulation(self.scenario)
            self._facts = {"columns": self._simulation.columns, **self._simulation.facts}
        facts = dict(self._facts)
        columns = facts.pop("columns")
        self.history = History(self.scenario, columns, facts)  # type: ignore[arg-type]
        return self.history

    def advance_to(self, step: int, listen: Callable[[int], None]) -> None:
        """Go on to a step, or to the end of the run; `listen` is told of steps on the way.

        What `listen` raises ends the run there.
        """
        history = self.history
        assert history is not None
        if self._is_kept:
            history.append(self._kept[self._given])
            self._given += 1
            return
        simulation = self._simulation
        assert simulation is not None
        batch = self._driven(simulation, step, listen)
        if not len(history):
            history.append(batch)
            # κ and the like, which views may draw, are known from the start of the film.
            self._facts |= simulation.diagnose()
            history.record_facts({k: v for k, v in self._facts.items() if k != "columns"})
        else:
            history.append(batch)
        self._keep(batch)
        if simulation.outcome is not None:
            self.ended_at = simulation.step

    def _driven(self, simulation: Simulation, step: int, listen: Callable[[int], None]) -> Batch:
        """The batch at `step`, made in pieces that the records don't depend on."""
        if simulation.step == 0 and step == 0:
            return simulation.advance(0)
        while simulation.step < step and simulation.outcome is None:
            simulation.proceed(min(step - simulation.step, SLICE))
            listen(simulation.step)
        return simulation.collect()

    def _keep(self, batch: Batch) -> None:
        self._bytes += _size(batch)
        if self._bytes <= MOST_BYTES and self._stops:
            self._kept.append(batch)
        else:
            self._kept, self._stops = [], []

    def close(self) -> None:
        """Let go of the simulation; may be called twice."""
        if self._simulation is not None:
            self._simulation.close()
            self._simulation = None


def _size(batch: Batch) -> int:
    arrays = [*batch.rows.values(), *_values(batch.tail and batch.tail.values())]
    for frame in (*batch.frames, batch.now):
        if frame is not None:
            arrays += frame.arrays.values()
    return sum(array.nbytes for array in arrays)


def _values(arrays: Iterable | None) -> Iterable:
    return arrays or ()
