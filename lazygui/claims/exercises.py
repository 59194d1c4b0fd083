"""Claims of the three exercises in the plane: flat, nearly flat, kinked."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from lazygui.claims.claim import Claim, Reading, at_most, near, number, pending
from lazygui.claims.decay import (
    Rows,
    Stretch,
    farthest,
    log_decay,
    log_factor,
    newest,
    step_factors,
    stretches,
)
from lazygui.scenarios.descent import DescentScenario
from lazygui.simulation.history import Array, History


def _is(history: History, objective: str) -> bool:
    """Whether the run is about that objective."""
    scenario = history.scenario
    return isinstance(scenario, DescentScenario) and scenario.objective == objective


def _elsewhere(objective: str) -> Reading:
    return pending("", f"only for the objective “{objective}”")


def _still(history: History) -> Reading:
    if not _is(history, "exercise_a"):
        return _elsewhere("exercise_a")
    if history.last_step < 2:
        return pending("0")
    y = history["iterate"][:, 1]
    return near(float(np.abs(y - y[0]).max()), 0.0, 0.0)


def _factor_of(
    history: History, values: Array, factor: float, power: int, floor: float = 1e-200
) -> Reading:
    """Each step multiplies the values by factor**power since the learning rate last changed."""
    rows = newest(history).rows(history)
    measured = step_factors(history["step"][rows], values[rows], floor)
    target = factor**power
    if len(measured) == 0:
        return pending(number(target), "nothing to shrink" if len(rows) > 1 else "…")
    return near(farthest(measured, target), target, 1e-6)


def _loss_of_a(history: History) -> Reading:
    if not _is(history, "exercise_a"):
        return _elsewhere("exercise_a")
    return _factor_of(history, history["gap"], 1 - newest(history).learning_rate, 2)


def _distance_of_a(history: History) -> Reading:
    if not _is(history, "exercise_a"):
        return _elsewhere("exercise_a")
    return _factor_of(history, history["distance"], abs(1 - newest(history).learning_rate), 1)


def _nearly_flat(history: History) -> tuple[float, float] | None:
    """|x| and |y| of exercise b as theory has them now; None until x is gone.

    x is gone when it makes less than a hundredth of F.
    """
    strong, weak = _curvatures(history)
    start = np.abs(np.asarray(_start(history)))
    steps = np.array([float(history.last_step)])
    x, y = start * np.exp(log_decay(history, np.array([strong, weak]), steps)[0])
    return (float(x), float(y)) if strong * x * x < 0.01 * weak * y * y else None


def _curvatures(history: History) -> tuple[float, float]:
    objective = history.facts["objective"]
    return float(objective.smoothness), float(objective.strong_convexity)


def _start(history: History) -> tuple[float, ...]:
    assert isinstance(history.scenario, DescentScenario)
    return history.scenario.start


def _loss_of_b(history: History) -> Reading:
    if not _is(history, "exercise_b"):
        return _elsewhere("exercise_b")
    now = _nearly_flat(history)
    if now is None:
        return pending("½·10⁻⁵y₀²", "until x is gone")
    strong, weak = _curvatures(history)
    predicted = (strong * now[0] ** 2 + weak * now[1] ** 2) / 2
    return near(float(history.latest("gap")), predicted, 1e-6 * predicted)


def _distance_of_b(history: History) -> Reading:
    if not _is(history, "exercise_b"):
        return _elsewhere("exercise_b")
    now = _nearly_flat(history)
    if now is None:
        return pending("|y₀|", "until x is gone")
    predicted = math.hypot(*now)
    return near(float(history.latest("distance")), predicted, 1e-6 * predicted)


def _half_life(history: History) -> Reading:
    if not _is(history, "exercise_b"):
        return _elsewhere("exercise_b")
    part = newest(history)
    slow = -float(log_factor(np.array([part.learning_rate * _curvatures(history)[1]]))[0])
    predicted = math.log(2) / slow
    rows = part.rows(history)
    steps, y = history["step"][rows], np.abs(history["iterate"][rows, 1])
    # Below that, y has moved by less than what a thousandth of it can be told from rounding.
    if slow * (steps[-1] - steps[0]) < 1e-6 or y[0] == 0:
        return pending(number(predicted))
    measured = math.log(2) * (steps[-1] - steps[0]) / np.log(y[0] / y[-1])
    return near(float(measured), predicted, 1e-3 * predicted)


def _x_of_c(history: History) -> Reading:
    if not _is(history, "exercise_c"):
        return _elsewhere("exercise_c")
    return _factor_of(history, history["iterate"][:, 0], 1 - newest(history).learning_rate, 1)


def _arrived(history: History, part: Stretch) -> Rows:
    """The rows of a stretch by which y has come within η of 0, a step of η at a time."""
    rows = part.rows(history)
    if len(rows) == 0:
        return rows
    steps, y = history["step"][rows], history["iterate"][rows, 1]
    arrival = steps[0] + math.ceil(abs(y[0]) / part.learning_rate - 1e-9)
    return np.asarray(rows[steps >= arrival])


def _band_of_c(history: History) -> Reading:
    if not _is(history, "exercise_c"):
        return _elsewhere("exercise_c")
    part = newest(history)
    rows = _arrived(history, part)
    if len(rows) < 2:
        return pending(f"≤ {number(part.learning_rate)}")
    y = np.abs(history["iterate"][rows, 1])
    return at_most(float(y.max()), part.learning_rate * (1 + 1e-9) + 1e-14)


def _x_is_gone(history: History, row: int, share: float) -> bool:
    """Whether theory has x² below `share` in that row."""
    start = abs(_start(history)[0])
    logs = log_decay(history, np.ones(1), history["step"][[row]])[0, 0]
    return start == 0 or bool(2 * (math.log(start) + logs) <= math.log(share))


def _floor_of_c(history: History) -> Reading:
    """|y| + |y⁺| = η in the band, so the mean of two F − F* in a row is η/2 once x is gone."""
    if not _is(history, "exercise_c"):
        return _elsewhere("exercise_c")
    part = newest(history)
    half, rows = part.learning_rate / 2, _arrived(history, part)
    odd = np.flatnonzero(np.diff(history["step"][rows]) % 2 == 1)
    if len(odd) == 0:
        return pending(number(half))
    last = rows[odd[-1]]
    if not _x_is_gone(history, last, 1e-3 * half):
        return pending(number(half), "until x is gone")
    if history["iterate"][last, 1] == 0:
        return pending(number(half), "y landed on 0 exactly")
    return near(float(history["gap"][last : last + 2].mean()), half, 0.01 * half)


def _decreasing(history: History) -> Reading:
    if not _is(history, "exercise_c"):
        return _elsewhere("exercise_c")
    parts = stretches(history)
    rates = [part.learning_rate for part in parts]
    if len(rates) < 3 or any(b >= a for a, b in pairwise(rates)):
        return pending("F − F* ≤ η", "only while η is lowered again and again")
    rows = _arrived(history, parts[-1])
    if len(rows) < 2:
        return pending(f"≤ {number(rates[-1])}")
    if not _x_is_gone(history, rows[-2], 1e-3 * rates[-1]):
        return pending(f"≤ {number(rates[-1])}", "until x is gone")
    return at_most(float(history["gap"][rows[-2:]].max()), rates[-1] * 1.001)


CLAIMS_OF_EXERCISES = (
    Claim(
        "D11.still", "On <i>x</i>²/2 the coordinate <i>y</i> never moves.", _still, "Exercise a)"
    ),
    Claim(
        "D11.loss",
        "<i>F</i> − <i>F</i>* is multiplied by (1 − η)² in each step.",
        _loss_of_a,
        "Exercise a)",
    ),
    Claim(
        "D11.distance",
        "The distance to the line of minimizers is multiplied by |1 − η| in each step.",
        _distance_of_a,
        "Exercise a)",
    ),
    Claim(
        "D12.loss",
        "On <i>x</i>²/2 + 10<sup>−5</sup><i>y</i>²/2, <i>F</i> − <i>F</i>* soon is as small as "
        "½·10<sup>−5</sup><i>y</i><sub>0</sub>².",
        _loss_of_b,
        "Exercise b)",
    ),
    Claim(
        "D12.distance",
        "By then ‖<i>w</i> − <i>w</i>*‖ is still |<i>y</i><sub>0</sub>|, and hardly moves.",
        _distance_of_b,
        "Exercise b)",
    ),
    Claim(
        "D12.half",
        "It takes ln 2/(10<sup>−5</sup>η) steps to halve the distance.",
        _half_life,
        "Exercise b)",
    ),
    Claim(
        "D13.x",
        "On <i>x</i>²/2 + |<i>y</i>| each step multiplies <i>x</i> by 1 − η.",
        _x_of_c,
        "Exercise c)",
    ),
    Claim(
        "D13.band",
        "<i>y</i> comes to the band |<i>y</i>| ≤ η and never leaves it.",
        _band_of_c,
        "Exercise c)",
    ),
    Claim(
        "D13.floor",
        "<i>F</i> − <i>F</i>* has a floor in proportion to η: its mean over two steps is η/2.",
        _floor_of_c,
        "Exercise c)",
    ),
    Claim(
        "D13.decreasing",
        "Only a decreasing η converges: <i>F</i> − <i>F</i>* follows the η in force down.",
        _decreasing,
        "Exercise c)",
    ),
)
