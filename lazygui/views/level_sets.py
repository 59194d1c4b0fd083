"""Level sets of a landscape as one polyline, and a pale picture of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from lazygui.style.contrast import blend
from lazygui.style.pens import viridis
from lazygui.style.themes import Theme
from lazygui.views.window import Array

DEPTH = 0.30  # share of viridis over the surface: the path must stand out


def levels(heights: Array, minimum: float | None, count: int) -> Array:
    """Heights of `count` level sets, closer together near the minimum: F* + s², s even.

    Of a quadratic they are then equally spaced ellipses. Empty for a landscape that is flat or
    has nothing finite.
    """
    finite = heights[np.isfinite(heights)]
    if finite.size == 0:
        return np.empty(0)
    low = float(finite.min()) if minimum is None else min(float(minimum), float(finite.min()))
    # A tall corner would otherwise take all the levels.
    high = _quantile(finite, 0.98)
    if not high - low > 1e-12 * max(abs(low), abs(high)):
        return np.empty(0)
    steps = np.arange(1, count + 1) / count
    return low + (high - low) * steps**2


def _quantile(values: Array, share: float) -> float:
    """As numpy's own, which loads masked arrays for it."""
    ordered = np.sort(values, axis=None)
    return float(np.interp(share * (len(ordered) - 1), np.arange(len(ordered)), ordered))


def level_lines(
    x: Array, y: Array, heights: Array, marks: Array
) -> tuple[Array, Array, np.ndarray]:
    """All level sets as one polyline: x, y, and whether each point is joined to the next."""
    if min(heights.shape) < 2 or len(marks) == 0:
        return np.empty(0), np.empty(0), np.empty(0, dtype=bool)
    import contourpy as cp

    # The class behind `cp.contour_generator`, with its defaults: that loads numpy's masked arrays,
    # which takes a third of the time in which a bare window opens.
    grid, mask = np.meshgrid(x, y), ~np.isfinite(heights)
    generator = cp.SerialContourGenerator(
        *grid, np.asarray(heights, dtype=np.float64), mask,
        x_chunk_size=heights.shape[1] - 1, y_chunk_size=heights.shape[0] - 1,
        line_type=cp.LineType.Separate, fill_type=cp.FillType.OuterOffset,
        corner_mask=True, quad_as_tri=False, z_interp=cp.ZInterp.Linear,
    )  # fmt: skip
    found: list[Any] = [line for mark in marks for line in generator.lines(float(mark))]
    lines: list[Array] = [line for line in found if len(line) > 1]
    if not lines:
        return np.empty(0), np.empty(0), np.empty(0, dtype=bool)
    points = np.concatenate(lines)
    connect = np.ones(len(points), dtype=bool)
    connect[np.cumsum([len(line) for line in lines]) - 1] = False
    return points[:, 0], points[:, 1], connect


def shades(heights: Array, marks: Array, theme: Theme) -> Array:
    """Colours (rows, columns, 4) of a landscape: low is deep, high fades into the surface."""
    surface = np.array(blend(theme.surface, theme.surface, 1.0).getRgbF())
    if len(marks) == 0:
        return np.broadcast_to(surface, (*heights.shape, 4)).copy()
    low, high = 2 * marks[0] - marks[1] if len(marks) > 1 else marks[0] - 1.0, marks[-1]
    with np.errstate(all="ignore"):
        place = np.sqrt(np.clip((heights - low) / (high - low), 0.0, 1.0))
    place = np.where(np.isfinite(place), place, 1.0)
    colours = viridis(0.15 + 0.75 * place)
    share = (DEPTH * (1.0 - 0.75 * place))[..., None]
    return share * colours + (1.0 - share) * surface
