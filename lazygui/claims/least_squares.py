"""Claims of the linear model: projection, exact fits, the closest solution, the speed."""

from __future__ import annotations

import math

import numpy as np

from lazygui.claims.claim import Claim, Reading, at_most, near, number, pending, yes
from lazygui.claims.least_squares_run import DESCENT, REGRESSION, run_of
from lazygui.simulation.history import History

LARGEST = 20_000  # entries of X up to which the limit is solved for anew in every reading


def _loss(history: History) -> Reading:
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    if run.weights is None:
        return pending("", "only where the weights are recorded")
    X, Y = run.problem.X, run.problem.Y
    losses = np.square((X * run.weights[:, None]).sum(axis=0) - Y) / 2
    predicted = math.fsum(losses) / run.scenario.samples
    noise = 1e-15 * run.scenario.features * float(np.linalg.norm(run.weights))
    tolerance = 1e-9 * predicted + math.sqrt(2 * predicted) * noise + noise**2
    return near(float(history.latest("loss")), predicted, tolerance)


def _projection(history: History) -> Reading:
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    if run.weights is None or not run.settled:
        return pending("→ 0", "…" if run.weights is not None else "the weights are not recorded")
    # The normal equations say it without a decomposition: what is left of Y is orthogonal to
    # each column of Xᵀ.
    X, Y = run.problem.X, run.problem.Y
    rest = X @ (Y - X.T @ run.weights)
    bound = run.shrunk * float(np.linalg.norm(X @ (Y - X.T @ run.start)))
    noise = run.rounding + 1e-13 * float(np.linalg.norm(Y))
    return at_most(float(np.linalg.norm(rest)), bound * (1 + 1e-6) + noise)


def _unique(history: History) -> Reading:
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    unique = run.rank == run.scenario.features
    predicted = run.smallest / (2 * run.scenario.samples) if unique else 0.0
    noise = 1e-12 * (1 + float(np.mean(np.square(run.problem.Y))))
    if unique and predicted < 100 * noise:
        return pending(number(predicted), "too flat to tell from rounding")
    return near(float(history.facts["flattest_rise"]), predicted, 1e-6 * predicted + noise)


def _same_prediction(history: History) -> Reading:
    """‖Xᵀ(w_∞ − w_min)‖/‖Y‖ of two minimizers that are apart: the limit and that of least norm."""
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    X, Y = run.problem.X, run.problem.Y
    if run.rank == run.scenario.features or X.size > LARGEST:
        return pending("", "only where there are other minimizers, Rank(X) < p")
    goal = np.asarray(history.facts["limit"])
    apart = goal - np.linalg.lstsq(X.T, Y, rcond=None)[0]
    if np.linalg.norm(apart) <= 1e-6 * (1 + np.linalg.norm(goal)):
        return pending("≤ 10⁻⁹", "only from w₀ outside Im X")
    return at_most(float(np.linalg.norm(X.T @ apart) / np.linalg.norm(Y)), 1e-9)


def _vanishes(history: History) -> Reading:
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    if run.rank < run.scenario.samples:
        return pending("0", "only if Rank(X) = n")
    if not run.settled:
        return pending("0")
    first = float(history["loss"][0])
    # The residual at the start has the norm √(2nF₀).
    noise = run.rounding + 1e-13 * float(np.linalg.norm(run.problem.Y))
    share = run.shrunk * (1 + 1e-6) + noise / math.sqrt(2 * run.scenario.samples * first)
    return at_most(float(history.latest("loss")) / first, share**2)


def _family(history: History) -> Reading:
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    free = run.scenario.features - run.rank
    if free == 0 or run.rank < run.scenario.samples:
        return pending("p − n dimensions", "only if p > n = Rank(X)")
    found = run.scenario.features - int(history.facts["rank"])
    noise = 1e-12 * (1 + float(np.mean(np.square(run.problem.Y))))
    another = abs(float(history.facts["flattest_rise"])) <= noise
    return yes(
        f"{free} dimensions",
        f"{found} dimensions" if another else "another point is no solution",
        another and found == free,
        float(found),
    )


