"""Empirical risk F(w) = (1/n) sum_i loss(x_i . w, y_i) of a linear model with two weights.

Source: lecture, "Convex losses": a linear model and a convex loss make F convex.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lazygui.numerics.losses import LOSSES
from lazygui.numerics.objective_family import Array, Objective, read_only

CONVEX_LOSSES = ("square", "logistic")
# Outputs of all samples at all points are held at once, at most so many.
BLOCK_ENTRIES = 500_000
NEWTON_STEPS = 100


def _square(f: Array, y: Array) -> Array:
    return np.asarray(0.5 * (f - y) * (f - y))


def _logistic(f: Array, y: Array) -> Array:
    return np.logaddexp(0.0, -y * f)


_POINTWISE: dict[str, Callable[[Array, Array], Array]] = {
    "square": _square,
    "logistic": _logistic,
}


@dataclass(frozen=True, eq=False)
class EmpiricalRisk:
    """F(w) = (1/n) sum_i loss(x_i . w, y_i), w in the plane.

    ``inputs`` is (n, 2) with row i = x_i, ``targets`` (n,), ``loss`` one of CONVEX_LOSSES; points
    are (..., 2). Raises ValueError when the shapes disagree or a number is not finite.
    """

    inputs: Array
    targets: Array
    loss: str = "square"

    def __post_init__(self) -> None:
        if self.inputs.ndim != 2 or self.inputs.shape != (len(self.targets), 2):
            raise ValueError(
                f"inputs have shape {self.inputs.shape} and targets {self.targets.shape}; "
                "they must be (n, 2) and (n,)."
            )
        if not (np.isfinite(self.inputs).all() and np.isfinite(self.targets).all()):
            raise ValueError("inputs or targets hold a number that is not finite; replace it.")
        if self.loss not in _POINTWISE:
            raise ValueError(f"loss is {self.loss!r}; choose one of {', '.join(_POINTWISE)}.")

    @property
    def n(self) -> int:
        """Number of samples."""
        return len(self.targets)

    @cached_property
    def second_moment(self) -> Array:
        """(1/n) sum_i x_i x_i^T, (2, 2): the Hessian of F for the square loss."""
        return np.asarray(self.inputs.T @ self.inputs / self.n)

    def slopes_of_losses(self, f: Array, y: Array) -> Array:
        """Derivative of the loss in its output, element by element."""
        return np.asarray(LOSSES[self.loss].residual(f, y, np))

    def value(self, points: Array) -> Array:
        """F at each point, the mean of the samples' losses: (..., 2) -> (...)."""
        flat = np.reshape(np.asarray(points, dtype=np.float64), (-1, 2))
        total = np.zeros(len(flat))
        for part in self._parts(len(flat)):
            outputs = _outputs(self.inputs[part], flat)
            total += _POINTWISE[self.loss](outputs, self.targets[part, None]).sum(axis=0)
        return np.reshape(total / self.n, np.shape(points)[:-1])

    def gradient(self, points: Array) -> Array:
        """Gradient of F at each point: (..., 2) -> (..., 2).

        For the square loss from the moments, H w - (1/n) sum_i y_i x_i, not sample by sample.
        """
        flat = np.reshape(np.asarray(points, dtype=np.float64), (-1, 2))
        if self.loss == "square":
            slope = _outputs(self.second_moment, flat).T - self._input_target_moment
        else:
            slope = np.zeros_like(flat)
            for part in self._parts(len(flat)):
                outputs = _outputs(self.inputs[part], flat)
                pulls = self.slopes_of_losses(outputs, self.targets[part, None])
                slope += np.einsum("ik,ij->kj", pulls, self.inputs[part])
            slope /= self.n
        return np.reshape(slope, np.shape(points))

    def sample_gradients(self, w: Array) -> Array:
        """Gradient of each sample's loss at one point (2,): (n, 2). Source: lecture, "SGD"."""
        outputs = _outputs(self.inputs, np.reshape(w, (1, 2)))[:, 0]
        return np.asarray(self.inputs * self.slopes_of_losses(outputs, self.targets)[:, None])

    def gap(self, points: Array) -> Array:
        """F(w) - F* at each point; for the square loss without cancellation."""
        if self.loss != "square":
            return np.maximum(self.value(points) - self.minimum, 0.0)
        e = np.asarray(points) - self.minimizer
        H = self.second_moment
        return np.asarray(
            0.5 * (H[0, 0] * e[..., 0] ** 2 + H[1, 1] * e[..., 1] ** 2)
            + H[0, 1] * e[..., 0] * e[..., 1]
        )

    @cached_property
    def minimizer(self) -> Array:
        """The minimizer w*, (2,). Raises ValueError when there is none or more than one."""
        if self.loss == "square":
            if np.linalg.cond(self.second_moment) > 1e14:
                raise ValueError("inputs span a line only, so F has no single minimizer.")
            return np.asarray(np.linalg.solve(self.second_moment, self._input_target_moment))
        return self._newton()

    @cached_property
    def minimum(self) -> float:
        """F* = F(w*)."""
        return float(self.value(self.minimizer))

    @cached_property
    def curvatures(self) -> tuple[float, float]:
        """Largest and smallest eigenvalue of (1/n) sum_i x_i x_i^T times the loss's smoothness."""
        low, high = np.linalg.eigvalsh(self.second_moment) * LOSSES[self.loss].smoothness
        return float(high), float(low)

    def objective(self, start: tuple[float, float], note: str = "") -> Objective:
        """F as an Objective whose shown region holds the start and the minimizer."""
        low, high = np.minimum(start, self.minimizer), np.maximum(start, self.minimizer)
        margin = 0.35 * max(float((high - low).max()), 1e-3)
        middle, half = (low + high) / 2, float((high - low).max()) / 2 + margin
        return Objective(
            name="empirical_risk",
            title="Empirical risk",
            formula=r"\frac{1}{n}\sum_i \ell(x_i\cdot w,y_i)",
            height=self._height,
            slopes=self._slopes,
            separation=self._separation,
            minimizer=read_only(*self.minimizer),
            minimum=self.minimum,
            smoothness=self.curvatures[0],
            strong_convexity=self.curvatures[1] if self.loss == "square" else None,
            default_start=start,
            bounds=tuple((float(m - half), float(m + half)) for m in middle),
            curvature_note=note,
        )

    def _height(self, x: Any, y: Any) -> Any:
        return self.value(_points(x, y))

    def _slopes(self, x: Any, y: Any) -> tuple[Any, ...]:
        slope = self.gradient(_points(x, y))
        return slope[..., 0], slope[..., 1]

    def _separation(self, x: Any, y: Any) -> Any:
        return np.linalg.norm(_points(x, y) - self.minimizer, axis=-1)

    @cached_property
    def _input_target_moment(self) -> Array:
        return np.asarray(self.inputs.T @ self.targets / self.n)

    def _parts(self, points: int) -> list[slice]:
        size = max(1, BLOCK_ENTRIES // max(points, 1))
        return [slice(k, k + size) for k in range(0, self.n, size)]

    def _newton(self) -> Array:
        """Newton's method on the logistic risk, halving the step while F would grow."""
        w = np.zeros(2)
        for _ in range(NEWTON_STEPS):
            slope = self.gradient(w)
            f = self.inputs @ w
            weights = np.exp(-np.logaddexp(0.0, f) - np.logaddexp(0.0, -f))
            hessian = (self.inputs * weights[:, None]).T @ self.inputs / self.n
            if np.linalg.norm(slope) < 1e-13 or np.linalg.cond(hessian) > 1e12:
                break
            step = np.linalg.solve(hessian, slope)
            while np.linalg.norm(step) > 1e-12 and self.value(w - step) > self.value(w):
                step = step / 2
            w = w - step
        parted = bool((self.targets * (self.inputs @ w) > 0).all())
        if parted or np.linalg.norm(self.gradient(w)) > 1e-9:
            raise ValueError(
                "noise: a line parts the two classes, so that the logistic risk has no minimizer; "
                "choose more noise or another data seed."
            )
        return w


def _outputs(inputs: Array, points: Array) -> Array:
    """x_i . w for rows of (n, 2) and of (k, 2): (n, k), each entry from the same two products."""
    return np.asarray(
        np.multiply.outer(inputs[:, 0], points[:, 0])
        + np.multiply.outer(inputs[:, 1], points[:, 1])
    )


def _points(x: Any, y: Any) -> Array:
    return np.stack(np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float)), axis=-1)


