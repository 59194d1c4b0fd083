"""The demos as the claims are tried on: what takes long is shorter, with the same verdicts.

At their own size every claim is held to them by the check command (`tests/test_check.py`).
"""

from __future__ import annotations

from lazygui.scenarios.axis import Axis
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.catalogue import entry
from lazygui.scenarios.sweep import SweepScenario

SEEDS = {
    "kappa-width": 3,
    "kappa-width-signs": 3,
    "kappa-width-standard": 3,
    "kappa-width-mean-field": 3,
    "kernel-width": 8,
    "width": 6,
}
STEPS = {"deep": 200}


def smaller(name: str) -> Scenario:
    """The scenario of a demo with fewer seeds or steps."""
    scenario = entry(name).scenario
    if name in STEPS:
        return scenario.replace(steps=STEPS[name])
    if name not in SEEDS:
        return scenario
    assert isinstance(scenario, SweepScenario)
    seeds = Axis(name="seed", start=0, stop=SEEDS[name] - 1, count=SEEDS[name])
    return scenario.replace(axes=(*(a for a in scenario.axes if a.name != "seed"), seeds))
