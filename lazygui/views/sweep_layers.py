"""What views of sweeps paint besides curves: bands, crosses, dots, cells, the selection."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from lazygui.style.contrast import blend
from lazygui.style.themes import Theme
from lazygui.views import paper
from lazygui.views.layers import EMPTY, Strokes, polygon
from lazygui.views.markers import Dots, is_vector
from lazygui.views.window import Array, Window

TOP = 9.0  # pixels between the upper edge and what is marked there
SHADES = 32  # colours that coloured dots tell apart


class SpreadBand:
    """The area between two curves over the same abscissas."""

    def __init__(self, colour: QColor) -> None:
        self.colour = colour
        self.visible = True
        self.x = self.low = self.high = EMPTY

    def set_data(self, x: Array, low: Array, high: Array) -> None:
        """Fill from `low` to `high`."""
        order = np.argsort(x, kind="stable")
        self.x, self.low, self.high = x[order], low[order], high[order]

    def paint(self, painter: QPainter, window: Window) -> None:
        """Fill the area; nothing where fewer than two points are drawable."""
        px, lower = window.pixels(self.x, self.low)
        _, upper = window.pixels(self.x, self.high)
        good = np.isfinite(px) & np.isfinite(lower) & np.isfinite(upper)
        if good.sum() < 2:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(self.colour))
        x = np.concatenate([px[good], px[good][::-1]])
        painter.drawPolygon(polygon(x, np.concatenate([upper[good], lower[good][::-1]])))

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The area."""
        if len(self.x) < 2:
            return ()
        colour, alpha = self.colour.name(), self.colour.alphaF()
        return (paper.Area(self.x.copy(), self.low.copy(), self.high.copy(), colour, alpha),)


