"""The kinds of scenario. A new kind is one class here and one simulation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.faults import Fault, ScenarioError, did_you_mean, faults_of
from lazygui.scenarios.landscape import LandscapeScenario
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.least_squares import LeastSquaresScenario
from lazygui.scenarios.population import PopulationScenario
from lazygui.scenarios.sgd import SgdScenario
from lazygui.scenarios.sweep import SweepScenario

KINDS: dict[str, type[Scenario]] = {
    "descent": DescentScenario,
    "least-squares": LeastSquaresScenario,
    "lazy": LazyScenario,
    "sweep": SweepScenario,
    "landscape": LandscapeScenario,
    "sgd": SgdScenario,
    "population": PopulationScenario,
}


def build_scenario(values: Mapping[str, Any], source: str = "") -> Scenario:
    """The scenario that `values` describe. Raises ScenarioError with every fault."""
    kind = values.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        known = ", ".join(KINDS)
        hint = did_you_mean(str(kind), KINDS)
        said = "it is missing" if kind is None else f"{kind!r} is not known{hint}"
        raise ScenarioError([Fault("kind", f"{said}; choose one of {known}")], source)
    model = KINDS[kind]
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise ScenarioError(faults_of(error, model), source) from None


def checked_change(scenario: Scenario, step: int, name: str, value: float) -> Scenario:
    """`scenario.with_change(step, name, value)`. Raises ScenarioError with every fault."""
    try:
        return scenario.with_change(step, name, value)
    except ValidationError as error:
        raise ScenarioError(faults_of(error, type(scenario))) from None


def replaced(scenario: Scenario, **values: Any) -> Scenario:
    """`scenario.replace(**values)`. Raises ScenarioError with every fault."""
    try:
        return scenario.replace(**values)
    except ValidationError as error:
        raise ScenarioError(faults_of(error, type(scenario))) from None
