"""Claims of "Lazy training": the linear model near w₀, and κ with its factors."""

from __future__ import annotations

import numpy as np

from lazygui.claims.claim import Claim, Reading, at_least, at_most, near, number, pending
from lazygui.claims.start import LAZY, ended, kappa_of, norm_of, start_of, step_product
from lazygui.claims.sweeps import inapplicable, unfinished
from lazygui.numerics.networks import Array
from lazygui.numerics.tangent_kernel import LARGEST_KERNEL
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.history import History

__all__ = ["CLAIMS_OF_LAZY"]

ROUNDING = 1e-9  # of thousands of steps in float64, relative to the residual at the start
ORDER = 10.0  # what "of the order of" leaves open
_SCALING = "Lazy training by scaling"
_HEURISTIC = "Heuristic computations II"


# D24 The network is the linear model near w₀.


def _linear_model(history: History) -> Reading:
    """αh̄ of the run against y + V Π(1 − ηλ) Vᵀ(αh(w₀) − y), with Θ from the Jacobian at w₀."""
    predicted = f"≤ {number(ROUNDING)}"
    start = start_of(history)
    if start is None or not start.small:
        return inapplicable("a small network with the square loss")
    if history.now is None:
        return pending(predicted)
    values, _ = start.modes
    factors = step_product(history, values, np.array([history.now.step]))[0]
    closed = start.linear_outputs(factors)
    residual = start.scale * start.outputs - start.targets
    size = max(norm_of(residual), norm_of(closed))
    error = norm_of(history.now.arrays["outputs_linearized"] - closed) / size
    return at_most(error, ROUNDING)


def _same_outputs(history: History) -> Reading:
    """sup_t ‖αh − αh̄‖/‖αh(w₀) − y‖ against κ: theorem 2.3 says K²κ after K unit steps."""
    kappa = kappa_of(history)
    if kappa is None or "output_gap" not in history:
        return pending("of the order of κ", "κ is not known yet")
    if kappa > LAZY:
        return inapplicable(f"a small κ; here κ = {number(kappa)}")
    gap = float(np.max(history["output_gap"])) / float(history.facts["residual_norm"])
    return at_most(gap, ORDER * kappa)


# D27 κ and its factors.


def _product(history: History) -> Reading:
    """κ against ‖αh − y‖ ‖D²h‖ / (α‖Dh‖²)."""
    kappa, facts = kappa_of(history), history.facts
    if kappa is None:
        return pending("κ from its factors", "κ is not known yet")
    scenario = history.scenario
    assert isinstance(scenario, LazyScenario)
    top = float(facts["residual_norm"]) * float(facts["second_differential_norm"])
    value = top / (scenario.scale * float(facts["differential_norm"]) ** 2)
    return near(kappa, value, 1e-12 * value)


def _differential(history: History) -> Reading:
    """‖Dh‖ of κ against a power iteration on J."""
    start = start_of(history)
    if start is None or len(start.inputs) > LARGEST_KERNEL:
        return inapplicable(f"the square loss and at most {LARGEST_KERNEL:,} samples")
    known = history.facts.get("differential_norm")
    if known is None:
        return pending(number(start.differential_norm), "κ is not known yet")
    return near(float(known), start.differential_norm, 1e-6 * start.differential_norm)


def _travel(history: History) -> Reading:
    """Relative displacement beyond 1 where κ ≥ 1."""
    kappa = kappa_of(history)
    if kappa is None or "relative_displacement" not in history:
        return pending("≥ 1", "κ is not known yet")
    if kappa < 1:
        return inapplicable(f"κ ≥ 1; here κ = {number(kappa)}")
    moved = float(np.max(history["relative_displacement"]))
    if moved < 1 and not ended(history):
        return pending("≥ 1", number(moved))
    return at_least(moved, 1.0)


# D28 Small κ, small gap.


def _rank_correlation(history: History) -> Reading:
    """Spearman's correlation of κ and the gap of the outputs at the end."""
    predicted = "≥ 0.8"
    if not isinstance(history.scenario, SweepScenario) or "kappa" not in history:
        return inapplicable("a sweep that measures κ")
    waiting = unfinished(history)
    if waiting:
        return pending(predicted, waiting)
    good = np.isfinite(history["kappa"]) & np.isfinite(history["output_gap"])
    kappa, gap = history["kappa"][good], history["output_gap"][good]
    return at_least(float(np.corrcoef(_ranks(kappa), _ranks(gap))[0, 1]), 0.8)


def _ranks(values: Array) -> Array:
    """Ranks from 0, equal values sharing their mean."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts + 1) / 2)[place], dtype=float)


CLAIMS_OF_LAZY: tuple[Claim, ...] = (
    Claim(
        "D24.linear",
        "The linearization follows the closed form of least squares with features "
        "<i>Dh</i>(<i>w</i><sub>0</sub>).",
        _linear_model,
        _SCALING,
    ),
    Claim(
        "D24.outputs",
        "With a small κ the network follows its linearization: the outputs differ by the order of "
        "κ at any time.",
        _same_outputs,
        _SCALING,
    ),
    Claim(
        "D27.product",
        "κ is the product of residual and curvature over the slope squared.",
        _product,
        _HEURISTIC,
    ),
    Claim(
        "D27.differential",
        "‖<i>Dh</i>‖ is the largest singular value of the Jacobian over √<i>n</i>.",
        _differential,
        _HEURISTIC,
    ),
    Claim(
        "D27.travel",
        "Where κ exceeds 1 the weights move by more than their own size.",
        _travel,
        _HEURISTIC,
    ),
    Claim(
        "D28",
        "The smaller κ, the closer network and linearization end (rank correlation).",
        _rank_correlation,
        _HEURISTIC,
    ),
)
