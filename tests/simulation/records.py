"""What a run recorded as bytes, and runs whose steps are split at will."""

from __future__ import annotations

from collections.abc import Iterable

from lazygui.export.table import history_csv
from lazygui.scenarios.base import Scenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from lazygui.simulation.protocol import Simulation


def record(simulation: Simulation, parts: Iterable[int]) -> History:
    """The history of a run whose steps are made in parts, to the end of the run."""
    history = History(simulation.scenario, simulation.columns, dict(simulation.facts))
    for steps in parts:
        history.append(simulation.advance(steps))
    while simulation.outcome is None:
        history.append(simulation.advance(simulation.scenario.steps))
    return history


def run(scenario: Scenario, *parts: int) -> History:
    """The history of a fresh run."""
    return record(build_simulation(scenario), parts)


def as_bytes(history: History) -> bytes:
    """Every recorded number of a history, frames included, to the last bit."""
    table = history_csv(history).splitlines(keepends=True)
    # The comments above the table name the scenario, which may lie elsewhere, and the day.
    parts = ["".join(line for line in table if not line.startswith("#")).encode()]
    for frame in (*history.frames, history.now):
        assert frame is not None
        parts.append(str(frame.step).encode())
        parts += [name.encode() + array.tobytes() for name, array in sorted(frame.arrays.items())]
    return b"|".join(parts)
