"""Claims about neural networks: what they are, that their loss is not convex, what width does."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lazygui.claims.claim import Claim, Reading, at_most, near, number, pending, yes
from lazygui.numerics.fits import loglog_fit, means_over
from lazygui.simulation.history import Array, History

# Rounding of one forward pass and of sums over the samples, relative to what is summed.
ROUNDING = {"float64": 1e-12, "float32": 1e-4}
DIFFERENCES = {"float64": 1e-5, "float32": 1e-2}  # of central differences, by precision
FALLEN = 10.0  # a loss that fell by that factor has fallen far
MOVED = 0.2  # a relative displacement below it is a small one
WIDE = 500  # neurons from which on a network counts as wide
WIDTHS = 3  # finished widths that a slope needs
SEEDS = 3  # runs per width that a spread needs
SLOPES = 0.08  # of log-log slopes over about two decades of widths


def _tolerance(history: History, table: dict[str, float]) -> float:
    return table[getattr(history.scenario, "dtype", "float64")]


def _composition(history: History) -> Reading:
    """αh by layers from the weights, against αh of the training."""
    predicted = f"the same outputs, {_architecture(history)}"
    error = history.facts.get("composition_error")
    if error is None:
        return pending(predicted)
    return at_most(float(error), _tolerance(history, ROUNDING))


def _architecture(history: History) -> str:
    scenario: Any = history.scenario
    deep = getattr(scenario, "network", "two-layer") == "mlp"
    layers = int(scenario.hidden_layers) if deep else 1
    biases = "with" if getattr(scenario, "bias", False) else "without"
    return f"L = {layers} hidden layer{'s' if layers > 1 else ''} {biases} biases"


def _gradient(history: History) -> Reading:
    """∇F by backpropagation against central differences."""
    error = history.facts.get("gradient_error")
    if error is None:
        return pending("backpropagation and differences agree")
    return at_most(float(error), _tolerance(history, DIFFERENCES))


def _permutation(history: History) -> Reading:
    """|F(Pw) − F(w)| at every recorded step.

    Rounding enters the loss through the residual, √F, times the size of the outputs, which is
    √max F or α‖Dh(w₀)‖‖w₀‖: against that product the difference is measured.
    """
    if "permuted_loss" not in history or len(history) == 0:
        return pending("equal losses")
    loss, permuted = history["loss"], history["permuted_loss"]
    with np.errstate(all="ignore"):
        outputs = np.maximum(np.sqrt(np.fmax.accumulate(loss)), history.facts["output_size"])
        error = np.abs(permuted - loss) / np.maximum(np.sqrt(loss) * outputs, 1e-300)
    usable = np.isfinite(loss) & (loss < 1e100)
    worst = np.max(error[usable]) if usable.any() else math.nan
    return at_most(float(worst), _tolerance(history, ROUNDING))


def _ended(history: History) -> bool:
    return history.last_step >= history.scenario.steps


def _untrained(history: History) -> str:
    """Why there are no copies of a solution yet, or nothing."""
    loss = history["loss"]
    return "" if len(loss) and loss[-1] < loss[0] else "the loss has not fallen"


def _barrier(history: History) -> Reading:
    """F((w + Pw)/2) against the mean of F(w) and F(Pw), which a convex F can't exceed."""
    if "midpoint_loss" not in history or len(history) == 0:
        return pending("> mean of the ends")
    ends = (float(history.latest("loss")) + float(history.latest("permuted_loss"))) / 2
    middle = float(history.latest("midpoint_loss"))
    predicted, measured = f"> {number(ends)}", number(middle)
    above = middle > ends * (1.0 + _tolerance(history, ROUNDING))
    if _untrained(history):
        return pending(predicted, _untrained(history))
    if not above and not _ended(history):
        return pending(predicted, measured)
    return yes(predicted, measured, above, middle)


