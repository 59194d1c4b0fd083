"""Claims about what lazy training brings, and what it costs."""

from __future__ import annotations

import math

import numpy as np

from lazygui.claims.claim import Claim, Reading, at_least, at_most, near, number, pending
from lazygui.claims.slopes import means_of
from lazygui.claims.start import LAZY, Start, ended, kappa_of, norm_of, start_of
from lazygui.claims.sweeps import inapplicable, sweep_over, unfinished
from lazygui.simulation.history import History

__all__ = ["CLAIMS_OF_BENEFITS"]

ORDER = 10.0  # what "of the order of κ" leaves open
MINIMUM = 1e-6  # a loss that fell by that factor is at the minimum
WORSE = 10.0  # "much worse": times the other loss
_SO_WHAT = "Lazy training: so what?"


# D34 Benefits.


def _every_seed(history: History) -> Reading:
    """The worst seed's loss at the end over that at the start."""
    if sweep_over(history, "seed") is None:
        return inapplicable("a sweep over seeds")
    waiting = unfinished(history)
    if waiting:
        return pending(f"≤ {number(MINIMUM)}", waiting)
    ratio = history["loss"] / history["max_loss"]
    worst = math.inf if np.isnan(ratio).any() else float(ratio.max())
    return at_most(worst, MINIMUM)


def _fitted(history: History, start: Start) -> bool:
    rest = math.sqrt(2 * float(history.latest("loss")))
    return rest <= math.sqrt(MINIMUM) * norm_of(start.targets)


def _limit_tolerance(history: History) -> float | None:
    kappa = kappa_of(history)
    return None if kappa is None or kappa > LAZY else ORDER * kappa + math.sqrt(MINIMUM)


def _kernel_regression(history: History) -> Reading:
    """sup_x |αh(x) − Θ(x, X)Θ⁻¹y| over the grid, relative to max |y|."""
    start, tolerance = start_of(history), _limit_tolerance(history)
    if start is None or not start.small or start.regression is None or tolerance is None:
        return inapplicable("a lazy network (small κ) on few samples of a curve")
    if history.now is None or not _fitted(history, start):
        return pending(f"≤ {number(tolerance)}", "not fitted yet")
    error = np.max(np.abs(history.now.arrays["grid_outputs"] - start.regression))
    return at_most(float(error / np.max(np.abs(start.targets))), tolerance)


def _least_displacement(history: History) -> Reading:
    """‖w − w₀‖ against √(rᵀΘ⁻¹r)/α, the closest solution of the linear problem."""
    start, tolerance = start_of(history), _limit_tolerance(history)
    if start is None or not start.small or tolerance is None:
        return inapplicable("a lazy network (small κ) on few samples")
    wanted = start.closest_displacement
    if not _fitted(history, start):
        return pending(number(wanted), "not fitted yet")
    return near(float(history.latest("displacement")), wanted, tolerance * wanted)


# D35 Limits.


def _generalization(history: History) -> Reading:
    """Test loss of the largest α over that of the smallest."""
    found = sweep_over(history, "scale")
    if found is None or "test_loss" not in history or found[1].data != "teacher":
        return inapplicable("a teacher and a sweep over α")
    scales = found[0].axes[0].values()
    if scales[-1] < 1 or scales[0] > 0.1:
        return inapplicable("scales on both sides of 1")
    waiting = unfinished(history)
    if waiting:
        return pending(f"≥ {number(WORSE)}", waiting)
    _, losses = means_of(history, "test_loss")
    return at_least(float(losses[-1] / losses[0]), WORSE)


def _lazy_test(history: History) -> Reading:
    """Test over training loss of one lazy run, at its end."""
    predicted, kappa = f"≥ {number(WORSE)}", kappa_of(history)
    if "test_loss" not in history:
        return inapplicable("test samples")
    if kappa is None:
        return pending(predicted, "κ is not known yet")
    if kappa > 1:
        return inapplicable(f"a lazy network; here κ = {number(kappa)}")
    if not ended(history):
        return pending(predicted)
    return at_least(float(history.latest("test_loss") / history.latest("loss")), WORSE)


CLAIMS_OF_BENEFITS: tuple[Claim, ...] = (
    Claim(
        "D34.global",
        "Every seed reaches the global minimum.",
        _every_seed,
        _SO_WHAT,
    ),
    Claim(
        "D34.regression",
        "The lazy limit is kernel regression with the tangent kernel at <i>w</i><sub>0</sub>.",
        _kernel_regression,
        _SO_WHAT,
    ),
    Claim(
        "D34.closest",
        "The lazy limit is the solution closest to <i>w</i><sub>0</sub>.",
        _least_displacement,
        _SO_WHAT,
    ),
    Claim(
        "D35.sweep",
        "Against a teacher the lazy student predicts far worse: test loss at the largest α over "
        "the smallest.",
        _generalization,
        _SO_WHAT,
    ),
    Claim(
        "D35.gap",
        "The lazy student fits its samples better than it predicts: test over training loss.",
        _lazy_test,
        _SO_WHAT,
    ),
)
