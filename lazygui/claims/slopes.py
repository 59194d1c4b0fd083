"""Log-log slopes of sweeps: those of theory, and those measured.

Sources: Chizat, Oyallon, Bach 2019, theorem 2.2 (scale), section 1.2 (width) and the homogeneity of
two-layer ReLU networks (initial size); the stationary second moment of SGD (step size).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from lazygui.numerics.fits import Fit, loglog_fit, means_over
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.sgd import SgdScenario
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.history import Array, History

__all__ = [
    "ASYMPTOTIC_SCALE",
    "asymptotic_from",
    "fit_of",
    "means_of",
    "theory_slope",
]

ASYMPTOTIC_SCALE = 30.0  # below it the powers of α are not yet what they tend to

Slopes = Mapping[str, float]

# Powers of α: h(w₀) = 0 by centring, by doubling, and neither.
_SCALE: Mapping[str, Slopes] = MappingProxyType(
    {
        "centred": {"weight_gap": -2, "output_gap": -1, "kernel_drift": -1, "kappa": -1}
        | dict.fromkeys(("displacement", "displacement_linearized"), -1)
        | dict.fromkeys(("relative_displacement", "feature_drift"), -1),
        "doubled": {"weight_gap": -2, "output_gap": -2, "kernel_drift": -2, "kappa": -1}
        | dict.fromkeys(("displacement", "displacement_linearized"), -1)
        | dict.fromkeys(("relative_displacement", "feature_drift"), -1),
        "plain": {"weight_gap": 0, "output_gap": 1, "kernel_drift": 0, "kappa": 0}
        | dict.fromkeys(("displacement", "displacement_linearized"), 0)
        | dict.fromkeys(("relative_displacement", "feature_drift"), 0),
    }
)

# Powers of m at α = 1, for a fixed number of steps in units of 1/‖Dh‖².
_WIDTH: Mapping[str, Slopes] = MappingProxyType(
    {
        "ntk": {
            "kappa": -0.5,
            "displacement": 0,
            "relative_displacement": -0.5,
            "feature_drift": -0.5,
            "kernel_drift": -1,
            "output_gap": -1,
            "kernel_error": -0.5,
        },
        "standard": {
            "kappa": -1,
            "displacement": -0.5,
            "relative_displacement": -1,
            "feature_drift": -1,
            "kernel_drift": -2,
            "output_gap": -2,
        },
        "mean-field": {
            "kappa": 0,
            "displacement": 0.5,
            "relative_displacement": 0,
            "feature_drift": 0,
            "kernel_drift": 0,
            "output_gap": 0,
        },
    }
)

_FLOORS = ("mean_gap", "gap_low", "gap_median", "gap_high")

# A 2-homogeneous network from τw₀ is the network αh from w₀ with α = τ², its weights times τ.
_IN_WEIGHTS = ("displacement", "displacement_linearized", "weight_gap")


def theory_slope(scenario: SweepScenario, metric: str) -> float | None:
    """The power of the first axis that theory predicts for a metric; None where it predicts none.

    `metric` is a column of the base or a fact, with or without max_ or min_ before it.
    """
    base, axis = scenario.base, scenario.axes[0].name
    name = metric.removeprefix("max_").removeprefix("min_")
    if scenario.abscissa:
        return None
    if isinstance(base, SgdScenario):
        return _floor_slope(base, axis, metric)
    return _lazy_slope(base, axis, name) if type(base) is LazyScenario else None


def _lazy_slope(base: LazyScenario, axis: str, name: str) -> float | None:
    match axis:
        case "scale":
            return _SCALE[base.initialization].get(name)
        case "width":
            return _width_slope(base, name)
        case "gain":
            return _gain_slope(base, name)
    return None


def _floor_slope(base: SgdScenario, axis: str, metric: str) -> float | None:
    """The noise floor of SGD is ∝ η while η is small: mean and quantiles of the gap alike."""
    constant = axis == "learning_rate" and base.schedule == "constant"
    return 1.0 if constant and metric in _FLOORS else None


def _width_slope(base: LazyScenario, name: str) -> float | None:
    other_network = base.network != "two-layer" or base.output_law == "uniform"
    # A small α undoes what the width does: the network travels, and no power of m is known.
    if other_network or base.scale < 1.0:
        return None
    return _WIDTH[base.parameterization].get(name)


def _gain_slope(base: LazyScenario, name: str) -> float | None:
    homogeneous = base.network == "two-layer" and base.activation == "relu"
    power = _SCALE[base.initialization].get(name)
    if not homogeneous or power is None or base.initialization == "plain":
        return None
    return 2 * power + (name in _IN_WEIGHTS)


def asymptotic_from(axis: str) -> float:
    """The value of an axis from which on metrics follow their powers of theory; 0 if anywhere."""
    return ASYMPTOTIC_SCALE if axis == "scale" else 0.0


def means_of(history: History, metric: str) -> tuple[Array, Array]:
    """The values of the first axis so far, ascending, and the metric's mean over the others.

    Diverged runs are left out, and the values where all have diverged.
    """
    scenario = history.scenario
    assert isinstance(scenario, SweepScenario)
    good = history["diverged"] == 0
    values = np.where(good, history[metric], np.nan)
    return means_over(history[scenario.axes[0].name], values)


def fit_of(history: History, metric: str, lower: float | None = None) -> Fit:
    """The straight line through a metric against the first axis, both logarithmic.

    The mean over the other axes is fitted, from `lower` on; diverged runs do not count.
    """
    places, means = means_of(history, metric)
    kept = places >= (-np.inf if lower is None else lower * (1 - 1e-9))
    return loglog_fit(places[kept], means[kept])
