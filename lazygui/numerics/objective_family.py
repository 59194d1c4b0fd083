"""What an objective is: a function F: R^dim -> R, its gradient, constants and minimizers.

An objective is written once, by coordinates (``height(x, y)`` and ``slopes(x, y)``), in operations
that floats and arrays share: the same formula draws a landscape from a ``(..., dim)`` array and
runs a descent on plain floats, with the same bits. ``sign`` and ``clipped`` are two of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Coordinate: TypeAlias = Any  # a float, or an array holding that coordinate of many points
Point: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Objective:
    """A function F: R^dim -> R with what is known about it.

    ``height`` and ``slopes`` take ``dim`` coordinates (floats or arrays) and give F and the tuple
    of its partial derivatives; ``separation`` takes the same and gives the distance to the set of
    minimizers. ``value``, ``gradient`` and ``distance`` are the same on ``(..., dim)`` arrays.

    ``smoothness`` is L, the largest eigenvalue of the Hessian (None: unbounded or not smooth);
    ``strong_convexity`` is mu, the smallest (None: not strongly convex).
    """

    name: str
    title: str
    formula: str
    height: Callable[..., Coordinate]
    slopes: Callable[..., tuple[Coordinate, ...]]
    separation: Callable[..., Coordinate]
    minimizer: Array | None
    minimum: float | None
    smoothness: float | None
    strong_convexity: float | None
    default_start: Point
    bounds: tuple[tuple[float, float], ...]
    curvature_note: str = ""

    @property
    def dim(self) -> int:
        """Number of coordinates of w."""
        return len(self.default_start)

    def value(self, points: Array) -> Array:
        """F at each point: (..., dim) -> (...)."""
        return np.asarray(self.height(*_coordinates(points, self.dim)))

    def gradient(self, points: Array) -> Array:
        """Gradient at each point, (..., dim) -> (..., dim); at a kink the subgradient sign(0)=0."""
        coordinates = _coordinates(points, self.dim)
        return np.stack(np.broadcast_arrays(*self.slopes(*coordinates)), axis=-1)

    def distance(self, points: Array) -> Array:
        """Euclidean distance to the set of minimizers: (..., dim) -> (...)."""
        return np.asarray(self.separation(*_coordinates(points, self.dim)))

    @property
    def stability_limit(self) -> float | None:
        """Largest stable learning rate, 2/L (None when the gradient is not Lipschitz).

        On a quadratic, gradient descent diverges above it. On Huber's function it is where
        convergence ends, although the iterates stay bounded above it too.
        """
        return None if self.smoothness is None else 2 / self.smoothness

    @property
    def best_learning_rate(self) -> float | None:
        """2/(L+mu), the constant learning rate of the best worst-case rate (L-mu)/(L+mu).

        None when F is not both smooth and strongly convex.
        """
        if self.smoothness is None or not self.strong_convexity:
            return None
        return 2 / (self.smoothness + self.strong_convexity)


@dataclass(frozen=True, eq=False)
class ObjectiveFamily:
    """Objectives that differ by their parameters ("minimizer", "slope", "condition", "angle")."""

    name: str
    title: str
    formula: str
    dim: int
    parameters: tuple[str, ...]
    build: Callable[..., Objective]


def sign(u: Coordinate) -> Coordinate:
    """Sign of u with sign(0)=0, for a float or an array."""
    return 1.0 * (u > 0) - 1.0 * (u < 0)


def clipped(u: Coordinate) -> Coordinate:
    """u limited to [-1, 1], for a float or an array; exact (no rounding) inside."""
    inside = abs(u) <= 1
    return u * inside + sign(u) * (1 - inside)


def point(minimizer: Point, dim: int) -> Point:
    """The minimizer as ``dim`` floats; ValueError when it is anything else."""
    try:
        parsed = tuple(float(coordinate) for coordinate in minimizer)
    except TypeError:
        parsed = ()
    if len(parsed) != dim or not all(map(math.isfinite, parsed)):
        raise ValueError(f"minimizer is {minimizer!r}; give {dim} finite number(s) in a sequence.")
    return parsed


def read_only(*coordinates: float) -> Array:
    """The point as a (dim,) array that cannot be written to."""
    point = np.array(coordinates, dtype=np.float64)
    point.flags.writeable = False
    return point


def _coordinates(points: Array, dim: int) -> Array:
    points = np.asarray(points, dtype=np.float64)
    if points.ndim == 0 or points.shape[-1] != dim:
        raise ValueError(
            f"points have shape {points.shape}; the last axis must hold the {dim} coordinate(s)."
        )
    return np.moveaxis(points, -1, 0)
