"""Convexity of the risk and stochastic gradient descent (slides "Convex losses", "SGD")."""

from __future__ import annotations

from typing import cast

import numpy as np

from lazygui.claims.claim import Claim, Reading, at_most, near, number, pending
from lazygui.numerics.fits import loglog_fit
from lazygui.numerics.sgd import MeanSquareTheory
from lazygui.scenarios.sgd import SgdScenario
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.history import Array, History
from lazygui.simulation.sgd import build_risk, theory_of

ROUNDING = 1e-12
NORMAL_RANGE = 4.0  # standard errors; a Gaussian leaves it once in 16 000 times
SETTLED = 0.01  # relative distance of the expected gap from its floor
FEWEST_DRAWS = 1000
FEWEST_RUNS = 20
FEWEST_RATES = 4
SWEPT = frozenset({"learning_rate", "seed"})


def _scenario(history: History) -> SgdScenario:
    return cast(SgdScenario, history.scenario)


def _rate(history: History) -> float:
    return history.scenario.value_at("learning_rate", history.last_step)


def _chords(history: History) -> Reading:
    """Largest F((1-s)a+sb) - chord over random pairs, relative to F at the higher end."""
    inside = np.asarray(history.facts["chord_excess"])[:, 1:-1]
    return at_most(float(np.max(inside)), ROUNDING)


def _unbiased(history: History) -> Reading:
    """|mean of the n gradients - ∇F| at run 1's iterate, relative to the largest of them."""
    if history.now is None:
        return pending(f"≤ {number(ROUNDING)}")
    cloud = history.now.arrays["sample_gradients"]
    gradient = history.facts["objective"].gradient(history.latest("iterate"))
    size = max(float(np.linalg.norm(cloud, axis=1).max()), np.finfo(float).tiny)
    return at_most(float(np.linalg.norm(cloud.mean(axis=0) - gradient)) / size, ROUNDING)


def _draws(history: History) -> Reading:
    """The mean of g_t - ∇F(w_t) over all draws, in its standard errors."""
    scenario = _scenario(history)
    z = float(np.abs(history.latest("draw_z")).max())
    expected = f"|z| ≤ {number(NORMAL_RANGE)}"
    if scenario.sampling != "uniform":
        return pending(expected, f"I<sub>t</sub> depends on w<sub>t</sub>: |z| = {number(z)}")
    if history.last_step * scenario.runs < FEWEST_DRAWS:
        return pending(expected)
    return at_most(z, NORMAL_RANGE)


def _reason_against(history: History) -> str:
    """Why the floor isn't known for this scenario, or nothing."""
    scenario, theory = _scenario(history), history.facts["theory"]
    if theory is None:
        return "known for the square loss and uniform draws only"
    if scenario.runs < FEWEST_RUNS:
        return f"needs {FEWEST_RUNS} runs at least"
    least = ROUNDING**2 * float(np.mean(theory.risk.targets**2))
    if not least < theory.noise_floor(_rate(history)) < np.inf:
        return "without noise or with too large steps there is no floor"
    return ""


def _floor(history: History) -> Reading:
    """Mean gap of all runs, averaged over the steps since it settled, against the theory."""
    reason = _reason_against(history)
    if not reason and _scenario(history).schedule != "constant":
        reason = "the steps decrease"
    if reason:
        return pending("a floor", reason)
    theory, rate = history.facts["theory"], _rate(history)
    floor = theory.noise_floor(rate)
    settled = _settled(history, floor)
    steps = history["step"][settled]
    if len(steps) < 2:
        return pending(number(floor))
    measured = _over_time(history["mean_gap"][settled], steps)
    # As many independent readings as the runs forget where they were; one at least.
    readings = max((steps[-1] - steps[0]) / theory.relaxation_steps(rate), 1.0)
    error = _over_time(history["mean_gap_error"][settled], steps) / np.sqrt(readings)
    return near(measured, floor, NORMAL_RANGE * float(error) + SETTLED * floor)


def _over_time(values: Array, steps: Array) -> float:
    """The mean over the steps: rows are dense at first and ever more thinly spread."""
    return float(np.average(values[1:], weights=np.diff(steps)))


def _settled(history: History, floor: float) -> Array:
    """The rows since η last changed whose expected gap is the floor's."""
    last = max((change.step for change in history.scenario.changes), default=0)
    near_floor = np.abs(history["expected_gap"] - floor) <= SETTLED * floor
    return np.asarray(near_floor & (history["step"] > last))


