"""What parameters and quantities of a sweep are called, in rich and in plain text."""

from __future__ import annotations

import html
import math
import re

import numpy as np

from lazygui.claims.claim import number
from lazygui.numerics.fits import Fit
from lazygui.scenarios.base import Scenario
from lazygui.simulation.history import History
from lazygui.views.sweep_runs import SweepAxis


def plain(rich: str) -> str:
    """Rich text without its tags, for labels that can't show it and for screen readers."""
    rich = re.sub(r"<sub>(\d)</sub>", _lowered, rich)
    return html.unescape(re.sub(r"<[^>]*>", "", rich))


def _lowered(match: re.Match[str]) -> str:
    return chr(ord("₀") + int(match.group(1)))


def axis_symbol(history: History, axis: SweepAxis) -> str:
    """The symbol of a swept parameter in rich text, in italics if it's a single letter."""
    base = getattr(history.scenario, "base", None)
    if isinstance(base, Scenario):
        for parameter in base.parameters():
            if parameter.name == axis.name:
                return _sloped(parameter.symbol)
    return metric_symbol(history, axis.name)


def axis_label(history: History, axis: SweepAxis) -> str:
    """Title and symbol of a swept parameter, for an axis of a plot."""
    symbol, title = axis_symbol(history, axis), metric_title(history, axis.name)
    return symbol if plain(symbol) == title else f"{title} {symbol}"


def metric_symbol(history: History, name: str) -> str:
    """The symbol of a column in rich text; its name where it has none."""
    symbol = history.column(name).symbol if name in history else ""
    return _sloped(symbol or name.replace("_", " "))


def metric_title(history: History, name: str) -> str:
    """The title of a column in plain text."""
    title = history.column(name).title if name in history else ""
    return plain(title or name).replace("_", " ")


def _sloped(symbol: str) -> str:
    return f"<i>{symbol}</i>" if len(symbol) == 1 and symbol.isalpha() else symbol.replace("_", " ")


def metrics_of(history: History) -> tuple[str, ...]:
    """The quantities to be drawn, as far as the history has them."""
    wanted = getattr(history.scenario, "metrics", ())
    return tuple(name for name in wanted if name in history)


def value_of(history: History, axis: SweepAxis, place: int) -> str:
    """A swept parameter and one of its values in rich text, for example "α = 100"."""
    return f"{axis_symbol(history, axis)} = {number(float(axis.values[place]))}"


def slope_text(fit: Fit) -> str:
    """A slope with its standard error, as many decimals as the error is worth: "−1.998 ± 0.001"."""
    if not math.isfinite(fit.error):
        return f"{fit.slope:.2f}".replace("-", "−")
    decimals = 3 if fit.error < 0.0095 else 2
    unit = 10.0**-decimals
    error = max(math.ceil(fit.error / unit - 1e-9), 1) * unit
    return f"{fit.slope:.{decimals}f} ± {error:.{decimals}f}".replace("-", "−")


MOST_TICKS = 16  # values of an axis that have ticks of their own


def value_ticks(
    axis: SweepAxis, length: float, *, level: bool, log: bool
) -> list[tuple[float, str]]:
    """Places and texts of ticks at an axis' values; none if they aren't few and round.

    `length` is that of the plot's axis in pixels; where it has no room, every second value, every
    fourth, … has a tick.
    """
    values = np.sort(axis.values)
    round_ones = all(math.isclose(v, float(f"{v:.2g}")) or float(v).is_integer() for v in values)
    if not 1 < len(values) <= MOST_TICKS or not round_ones or (log and values[0] <= 0.0):
        return []
    places = np.log10(values) if log else values
    share = np.diff(places).min() / (places[-1] - places[0])
    every = 1
    while share * length * 0.8 * every < (44.0 if level else 24.0) and every < len(values):
        every *= 2
    return [(float(places[k]), number(float(values[k]))) for k in range(0, len(values), every)]
