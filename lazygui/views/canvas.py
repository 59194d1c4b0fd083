"""The area inside the axes: layers painted in pixels, and the mouse."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem

from lazygui.views.layers import Layer
from lazygui.views.window import Window


class PlotBox(pg.ViewBox):
    """Pyqtgraph's view box without its menu, whose "Export…" crashes.

    Signals: `menu_requested(QPoint)` in screen coordinates; `reset_requested()` on a double click.
    """

    menu_requested = Signal(QPoint)
    reset_requested = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        # A range computed from inf would raise at each paint; views set their ranges themselves.
        self.disableAutoRange()

    def mouseClickEvent(self, event: Any) -> None:
        """Right click asks for the menu, double click for the whole picture."""
        if event.button() == Qt.MouseButton.RightButton:
            event.accept()
            self.menu_requested.emit(event.screenPos().toPoint())
        elif event.double():
            event.accept()
            self.reset_requested.emit()


class Canvas(QGraphicsItem):
    """Paints its layers, first one lowest, in the pixels of its view box."""

    def __init__(self, box: PlotBox) -> None:
        super().__init__(box)
        self._box = box
        self._rect = QRectF(0, 0, 1, 1)
        self.layers: list[Layer] = []
        self.log_x = False
        self.log_y = False
        # Below the drag handles, above the box's ground.
        self.setZValue(10)

    def fit(self) -> None:
        """Take over the size of the view box."""
        self.prepareGeometryChange()
        self._rect = QRectF(0, 0, max(self._box.width(), 1.0), max(self._box.height(), 1.0))

    def boundingRect(self) -> QRectF:
        """The whole view box."""
        return self._rect

    def has_size(self) -> bool:
        """Whether it was given a place among the axes."""
        return min(self._rect.width(), self._rect.height()) > 1.0

    def shown(self) -> Window:
        """What is shown now."""
        (x0, x1), (y0, y1) = self._box.viewRange()
        size = self._rect
        return Window(
            (float(x0), float(x1)),
            (float(y0), float(y1)),
            size.width(),
            size.height(),
            self.log_x,
            self.log_y,
        )

    def paint(self, painter: QPainter, option: Any, widget: Any = None) -> None:
        """Draw every visible layer."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # In a PDF colours mean values, which JPEG would alter.
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        window = self.shown()
        for layer in self.layers:
            if layer.visible:
                layer.paint(painter, window)
