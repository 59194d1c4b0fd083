"""`name=value` texts, as typed on a command line, turned into scenario values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.faults import Fault, ScenarioError, did_you_mean
from lazygui.scenarios.kinds import build_scenario, replaced
from lazygui.scenarios.parameters import Parameter
from lazygui.scenarios.sweep import SweepScenario

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def with_settings(scenario: Scenario, settings: Sequence[str]) -> Scenario:
    """The scenario with other values. Raises ScenarioError naming every setting at fault."""
    if not settings:
        return scenario
    if isinstance(scenario, SweepScenario):
        refuse_swept(scenario, settings)
        return replaced(scenario, base=with_settings(scenario.base, settings))
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    parameters = {item.name: item for item in scenario.parameters()}
    for setting in settings:
        name, equals, text = (part.strip() for part in setting.partition("="))
        if not equals:
            faults.append(Fault("", f"'{setting}' is not of the form name=value"))
        elif name not in parameters:
            hint = did_you_mean(name, parameters)
            faults.append(Fault(name, f"there is no such parameter{hint}"))
        else:
            _read(parameters[name], text, values, faults)
    if faults:
        raise ScenarioError(faults)
    return build_scenario({**scenario.model_dump(), **values})


def refuse_swept(sweep: SweepScenario, settings: Sequence[str]) -> None:
    """Raises ScenarioError when a setting would fix what the sweep moves."""
    names = {setting.partition("=")[0].strip() for setting in settings}
    if moving := sorted(names & sweep.swept):
        raise ScenarioError([Fault(name, "it is swept, so it cannot be fixed") for name in moving])


def _read(parameter: Parameter, text: str, values: dict[str, Any], faults: list[Fault]) -> None:
    try:
        values[parameter.name] = value_from_text(parameter, text)
    except ValueError as error:
        faults.append(Fault(parameter.name, str(error)))


def value_from_text(parameter: Parameter, text: str) -> Any:
    """The value a text stands for. Raises ValueError saying what is expected."""
    if parameter.kind is bool:
        return _truth(text)
    if parameter.kind is int:
        return _whole(text)
    if parameter.kind is float:
        return number_from_text(text)
    if parameter.kind is tuple:
        parts = [part for part in re.split(r"[\s,;]+", text.strip(" ()[]")) if part]
        return tuple(number_from_text(part) for part in parts)
    return text


def number_from_text(text: str) -> float:
    """0.25, 0,25, 1e-3 or 1 000 as a float. Raises ValueError for anything else."""
    compact = re.sub(r"[\s_\u00a0\u202f]", "", text)
    if compact.count(",") == 1 and "." not in compact:
        compact = compact.replace(",", ".")
    compact = compact.replace("−", "-")
    try:
        number = float(compact)
    except ValueError:
        raise ValueError(f"'{text}' is not a number") from None
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError(f"'{text}' is not a finite number")
    return number


def _whole(text: str) -> int:
    number = number_from_text(text)
    if number != int(number):
        raise ValueError(f"'{text}' is not a whole number")
    return int(number)


def _truth(text: str) -> bool:
    word = text.lower()
    if word not in _TRUE + _FALSE:
        raise ValueError(f"'{text}' is neither true nor false")
    return word in _TRUE
