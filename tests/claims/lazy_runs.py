"""Runs of lazy demos with their diagnosis, and sweeps whose numbers are made up."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from lazygui.headless import run
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.kinds import build_scenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import Batch, Column, History
from tests.claims.smaller import smaller


def diagnosed(scenario: Scenario) -> History:
    """The history of a whole run with κ and the rest."""
    simulation = build_simulation(scenario)
    history, interrupted = run(simulation)
    assert not interrupted
    history.record_facts(simulation.diagnose())
    return history


@lru_cache(maxsize=64)
def demo(name: str) -> History:
    """The history of a demo's run, made once; don't change it."""
    return diagnosed(smaller(name))


def lazy(**values: Any) -> Scenario:
    """A lazy scenario on the circle of the reference."""
    usual = {"kind": "lazy", "data": "circle", "target": "waves", "samples": 10, "width": 20}
    return build_scenario({**usual, **values})


def sweep_of(base: dict[str, Any], axes: list[dict[str, Any]], **more: Any) -> Scenario:
    """A sweep of a lazy scenario on the circle."""
    usual = {"kind": "lazy", "data": "circle", "target": "waves", "samples": 10, "width": 20}
    return build_scenario(
        {"kind": "sweep", "metrics": ["loss"], "base": {**usual, **base}, "axes": axes, **more}
    )


def made_up(scenario: Any, rows: int | None = None, **columns: Any) -> History:
    """The history of a sweep where each column is a function of the run or an array."""
    count = scenario.steps if rows is None else rows
    runs = [scenario.run(index) for index in range(count)]
    values = {name: np.array([f(r) for r in runs], dtype=float) for name, f in columns.items()}
    for axis in scenario.axes:
        values[axis.name] = np.array([getattr(r, axis.name) for r in runs], dtype=float)
    values.setdefault("diverged", np.zeros(count))
    values |= {"step": np.arange(1.0, count + 1), "time": np.arange(1.0, count + 1)}
    made = tuple(Column(name, name, name) for name in values)
    history = History(scenario, made)
    history.append(Batch(0, count, values, {name: v[-1] for name, v in values.items()}))
    return history
