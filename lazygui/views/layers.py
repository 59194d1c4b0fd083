"""What a canvas paints: curves in time and curves in the plane."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from lazygui.views import paper
from lazygui.views.decimation import dashes, decimate, ordered, segments, simplify
from lazygui.views.window import Array, Window, bounds, ordered_bounds

EMPTY: Array = np.empty(0)
FEW = 160  # points up to which a curve with proper joints costs less than 0.2 ms


class Layer(Protocol):
    """Something that paints itself in pixels, and says what it paints."""

    visible: bool

    def paint(self, painter: QPainter, window: Window) -> None:
        """Draw what `window` shows."""

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """What `window` shows, for a figure on paper; nothing for what only a screen needs."""


class Strokes:
    """Straight segments in one pen, handed to Qt as one block of memory."""

    def __init__(self) -> None:
        self._block = PrimitiveArray(QLineF, 4)

    def draw(self, painter: QPainter, pen: QPen, lines: Array) -> None:
        """Draw `lines` (k, 4) in pixels; dashes must have been cut before."""
        if not len(lines):
            return
        if not np.isfinite(lines).all():
            lines = lines[np.isfinite(lines).all(axis=1)]
        solid = QPen(pen)
        solid.setStyle(Qt.PenStyle.SolidLine)
        painter.setPen(solid)
        self._block.resize(len(lines))
        self._block.ndarray()[:] = lines
        painter.drawLines(*self._block.drawargs())


class Trace:
    """A curve y(x) with increasing x; decimated to the pixels there are when it is painted."""

    def __init__(self, pen: QPen) -> None:
        self.pen = pen
        self.visible = True
        self.x = self.y = EMPTY
        self._strokes = Strokes()
        self._built: Window | None = None
        self._joined: QPolygonF | None = None
        self._lines: Array = np.empty((0, 4))

    def set_data(self, x: Array, y: Array) -> None:
        """Show these points; arrays of different lengths are cut to the shorter one."""
        self.x, self.y = ordered(np.ravel(x), np.ravel(y))
        self._built = None

    def bounds(self, *, log_x: bool, log_y: bool) -> tuple[Any, Any]:
        """Axis bounds of x and of y; None where nothing is drawable."""
        return ordered_bounds(self.x, log=log_x), bounds(self.y, log=log_y)

    def paint(self, painter: QPainter, window: Window) -> None:
        """Draw the curve; its points in pixels are kept until data or window change."""
        if len(self.x) == 0:
            return
        if self._built != window:
            self._build(window)
            self._built = window
        if self._joined is not None:
            painter.setPen(self.pen)
            painter.drawPolyline(self._joined)
        else:
            self._strokes.draw(painter, self.pen, self._lines)

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The curve, thinned as on the screen but finer."""
        if len(self.x) == 0:
            return ()
        x, y = decimate(self.x, self.y, window.edges(paper.columns(window)))
        return (paper.Curve(x.copy(), y.copy(), paper.stroke(self.pen)),)

    def _build(self, window: Window) -> None:
        bins = max(int(window.width / 2.0), 2)
        x, y = decimate(self.x, self.y, window.edges(bins))
        px, py = window.pixels(x, y)
        good = np.isfinite(px) & np.isfinite(py)
        px, py = simplify(px[good], py[good])
        solid = self.pen.style() == Qt.PenStyle.SolidLine
        self._joined = polygon(px, py) if solid and 2 <= len(px) <= FEW else None
        if self._joined is None:
            self._lines = cut(px, py, self.pen)


def cut(px: Array, py: Array, pen: QPen) -> Array:
    """The segments of a polyline, dashed as its pen says; a lone point becomes a short dash."""
    if len(px) == 1:
        return np.array([[px[0] - 1.5, py[0], px[0] + 1.5, py[0]]])
    if len(px) == 0:
        return np.empty((0, 4))
    if pen.style() == Qt.PenStyle.SolidLine:
        return segments(px, py)
    width = max(pen.widthF(), 1.0)
    return dashes(px, py, tuple(width * part for part in pen.dashPattern()))