def _chord(history: History) -> Reading:
    """The chord test on the segment from w to Pw, for the network and for its linearization."""
    predicted = "> 0, linear ≤ 0"
    arrays = history.now.arrays if history.now is not None else {}
    if not {"line_position", "line_loss", "line_loss_linearized"} <= set(arrays):
        return pending(predicted)
    if _untrained(history):
        return pending(predicted, _untrained(history))
    t = np.asarray(arrays["line_position"])
    own, linear = (
        _above_chord(t, np.asarray(arrays[name])) for name in ("line_loss", "line_loss_linearized")
    )
    measured = f"{own:.3g}, linear {linear:.1g}".replace("-", "−")
    rounding = _tolerance(history, ROUNDING)
    holds = own > 1e3 * rounding and linear <= rounding
    if not holds and linear <= rounding and not _ended(history):
        return pending(predicted, measured)
    return yes(predicted, measured, holds, own)


def _above_chord(t: Array, loss: Array) -> float:
    """By how much a loss exceeds its chord on [0, 1], relative to its largest value there."""
    inside = (t >= 0.0) & (t <= 1.0)
    t, loss = t[inside], loss[inside]
    if len(t) < 3 or not np.isfinite(loss).all():
        return math.nan
    chord = loss[0] + t * (loss[-1] - loss[0])
    return float(np.max((loss - chord)[1:-1]) / max(float(np.max(loss)), 1e-300))


def _little_motion(history: History) -> Reading:
    """The relative displacement when the loss first is a tenth of its value at the start."""
    predicted = f"≤ {number(MOVED)}"
    width = int(getattr(history.scenario, "width", 0))
    if width < WIDE:
        return pending(predicted, f"a statement about wide networks, and m = {width}")
    loss = history["loss"]
    fallen = np.flatnonzero(loss <= loss[0] / FALLEN) if len(loss) else np.empty(0, dtype=int)
    if len(fallen) == 0:
        fold = float(loss[0] / loss[-1]) if len(loss) and loss[-1] > 0.0 else 1.0
        return pending(predicted, f"loss fell {fold:.3g}-fold")
    return at_most(float(history["relative_displacement"][fallen[0]]), MOVED)


def _widths(history: History, metric: str) -> tuple[Array, Array]:
    """Widths and the metric's mean over the other axes; runs that diverged are left out."""
    if not {"width", metric} <= {column.name for column in history.columns}:
        return np.empty(0), np.empty(0)
    kept = history["diverged"] == 0.0 if "diverged" in history else np.ones(len(history), bool)
    return means_over(history["width"][kept], history[metric][kept])


def _other_scaling(history: History) -> str:
    """Why the widths can't be compared, or nothing: one η must suit them all."""
    base = getattr(history.scenario, "base", history.scenario)
    if str(getattr(base, "parameterization", "ntk")) == "ntk":
        return ""
    return "only the 1/√m scaling trains equally fast at all widths with one η"


def _slope(history: History, metric: str, theory: float) -> Reading:
    """The log-log slope of a metric in the width, once the sweep has ended."""
    widths, values = _widths(history, metric)
    slope = loglog_fit(widths, values).slope
    other = _other_scaling(history)
    if other or len(widths) < WIDTHS or not _ended(history):
        return pending(number(theory), other or (number(slope) if len(widths) > 1 else "…"))
    return near(slope, theory, SLOPES)


def _relative_slope(history: History) -> Reading:
    """‖w − w₀‖ does not depend on m, and ‖w₀‖ grows like √m."""
    return _slope(history, "max_relative_displacement", -0.5)


def _total_slope(history: History) -> Reading:
    """m neurons move by 1/√m each."""
    return _slope(history, "max_displacement", 0.0)


def _falls(history: History, widths: Array, values: Array) -> Reading:
    """Whether a quantity decreases with the width, beyond what the scatter leaves open."""
    predicted = "decreases with m"
    fit, other = loglog_fit(widths, values), _other_scaling(history)
    if other or len(widths) < WIDTHS or not _ended(history):
        return pending(predicted, other or "…")
    measured = f"{values[0]:.2g} → {values[-1]:.2g} (slope {number(round(fit.slope, 1))})"
    falls = fit.slope + 2.0 * fit.error < 0.0 and values[-1] < values[0]
    return yes(predicted, measured, bool(falls), fit.slope)


