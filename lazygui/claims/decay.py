"""How errors shrink along a recorded run: what the step sizes predict and what the rows show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lazygui.claims.claim import Reading, number, pending, yes
from lazygui.simulation.history import Array, History

SHOWN = 64

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Stretch:
    """Steps made with one learning rate: from step `first` on, until step `last`."""

    first: int
    last: int
    learning_rate: float

    def rows(self, history: History) -> Rows:
        """The indices of the rows recorded in it, both ends included."""
        steps = history["step"]
        return np.flatnonzero((steps >= self.first) & (steps <= self.last))


def stretches(history: History) -> list[Stretch]:
    """The run cut where its learning rate changed, the newest stretch last."""
    scenario = history.scenario
    cuts = {c.step for c in scenario.changes if c.name == "learning_rate"}
    firsts = sorted({0} | {step for step in cuts if step <= history.last_step})
    lasts = [*firsts[1:], history.last_step]
    return [
        Stretch(first, last, scenario.value_at("learning_rate", first))
        for first, last in zip(firsts, lasts, strict=True)
    ]


def newest(history: History) -> Stretch:
    """The steps made with the learning rate now in force."""
    return stretches(history)[-1]


def log_decay(history: History, eigenvalues: Array, steps: Array) -> Array:
    """log |prod_j (1 - eta_j lambda_i)^(t_j)|, t_j the steps of stretch j until each of `steps`.

    Shape steps.shape + eigenvalues.shape; -inf once an eta_j lambda_i was 1.
    """
    total = np.zeros((len(steps), len(eigenvalues)))
    for part in stretches(history):
        made = np.clip(steps - part.first, 0, part.last - part.first)[:, None]
        total += np.where(made > 0, made * log_factor(part.learning_rate * eigenvalues), 0.0)
    return total


def log_factor(x: Array) -> Array:
    """log |1 - x|, accurate for small x too."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(x < 0.5, np.log1p(-np.minimum(x, 0.5)), np.log(np.abs(1 - x))))


def step_factors(steps: Array, errors: Array, floor: float) -> Array:
    """error_{t+1} / error_t as consecutive rows show it, where errors exceed rounding (`floor`).

    Rows that are an odd number s of steps apart give the s-th root with its sign; rows an even
    number apart hide the sign and are left out.
    """
    apart, before, after = np.diff(steps), errors[:-1], errors[1:]
    rooted = (apart % 2 == 1) & (np.abs(after) > floor)
    clear = (np.abs(before) > floor) & ((apart == 1) | rooted)
    ratio = after[clear] / before[clear]
    return np.asarray(np.sign(ratio) * np.abs(ratio) ** (1 / apart[clear]))


def farthest(values: Array, target: float) -> float:
    """The value that contradicts the target most. Values must not be empty."""
    return float(values[np.argmax(np.abs(values - target))])


def some_rows(rows: Rows) -> Rows:
    """At most `SHOWN` of the rows, evenly spread, the last one among them."""
    places = np.linspace(0, len(rows) - 1, min(len(rows), SHOWN)).round().astype(int)
    return np.asarray(rows[places])


def settled_rate(steps: Array, norms: Array, logs: Array, factors: Array) -> float | None:
    """Factor per step of a norm once its slowest part outweighs the others; None before.

    `logs` (rows, parts) are the logarithms of the parts' predicted sizes, and `factors` (parts,)
    what a step multiplies them by. Rows count whose predicted factor is within half the tolerance
    `rate_tolerance` of its limit.
    """
    if len(steps) == 0:
        return None
    limit = slowest(logs, factors)
    weights = np.exp(2 * (logs - logs.max(axis=1, keepdims=True)))
    now = np.sqrt(weights @ np.square(factors) / weights.sum(axis=1))
    rows = np.flatnonzero(np.abs(now - limit) <= rate_tolerance(limit) / 2)
    rows = rows[norms[rows] > 0]
    if len(rows) < 2 or steps[rows[-1]] < steps[rows[0]] + 5:
        return None
    first, last = rows[0], rows[-1]
    return float((norms[last] / norms[first]) ** (1 / (steps[last] - steps[first])))


def slowest(logs: Array, factors: Array) -> float:
    """The factor per step in the long run: the largest of the parts that are there at all."""
    present = np.isfinite(logs[0])
    return float(np.abs(factors[present]).max(initial=0.0))


def rate_tolerance(rate: float) -> float:
    """One hundredth of the distance to 1: what counts of a rate is how far from 1 it is."""
    return 0.01 * abs(1 - rate) + 1e-6


def stability(rate: float, limit: float, predicted: float, measured: float) -> Reading:
    """Whether errors fall below the limit of the learning rate and grow above it.

    `predicted` and `measured` say how many times its start the error is now; the verdict waits
    until theory tells the three cases apart.
    """
    relation = "=" if np.isclose(rate, limit, rtol=1e-12, atol=0.0) else "<>"[rate > limit]
    word = {"<": "falls", "=": "stays", ">": "grows"}[relation]
    shown = f"{word}: η {relation} {number(limit)}"
    if _word(predicted) != word:
        return pending(shown)
    told = f"{_word(measured)}: × {number(measured)}"
    return yes(shown, told, _word(measured) == word, measured)


def _word(ratio: float) -> str:
    if ratio < 0.9:
        return "falls"
    return "grows" if ratio > 1.1 else "stays"
