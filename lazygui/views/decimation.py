"""Curves with at most two points per column of pixels, keeping every extreme."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def ordered(x: Array, y: Array) -> tuple[Array, Array]:
    """The points with a finite abscissa, by increasing abscissa; the arrays themselves if so."""
    count = min(len(x), len(y))
    x, y = x[:count], y[:count]
    if count == 0 or (np.all(x[1:] >= x[:-1]) and np.isfinite(x[0]) and np.isfinite(x[-1])):
        return x, y
    finite = np.isfinite(x)
    x, y = x[finite], y[finite]
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


def decimate(x: Array, y: Array, edges: Array) -> tuple[Array, Array]:
    """At most two points per column between `edges`, and a neighbour on either side.

    `x` is increasing. Each column keeps its smallest and its largest y, in the order that follows
    the curve, so that spikes survive and a smooth curve stays smooth; NaN are passed over.
    """
    cuts = np.searchsorted(x, edges)
    first, last = max(int(cuts[0]) - 1, 0), min(int(cuts[-1]) + 1, len(x))
    if last - first <= 2 * len(edges):
        return x[first:last], y[first:last]
    inner = cuts[(cuts > first) & (cuts < last)]
    starts = np.concatenate([[first], inner])
    starts = starts[np.concatenate([[True], starts[1:] > starts[:-1]])]
    ends = np.append(starts[1:], last) - 1
    return _extremes(x, y[:last], starts, ends)


def _extremes(
    x: Array, y: Array, starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> tuple[Array, Array]:
    low, high = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    falling = y[starts] > y[ends]
    pairs_x = np.stack([x[starts], x[ends]], axis=1)
    pairs_y = np.stack([np.where(falling, high, low), np.where(falling, low, high)], axis=1)
    keep = np.ones(pairs_x.shape, dtype=bool)
    keep[:, 1] = ends > starts
    return pairs_x[keep], pairs_y[keep]


def simplify(px: Array, py: Array, tolerance: float = 0.08) -> tuple[Array, Array]:
    """The polyline without points that lie on the chord of their neighbours, within `tolerance`.

    Every other such point goes, four times over, so that the error stays below half a pixel. A
    smooth curve keeps a tenth of its points, which leaves time to join them properly.
    """
    points = px + 1j * py
    for _ in range(4):
        if len(points) < 24:
            break
        chord = points[2::2] - points[:-2:2]
        product = (points[1:-1:2] - points[:-2:2]) * chord.conj()
        square = chord.real**2 + chord.imag**2
        # Beyond the ends of the chord a point is a spike, however near to its line.
        inside = (product.real >= 0.0) & (product.real <= square)
        drop = inside & (product.imag**2 <= tolerance**2 * square)
        keep = np.ones(len(points), dtype=bool)
        keep[1:-1:2] = ~drop
        if keep.all():
            break
        points = points[keep]
    return points.real, points.imag


def dashes(px: Array, py: Array, pattern: tuple[float, ...]) -> Array:
    """Segments (k, 4) of a polyline in pixels, cut by a pattern of dash and gap lengths.

    Qt's own dashes cost three to five times as much, because they stroke a path.
    """
    points = px + 1j * py
    reach = np.concatenate([[0.0], np.cumsum(np.abs(points[1:] - points[:-1]))])
    ends = np.cumsum(pattern)
    period, total = float(ends[-1]), float(reach[-1])
    if not np.isfinite(total) or total > 2e5 or period <= 0.0:
        return segments(px, py)
    marks = np.concatenate([[0.0], ends[:-1]])
    cuts = (np.arange(0.0, total, period)[:, None] + marks).ravel()
    where = np.concatenate([reach, cuts[cuts < total]])
    where.sort(kind="stable")  # a merge of two sorted parts
    x, y = np.interp(where, reach, px), np.interp(where, reach, py)
    phase = 0.5 * (where[:-1] + where[1:]) % period
    shown = np.searchsorted(ends, phase, side="right") % 2 == 0
    return segments(x, y)[shown & (where[1:] > where[:-1])]


def segments(px: Array, py: Array) -> Array:
    """The segments (k−1, 4) between successive points, as x₁, y₁, x₂, y₂."""
    return np.stack([px[:-1], py[:-1], px[1:], py[1:]], axis=1)