def random_risk(
    n: int, condition: float, noise: float, loss: str, rng: np.random.Generator
) -> EmpiricalRisk:
    """A risk whose (1/n) sum_i x_i x_i^T has the eigenvalues 1 and 1/condition exactly.

    Its axes are turned by 30 degrees. Targets: x_i . (0.4, -0.2) plus noise times a
    standard Gaussian, and for the logistic loss the sign of that. Raises ValueError for n below
    3, a condition below 1 or a negative noise.
    """
    if n < 3 or not condition >= 1 or not noise >= 0:
        raise ValueError(
            f"samples {n}, condition {condition}, noise {noise}; "
            "they must be at least 3, at least 1 and not negative."
        )
    raw = rng.standard_normal((n, 2))
    left, _, right = np.linalg.svd(raw, full_matrices=False)
    turn = np.deg2rad(30.0)
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    inputs = np.sqrt(n) * (left @ right) * np.array([1.0, condition**-0.5]) @ axes
    clean = inputs @ np.array([0.4, -0.2])
    errors = noise * rng.standard_normal(n)
    if loss == "square":
        return EmpiricalRisk(inputs, clean + errors, loss)
    return EmpiricalRisk(inputs, np.where(clean + errors >= 0, 1.0, -1.0), loss)


def chord_excess(objective: Objective, pairs: int, shares: Array, seed: int) -> Array:
    """F((1-s)a + s b) - [(1-s)F(a) + s F(b)] over max(|F(a)|, |F(b)|): (pairs, len(shares)).

    a and b are uniform in the objective's bounds. No entry of a convex F is positive, up to
    rounding. Source: lecture, "Convex losses", the definition of convexity.
    """
    rng = np.random.default_rng(seed)
    low, high = np.array(objective.bounds).T
    a, b = (rng.uniform(low, high, (pairs, len(low)))[:, None, :] for _ in range(2))
    s = np.asarray(shares)[:, None]
    ends = objective.value(np.concatenate([a, b], axis=1))
    chord = (1 - s[:, 0]) * ends[:, :1] + s[:, 0] * ends[:, 1:]
    scale = np.maximum(np.abs(ends).max(axis=1, keepdims=True), np.finfo(float).tiny)
    return np.asarray((objective.value((1 - s) * a + s * b) - chord) / scale)
