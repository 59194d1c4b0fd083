"""Short real runs to read from."""

from __future__ import annotations

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.least_squares import LeastSquaresScenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History

SCENARIOS: dict[str, Scenario] = {
    "lazy": LazyScenario(width=20, samples=6, steps=50),
    "classes": LazyScenario(width=20, samples=6, steps=50, loss="logistic", target="step"),
    "descent": DescentScenario(steps=50),
    "plane": DescentScenario(
        objective="quadratic_2d", start=(2.0, 1.5), minimizer=(0.0, 0.0), steps=50
    ),
    "kink": DescentScenario(objective="absolute", steps=50),
    "least-squares": LeastSquaresScenario(steps=50, learning_rate=0.01),
}


def history_of(scenario: Scenario, steps: int = 20, *, diagnosed: bool = False) -> History:
    """The history of the first steps of a run."""
    simulation = build_simulation(scenario)
    history = History(simulation.scenario, simulation.columns, dict(simulation.facts))
    history.append(simulation.advance(steps))
    if diagnosed:
        history.record_facts(simulation.diagnose())
    return history
