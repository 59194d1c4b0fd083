"""Gradient descent and stochastic gradient descent, one call for many steps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lazygui.numerics.objective_family import Array, Objective


def gradient_descent(
    gradient: Callable[[Array], Array],
    start: Array,
    learning_rate: float,
    steps: int,
    learning_rates: Callable[[int], float] | None = None,
) -> Array:
    """Iterates w_{t+1} = w_t - eta_t grad F(w_t), of shape (steps+1, dim), the start included.

    ``learning_rates(t)`` gives eta_t; without it eta_t = ``learning_rate``. Divergence is not an
    error: the iterates overflow to inf and nan. Source: lecture, "Gradient descent".
    Raises ValueError for a negative number of steps.
    """
    iterates = np.empty((_counted(steps) + 1, np.size(start)))
    iterates[0] = start
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(steps):
            rate = learning_rate if learning_rates is None else learning_rates(t)
            iterates[t + 1] = iterates[t] - rate * gradient(iterates[t])
    return iterates


def descend(objective: Objective, w: Array, learning_rate: float, steps: int) -> Array:
    """The ``steps`` iterates of gradient descent after ``w``, of shape (steps, dim).

    Ends early, with fewer rows, before the first iterate that is not finite or has no finite
    value. Splitting the steps into several calls changes no bit. The loop runs on plain floats,
    which for one or two coordinates costs a tenth of array arithmetic.
    Raises ValueError for a negative number of steps or a ``w`` of the wrong size.
    """
    rate = float(learning_rate)  # a numpy number would turn every operation into numpy's
    point = [float(coordinate) for coordinate in np.ravel(w)]
    if len(point) != objective.dim:
        raise ValueError(
            f"w has {len(point)} coordinate(s); {objective.name} needs {objective.dim}."
        )
    path = []
    for _ in range(_counted(steps)):
        slopes = objective.slopes(*point)
        point = [x - rate * slope for x, slope in zip(point, slopes, strict=True)]
        path.append(point)
    return _finite_part(objective, np.array(path, dtype=np.float64).reshape(-1, objective.dim))


def sample_gradients(features: Array, targets: Array, w: Array) -> Array:
    """Gradient of each sample's loss (1/2)(phi_i.w - y_i)^2, that is (phi_i.w - y_i) phi_i.

    ``features`` is (n, p) with row i = phi_i; the result is (n, p), and its mean over the samples
    is the gradient of F(w) = (1/2n) sum_i (phi_i.w - y_i)^2. Source: lecture, "SGD".
    """
    return features * (features @ w - targets)[:, np.newaxis]


def sgd(
    features: Array,
    targets: Array,
    w: Array,
    learning_rate: float,
    steps: int,
    rng: np.random.Generator,
    batch_size: int = 1,
) -> Array:
    """Iterates of stochastic gradient descent on least squares, of shape (steps+1, p).

    w_{t+1} = w_t - eta mean_{i in B_t} (phi_i.w_t - y_i) phi_i, where B_t holds ``batch_size``
    indices drawn uniformly with replacement and independently of w_t, so that the direction is an
    unbiased estimate of the gradient. Source: lecture, "SGD".
    Raises ValueError for a negative number of steps or a batch size below 1.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; it must be at least 1.")
    iterates = np.empty((_counted(steps) + 1, features.shape[1]))
    iterates[0] = w
    with np.errstate(over="ignore", invalid="ignore"):
        for t, batch in enumerate(rng.integers(len(targets), size=(steps, batch_size))):
            phi = features[batch]
            residual = phi @ iterates[t] - targets[batch]
            iterates[t + 1] = iterates[t] - (learning_rate / batch_size) * (residual @ phi)
    return iterates


def _finite_part(objective: Objective, path: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        sound = np.isfinite(path).all(axis=1) & np.isfinite(objective.value(path))
    return path if sound.all() else path[: int(np.argmin(sound))]


def _counted(steps: int) -> int:
    if steps < 0:
        raise ValueError(f"steps is {steps}; it must be 0 or more.")
    return steps
