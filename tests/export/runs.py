"""Small runs that the tests of the exports share."""

from __future__ import annotations

from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.sweep_texts import swept
from lazygui.simulation.history import History
from tests.simulation.records import run

SCENARIO = LazyScenario(width=6, samples=5, steps=40, learning_rate=0.3).with_change(
    17, "learning_rate", 0.6
)
SWEEP = swept(
    LazyScenario(width=6, samples=5, steps=30), ["scale=1:100:log:3", "seed=0:1"], ["loss"]
)


def small_run() -> History:
    """A two-layer net on five samples whose step size changes on the way."""
    return run(SCENARIO)


def small_sweep() -> History:
    """Six runs: three scales, two seeds."""
    return run(SWEEP)
