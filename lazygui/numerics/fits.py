"""Straight lines through measured points."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Fit", "loglog_fit", "means_over"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """y = intercept + slope·x by least squares; `error` is the standard error of the slope.

    NaN where the points do not determine it: the slope needs two abscissae, the error three
    points.
    """

    slope: float
    intercept: float
    error: float
    points: int = 0


def loglog_fit(x: ArrayLike, y: ArrayLike) -> Fit:
    """The power law y ≈ e^intercept · x^slope, fitted to (log x, log y); x and y of shape (k,).

    Only points with both coordinates positive and finite count. The error is
    √(s²/Σ(log x − mean)²) with s² = Σ residual²/(k − 2).
    """
    horizontal, vertical = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    with np.errstate(invalid="ignore"):
        good = (horizontal > 0) & (vertical > 0) & np.isfinite(horizontal) & np.isfinite(vertical)
    return _line(np.log(horizontal[good]), np.log(vertical[good]))


def _line(x: Array, y: Array) -> Fit:
    count = len(x)
    if count == 0 or np.all(x == x[0]):
        return Fit(math.nan, math.nan, math.nan, count)
    x_mean, y_mean = float(x.mean()), float(y.mean())
    spread = float(np.sum((x - x_mean) ** 2))
    slope = float(np.sum((x - x_mean) * (y - y_mean))) / spread
    intercept = y_mean - slope * x_mean
    rest = float(np.sum((y - intercept - slope * x) ** 2))
    error = math.sqrt(rest / (count - 2) / spread) if count > 2 else math.nan
    return Fit(slope, intercept, error, count)


def means_over(x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """The distinct values of x, ascending, and the mean of the finite y at each.

    A value of x without a finite y is left out.
    """
    where, values = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    good = np.isfinite(where) & np.isfinite(values)
    places, group = np.unique(where[good], return_inverse=True)
    sums = np.bincount(group, values[good], minlength=len(places))
    counts = np.bincount(group, minlength=len(places))
    return places, np.asarray(sums / np.maximum(counts, 1), dtype=float)
