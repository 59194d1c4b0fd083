"""The kinds of scenario. A new kind is one class here and one simulation."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from pydantic import ValidationError

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.faults import Fault, ScenarioError, did_you_mean, faults_of

KINDS: dict[str, str] = {
    "descent": "DescentScenario",
    "least-squares": "LeastSquaresScenario",
    "lazy": "LazyScenario",
    "sweep": "SweepScenario",
    "landscape": "LandscapeScenario",
    "sgd": "SgdScenario",
    "population": "PopulationScenario",
}
"""The class of each kind, in the module of the kind's name; loaded on first need."""


def model_of(kind: str) -> type[Scenario]:
    """The class of the scenarios of a kind. Raises KeyError for an unknown one."""
    module = import_module(f"lazygui.scenarios.{kind.replace('-', '_')}")
    model: type[Scenario] = getattr(module, KINDS[kind])
    return model


def build_scenario(values: Mapping[str, Any], source: str = "") -> Scenario:
    """The scenario that `values` describe. Raises ScenarioError with every fault."""
    kind = values.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        known = ", ".join(KINDS)
        hint = did_you_mean(str(kind), KINDS)
        said = "it is missing" if kind is None else f"{kind!r} is not known{hint}"
        raise ScenarioError([Fault("kind", f"{said}; choose one of {known}")], source)
    model = model_of(kind)
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
