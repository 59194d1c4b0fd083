"""Sweeps on two threads against the naive loop over the models."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lazygui.scenarios.axis import Axis
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.build import build_simulation
from tests.benchmarks.measure import Case, Contender
from tests.benchmarks.peers import naive_steps

STEPS, DIMENSION = 2000, 10
GOALS = {(50, 20): 50.0, (100, 100): 15.0, (1000, 50): 4.5}
# A part of the 250 models stands for all: every model costs the same, on either side.
MODELS = {(50, 20): 24, (100, 100): 8, (1000, 50): 4}
NAIVE_STEPS = 200


def cases() -> Iterator[Case]:
    """Seconds for a model of 2000 steps, recorded at every 100th step, then as a run in view."""
    for (width, n), goal in GOALS.items():
        yield _case(width, n, STEPS // 20, goal)
    for width, n in GOALS:
        yield _case(width, n, 0, None)


def swept(width: int, n: int, models: int, record_every: int) -> SweepScenario:
    """Scales 1 to 100 on the teacher's data."""
    base = LazyScenario(
        data="teacher", dimension=DIMENSION, samples=n, width=width, bias=True, steps=STEPS,
        initialization="centred", record_every=record_every,
    )  # fmt: skip
    values = tuple(np.geomspace(1.0, 100.0, models).tolist())
    return SweepScenario(base=base, axes=(Axis(name="scale", values=values),))


def sweep(width: int, n: int, models: int, record_every: int) -> Contender:
    """Ours: the simulation of a sweep, from its construction to its last row."""
    scenario = swept(width, n, models, record_every)

    def run() -> None:
        simulation = build_simulation(scenario)
        simulation.advance(models)
        simulation.close()

    return Contender("sweep", run, models, scenario.threads)


def _case(width: int, n: int, record_every: int, goal: float | None) -> Case:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, DIMENSION)) / DIMENSION**0.5
    naive = naive_steps(X, np.sin(X[:, 0]), width, NAIVE_STEPS)
    peer = Contender("naive torch", naive, NAIVE_STEPS / STEPS)
    kept = f"every {record_every}th" if record_every else "all traces"
    title = f"model of a sweep, m={width}, n={n}, {kept}"
    return Case(title, sweep(width, n, MODELS[width, n], record_every), peer, goal)