class TopCrosses:
    """A cross at the upper edge for each abscissa at which something diverged."""

    def __init__(self, pen: QPen, size: float) -> None:
        self.pen, self.size = pen, size
        self.visible = True
        self.x = EMPTY
        self._strokes = Strokes()

    def set_data(self, x: Array) -> None:
        """Mark these abscissas."""
        self.x = np.ravel(x)

    def paint(self, painter: QPainter, window: Window) -> None:
        """Draw the crosses that are inside."""
        px, _ = window.pixels(self.x, np.ones(len(self.x)))
        px = px[(px >= 0.0) & (px <= window.width)]
        self._strokes.draw(painter, self.pen, crosses(px, np.full(len(px), TOP), self.size / 2))

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The crosses."""
        if len(self.x) == 0:
            return ()
        stroke = paper.stroke(self.pen)
        size, width = self.size * paper.POINTS, stroke.width
        y = np.ones(len(self.x))
        cross = paper.Points(
            self.x.copy(), y, stroke.colour, size, "x", stroke.colour, width, at_top=True
        )
        return (cross,)


def crosses(px: Array, py: Array, half: float | Array) -> Array:
    """The strokes (2k, 4) of crosses about these pixels."""
    falling = np.stack([px - half, py - half, px + half, py + half], axis=1)
    rising = np.stack([px - half, py + half, px + half, py - half], axis=1)
    return np.concatenate([falling, rising])


class ColouredDots:
    """Dots each in its own colour, told apart in 32 shades."""

    def __init__(self, colours: Array, size: float, edge: QColor) -> None:
        self.visible = True
        places = np.linspace(0, len(colours) - 1, SHADES).round().astype(int)
        self._dots = [Dots(QColor.fromRgbF(*colours[place]), size) for place in places]
        self._finest = len(colours) - 1
        for dots in self._dots:
            dots.edge = edge

    def set_data(self, x: Array, y: Array, indices: np.ndarray) -> None:
        """Show dots in the colours of these indices; a negative one hides its dot."""
        shade = np.where(indices < 0, -1, np.round(indices * (SHADES - 1) / self._finest))
        for k, dots in enumerate(self._dots):
            dots.set_data(x[shade == k], y[shade == k])

    def paint(self, painter: QPainter, window: Window) -> None:
        """Stamp them."""
        for dots in self._dots:
            if len(dots.x):
                dots.paint(painter, window)

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """One item for each shade in use."""
        return tuple(item for dots in self._dots for item in dots.drawn(window))


class Cells:
    """Coloured cells between edges in axis coordinates, with crosses where runs diverged."""

    def __init__(self, theme: Theme) -> None:
        self.visible = True
        self._ground = blend(theme.muted, theme.surface, 0.12)
        self._gap = QPen(QColor(theme.surface), 1.0)
        self._ink = QPen(QColor(theme.bad), 1.3 * theme.line_scale)
        self._bad = QColor(theme.bad_soft)
        self._image = QImage()
        self._strokes = Strokes()
        self.set_edges(np.array([0.0, 1.0]), np.array([0.0, 1.0]))

    def set_edges(self, x: Array, y: Array) -> None:
        """The edges of the columns and of the rows, both increasing; the cells are empty."""
        self.x, self.y = x, y
        nowhere = np.zeros((len(y) - 1, len(x) - 1), dtype=bool)
        self.set_data(np.zeros((*nowhere.shape, 4)), nowhere, nowhere)

    def set_data(self, rgba: Array, crossed: np.ndarray, struck: np.ndarray) -> None:
        """Colours (rows, columns, 4), transparent for no value; where all or some runs diverged."""
        self._colours = (255 * rgba).round().astype(np.uint8)
        self._colours[crossed] = _bytes(self._bad)
        waiting = (self._colours[..., 3] == 0) & ~crossed
        self._colours[waiting] = _bytes(self._ground)
        self._crossed, self._struck = crossed, struck & ~crossed
        self._built: tuple[Window, float] | None = None

    def paint(self, painter: QPainter, window: Window) -> None:
        """Draw cells, gaps between those that are large enough, crosses."""
        density = max(abs(painter.deviceTransform().m11()), 0.1)
        if is_vector(painter):
            density *= SHARP
        if self._built != (window, density):
            self._image = self._picture(window, density)
            self._built = (window, density)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(QRectF(0, 0, window.width, window.height), self._image)
        px, py = self.edges(window)
        self._strokes.draw(painter, self._gap, self._gap_lines(px, py))
        for pen, lines in self._cross_lines(px, py):
            self._strokes.draw(painter, pen, lines)

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """A picture with sharp cells, gaps if there is room for them, crosses."""
        items: list[paper.Item] = [self._paper_cells()]
        px, py = self.edges(window)
        right, low = window.width, window.height
        # The strokes of the screen, taken back from its pixels to coordinates of the axes.
        for pen, lines in ((self._gap, self._gap_lines(px, py)), *self._cross_lines(px, py)):
            if len(lines):
                ends = np.empty_like(lines)
                ends[:, 0::2] = window.x[0] + lines[:, 0::2] / right * (window.x[1] - window.x[0])
                ends[:, 1::2] = window.y[1] - lines[:, 1::2] / low * (window.y[1] - window.y[0])
                items.append(paper.Segments(ends, paper.stroke(pen), in_axis_coordinates=True))
        return tuple(items)

    def _paper_cells(self) -> paper.Image:
        x, y = (np.asarray(edges, dtype=float) for edges in (self.x, self.y))
        colours = self._colours
        if not (_even(x) and _even(y)):
            columns, rows = (_nearest(edges) for edges in (x, y))
            colours = colours[rows][:, columns]
        spans = (float(x[0]), float(x[-1])), (float(y[0]), float(y[-1]))
        return paper.Image(colours.copy(), *spans, smooth=False, in_axis_coordinates=True)

    def edges(self, window: Window) -> tuple[Array, Array]:
        """The edges of the cells in pixels."""
        px = (self.x - window.x[0]) * window.width / (window.x[1] - window.x[0])
        py = (window.y[1] - self.y) * window.height / (window.y[1] - window.y[0])
        return px, py

    def _picture(self, window: Window, density: float) -> QImage:
        px, py = self.edges(window)
        wide, high = (max(round(size * density), 1) for size in (window.width, window.height))
        columns = np.searchsorted(px, (np.arange(wide) + 0.5) * window.width / wide) - 1
        rows = np.searchsorted(-py, -(np.arange(high) + 0.5) * window.height / high) - 1
        inside = ((rows >= 0) & (rows < len(py) - 1))[:, None] & (
            (columns >= 0) & (columns < len(px) - 1)
        )
        chosen = self._colours[rows.clip(0, len(py) - 2)][:, columns.clip(0, len(px) - 2)]
        block = np.where(inside[..., None], chosen, 0).astype(np.uint8)
        kind = QImage.Format.Format_RGBA8888
        return QImage(block.tobytes(), wide, high, 4 * wide, kind).copy()

    @staticmethod
    def _gap_lines(px: Array, py: Array) -> Array:
        if min(np.diff(px).min(), -np.diff(py).max()) < 7.0:
            return np.empty((0, 4))
        upright = np.stack([px, np.full(len(px), py[-1]), px, np.full(len(px), py[0])], axis=1)
        level = np.stack([np.full(len(py), px[0]), py, np.full(len(py), px[-1]), py], axis=1)
        near = np.concatenate([upright, level])
        return near[(np.abs(near) < 2e4).all(axis=1)]

    def _cross_lines(self, px: Array, py: Array) -> Iterator[tuple[QPen, Array]]:
        for mask, both in ((self._crossed, True), (self._struck, False)):
            rows, columns = np.nonzero(mask)
            if len(rows) == 0:
                continue
            middle_x = (px[columns] + px[columns + 1]) / 2
            middle_y = (py[rows] + py[rows + 1]) / 2
            sides = np.minimum(px[columns + 1] - px[columns], py[rows] - py[rows + 1])
            strokes = crosses(middle_x, middle_y, np.minimum(0.28 * sides, 9.0))
            yield self._ink, strokes if both else strokes[len(rows) :]


def _even(edges: Array) -> bool:
    sizes = np.diff(edges)
    return bool(sizes.max() - sizes.min() <= 1e-6 * sizes.max())


SHARP = 6.0  # times as many pixels as the screen has, where cells are an image of a PDF
FINE = 512  # columns of a picture of cells that aren't equally wide


def _nearest(edges: Array) -> np.ndarray:
    """The cell at each of many equally spaced places."""
    places = np.linspace(edges[0], edges[-1], FINE, endpoint=False)
    places = places + (edges[-1] - edges[0]) / (2 * FINE)
    return (np.searchsorted(edges, places) - 1).clip(0, len(edges) - 2)


def _bytes(colour: QColor) -> tuple[int, int, int, int]:
    return colour.red(), colour.green(), colour.blue(), colour.alpha()


class Selection:
    """A ring about a point, or a frame about a cell, of the run that Enter or a click opens."""

    def __init__(self, theme: Theme, radius: float) -> None:
        self.visible = False
        self.radius = radius
        self.box = QRectF()
        self._inner = QPen(QColor(theme.ink), 2.0 * theme.line_scale)
        self._outer = QPen(QColor(theme.surface), 4.5 * theme.line_scale)

    def paint(self, painter: QPainter, _window: Window) -> None:
        """Draw it in the ink of the theme over a rim in its ground."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (self._outer, self._inner):
            painter.setPen(pen)
            if self.radius > 0.0:
                painter.drawEllipse(self.box)
            else:
                painter.drawRect(self.box)

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """Nothing: pointing at a run is for the screen."""
        return ()

    def put(self, box: QRectF) -> None:
        """Show it about this rectangle in pixels; a ring if it has a radius."""
        middle = box.center()
        if self.radius > 0.0:
            reach = QPointF(self.radius, self.radius)
            box = QRectF(middle - reach, middle + reach)
        self.visible = math.isfinite(middle.x()) and math.isfinite(middle.y())
        self.box = box