def _features_freeze(history: History) -> Reading:
    return _falls(history, *_widths(history, "max_feature_drift"))


def _outputs_agree(history: History) -> Reading:
    return _falls(history, *_widths(history, "max_output_gap"))


def _alike(history: History) -> Reading:
    """The standard deviation over the seeds of log R at the end, width by width."""
    if not {"width", "loss", "seed"} <= {column.name for column in history.columns}:
        return pending("decreases with m")
    good = np.isfinite(history["loss"]) & (history["loss"] > 0.0)
    width, logs = history["width"][good], np.log(history["loss"][good])
    widths = np.array([m for m in np.unique(width) if np.sum(width == m) >= SEEDS])
    spreads = [float(np.std(logs[width == m], ddof=1)) for m in widths]
    return _falls(history, widths, np.array(spreads))


_FEEDFORWARD = "Feedforward neural networks"
_NON_CONVEXITY = "Non-convexity"
_OBSERVATIONS = "Some empirical observations about neural nets"

CLAIMS_OF_NETWORKS: tuple[Claim, ...] = (
    Claim(
        "D20.composition",
        "The network is a composition of layers <i>σ</i>(<i>Ax</i> + <i>b</i>): written out, it "
        "gives the same outputs.",
        _composition,
        _FEEDFORWARD,
    ),
    Claim(
        "D20.gradient",
        "Its gradient by backpropagation is the derivative of the loss.",
        _gradient,
        _FEEDFORWARD,
    ),
    Claim(
        "D21.permutation",
        "Neurons in another order are another point with the same loss: "
        "<i>F</i>(<i>Pw</i>) = <i>F</i>(<i>w</i>).",
        _permutation,
        _NON_CONVEXITY,
    ),
    Claim(
        "D21.barrier",
        "Half-way between permuted copies the loss is above the mean of the ends: <i>F</i> is not "
        "convex.",
        _barrier,
        _NON_CONVEXITY,
    ),
    Claim(
        "D21.chord",
        "Between the copies the network’s loss rises above its chord; that of the linearization "
        "never does.",
        _chord,
        _NON_CONVEXITY,
    ),
    Claim(
        "D22.motion",
        "A wide network learns by small moves: ‖<i>w</i> − <i>w</i><sub>0</sub>‖/"
        f"‖<i>w</i><sub>0</sub>‖ once the loss has fallen {FALLEN:.0f}-fold.",
        _little_motion,
        _OBSERVATIONS,
    ),
    Claim(
        "D22.relative",
        "The relative displacement ‖<i>w</i> − <i>w</i><sub>0</sub>‖/‖<i>w</i><sub>0</sub>‖ falls "
        "like <i>m</i><sup>−1/2</sup> in the 1/√<i>m</i> scaling.",
        _relative_slope,
        _OBSERVATIONS,
    ),
    Claim(
        "D22.total",
        "The total displacement ‖<i>w</i> − <i>w</i><sub>0</sub>‖ does not shrink with <i>m</i> "
        "in the 1/√<i>m</i> scaling.",
        _total_slope,
        _OBSERVATIONS,
    ),
    Claim(
        "D22.features",
        "The hidden features <i>σ</i>(<i>a<sub>j</sub></i>·<i>x</i>) hardly change in wide "
        "networks: their drift decreases with <i>m</i>.",
        _features_freeze,
        _OBSERVATIONS,
    ),
    Claim(
        "D22.outputs",
        "The outputs move like those of the linearization: the gap decreases with <i>m</i>.",
        _outputs_agree,
        _OBSERVATIONS,
    ),
    Claim(
        "D22.alike",
        "Wide networks move alike: the spread of log <i>R</i> over the seeds decreases with "
        "<i>m</i>.",
        _alike,
        _OBSERVATIONS,
    ),
)
