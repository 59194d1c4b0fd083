"""Two-dimensional slices of the loss in weight space, and the loss along a segment.

Slide "Non-convexity": permuting the neurons of a solution gives another solution, and the loss
between the two is higher. Slices as in Li, Xu, Taylor, Studer, Goldstein 2018 ("Visualizing the
loss landscape of neural nets"): along random directions normalized neuron by neuron, or along the
principal components of the training path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lazygui.numerics.losses import Loss
from lazygui.numerics.networks import Array, Network, quiet
from lazygui.numerics.weight_batches import Places, outputs_at

__all__ = [
    "Landscape",
    "Plane",
    "barrier",
    "path_plane",
    "plane_through",
    "random_plane",
]

SMALLEST = 1e-13  # share of the largest variance below which a second one is rounding


@dataclass(frozen=True)
class Plane:
    """The points origin + x·directions[0] + y·directions[1] of weight space.

    origin (p,); directions (2, p), linearly independent.
    """

    origin: Array
    directions: Array

    def points(self, x: Array, y: Array) -> Array:
        """The weights (k, p) at the coordinates x and y, both (k,)."""
        return self.origin + np.column_stack((x, y)) @ self.directions

    def coordinates(self, weights: Array) -> Array:
        """The coordinates (k, 2) of the orthogonal projections of weights (k, p)."""
        # Directions of size 1: weights of a diverging run may be so large that squares overflow.
        sizes = np.abs(self.directions).max(axis=1, keepdims=True)
        directions, moved = self.directions / sizes, weights - self.origin
        found = np.linalg.solve(directions @ directions.T, directions @ moved.T)
        return np.asarray((found / sizes).T)


@dataclass(frozen=True)
class Landscape:
    """w ↦ R(α(h(w) − o)) on samples X (n, d), y (n,) with offset o (n,)."""

    network: Network
    inputs: Array
    targets: Array
    scale: float
    offset: Array
    loss: Loss

    @quiet()
    def losses(self, weights: Array) -> Array:
        """R at each row of weights (k, p), shape (k,); inf or nan where it overflows."""
        outputs = self.scale * (outputs_at(self.network, weights, self.inputs) - self.offset)
        return np.asarray(self.loss.value(outputs, self.targets, np), dtype=float)

    def on_plane(self, plane: Plane, x: Array, y: Array) -> Array:
        """R on a grid of a plane, shape (len(y), len(x)): row j is at y[j]."""
        rows = max(1, 4096 // max(len(x), 1))
        blocks = []
        for start in range(0, len(y), rows):
            across, up = np.meshgrid(x, y[start : start + rows])
            blocks.append(self.losses(plane.points(across.ravel(), up.ravel())))
        return np.concatenate(blocks).reshape(len(y), len(x))

    def along(self, first: Array, second: Array, positions: Array) -> Array:
        """R at (1 − t)·first + t·second for each t of `positions`."""
        t = positions[:, None]
        return self.losses((1.0 - t) * first + t * second)


def barrier(losses: Array, positions: Array) -> float:
    """By how much the loss between the ends, 0 ≤ t ≤ 1, exceeds the larger loss of the ends.

    0 where the loss is convex along the segment. `positions` must contain 0 and 1.
    """
    inside = (positions >= 0.0) & (positions <= 1.0)
    ends = losses[(positions == 0.0) | (positions == 1.0)]
    return float(np.max(losses[inside]) - np.max(ends))


def plane_through(first: Array, second: Array, third: Array, spare: Array) -> Plane:
    """The plane through three points: `first` at (0, 0), `second` at (1, 0), `third` above.

    Both directions have the length of second − first and are orthogonal. Where the points are on
    one line, `spare` (p,) gives the missing direction.
    """
    u = second - first
    size = float(np.linalg.norm(u))
    if not 0.0 < size < np.inf:
        u, size = spare, float(np.linalg.norm(spare))
    return Plane(first, np.stack((u, size * _across(u, (third - first, spare)))))


def _across(u: Array, candidates: Sequence[Array]) -> Array:
    """A unit vector orthogonal to u: of the first candidate that isn't along u."""
    for v in (*candidates, np.ones_like(u), np.eye(len(u))[0]):
        size = float(np.linalg.norm(v))
        rest = v - u * (float(u @ v) / float(u @ u))
        left = float(np.linalg.norm(rest))
        # Below it is rounding.
        if 1e-9 * size < left < np.inf:
            return np.asarray(rest / left)
    raise ValueError(f"A plane needs at least two weights, and there are {len(u)}: widen the net.")


def random_plane(w: Array, rows: Sequence[Places], rng: np.random.Generator) -> Plane:
    """The plane through w along two Gaussian directions, normalized neuron by neuron.

    The incoming weights of each neuron (places `rows`) move by as much as they are long at
    coordinate 1 (Li et al. 2018, section 4: filter normalization).
    """
    return Plane(w, np.stack([_normalized(rng.standard_normal(len(w)), w, rows) for _ in "xy"]))


def _normalized(direction: Array, w: Array, rows: Sequence[Places]) -> Array:
    for places in rows:
        size = float(np.linalg.norm(direction[places]))
        direction[places] *= float(np.linalg.norm(w[places])) / size if size > 0.0 else 0.0
    return direction


def path_plane(path: Array, spare: Array) -> tuple[Plane, Array]:
    """The plane through the newest point of a path along its two principal components.

    path (k, p); unit directions, the first from its start to its end, the second to the side on
    which it bulges, so that neither turns round as the path grows; also the shares (2,) of the
    path's variance that they explain.
    Components that do not exist (a path of fewer than three points) are taken from `spare` (p,)
    and explain nothing.
    """
    centred = path - path.mean(axis=0)
    size = float(np.abs(centred).max())
    if not 0.0 < size < np.inf:
        first = spare / np.linalg.norm(spare)
        return Plane(path[-1], np.stack((first, _across(first, (np.roll(spare, 1),))))), np.zeros(2)
    # The (k, k) matrix has the eigenvalues of the covariance and is much smaller.
    centred = centred / size
    values, vectors = np.linalg.eigh(centred @ centred.T)
    first = _towards(vectors[:, -1] @ centred, path[-1] - path[0])
    known = values[-2] > SMALLEST * values[-1]
    second = _across(first, (vectors[:, -2] @ centred, spare) if known else (spare,))
    shares = values[[-1, -2]] / np.sum(values)
    directions = np.stack((first, _towards(second, path.mean(axis=0) - path[[0, -1]].mean(axis=0))))
    return Plane(path[-1], directions), np.where([True, known], shares, 0.0)


def _towards(v: Array, way: Array) -> Array:
    """The unit vector of v or −v, whichever points that way."""
    norm = np.linalg.norm(v)
    return np.asarray(v / (norm if float(v @ way) >= 0.0 else -norm))
