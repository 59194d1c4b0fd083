"""Markers, stems, arrows and pictures on a canvas."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QPaintEngine,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)

from lazygui.views import paper
from lazygui.views.layers import EMPTY, Strokes
from lazygui.views.window import Array, Window

FINE = 600  # pixels of an image's longer side in a PDF


def outline(symbol: str, radius: float) -> QPainterPath:
    """The outline of a marker about the origin: "o" disc, "t" triangle, "star", "s" square."""
    path = QPainterPath()
    if symbol == "star":
        path.addPolygon(_star(1.45 * radius))
    elif symbol == "t":
        path.addPolygon(_regular(3, 1.3 * radius))
    elif symbol == "s":
        path.addRect(QRectF(-radius, -radius, 2 * radius, 2 * radius))
    else:
        path.addEllipse(QPointF(0, 0), radius, radius)
    path.closeSubpath()
    return path


def _regular(corners: int, radius: float) -> QPolygonF:
    angles = [2 * math.pi * k / corners - math.pi / 2 for k in range(corners)]
    return QPolygonF([QPointF(radius * math.cos(a), radius * math.sin(a)) for a in angles])


def _star(radius: float) -> QPolygonF:
    points = []
    for k in range(10):
        reach = radius if k % 2 == 0 else 0.45 * radius
        angle = math.pi * k / 5 - math.pi / 2
        points.append(QPointF(reach * math.cos(angle), reach * math.sin(angle)))
    return QPolygonF(points)


def is_vector(painter: QPainter) -> bool:
    """Whether the painter writes a PDF, in which stamps would be as many small images."""
    engine = painter.paintEngine()
    return engine is not None and engine.type() == QPaintEngine.Type.Pdf


def fine(image: QImage) -> QImage:
    """The image with pixels too small to be seen, since viewers show large ones as squares."""
    side = max(image.width(), image.height())
    if side >= FINE:
        return image
    size = image.size() * (FINE / side)
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)


@lru_cache(maxsize=256)
def stamp(symbol: str, size: float, fill: int, edge: int, density: float) -> QPixmap:
    """A marker as a small picture, drawn once and stamped many times."""
    side = math.ceil((1.6 * size + 4) * density)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(side / 2, side / 2)
    painter.scale(density, density)
    painter.setPen(QPen(QColor.fromRgba(edge), 1.2))
    painter.setBrush(QColor.fromRgba(fill))
    painter.drawPath(outline(symbol, size / 2))
    painter.end()
    return picture


class Dots:
    """Markers of one kind; `size` is their diameter in pixels."""

    def __init__(self, colour: QColor, size: float, symbol: str = "o") -> None:
        self.visible = True
        self.colour, self.size, self.symbol = colour, size, symbol
        self.edge = colour
        self.x = self.y = EMPTY
        self._block = PrimitiveArray(QPainter.PixmapFragment, 10)

    def set_data(self, x: Array, y: Array) -> None:
        """Show a marker at each of these points."""
        self.x, self.y = np.ravel(x), np.ravel(y)

    def paint(self, painter: QPainter, window: Window) -> None:
        """Stamp the markers that are drawable and near the window."""
        count = min(len(self.x), len(self.y))
        px, py = window.pixels(self.x[:count], self.y[:count])
        near = (np.abs(px - window.width / 2) < window.width) & (
            np.abs(py - window.height / 2) < window.height
        )
        if near.any():
            self._stamp(painter, px[near], py[near])

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The markers."""
        count = min(len(self.x), len(self.y))
        return self._points(self.x[:count], self.y[:count])

    def _points(self, x: Array, y: Array) -> tuple[paper.Item, ...]:
        if len(x) == 0:
            return ()
        size, edge = self.size * paper.POINTS, self.edge.name()
        fill = self.colour.name()
        return (paper.Points(x.copy(), y.copy(), fill, size, self.symbol, edge),)

    def _stamp(self, painter: QPainter, px: Array, py: Array) -> None:
        if is_vector(painter):
            self._outline(painter, px, py)
            return
        density = max(
            math.hypot(painter.deviceTransform().m11(), painter.deviceTransform().m12()), 0.1
        )
        picture = stamp(self.symbol, self.size, self.colour.rgba(), self.edge.rgba(), density)
        self._block.resize(len(px))
        block = self._block.ndarray()
        block[:, 0], block[:, 1] = px, py
        block[:, 2:] = (0.0, 0.0, picture.width(), picture.height(), 1 / density, 1 / density, 0, 1)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmapFragments(*self._block.drawargs(), picture)  # type: ignore[call-arg]

    def _outline(self, painter: QPainter, px: Array, py: Array) -> None:
        painter.setPen(QPen(self.edge, 1.2))
        painter.setBrush(self.colour)
        path = outline(self.symbol, self.size / 2)
        for x, y in zip(px.tolist(), py.tolist(), strict=True):
            painter.drawPath(path.translated(x, y))


