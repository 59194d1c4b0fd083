"""Claims of step sizes above 2/λmax (D38): the linearization diverges, the network leaps."""

from __future__ import annotations

import math

import numpy as np

from lazygui.claims.claim import Claim, Reading, at_most, near, number, pending, yes
from lazygui.claims.tangent_kernel import completed, sweep_fit
from lazygui.numerics.fits import means_over
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.history import History

__all__ = ["CLAIMS_OF_CATAPULT"]

SOURCE = "Step size above 2/λmax (next lecture)"

# How far above 2/λmax networks still land: measured for α = 10 to 1000.
SURVIVED = {"tanh": 1.7, "erf": 1.7, "relu": 3.6}
PEAK_FROM = 30.0  # α from which the peak is ∝ α²
MARGIN = 1e-3  # relative distance to the threshold that a finite run can tell


def _excess(history: History) -> tuple[float | None, str]:
    """η over the stability limit of a single run with one η, or why there is none."""
    scenario, limit = history.scenario, history.facts.get("stability_limit")
    if not isinstance(scenario, LazyScenario) or limit is None:
        return None, "only for a single run"
    if scenario.loss != "square":
        return None, "for the square loss"
    if scenario.changes:
        return None, "η changed on the way"
    return scenario.learning_rate / limit, ""


def _growth(history: History) -> Reading:
    """log of the late factor per step of R(αh̄) against log (1 − ηλmax)²."""
    excess, reason = _excess(history)
    if excess is None:
        return pending("(1 − ηλmax)²", reason)
    factor = (1.0 - 2.0 * excess) ** 2
    losses, steps = history["loss_linearized"], history["step"]
    if excess < 1.0 - MARGIN:
        return _falls(losses, excess)
    good = np.isfinite(losses) & (losses > 0)
    losses, steps = losses[good], steps[good]
    # Late enough that the top mode stands out, against the others and the start.
    if len(losses) < 3 or losses[-1] < 100 * losses[0]:
        return pending(f"× {number(factor)} per step")
    measured = math.exp(math.log(losses[-1] / losses[-2]) / (steps[-1] - steps[-2]))
    return near(measured, factor, 0.01 * factor)


def _falls(losses: np.ndarray, excess: float) -> Reading:
    if len(losses) < 3:
        return pending("falls")
    said = f"R(αh̄) at {number(float(losses[-1] / losses[0]))} of its start"
    return yes(f"falls: η is {number(excess)} × 2/λmax", said, bool(losses[-1] < losses[0]))


def _lands(history: History) -> Reading:
    excess, reason = _excess(history)
    if excess is None:
        return pending("the network lands", reason)
    scenario = history.scenario
    assert isinstance(scenario, LazyScenario)
    survived = SURVIVED.get(scenario.activation)
    if excess <= 1.0:
        return pending("the network lands", "η is below 2/λmax")
    if survived is None or excess > survived:
        return pending("the network lands", f"not known at {number(excess)} × 2/λmax")
    losses = history["loss"]
    peak, end = float(losses.max() / losses[0]), float(losses[-1] / losses[0])
    said = f"peak {peak:.3g}, now {end:.2g}"
    landed = bool(np.isfinite(losses).all() and end < 0.5)
    if not landed and history.last_step < scenario.steps and np.isfinite(end):
        return pending("the network lands", said)
    return yes("the network lands", said, landed, end)


def _curvature(history: History) -> Reading:
    excess, reason = _excess(history)
    if excess is None or "kernel_eigenvalues" not in history:
        return pending("≤ 2/η", reason or "needs “track the kernel”")
    if excess <= 1.0:
        return pending("≤ 2/η", "η is below 2/λmax")
    losses = history["loss"]
    if not losses[-1] < losses[0]:
        return pending("≤ 2/η", "still in the air")
    top = float(history.latest("kernel_eigenvalues")[0])
    return at_most(top, 2.0 / history.scenario.value_at("learning_rate", 0))


def _peak(history: History) -> Reading:
    reason = completed(history, "scale", "max_loss")
    if reason:
        return pending("2", reason)
    return near(sweep_fit(history, "scale", "max_loss", PEAK_FROM).slope, 2.0, 0.1)


def _threshold(history: History) -> Reading:
    """Between the largest η whose linearization falls and the smallest whose one grows: 2/λmax."""
    reason = completed(history, "learning_rate", "lambda_max")
    if reason:
        return pending("2/λmax", reason)
    limits = 2.0 / history["lambda_max"]
    grows = ~(history["loss_linearized"] < history["max_loss_linearized"])
    relative = history["learning_rate"] / limits
    if grows.all() or not grows.any():
        return pending("1 × 2/λmax", "the sweep lies on one side")
    below, above = float(relative[~grows].max()), float(relative[grows].min())
    said = f"{number(below)} … {number(above)}"
    return yes("1 × 2/λmax", said, below < 1.0 < above or below < 1.0 == above)


def _network_survives(history: History) -> Reading:
    """Every run of the sweep up to the known reach ends below half of its largest loss."""
    reason = completed(history, "learning_rate", "lambda_max")
    if reason:
        return pending("all land", reason)
    survived = SURVIVED.get(history.scenario.value_of("activation"))
    if survived is None:
        return pending("all land", "not known for this activation")
    relative = history["learning_rate"] * history["lambda_max"] / 2.0
    final, start = history["loss"], _start_loss(history)
    chosen = relative <= survived
    landed = (history["diverged"] == 0) & (final < 0.5 * start)
    said = f"{int(np.sum(landed & chosen))} of {int(chosen.sum())} runs"
    return yes(f"all land (≤ {survived} ×)", said, bool(landed[chosen].all()))


def _start_loss(history: History) -> float:
    """R at w₀, which no row of a sweep holds: the largest loss of the run with the smallest η."""
    rates, largest = means_over(history["learning_rate"], history["max_loss"])
    del rates
    return float(largest[0])


CLAIMS_OF_CATAPULT: tuple[Claim, ...] = (
    Claim(
        "D38.linearization",
        "Above 2/λ<sub>max</sub>(Θ/<i>n</i>) the loss of the linearization grows by "
        "(1 − <i>ηλ</i><sub>max</sub>)² at each step; below, it falls.",
        _growth,
        SOURCE,
    ),
    Claim(
        "D38.network",
        "The network is catapulted and lands: its loss, relative to its start, peaks and falls.",
        _lands,
        SOURCE,
    ),
    Claim(
        "D38.curvature",
        "It lands where the kernel is small enough for this step: λ<sub>max</sub>(Θ/<i>n</i>) "
        "below 2/<i>η</i>.",
        _curvature,
        SOURCE,
    ),
    Claim(
        "D38.peak",
        "The peak of the loss grows like α², for α<i>h</i> must reach the order of α.",
        _peak,
        SOURCE,
    ),
    Claim(
        "D38.threshold",
        "For the linearization 2/λ<sub>max</sub> is sharp: just below it converges, just above "
        "it diverges.",
        _threshold,
        SOURCE,
    ),
    Claim(
        "D38.survival",
        "The network converges well beyond 2/λ<sub>max</sub>: tanh up to 1.7 times, ReLU 3.6.",
        _network_survives,
        SOURCE,
    ),
)
