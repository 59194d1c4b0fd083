"""The step size above which gradient descent diverges, as an upright line in a sweep over η."""

from __future__ import annotations

import math

import numpy as np

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.pens import Role
from lazygui.style.themes import Theme
from lazygui.views.layers import Rule
from lazygui.views.legend import Entry
from lazygui.views.ranges import Span

SWEPT = "learning_rate"
CURVATURE = "lambda_max"  # the metric that is drawn as this line and not as a curve
QUADRATICS = frozenset({"quadratic", "quadratic_2d"})
SAME = 1e-6  # relative spread of λ_max within which all runs share a threshold


def drawn(metrics: tuple[str, ...], swept: str) -> tuple[str, ...]:
    """The metrics that have curves: all, but λ_max where it is a threshold on the x axis."""
    kept = tuple(name for name in metrics if swept != SWEPT or name != CURVATURE)
    return kept or metrics


class Threshold:
    """η = 2/λ_max, where it is the same in all runs; elsewhere nothing."""

    def __init__(self, theme: Theme) -> None:
        self.rule = Rule(pens.pen(theme, Role.THEORY, 1.6), "vertical", math.nan)

    def show(self, history: History, swept: str, span: Span | None, *, log: bool) -> None:
        """Put the line at its place, if η is swept and passes it."""
        value = threshold(history) if swept == SWEPT else math.nan
        place = math.log10(value) if log and value > 0.0 else value
        self.rule.visible = span is not None and span[0] <= place <= span[1]
        self.rule.value = value

    def entries(self) -> list[Entry]:
        """Its sample in the legend."""
        return [Entry("2/λ<sub>max</sub>", self.rule.pen)] if self.rule.visible else []


def threshold(history: History) -> float:
    """2/λ_max: of the recorded kernels, or 2 for the quadratics, whose largest curvature is 1."""
    if CURVATURE in history:
        values = history[CURVATURE]
        values = values[np.isfinite(values) & (values > 0.0)]
        same = len(values) and np.ptp(values) <= SAME * values.max()
        return 2.0 / float(values.mean()) if same else math.nan
    base = getattr(history.scenario, "base", None)
    return 2.0 if getattr(base, "objective", "") in QUADRATICS else math.nan
