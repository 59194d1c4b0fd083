"""Claims of the examples in the plane: steepest descent and conditioning."""

from __future__ import annotations

import math

import numpy as np

from lazygui.claims.claim import Claim, Reading, near, number, pending
from lazygui.claims.decay import (
    Stretch,
    farthest,
    log_factor,
    newest,
    rate_tolerance,
    settled_rate,
    slowest,
    some_rows,
    stability,
)
from lazygui.scenarios.descent import DescentScenario
from lazygui.simulation.history import Array, History

STEEPEST = "Gradient descent for convex optimization"
CONDITIONING = "GD: Fundamental examples"

DIRECTIONS = 720
PROBE = 1e-5  # half the distance over which a slope is measured, relative to 1 + ‖w‖
FAR = 1e6  # beyond it that distance is too long for the curvature of the objectives
FLAT = 1e-4  # a gradient below it is lost in what F's third derivative adds to that slope


def _scenario(history: History, objective: str) -> DescentScenario | None:
    """The run's scenario when it is about that objective."""
    scenario = history.scenario
    if isinstance(scenario, DescentScenario) and scenario.objective == objective:
        return scenario
    return None


def _elsewhere(objective: str) -> Reading:
    return pending("", f"only for the objective “{objective}”")


def _scan(history: History) -> tuple[Array, Array] | None:
    """Slope of F in `DIRECTIONS` directions at some iterates, each turned to start at −∇F.

    The angles (directions,) and the slopes (iterates, directions), central differences of F alone.
    None where there is no gradient to speak of.
    """
    now = history.now
    frames = [frame.arrays for frame in (*history.frames, *([now] if now is not None else []))]
    if not frames:
        return None
    points, down = (np.stack([a[name] for a in frames]) for name in ("point", "gradient"))
    clear = (np.abs(points).max(axis=1) <= FAR) & (np.linalg.norm(down, axis=1) >= FLAT)
    rows = some_rows(np.flatnonzero(clear))[::-4][::-1]
    if len(rows) == 0:
        return None
    points, down = points[rows], -down[rows]
    angles = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    turned = np.arctan2(down[:, 1], down[:, 0])[:, None] + angles
    size = PROBE * (1 + np.linalg.norm(points, axis=1))
    reach = size[:, None, None] * np.stack([np.cos(turned), np.sin(turned)], axis=-1)
    value = history.facts["objective"].value
    slopes = value(points[:, None] + reach) - value(points[:, None] - reach)
    return angles, slopes / (2 * size[:, None])


def _differentiable(history: History) -> bool:
    objective = history.facts.get("objective")
    return objective is not None and objective.dim == 2 and objective.name != "exercise_c"


def _steepest(history: History) -> Reading:
    if not _differentiable(history):
        return pending("0", "only for a differentiable F in the plane")
    scan = _scan(history)
    if scan is None:
        return pending("0", "∇F = 0 here")
    angles, slopes = scan
    least = np.degrees(angles[np.argmin(slopes, axis=1)])
    off = np.minimum(least, 360 - least)
    return near(float(off.max()), 0.0, 360 / DIRECTIONS)


def _level(history: History) -> Reading:
    if not _differentiable(history):
        return pending("90", "only for a differentiable F in the plane")
    scan = _scan(history)
    if scan is None:
        return pending("90", "∇F = 0 here")
    angles, slopes = scan
    crossings = []
    for row in slopes:
        after = np.roll(row, -1)
        at = np.flatnonzero((row < 0) != (after < 0))
        place = angles[at] + angles[1] * row[at] / (row[at] - after[at])
        crossings.append(np.degrees(np.minimum(place, 2 * np.pi - place)))
    return near(farthest(np.concatenate(crossings), 90.0), 90.0, 360 / DIRECTIONS)


def _axes(scenario: DescentScenario) -> tuple[Array, Array]:
    """Eigenvalues (2,) of M, and the unit eigenvectors as rows (2, 2)."""
    angle = math.radians(scenario.angle)
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.array([1.0, 1 / scenario.condition]), np.array([[cosine, sine], [-sine, cosine]])


