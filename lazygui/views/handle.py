"""A point that can be dragged."""

from __future__ import annotations

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPen

from lazygui.style.themes import Theme
from lazygui.views.canvas import Canvas, PlotBox

INTERVAL = 33  # milliseconds between requests while dragging


class Handle(pg.GraphicsObject):
    """A ring on the canvas. Signal `dragged(x, y)` in data coordinates, at most 30 times a second.

    The last place of a drag is always told.
    """

    dragged = Signal(float, float)

    def __init__(self, box: PlotBox, canvas: Canvas, tip: str) -> None:
        super().__init__(box)
        self._canvas = canvas
        self.place = (math.nan, math.nan)
        self._radius = 7.0
        self._pen = QPen()
        self._ground = QColor()
        self._hovered = self._dragging = False
        self.setZValue(20)
        self.setToolTip(tip)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self._tell)
        box.sigRangeChanged.connect(self._put)
        box.sigResized.connect(self._put)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and size."""
        self.prepareGeometryChange()
        self._radius = 7.0 * math.sqrt(theme.line_scale)
        self._pen = QPen(QColor(theme.ink), 2.0 * theme.line_scale)
        self._ground = QColor(theme.surface)
        self.update()

    def set_place(self, x: float, y: float) -> None:
        """Move to a data point, unless the user is dragging."""
        if not self._dragging and (x, y) != self.place:
            self.place = (x, y)
            self._put()

    def _put(self, *_: Any) -> None:
        x, y = self.place
        window = self._canvas.shown()
        if not (math.isfinite(x) and math.isfinite(y)):
            self.setVisible(False)
            return
        dx, dy = window.lengths(x - window.x[0], y - window.y[1])
        near = abs(dx) < 1e5 and abs(dy) < 1e5
        self.setVisible(near)
        if near:
            self.setPos(dx, dy)

    def boundingRect(self) -> QRectF:
        """The ring and some room for the finger."""
        reach = self._radius + 6.0
        return QRectF(-reach, -reach, 2 * reach, 2 * reach)

    def paint(self, painter: QPainter, _option: Any, _widget: Any = None) -> None:
        """Draw the ring, larger while hovered."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen)
        painter.setBrush(self._ground)
        radius = self._radius + (2.0 if self._hovered or self._dragging else 0.0)
        painter.drawEllipse(QPointF(0, 0), radius, radius)

    def hoverEvent(self, event: Any) -> None:
        """Show that it can be taken, and keep the plot from panning instead."""
        self._hovered = not event.isExit() and event.acceptDrags(Qt.MouseButton.LeftButton)
        self.update()

    def mouseDragEvent(self, event: Any) -> None:
        """Follow the mouse."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        self._dragging = not event.isFinish()
        point = self.mapToParent(event.pos())
        self.drag_to(*self._canvas.shown().axis_point(point.x(), point.y()))
        if event.isFinish():
            self._timer.stop()
            self._tell()

    def drag_to(self, x: float, y: float) -> None:
        """Move as a drag does, and tell so before long."""
        self.place = (x, y)
        self._put()
        if not self._timer.isActive():
            self._timer.start()

    def _tell(self) -> None:
        self.dragged.emit(*self.place)
