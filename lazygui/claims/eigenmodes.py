"""Claims of the linear model, mode by mode: who decays, who stays put, who sets the speed."""

from __future__ import annotations

import math

import numpy as np

from lazygui.claims.claim import Claim, Reading, at_most, near, number, pending, yes
from lazygui.claims.decay import (
    Rows,
    Stretch,
    log_decay,
    newest,
    rate_tolerance,
    settled_rate,
    slowest,
    some_rows,
    stability,
)
from lazygui.claims.least_squares_run import DESCENT, run_of
from lazygui.simulation.history import Array, History


def _modes(history: History) -> Reading:
    """Largest relative deviation from Π|1 − η_jλ_i|^(t_j) where modes are far above rounding."""
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    if history.last_step < 3:
        return pending("0")
    rows = some_rows(np.arange(len(history)))
    shown = np.asarray(history.facts["shown_eigenvalues"])
    predicted = np.exp(log_decay(history, shown, history["step"][rows]))
    start = np.asarray(history.facts["initial_modes"])[history.facts["shown_modes"]]
    clear = predicted * start > 1e-7 * run.growth * run.sizes[rows, None]
    if not clear.any():
        return pending("0", "every mode is at its limit")
    off = np.abs(history["modes"][rows] - predicted)[clear] / predicted[clear]
    return at_most(float(off.max()), 1e-5)


def _stays_put(history: History) -> Reading:
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    still = run.scenario.features - run.rank
    if still == 0:
        return pending("", "p ≤ n: every mode decays")
    if history.last_step < 3:
        return pending(f"{still} modes at rest")
    share = run.outside
    found = run.scenario.features - int(history.facts["rank"])
    good = share <= 1e-12 and found == still
    return yes(
        f"{still} modes at rest", f"{found}, moved by {number(float(f'{share:.1g}'))}", good, share
    )


def _threshold(history: History) -> Reading:
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    part = newest(history)
    rows = part.rows(history)
    initial = max(float(history.facts["initial_modes"][0]), 1e-300)
    if len(rows) < 3 or not history["modes"][rows[0], 0] > 1e-10 * run.sizes[rows[0]] / initial:
        return pending("falls for η < 2/λmax")
    top = np.asarray(history.facts["eigenvalues"][:1])
    logs = log_decay(history, top, history["step"][rows[[0, -1]]])[:, 0]
    measured = float(history["modes"][rows[-1], 0] / history["modes"][rows[0], 0])
    return stability(part.learning_rate, run.limit, math.exp(logs[1] - logs[0]), measured)


def _parts(history: History, part: Stretch) -> tuple[Rows, Array, Array, Array]:
    """Rows of a stretch, logarithms of the predicted modes at them, eigenvalues, factors."""
    rows = some_rows(part.rows(history))
    eigenvalues = np.asarray(history.facts["eigenvalues"], dtype=float)
    with np.errstate(divide="ignore"):
        start = np.log(np.asarray(history.facts["initial_modes"], dtype=float))
    logs = start + log_decay(history, eigenvalues, history["step"][rows])
    return rows, logs, eigenvalues, 1 - part.learning_rate * eigenvalues


def _rate(history: History) -> Reading:
    """max_i |1 − ηλ_i|, that is 1 − ηλ_min⁺ up to the best step size."""
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    rows, logs, _, factors = _parts(history, newest(history))
    if not np.isfinite(logs[0]).any():
        return pending("", "w is at the limit")
    predicted = slowest(logs, factors)
    distance = history["distance"][rows]
    clear = distance > 1e6 * run.rounding
    measured = settled_rate(history["step"][rows][clear], distance[clear], logs[clear], factors)
    if measured is None:
        return pending(number(predicted))
    return near(measured, predicted, rate_tolerance(predicted))


def _loss_first(history: History) -> Reading:
    """When F − F* is at a hundredth of its start: the share of ‖w − w_∞‖ that is left."""
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    gaps = history["gap"]
    below = np.flatnonzero(gaps <= 0.01 * gaps[0])
    if len(below) == 0:
        return pending("> 0.1", "until F − F* is at 1 %")
    row = int(below[0])
    eigenvalues = np.asarray(history.facts["eigenvalues"], dtype=float)
    logs = log_decay(history, eigenvalues, history["step"][[row]])[0]
    start = np.asarray(history.facts["initial_modes"], dtype=float)
    predicted = float(np.linalg.norm(start * np.exp(logs)) / np.linalg.norm(start))
    if predicted <= 0.1:
        return pending(number(predicted), "with this step the loss is not ahead")
    measured = float(history["distance"][row] / history["distance"][0])
    return near(measured, predicted, 1e-6 * predicted)


CLAIMS_OF_EIGENMODES = (
    Claim(
        "D17.modes",
        "Mode <i>i</i> decays as (1 − ηλ<sub><i>i</i></sub>)<sup><i>t</i></sup>, λ<sub><i>i</i>"
        "</sub> the eigenvalues of <i>XX</i><sup>T</sup>: relative deviation of the worst mode.",
        _modes,
        DESCENT,
    ),
    Claim(
        "D17.still",
        "The other <i>p</i> − Rank(<i>X</i>) modes stay put.",
        _stays_put,
        DESCENT,
    ),
    Claim(
        "D17.threshold",
        "Gradient descent converges exactly when η &lt; 2/λ<sub>max</sub>(<i>XX</i><sup>T</sup>), "
        "not divided by <i>n</i>.",
        _threshold,
        DESCENT,
    ),
    Claim(
        "D19.rate",
        "In the long run ‖<i>w</i> − <i>w</i><sub>∞</sub>‖ shrinks by max|1 − "
        "ηλ<sub><i>i</i></sub>| per step: for small η by 1 − ηλ, λ the smallest not 0.",
        _rate,
        DESCENT,
    ),
    Claim(
        "D19.loss",
        "The loss falls fast: when <i>F</i> − <i>F</i>* is at 1 %, more than 10 % of the way "
        "remains.",
        _loss_first,
        DESCENT,
    ),
)
