"""Claims of the sweep over the step size: too small, reasonable, too large, from any start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lazygui.claims.claim import Claim, Reading, pending, yes
from lazygui.claims.decay import Mask, log_factor
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.history import Array, History

BEHAVIOUR = "GD: Typical behavior"


@dataclass(frozen=True)
class _Runs:
    """The finished runs: ηλ of both modes (runs, 2), steps made, ln(F_K/F₀), grown or not.

    `predicted` is ln(F_K/F₀) in closed form, from F = ½ Σ λ_i c_i² (1 − ηλ_i)^(2K).
    """

    rates: Array
    steps: Array
    fall: Array
    grew: Mask
    predicted: Array

    @property
    def steepest(self) -> Array:
        """ηλmax."""
        return np.asarray(self.rates.max(axis=1))


def _runs(history: History) -> _Runs | Reading:
    scenario = history.scenario
    base = getattr(scenario, "base", None)
    if not (isinstance(scenario, SweepScenario) and isinstance(base, DescentScenario)):
        return pending("", "only for a sweep of gradient descent")
    if base.objective != "quadratic_2d" or "learning_rate" not in history:
        return pending("", "only for step sizes on the quadratic in the plane")
    if history.last_step < scenario.steps:
        return pending("every run", f"{history.last_step} of {scenario.steps} runs")
    done = history["step"] > 0
    eigenvalues, parts = _modes(history, base, done)
    rates, steps = _swept(history, base, "learning_rate")[done], history["steps_made"][done]
    # F − F* of a stable run only falls, so that its largest value is the one it started from.
    last, most = history["gap"][done], history["max_gap"][done]
    diverged = history["diverged"][done] > 0
    scaled = rates[:, None] * eigenvalues
    with np.errstate(divide="ignore", invalid="ignore"):
        fall = np.log(last / most)
        start = np.log(eigenvalues * np.square(parts))
    end = start + 2 * steps[:, None] * log_factor(scaled)
    predicted = np.logaddexp.reduce(end, axis=1) - np.logaddexp.reduce(start, axis=1)
    return _Runs(scaled, steps, fall, diverged | (last >= most), predicted)


def _swept(history: History, base: DescentScenario, name: str) -> Array:
    """A parameter's value in each row, swept or not."""
    if name in history:
        return history[name]
    return np.full(len(history), float(getattr(base, name)))


def _modes(history: History, base: DescentScenario, done: Mask) -> tuple[Array, Array]:
    """Eigenvalues of M and the start's coordinates along its axes, both (runs, 2)."""
    condition, angle = (_swept(history, base, name)[done] for name in ("condition", "angle"))
    eigenvalues = np.stack([np.ones(len(condition)), 1 / condition], axis=1)
    x, y = np.subtract(base.start, base.minimizer)
    cosine, sine = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return eigenvalues, np.stack([cosine * x + sine * y, cosine * y - sine * x], axis=1)


def _all(good: Mask) -> Reading:
    if len(good) == 0:
        return pending("every run", "no such step size in the range")
    count = int(np.count_nonzero(good))
    return yes(f"all {len(good)} runs", f"{count} runs", count == len(good), float(count))


def _slow(history: History) -> Reading:
    """No mode shrinks faster than the steepest: ln(F₀/F_K) ≤ −2K ln(1 − ηλmax) for ηλmax < 1."""
    runs = _runs(history)
    if isinstance(runs, Reading):
        return runs
    quickest = 2 * runs.steps * log_factor(runs.steepest)
    return _all((runs.fall >= quickest * (1 + 1e-9))[runs.steepest < 1])


def _reasonable(history: History) -> Reading:
    """Every mode shrinks, so that F_K/F₀ ≤ max|1 − ηλ|^(2K) from any start."""
    runs = _runs(history)
    if isinstance(runs, Reading):
        return runs
    slowest = 2 * runs.steps * log_factor(runs.rates).max(axis=1)
    # Rounding ends the fall where nothing is left to gain.
    fell = ~runs.grew & (runs.fall <= np.maximum(slowest * (1 - 1e-9), np.log(1e-28)))
    return _all(fell[runs.steepest < 2 * (1 - 1e-9)])


def _too_large(history: History) -> Reading:
    """Just above the limit growth takes long to show: theory says which runs show it by now."""
    runs = _runs(history)
    if isinstance(runs, Reading):
        return runs
    return _all(runs.grew[(runs.steepest > 2 * (1 + 1e-9)) & (runs.predicted > 0.01)])


CLAIMS_OF_REGIMES = (
    Claim(
        "D05.slow",
        "Too small a step is slow from any start: <i>F</i> − <i>F</i>* shrinks by at most "
        "(1 − ηλ<sub>max</sub>)² per step.",
        _slow,
        BEHAVIOUR,
    ),
    Claim(
        "D05.converges",
        "Any step below 2/λ<sub>max</sub> brings <i>F</i> − <i>F</i>* down, by at least "
        "max(1 − ηλ<sub><i>i</i></sub>)² per step.",
        _reasonable,
        BEHAVIOUR,
    ),
    Claim(
        "D05.diverges",
        "Any step above 2/λ<sub>max</sub> makes <i>F</i> − <i>F</i>* grow, once the run is long "
        "enough.",
        _too_large,
        BEHAVIOUR,
    ),
)