class Stems:
    """Vertical lines from y = 0 to each point."""

    def __init__(self, pen: QPen) -> None:
        self.visible = True
        self.pen = pen
        self.x = self.y = EMPTY
        self._strokes = Strokes()

    def set_data(self, x: Array, y: Array) -> None:
        """Show a stem at each of these points."""
        self.x, self.y = np.ravel(x), np.ravel(y)

    def paint(self, painter: QPainter, window: Window) -> None:
        """Draw the stems."""
        if len(self.x):
            px, py = window.pixels(self.x, self.y)
            base = window.pixels(self.x, np.zeros_like(self.x))[1]
            self._strokes.draw(painter, self.pen, np.stack([px, base, px, py], axis=1))

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The stems."""
        if len(self.x) == 0:
            return ()
        ends = np.stack([self.x, np.zeros_like(self.x), self.x, self.y], axis=1)
        return (paper.Segments(ends, paper.stroke(self.pen)),)


class Arrows:
    """Arrows from (x, y) by (dx, dy) in data coordinates, with heads of a fixed size."""

    def __init__(self, pen: QPen, head: float = 9.0) -> None:
        self.visible = True
        self.pen, self.head = pen, head
        self.tails = self.tips = np.empty((0, 2))

    def set_data(self, tails: Array, tips: Array) -> None:
        """Show arrows from `tails` (k, 2) to `tips` (k, 2)."""
        self.tails, self.tips = np.reshape(tails, (-1, 2)), np.reshape(tips, (-1, 2))

    def paint(self, painter: QPainter, window: Window) -> None:
        """Draw the arrows that are drawable; one shorter than two pixels is left out."""
        starts = np.stack(window.pixels(self.tails[:, 0], self.tails[:, 1]), axis=1)
        ends = np.stack(window.pixels(self.tips[:, 0], self.tips[:, 1]), axis=1)
        for (x0, y0), (x1, y1) in zip(starts.tolist(), ends.tolist(), strict=True):
            length = math.hypot(x1 - x0, y1 - y0)
            if math.isfinite(length) and length > 2.0:
                self._arrow(painter, QPointF(x0, y0), QPointF(x1, y1), length)

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The arrows, their heads as large as the pen makes them."""
        if len(self.tails) == 0:
            return ()
        head = self.head * max(self.pen.widthF() / 2, 1.0) * paper.POINTS
        stroke = paper.stroke(self.pen)
        return (paper.Arrows(self.tails.copy(), self.tips.copy(), stroke, head),)

    def _arrow(self, painter: QPainter, tail: QPointF, tip: QPointF, length: float) -> None:
        head = min(self.head * max(self.pen.widthF() / 2, 1.0), 0.7 * length)
        along = (tip - tail) * (1.0 / length)
        across = QPointF(-along.y(), along.x())
        base = tip - along * head
        painter.setPen(self.pen)
        painter.drawLine(tail, base)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.pen.color())
        painter.drawPolygon([tip, base + across * (0.45 * head), base - across * (0.45 * head)])


class Picture:
    """An image that fills a rectangle of the data plane, first row at the smallest y."""

    def __init__(self) -> None:
        self.visible = True
        self.image: QImage | None = None
        self.corners = ((0.0, 1.0), (0.0, 1.0))

    def set_data(self, rgba: Array, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show colours (rows, columns, 4) in [0, 1]."""
        shades = np.ascontiguousarray((255 * rgba[::-1]).round().astype(np.uint8))
        rows, columns = shades.shape[:2]
        kind = QImage.Format.Format_RGBA8888
        # A copy, because QImage doesn't keep the array alive.
        self.image = QImage(shades.tobytes(), columns, rows, 4 * columns, kind).copy()
        self.corners = (x, y)

    def paint(self, painter: QPainter, window: Window) -> None:
        """Draw the image, smoothed."""
        if self.image is None:
            return
        px, py = window.pixels(np.array(self.corners[0]), np.array(self.corners[1]))
        if np.isfinite(px).all() and np.isfinite(py).all():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            image = fine(self.image) if is_vector(painter) else self.image
            painter.drawImage(QRectF(QPointF(px[0], py[1]), QPointF(px[1], py[0])), image)

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The image."""
        if self.image is None:
            return ()
        return (paper.picture(self.image, *self.corners),)


class Beads(Dots):
    """Markers along a curve with increasing x, at most one per `spacing` pixels."""

    spacing = 14.0

    def paint(self, painter: QPainter, window: Window) -> None:
        """Stamp the first point of each column of the window, and the newest point."""
        where = self._chosen(window)
        if len(where) == 0:
            return
        px, py = window.pixels(self.x[where], self.y[where])
        near = np.isfinite(px) & np.isfinite(py) & (np.abs(py) < 2 * window.height + 1)
        if near.any():
            self._stamp(painter, px[near], py[near])

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The same markers as on the screen."""
        where = self._chosen(window)
        return self._points(self.x[where], self.y[where])

    def _chosen(self, window: Window) -> np.ndarray:
        count = min(len(self.x), len(self.y))
        edges = window.edges(max(int(window.width / self.spacing), 1))
        first = np.searchsorted(self.x[:count], edges)
        return np.unique(np.append(first[first < count], count - 1)) if count else first[:0]
