"""From a scenario to its simulation, refused before anything too large is allocated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lazygui.memory import keep_free_memory
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.faults import Fault, ScenarioError
from lazygui.simulation.protocol import Simulation
from lazygui.simulation.threads import pin_threads

GIB = 2**30
# What any machine has, so that a small run needn't ask.
ALWAYS_THERE = 2**27


def memory_limit() -> int:
    """Half of the machine's memory, in bytes: the other half is for drawing and the desktop."""
    import psutil

    return int(psutil.virtual_memory().total // 2)


def check_memory(scenario: Scenario, limit: int | None = None) -> None:
    """Raises ScenarioError when the run would need more than `limit` bytes."""
    needed = scenario.memory_bytes()
    if limit is None and needed <= ALWAYS_THERE:
        return
    allowed = memory_limit() if limit is None else limit
    if needed <= allowed:
        return
    scenario = scenario.largest_run()
    field, value = _largest(scenario)
    raise ScenarioError(
        [
            Fault(
                field,
                f"{value:,} needs {needed / GIB:,.1f} GiB of memory; the limit here is "
                f"{allowed / GIB:,.1f} GiB. Choose a smaller {scenario.parameter(field).title}.",
            )
        ]
    )


def _largest(scenario: Scenario) -> tuple[str, int]:
    sizes = ("width", "samples", "features", "test_samples")
    present = [(name, int(getattr(scenario, name))) for name in sizes if hasattr(scenario, name)]
    return max(present, key=_size)


def _size(item: tuple[str, int]) -> int:
    return item[1]


def _descent(scenario: Any) -> Simulation:
    from lazygui.simulation.descent import DescentSimulation

    return DescentSimulation(scenario)


def _least_squares(scenario: Any) -> Simulation:
    from lazygui.simulation.least_squares import LeastSquaresSimulation

    return LeastSquaresSimulation(scenario)


def _lazy(scenario: Any) -> Simulation:
    from lazygui.simulation.lazy import LazySimulation

    return LazySimulation(scenario)


def _sgd(scenario: Any) -> Simulation:
    from lazygui.simulation.sgd import SgdSimulation

    return SgdSimulation(scenario)


def _landscape(scenario: Any) -> Simulation:
    from lazygui.simulation.landscape import LandscapeSimulation

    return LandscapeSimulation(scenario)


def _population(scenario: Any) -> Simulation:
    from lazygui.simulation.population import PopulationSimulation

    return PopulationSimulation(scenario)


def _sweep(scenario: Any) -> Simulation:
    from lazygui.simulation.sweep import SweepSimulation

    return SweepSimulation(scenario)


SIMULATIONS: dict[str, Callable[[Any], Simulation]] = {
    "descent": _descent,
    "least-squares": _least_squares,
    "lazy": _lazy,
    "sweep": _sweep,
    "landscape": _landscape,
    "sgd": _sgd,
    "population": _population,
}


def build_simulation(scenario: Scenario) -> Simulation:
    """The simulation of a scenario, ready for its first step.

    Raises ScenarioError when it does not fit in memory, ValueError when its data cannot be used.
    """
    check_memory(scenario)
    keep_free_memory()
    pin_threads(getattr(scenario, "threads", 1))
    return SIMULATIONS[scenario.kind](scenario)
