"""Claims about the scale α: κ = C/α, the theorem, and what happens without h(w₀) = 0."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from lazygui.claims.claim import Claim, Reading, at_most, near, pending
from lazygui.claims.slopes import ASYMPTOTIC_SCALE, means_of
from lazygui.claims.start import kappa_of, norm_of, start_of
from lazygui.claims.sweeps import inapplicable, slope_near, sweep_over, unfinished
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.history import History

__all__ = ["CLAIMS_OF_SCALING"]

SCALES = 4  # scales from ASYMPTOTIC_SCALE on that a slope needs
_SCALING = "Lazy training by scaling"


# D29 κ = C/α.


def _constant(history: History) -> Reading:
    """The largest relative change of κα over the scales."""
    found = sweep_over(history, "scale")
    if found is None or "kappa" not in history:
        return inapplicable("a sweep over α that measures κ")
    if found[1].initialization == "plain":
        return inapplicable("h(w₀) = 0")
    waiting = unfinished(history)
    if waiting:
        return pending("constant", waiting)
    scales, kappas = means_of(history, "kappa")
    product = scales * kappas
    return at_most(float(np.ptp(product) / product.mean()), 1e-12)


def _inverse(history: History) -> Reading:
    """κ against ‖y‖‖D²h‖/(α‖Dh‖²)."""
    start, kappa = start_of(history), kappa_of(history)
    if start is None or np.any(np.abs(start.outputs) > 1e-12):
        return inapplicable("h(w₀) = 0 and the square loss")
    if kappa is None:
        return pending("C/α", "κ is not known yet")
    curvature = float(history.facts["second_differential_norm"])
    top = float(np.linalg.norm(start.targets) / math.sqrt(len(start.targets))) * curvature
    value = top / (start.scale * float(history.facts["differential_norm"]) ** 2)
    return near(kappa, value, 1e-12 * value)


# D30 and D31 The theorem, and what happens without h(w₀) = 0.


def _zero_output(base: LazyScenario) -> str:
    return "h(w₀) = 0 (centred or doubled)" if base.initialization == "plain" else ""


def _some_output(base: LazyScenario) -> str:
    return "" if base.initialization == "plain" else "a plain initialization, h(w₀) ≠ 0"


def _scale_slope(
    metric: str, tolerance: float, condition: Callable[[LazyScenario], str]
) -> Callable[[History], Reading]:
    check = slope_near("scale", metric, tolerance, ASYMPTOTIC_SCALE, condition)

    def read(history: History) -> Reading:
        found = sweep_over(history, "scale")
        if found is not None:
            scales = found[0].axes[0].values()
            if np.sum(scales >= ASYMPTOTIC_SCALE * (1 - 1e-9)) < SCALES:
                return inapplicable(f"{SCALES} scales from α = {ASYMPTOTIC_SCALE:g} on")
        return check(history)

    return read


def _outputs_slope(history: History) -> Reading:
    """−1 ± 0.05 centred, −2 ± 0.08 doubled."""
    found = sweep_over(history, "scale")
    doubled = found is not None and found[1].initialization == "doubled"
    tolerance = 0.08 if doubled else 0.05
    return _scale_slope("max_output_gap", tolerance, _zero_output)(history)


def _kernel_slope(history: History) -> Reading:
    found = sweep_over(history, "scale")
    doubled = found is not None and found[1].initialization == "doubled"
    tolerance = 0.08 if doubled else 0.05
    return _scale_slope("max_kernel_drift", tolerance, _zero_output)(history)


def _limit(history: History) -> Reading:
    """κ against ‖h(w₀)‖‖D²h‖/‖Dh‖², which it leaves by at most ‖y‖‖D²h‖/(α‖Dh‖²)."""
    start, kappa = start_of(history), kappa_of(history)
    if start is None or np.all(np.abs(start.outputs) < 1e-12):
        return inapplicable("h(w₀) ≠ 0 and the square loss")
    if kappa is None:
        return pending("‖h(w₀)‖‖D²h‖/‖Dh‖²", "κ is not known yet")
    curvature = float(history.facts["second_differential_norm"])
    ratio = curvature / float(history.facts["differential_norm"]) ** 2
    tolerance = norm_of(start.targets) / start.scale * ratio
    return near(kappa, norm_of(start.outputs) * ratio, tolerance)


CLAIMS_OF_SCALING: tuple[Claim, ...] = (
    Claim(
        "D29.constant",
        "With <i>h</i>(<i>w</i><sub>0</sub>) = 0, κ is <i>C</i>/α: κα is the same for every α.",
        _constant,
        _SCALING,
    ),
    Claim(
        "D29.inverse",
        "With <i>h</i>(<i>w</i><sub>0</sub>) = 0, κ = ‖<i>y</i>‖‖<i>D</i><sup>2</sup><i>h</i>‖ / "
        "(α‖<i>Dh</i>‖<sup>2</sup>).",
        _inverse,
        _SCALING,
    ),
    Claim(
        "D30.displacement",
        "‖<i>w</i> − <i>w</i><sub>0</sub>‖ falls like 1/α.",
        _scale_slope("max_displacement", 0.05, _zero_output),
        _SCALING,
    ),
    Claim(
        "D30.weights",
        "‖<i>w</i> − <i>w̄</i>‖, from network to linearization, falls like 1/α<sup>2</sup>.",
        _scale_slope("max_weight_gap", 0.08, _zero_output),
        _SCALING,
    ),
    Claim(
        "D30.outputs",
        "‖α<i>h</i> − α<i>h̄</i>‖ falls like 1/α, and like 1/α<sup>2</sup> with the doubled "
        "initialization.",
        _outputs_slope,
        _SCALING,
    ),
    Claim(
        "D30.kernel",
        "The tangent kernel drifts by 1/α, and by 1/α<sup>2</sup> with the doubled initialization.",
        _kernel_slope,
        _SCALING,
    ),
    Claim(
        "D31.displacement",
        "With <i>h</i>(<i>w</i><sub>0</sub>) ≠ 0, ‖<i>w</i> − <i>w</i><sub>0</sub>‖ does not fall "
        "with α.",
        _scale_slope("max_displacement", 0.05, _some_output),
        _SCALING,
    ),
    Claim(
        "D31.weights",
        "With <i>h</i>(<i>w</i><sub>0</sub>) ≠ 0, ‖<i>w</i> − <i>w̄</i>‖ does not fall with α.",
        _scale_slope("max_weight_gap", 0.08, _some_output),
        _SCALING,
    ),
    Claim(
        "D31.outputs",
        "With <i>h</i>(<i>w</i><sub>0</sub>) ≠ 0, ‖α<i>h</i> − α<i>h̄</i>‖ grows like α.",
        _scale_slope("max_output_gap", 0.08, _some_output),
        _SCALING,
    ),
    Claim(
        "D31.limit",
        "With <i>h</i>(<i>w</i><sub>0</sub>) ≠ 0, κ does not fall below "
        "‖<i>h</i>(<i>w</i><sub>0</sub>)‖‖<i>D</i><sup>2</sup><i>h</i>‖/‖<i>Dh</i>‖<sup>2</sup>.",
        _limit,
        _SCALING,
    ),
)