def _decreasing(history: History) -> Reading:
    """The median gap now, against the floor of a constant η and against itself at t/4."""
    reason = _reason_against(history)
    if not reason and _scenario(history).schedule == "constant":
        reason = "the steps are constant"
    if reason:
        return pending("no floor", reason)
    floor = history.facts["theory"].noise_floor(_rate(history))
    # Half of what is checked: the median of a skewed gap lies below its mean.
    if not history.latest("expected_gap") <= floor / 8:
        return pending(f"≤ {number(floor / 4)}")
    earlier = int(np.searchsorted(history["step"], history.last_step / 4))
    expected, median = history["expected_gap"], history["gap_median"]
    # Halfway, in logarithm, between staying where it was at t/4 and falling as expected.
    fallen = float(median[earlier] * np.sqrt(expected[-1] / expected[earlier]))
    bound = min(floor / 4, fallen)
    return at_most(float(history.latest("gap_median")), bound)


def _growth(history: History) -> Reading:
    """Log-log slope of the last mean gap in η over a sweep, against that of the exact floors.

    Only rates that settled count: at the others the floor is not reached.
    """
    scenario = cast(SweepScenario, history.scenario)
    base = cast(SgdScenario, scenario.base)
    theory = theory_of(base, build_risk(base))
    if theory is None or base.schedule != "constant" or not scenario.swept <= SWEPT:
        return pending("slope near 1", "known for the square loss and constant steps only")
    if history.last_step < scenario.steps:
        return pending("slope near 1")
    rates, gaps, floors = _settled_rates(history, theory, base)
    if len(np.unique(rates)) < FEWEST_RATES:
        return pending("slope near 1", "too few step sizes reach their floor")
    measured, expected = loglog_fit(rates, gaps[0]), loglog_fit(rates, floors)
    error = _slope_error(rates, gaps[1] / floors)
    return near(measured.slope, expected.slope, NORMAL_RANGE * error)


def _settled_rates(
    history: History, theory: MeanSquareTheory, base: SgdScenario
) -> tuple[Array, Array, Array]:
    """Rates (k,), mean gaps and their errors (2, k), floors (k,), where the floor is reached."""
    rates = history["learning_rate"]
    distinct, place = np.unique(rates, return_inverse=True)
    floors = np.array([theory.noise_floor(rate) for rate in distinct])
    reached = np.array([theory.gap_after(base.start, rate, base.steps) for rate in distinct])
    settled = np.isfinite(floors) & (np.abs(reached - floors) <= SETTLED * floors) & (floors > 0)
    gaps = np.stack([history["mean_gap"], history["mean_gap_error"]])
    good = settled[place] & np.isfinite(gaps).all(axis=0)
    return rates[good], gaps[:, good], floors[place[good]]


def _slope_error(x: Array, relative_errors: Array) -> float:
    """Standard error of the slope of ln y in ln x for independent relative errors of y."""
    centred = np.log(x) - np.log(x).mean()
    return float(np.linalg.norm(centred * relative_errors) / (centred @ centred))


_LOSSES, _SGD = "Convex losses", "Stochastic Gradient Descent"

CLAIMS_OF_RISK = (
    Claim(
        "D01",
        "With a linear model and a convex loss <i>F</i> is convex: it never rises above a chord.",
        _chords,
        _LOSSES,
    ),
    Claim(
        "D03.unbiased",
        "The mean of all <i>n</i> per-sample gradients is ∇<i>F</i>(<i>w<sub>t</sub></i>).",
        _unbiased,
        _SGD,
    ),
    Claim(
        "D03.draws",
        "Drawn uniformly and independently of <i>w<sub>t</sub></i>, <i>g<sub>t</sub></i> is "
        "∇<i>F</i>(<i>w<sub>t</sub></i>) on average.",
        _draws,
        _SGD,
    ),
    Claim(
        "D04.floor",
        "With a constant step size the mean gap settles at a noise floor, ½ tr(<i>HM</i>).",
        _floor,
        _SGD,
    ),
    Claim(
        "D04.growth",
        "The noise floor grows with η, in proportion while η is small.",
        _growth,
        _SGD,
    ),
    Claim(
        "D04.decreasing",
        "With decreasing step sizes the median gap falls below that floor and goes on falling.",
        _decreasing,
        _SGD,
    ),
)
