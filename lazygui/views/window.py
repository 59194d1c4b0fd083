"""From data to pixels: linear or logarithmic axes, and values that can't be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LARGEST = 1e300
FARTHEST = 2e4  # pixels beyond which a curve is cut: the painter's own clipping is slow and coarse


def drawable(values: Array, *, log: bool) -> Array:
    """Axis coordinates of `values`: log₁₀ on a log axis; NaN for what can't be drawn.

    Not drawable are NaN, ±inf, |v| > 1e300 (a view range computed from it overflows) and, on a
    log axis, v ≤ 0.
    """
    array = np.asarray(values, dtype=np.float64)
    good = np.abs(array) <= LARGEST
    if log:
        good &= array > 0.0
    if good.all():
        return np.log10(array) if log else array
    kept = np.where(good, array, np.nan)
    return np.log10(kept) if log else kept


def bounds(values: Array, *, log: bool) -> tuple[float, float] | None:
    """Smallest and largest axis coordinate of `values`, or None where nothing is drawable."""
    if len(values) == 0:
        return None
    low, high = float(np.fmin.reduce(values)), float(np.fmax.reduce(values))
    if low < -LARGEST or high > LARGEST or not np.isfinite(low + high) or (log and low <= 0.0):
        # The slow way only for arrays that hold something to leave out.
        with np.errstate(invalid="ignore"):
            kept = values[(np.abs(values) <= LARGEST) & (values > (0.0 if log else -np.inf))]
        if len(kept) == 0:
            return None
        low, high = float(kept.min()), float(kept.max())
    return (float(np.log10(low)), float(np.log10(high))) if log else (low, high)


def ordered_bounds(values: Array, *, log: bool) -> tuple[float, float] | None:
    """The same for finite increasing values, without looking at each of them."""
    first = int(np.searchsorted(values, 0.0, side="right")) if log else 0
    return bounds(values[[first, -1]], log=log) if first < len(values) else None


@lru_cache(maxsize=64)
def _edges(span: tuple[float, float], bins: int, log: bool) -> Array:
    places = np.linspace(*span, bins + 1)
    edges: Array = 10.0 ** np.clip(places, -300.0, 300.0) if log else places
    edges.flags.writeable = False
    return edges


@dataclass(frozen=True)
class Window:
    """What a plot shows: axis coordinates (log₁₀ on log axes) and its size in pixels."""

    x: tuple[float, float]
    y: tuple[float, float]
    width: float
    height: float
    log_x: bool = False
    log_y: bool = False

    def edges(self, bins: int) -> Array:
        """`bins` + 1 data abscissas that part the window in columns of equal width."""
        return _edges(self.x, bins, self.log_x)

    def pixels(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Pixel coordinates of data points, y downwards; NaN where not drawable."""
        with np.errstate(all="ignore"):
            px = _place(drawable(x, log=self.log_x), self.x, self.width)
            py = self.height - _place(drawable(y, log=self.log_y), self.y, self.height)
        return px, py

    def lengths(self, dx: float, dy: float) -> tuple[float, float]:
        """Pixels of a step (dx, dy) in axis coordinates; y downwards."""
        return (
            dx * self.width / (self.x[1] - self.x[0]),
            -dy * self.height / (self.y[1] - self.y[0]),
        )

    def axis_point(self, px: float, py: float) -> tuple[float, float]:
        """Axis coordinates of a pixel."""
        return (
            self.x[0] + px / self.width * (self.x[1] - self.x[0]),
            self.y[0] + (1.0 - py / self.height) * (self.y[1] - self.y[0]),
        )


def _place(axis: Array, span: tuple[float, float], length: float) -> Array:
    place = (axis - span[0]) * (length / (span[1] - span[0]))
    return np.minimum(np.maximum(place, -FARTHEST), FARTHEST)
