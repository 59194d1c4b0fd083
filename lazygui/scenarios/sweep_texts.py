"""`name=values` texts, as typed after --over, turned into the axes of a sweep."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.faults import Fault, ScenarioError
from lazygui.scenarios.kinds import build_scenario
from lazygui.scenarios.settings import number_from_text
from lazygui.scenarios.sweep import SweepScenario

FORMS = "name=START:STOP:COUNT, name=START:STOP:log:COUNT, name=FIRST:LAST or name=A,B,C"


def swept(
    scenario: Scenario, overs: Sequence[str], metrics: Sequence[str] | None = None
) -> SweepScenario:
    """The sweep of `scenario` over the axes that `overs` describe, first axis fastest.

    An axis of a sweep gives way to one of the same name, others are added behind. Raises
    ScenarioError naming every fault.
    """
    values: dict[str, Any] = {"kind": "sweep", "base": scenario, "axes": ()}
    if isinstance(scenario, SweepScenario):
        values |= {name: getattr(scenario, name) for name in ("base", "metrics", "abscissa")}
        values["axes"] = scenario.axes
    elif not overs:
        raise ScenarioError([Fault("", f"name what to sweep: --over {FORMS}")])
    given = [axis_from_text(values["base"], text) for text in overs]
    values["axes"] = _merged([axis.model_dump() for axis in values["axes"]], given)
    if metrics:
        values["metrics"] = tuple(metrics)
    try:
        sweep = build_scenario(values)
    except ScenarioError as error:
        names = [axis["name"] for axis in values["axes"]]
        raise ScenarioError([_in_words(fault, names) for fault in error.faults]) from None
    assert isinstance(sweep, SweepScenario)
    return sweep


def axis_from_text(base: Scenario, text: str) -> dict[str, Any]:
    """The axis that one text describes. Raises ScenarioError with a sentence."""
    name, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not name or not values:
        raise ScenarioError([Fault("", f"'{text}' is not of the form {FORMS}")])
    try:
        if ":" in values:
            return {"name": name, **_range(values, _is_whole(base, name))}
        separator = ";" if ";" in values else ","
        parts = [part for part in values.split(separator) if part.strip()]
        return {"name": name, "values": [number_from_text(part) for part in parts]}
    except ValueError as error:
        raise ScenarioError([Fault(name, str(error))]) from None


def _range(text: str, whole: bool) -> dict[str, Any]:
    parts = [part.strip() for part in text.split(":")]
    spacing = next((word for word in parts[2:] if word in ("log", "linear")), "linear")
    numbers = [part for part in parts if part != spacing]
    if len(parts) > 4 or len(numbers) not in (2, 3):
        raise ValueError(f"'{text}' is not of the form START:STOP:COUNT or START:STOP:log:COUNT")
    start, stop = number_from_text(numbers[0]), number_from_text(numbers[1])
    if len(numbers) == 2 and not (whole and spacing == "linear"):
        raise ValueError(f"'{text}' does not say how many values: add them, as in {text}:10")
    count = number_from_text(numbers[2]) if len(numbers) == 3 else max(stop - start, 0.0) + 1.0
    if count != int(count):
        raise ValueError(f"'{text}' does not ask for a whole number of values")
    return {"start": start, "stop": stop, "count": int(count), "spacing": spacing}


def _is_whole(base: Scenario, name: str) -> bool:
    return any(item.name == name and item.kind is int for item in base.offered_parameters())


def _merged(axes: list[dict[str, Any]], given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = {axis["name"] for axis in axes}
    first = {axis["name"]: axis for axis in reversed(given)}
    kept = [first.get(axis["name"], axis) for axis in axes]
    used = {id(axis) for axis in kept}
    # A name given twice stays twice: that is a fault, and the sweep says so.
    return kept + [axis for axis in given if axis["name"] not in known or id(axis) not in used]


def _in_words(fault: Fault, names: Sequence[str]) -> Fault:
    """The fault under the name of the axis instead of its number."""
    match = re.match(r"axes\.(\d+)(?:\.|$)", fault.field)
    return Fault(names[int(match[1])], fault.sentence) if match else fault
