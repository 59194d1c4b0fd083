"""One short line that says which run a view shows."""

from __future__ import annotations

from typing import Any

from lazygui.claims.claim import number
from lazygui.scenarios.base import Scenario
from lazygui.simulation.history import History

_SYMBOLS = {
    "samples": "n",
    "features": "p",
    "width": "m",
    "activation": "",
    "scale": "α",
    "learning_rate": "η",
}


def caption(history: History) -> str:
    """For example "n = 12, m = 100, tanh, α = 1, η = 0.5": what the scenario has of these."""
    scenario, parts = history.scenario, []
    for name, symbol in _SYMBOLS.items():
        value = _value(scenario, name, history.last_step)
        if value is not None:
            parts.append(f"{symbol} = {value}" if symbol else value)
    return ", ".join(parts)


def _value(scenario: Scenario, name: str, step: int) -> str | None:
    if name not in type(scenario).model_fields:
        return None
    value: Any = getattr(scenario, name)
    if name in scenario.live:
        value = scenario.value_at(name, step)
    if isinstance(value, float):
        return number(value).removeprefix("1·")
    return f"{value:,}".replace(",", "\u2009") if isinstance(value, int) else str(value)