class Path:
    """Polylines in the plane; `connect[i]` tells whether point i is joined to point i + 1."""

    def __init__(self, pen: QPen) -> None:
        self.pen = pen
        self.visible = True
        self.x = self.y = EMPTY
        self.connect: np.ndarray | None = None
        self._strokes = Strokes()
        self._built: Window | None = None
        self._lines: Array = np.empty((0, 4))

    def set_data(self, x: Array, y: Array, connect: np.ndarray | None = None) -> None:
        """Show these points in this order."""
        self.x, self.y, self.connect = np.ravel(x), np.ravel(y), connect
        self._built = None

    def paint(self, painter: QPainter, window: Window) -> None:
        """Draw the polylines; a point that can't be drawn breaks its line."""
        if len(self.x) < 2:
            return
        if self._built != window:
            self._lines = self._build(window)
            self._built = window
        self._strokes.draw(painter, self.pen, self._lines)

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The polylines."""
        if len(self.x) < 2:
            return ()
        connect = None if self.connect is None else np.array(self.connect, dtype=bool)
        return (paper.Curve(self.x.copy(), self.y.copy(), paper.stroke(self.pen), connect),)

    def _build(self, window: Window) -> Array:
        px, py = window.pixels(self.x, self.y)
        if self.connect is not None:
            return segments(px, py)[np.asarray(self.connect[:-1], dtype=bool)]
        if self.pen.style() == Qt.PenStyle.SolidLine:
            return segments(px, py)
        good = np.isfinite(px) & np.isfinite(py)
        return cut(px[good], py[good], self.pen)


class Rule:
    """A straight line across the whole plot: y = value, x = value, or the diagonal y = x."""

    def __init__(self, pen: QPen, kind: str, value: float = 0.0) -> None:
        self.pen, self.kind, self.value = pen, kind, value
        self.visible = True
        self._strokes = Strokes()

    def paint(self, painter: QPainter, window: Window) -> None:
        """Draw the line where its value is drawable."""
        px, py = self._ends(window)
        if np.isfinite(px).all() and np.isfinite(py).all():
            self._strokes.draw(painter, self.pen, cut(px, py, self.pen))

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The line."""
        return (paper.Rule(self.kind, self.value, paper.stroke(self.pen)),)

    def _ends(self, window: Window) -> tuple[Array, Array]:
        across = np.array([0.0, window.width])
        if self.kind == "diagonal":
            low = max(window.x[0], window.y[0])
            high = min(window.x[1], window.y[1])
            return window.pixels(np.array([low, high]), np.array([low, high]))
        at = np.full(2, self.value)
        px, py = window.pixels(at, at)
        if self.kind == "horizontal":
            return across, py
        return px, np.array([0.0, window.height])


class Band:
    """Filling between a curve and a level, very pale, for differences."""

    def __init__(self, colour: QColor, level: float = 0.0) -> None:
        self.colour, self.level = colour, level
        self.visible = True
        self.x = self.y = EMPTY

    def set_data(self, x: Array, y: Array) -> None:
        """Fill between these points and the level."""
        self.x, self.y = ordered(np.ravel(x), np.ravel(y))

    def paint(self, painter: QPainter, window: Window) -> None:
        """Fill the area; nothing where fewer than two points are drawable."""
        px, py = window.pixels(self.x, self.y)
        good = np.isfinite(px) & np.isfinite(py)
        if good.sum() < 2:
            return
        base = window.pixels(np.zeros(1), np.full(1, self.level))[1][0]
        x = np.concatenate([px[good][:1], px[good], px[good][-1:]])
        y = np.concatenate([[base], py[good], [base]])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(self.colour))
        painter.drawPolygon(polygon(x, y))

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The area, thinned as a curve."""
        if len(self.x) < 2:
            return ()
        x, y = decimate(self.x, self.y, window.edges(paper.columns(window)))
        level, alpha = np.full(len(x), self.level), self.colour.alphaF()
        return (paper.Area(x.copy(), y.copy(), level, self.colour.name(), alpha),)


def polygon(px: Array, py: Array) -> QPolygonF:
    """A Qt polygon of pixel coordinates."""
    import pyqtgraph

    return pyqtgraph.functions.arrayToQPolygonF(np.ascontiguousarray(px), np.ascontiguousarray(py))
