"""Straight lines in log–log plots of sweeps: fitted ones and those of theory."""

from __future__ import annotations

import numpy as np

from lazygui.numerics.fits import Fit, loglog_fit
from lazygui.scenarios.base import Scenario
from lazygui.simulation.history import History
from lazygui.views.window import Array

FEWEST = 3  # points; through two of them every line is exact


def straight_fit(x: Array, y: Array, lower: float) -> Fit | None:
    """The least-squares line of log y over log x from `lower` on; None for under three points."""
    kept = x >= lower * (1 - 1e-9)
    return _known(loglog_fit(x[kept], y[kept]))


def _known(fit: Fit) -> Fit | None:
    return fit if fit.points >= FEWEST and np.isfinite(fit.slope) else None


def fit_line(fit: Fit | None, x: Array, lower: float) -> tuple[Array, Array]:
    """The ends of a fitted line over the points it was fitted to."""
    positive = x[(x > 0.0) & (x >= lower * (1 - 1e-9))]
    if fit is None or len(positive) == 0:
        return np.empty(0), np.empty(0)
    ends = np.array([positive.min(), positive.max()])
    return ends, np.exp(fit.intercept + fit.slope * np.log(ends))


def theory_slope(scenario: Scenario, metric: str, swept: str) -> float | None:
    """The slope that theory predicts for a quantity over `swept`, if it predicts one.

    It knows those over the first axis, whatever else the sweep is also drawn against.
    """
    from lazygui.claims import slopes
    from lazygui.scenarios.sweep import SweepScenario

    if not isinstance(scenario, SweepScenario) or scenario.axes[0].name != swept:
        return None
    return slopes.theory_slope(scenario.model_copy(update={"abscissa": ""}), metric)


def asymptotic(swept: str) -> float:
    """From where on a line is fitted: where theory's powers hold."""
    from lazygui.claims import slopes

    return slopes.asymptotic_from(swept)


def checked_fit(history: History, metric: str, lower: float) -> Fit | None:
    """The line that the claims are checked by: of the means over all axes but the first."""
    from lazygui.claims import slopes

    return _known(slopes.fit_of(history, metric, lower or None))


def line_through(x: Array, y: Array, slope: float | None, lower: float) -> tuple[Array, Array]:
    """The ends of the line of this log–log slope through the last point, from `lower` on."""
    good = (x > 0.0) & (y > 0.0) & (x >= lower * (1 - 1e-9))
    if slope is None or good.sum() < 2:
        return np.empty(0), np.empty(0)
    x, y = x[good], y[good]
    last = int(np.argmax(x))
    ends = np.array([x.min(), x[last]])
    return ends, y[last] * (ends / x[last]) ** slope