def _parts(
    history: History, scenario: DescentScenario, part: Stretch
) -> tuple[Array, Array, Array, Array, float]:
    """Steps, distances to w*, logarithms of the predicted parts, factors; and what rounding is."""
    eigenvalues, axes = _axes(scenario)
    rows = some_rows(part.rows(history))
    steps, errors = history["step"][rows], history["iterate"][rows] - np.array(scenario.minimizer)
    rounding = 1e-15 * float(np.abs(scenario.minimizer).sum() + np.abs(errors[0]).sum())
    with np.errstate(divide="ignore"):
        start = np.log(np.abs(axes @ errors[0]))
    start[start < math.log(max(rounding, 1e-300))] = -np.inf
    made = (steps - steps[0])[:, None]
    decay = np.where(made > 0, made * log_factor(part.learning_rate * eigenvalues), 0.0)
    factors = 1 - part.learning_rate * eigenvalues
    return steps, np.linalg.norm(errors, axis=1), start + decay, factors, rounding


def _rate(history: History, best_only: bool) -> Reading:
    scenario = _scenario(history, "quadratic_2d")
    if scenario is None:
        return _elsewhere("quadratic_2d")
    part = newest(history)
    steps, norms, logs, factors, rounding = _parts(history, scenario, part)
    if not np.isfinite(logs[0]).any():
        return pending(number(float(np.abs(factors).max())), "w is at w*")
    predicted = slowest(logs, factors)
    if np.abs(factors).max() > max(predicted, 1.0):
        return pending("", "only rounding is in the mode that grows")
    condition = scenario.condition
    if best_only:
        predicted = (condition - 1) / (condition + 1)
        best = 2 / (1 + 1 / condition)
        if abs(np.abs(factors).max() - predicted) > 0.3 * rate_tolerance(predicted):
            return pending(number(predicted), f"only at η = 2/(λ₁+λₙ) = {number(best)}")
    clear = norms > 1e6 * rounding
    measured = settled_rate(steps[clear], norms[clear], logs[clear], factors)
    if measured is None:
        return pending(number(predicted))
    return near(measured, predicted, rate_tolerance(predicted))


def _any_rate(history: History) -> Reading:
    return _rate(history, best_only=False)


def _best_rate(history: History) -> Reading:
    return _rate(history, best_only=True)


def _threshold(history: History) -> Reading:
    scenario = _scenario(history, "quadratic_2d")
    if scenario is None:
        return _elsewhere("quadratic_2d")
    part = newest(history)
    steps, norms, logs, _, _ = _parts(history, scenario, part)
    if steps[-1] < steps[0] + 2 or not np.isfinite(logs[0]).any():
        return pending("falls for η < 2/λmax")
    size = np.logaddexp.reduce(2 * logs, axis=1) / 2
    predicted = float(np.exp(size[-1] - size[0]))
    return stability(part.learning_rate, 2.0, predicted, float(norms[-1] / norms[0]))


CLAIMS_OF_TWO_DIMENSIONS = (
    Claim(
        "D02.steepest",
        "−∇<i>F</i> is the direction in which <i>F</i> falls fastest: their angle, in degrees, "
        "is 0.",
        _steepest,
        STEEPEST,
    ),
    Claim(
        "D02.level",
        "−∇<i>F</i> is orthogonal to the level set: their angle, in degrees, is 90.",
        _level,
        STEEPEST,
    ),
    Claim(
        "D10.rate",
        "‖<i>w</i> − <i>w</i>*‖ shrinks by max|1 − ηλ<sub>i</sub>| per step.",
        _any_rate,
        CONDITIONING,
    ),
    Claim(
        "D10.best",
        "At the best fixed step η = 2/(λ<sub>max</sub> + λ<sub>min</sub>) the rate is "
        "(<i>c</i> − 1)/(<i>c</i> + 1), <i>c</i> = cond(<i>M</i>).",
        _best_rate,
        CONDITIONING,
    ),
    Claim(
        "D10.threshold",
        "Gradient descent converges exactly when η &lt; 2/λ<sub>max</sub>.",
        _threshold,
        CONDITIONING,
    ),
)
