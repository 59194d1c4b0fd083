"""Pictures of a figure: images that every viewer shows alike, and scales of colours as vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lazygui.export.drawing import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CELLS = 56  # a side, where an image must be drawn as rectangles


def smoothed(rgba: np.ndarray, points: tuple[float, float], dots: float) -> np.ndarray:
    """A smooth image with pixels too small to be seen: viewers show large ones as squares."""
    rows, columns = rgba.shape[:2]
    wide, tall = (round(size / 72 * min(dots, 144.0)) for size in points)
    wide, tall = min(max(wide, columns), 1600), min(max(tall, rows), 1600)
    across = _between(rgba.astype(float), np.linspace(0, columns - 1, wide), 1)
    return np.asarray(_between(across, np.linspace(0, rows - 1, tall), 0).round(), dtype=np.uint8)


def repeated(rgba: np.ndarray, points: tuple[float, float], dots: float) -> np.ndarray:
    """Cells of many pixels each: some viewers blur the edges of large pixels, some don't."""
    fine = 2.0 * min(dots, 300.0) / 72.0
    times = [
        max(round(fine * p / size), 1) for p, size in zip(points, rgba.shape[1::-1], strict=True)
    ]
    most = [max(2400 // size, 1) for size in rgba.shape[1::-1]]
    return rgba.repeat(min(times[1], most[1]), axis=0).repeat(min(times[0], most[0]), axis=1)


def _between(values: np.ndarray, places: Array, axis: int) -> np.ndarray:
    first = np.minimum(places.astype(int), max(values.shape[axis] - 2, 0))
    share = (places - first).reshape(-1, *([1] * (values.ndim - 1 - axis)))
    second = np.minimum(first + 1, values.shape[axis] - 1)
    return np.asarray(values.take(first, axis) * (1.0 - share) + values.take(second, axis) * share)


def evenly(size: int, count: int) -> np.ndarray:
    """The indices of `count` of `size` things, evenly chosen."""
    return ((np.arange(count) + 0.5) * (size / count)).astype(int)


def strip(
    axes: Axes, rgba: np.ndarray, box: tuple[float, float, float, float], order: float
) -> None:
    """A vertical scale of colours (k, 4) in shares of the axes, of vectors and without seams."""
    from matplotlib.patches import Rectangle

    left, low, width, height = box
    chosen = rgba[evenly(len(rgba), min(len(rgba), CELLS))]
    for k, colour in enumerate(chosen):
        start = low + height * k / len(chosen)
        # Each reaches to the top and is covered by the next: no hairline shows between them.
        part = Rectangle(
            (left, start),
            width,
            low + height - start,
            transform=axes.transAxes,
            facecolor=tuple(float(share) / 255 for share in colour[:3]),
            linewidth=0.0,
            zorder=order,
            clip_on=False,
        )
        axes.add_patch(part)