def _in_image(history: History) -> Reading:
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    if history.last_step < 3:
        return pending("≤ 10⁻¹²")
    return at_most(run.outside, 1e-12)


def _limit(history: History) -> Reading:
    """‖w − w_∞‖ relative to its start, w_∞ from a solver of its own where that is quick."""
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    if not run.settled:
        return pending("→ 0")
    goal, start = np.asarray(history.facts["limit"]), run.start
    X, Y = run.problem.X, run.problem.Y
    if X.size <= LARGEST:
        goal = start + np.linalg.lstsq(X.T, Y - X.T @ start, rcond=None)[0]
    whole = float(np.linalg.norm(start - goal))
    left = float(history.latest("distance"))
    if run.weights is not None:
        left = float(np.linalg.norm(run.weights - goal))
    # Two solvers of a problem of this condition differ by that much.
    noise = run.rounding + 1e-15 * run.scenario.condition * float(run.sizes[-1])
    return at_most(left, run.shrunk * (1 + 1e-6) * whole + noise)


def _least_norm(history: History) -> Reading:
    """The distance to (Xᵀ)⁺Y that remains is the part of w₀ outside Im X: 0 from w₀ = 0."""
    run = run_of(history)
    if isinstance(run, Reading):
        return run
    start = run.start
    remains = float(run.problem.off_image(start, np.zeros_like(start)))
    if not run.settled:
        return pending(number(remains))
    noise = run.rounding + 1e-15 * run.scenario.condition * float(run.sizes[-1])
    tolerance = run.shrunk * (1 + 1e-6) * float(history["distance"][0]) + noise
    return near(float(history.latest("minimum_norm_distance")), remains, tolerance)


CLAIMS_OF_LEAST_SQUARES = (
    Claim(
        "D14",
        "<i>F</i>(<i>w</i>) = ‖<i>X</i><sup>T</sup><i>w</i> − <i>Y</i>‖²/(2<i>n</i>), "
        "the mean of the samples’ losses.",
        _loss,
        REGRESSION,
    ),
    Claim(
        "D15.projection",
        "The fit tends to the projection of <i>Y</i> on Im <i>X</i><sup>T</sup>: "
        "‖<i>X</i>(<i>Y</i> − <i>X</i><sup>T</sup><i>w</i>)‖ vanishes.",
        _projection,
        REGRESSION,
    ),
    Claim(
        "D15.unique",
        "The minimizer is unique only if Rank(<i>X</i>) = <i>p</i>: <i>F</i> rises by "
        "λ<sub>min</sub>/(2<i>n</i>) in the flattest direction, else by 0.",
        _unique,
        REGRESSION,
    ),
    Claim(
        "D15.prediction",
        "All minimizers predict the same: <i>X</i><sup>T</sup><i>w</i> of the limit and of the "
        "least norm differ by rounding.",
        _same_prediction,
        REGRESSION,
    ),
    Claim(
        "D16.loss",
        "If Rank(<i>X</i>) = <i>n</i>, the loss goes to 0 (here: relative to its start).",
        _vanishes,
        REGRESSION,
    ),
    Claim(
        "D16.family",
        "The solutions form an affine family of dimension <i>p</i> − <i>n</i>.",
        _family,
        REGRESSION,
    ),
    Claim(
        "D18.image",
        "<i>w<sub>t</sub></i> − <i>w</i><sub>0</sub> stays in Im <i>X</i>: the share outside it "
        "is rounding.",
        _in_image,
        DESCENT,
    ),
    Claim(
        "D18.limit",
        "<i>w</i> tends to <i>w</i><sub>0</sub> + (<i>X</i><sup>T</sup>)<sup>+</sup>(<i>Y</i> − "
        "<i>X</i><sup>T</sup><i>w</i><sub>0</sub>), the closest solution: distance to it.",
        _limit,
        DESCENT,
    ),
    Claim(
        "D18.norm",
        "From <i>w</i><sub>0</sub> = 0 the limit has the least norm; else it is as far from that "
        "solution as <i>w</i><sub>0</sub> from Im <i>X</i>.",
        _least_norm,
        DESCENT,
    ),
)
