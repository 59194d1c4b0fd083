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
    starts = np.unique(np.concatenate([[first], inner]))
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

    Every other such point goes, six times over, so that the error stays below half a pixel. A
    smooth curve keeps a tenth of its points, which leaves time to join them properly.
    """
    for _ in range(6):
        if len(px) < 16:
            break
        inner = np.arange(1, len(px) - 1, 2)
        x0, x1, x2 = px[inner - 1], px[inner], px[inner + 1]
        y0, y1, y2 = py[inner - 1], py[inner], py[inner + 1]
        dx, dy = x2 - x0, y2 - y0
        across = np.abs(dx * (y1 - y0) - dy * (x1 - x0))
        # Beyond the ends of the chord a point is a spike, however near to its line.
        along = (x1 - x0) * dx + (y1 - y0) * dy
        square = dx * dx + dy * dy
        drop = (across <= tolerance * np.sqrt(square)) & (along >= 0.0) & (along <= square)
        if not drop.any():
            break
        keep = np.ones(len(px), dtype=bool)
        keep[inner[drop]] = False
        px, py = px[keep], py[keep]
    return px, py


def dashes(px: Array, py: Array, pattern: tuple[float, ...]) -> Array:
    """Segments (k, 4) of a polyline in pixels, cut by a pattern of dash and gap lengths.

    Qt's own dashes cost three to five times as much, because they stroke a path.
    """
    lengths = np.hypot(np.diff(px), np.diff(py))
    reach = np.concatenate([[0.0], np.cumsum(lengths)])
    period = float(sum(pattern))
    total = float(reach[-1])
    if not np.isfinite(total) or total > 2e5 or period <= 0.0:
        return segments(px, py)
    marks = np.concatenate([[0.0], np.cumsum(pattern)[:-1]])
    cuts = (np.arange(int(total / period) + 1)[:, None] * period + marks).ravel()
    where = np.unique(np.concatenate([reach, cuts[cuts < total]]))
    x, y = np.interp(where, reach, px), np.interp(where, reach, py)
    phase = ((where[:-1] + where[1:]) / 2) % period
    shown = np.searchsorted(np.cumsum(pattern), phase, side="right") % 2 == 0
    return segments(x, y)[shown]


def segments(px: Array, py: Array) -> Array:
    """The segments (k−1, 4) between successive points, as x₁, y₁, x₂, y₂."""
    return np.stack([px[:-1], py[:-1], px[1:], py[1:]], axis=1)
