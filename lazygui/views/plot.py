"""A plot: two axes about a canvas, ranges that follow the data until the user takes over."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QGraphicsGridLayout, QWidget

from lazygui.style.themes import Theme
from lazygui.views.axis import Axis
from lazygui.views.canvas import Canvas, PlotBox
from lazygui.views.layers import Layer
from lazygui.views.ranges import Span, grown, padded

APART = 4  # pixels between axes and canvas


class Plot(pg.GraphicsView):
    """Axes and canvas without the menus, buttons and legends of pyqtgraph's PlotItem.

    Signals: `menu_requested(QPoint)`; `following_changed(bool)`, whether the ranges follow the
    data (a wheel turn or a drag ends that, a double click resumes it).
    """

    menu_requested = Signal(QPoint)
    following_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(1, 1)
        self.box = PlotBox()
        self.canvas = Canvas(self.box)
        self.left, self.bottom = Axis("left"), Axis("bottom")
        self.following = True
        self._spans: dict[str, Span] = {}
        self._lay_out()
        self.box.sigResized.connect(self._resized)
        self.box.sigRangeChanged.connect(self._range_changed)
        self.box.sigRangeChangedManually.connect(self._taken_over)
        self.box.reset_requested.connect(self.follow)
        self.box.menu_requested.connect(self.menu_requested)

    def useOpenGL(self, b: bool = True) -> None:
        """A viewport that Python knows: asking Qt for its own makes the types of all widgets."""
        self.setViewport(QWidget())

    def _lay_out(self) -> None:
        whole, grid = pg.GraphicsWidget(), QGraphicsGridLayout()
        whole.setLayout(grid)
        self.setCentralItem(whole)
        grid.setContentsMargins(0, 8, 16, 0)
        # Apart from the canvas, so that a new frame doesn't have the axes painted again.
        grid.setSpacing(APART)
        grid.addItem(self.left, 0, 0)
        grid.addItem(self.box, 0, 1)
        grid.addItem(self.bottom, 1, 1)
        self.left.linkToView(self.box)
        self.bottom.linkToView(self.box)

    def _resized(self, _box: Any = None) -> None:
        self.canvas.fit()
        self.canvas.update()

    def _range_changed(self, *_: Any) -> None:
        self.canvas.update()

    def _taken_over(self, *_: Any) -> None:
        if self.following:
            self.following = False
            self.following_changed.emit(False)

    def follow(self) -> None:
        """Let the ranges follow the data again, starting from the data as they are."""
        self._spans.clear()
        self.following = True
        self.following_changed.emit(True)

    @property
    def fitted(self) -> dict[str, Span]:
        """The ranges of "x" and "y" fitted to data since they were last settled."""
        return dict(self._spans)

    def settle(self) -> None:
        """Forget how far the ranges had grown: what comes next fits them to the data."""
        if self.following:
            self._spans.clear()

    def add(self, *layers: Layer) -> None:
        """Put layers on top."""
        self.canvas.layers.extend(layers)

    def clear_layers(self) -> None:
        """Take every layer away."""
        self.canvas.layers.clear()
        self.canvas.update()

    def set_log(self, *, x: bool, y: bool) -> None:
        """Make axes logarithmic or linear; the ranges start anew."""
        self.canvas.log_x, self.canvas.log_y = x, y
        self.bottom.setLogMode(x=x, y=False)
        self.left.setLogMode(x=False, y=y)
        self.follow()

    def include(self, x: Span | None, y: Span | None, *, shrink: bool = False) -> None:
        """Make room for data in these axis bounds, unless the user chose the ranges.

        With `shrink`, a range of which the data fill less than a quarter is fitted anew.
        """
        if not self.following:
            return
        for name, span, log in (("x", x, self.canvas.log_x), ("y", y, self.canvas.log_y)):
            if span is None:
                continue
            shown = self._spans.get(name)
            if shown is None or (shrink and _sparse(shown, span)):
                wanted = _first(span, log=log)
            else:
                wanted = grown(shown, *span)
            if wanted != shown:
                self._spans[name] = wanted
                setter = self.box.setXRange if name == "x" else self.box.setYRange
                setter(*wanted, padding=0)

    def show_range(self, x: Span, y: Span) -> None:
        """Show exactly these axis bounds, unless the user chose others."""
        if self.following:
            self._spans = {"x": x, "y": y}
            self.box.setRange(xRange=x, yRange=y, padding=0)

    def wanted(self, name: str) -> Span | None:
        """What the view asked to be shown of the axis "x" or "y", while it follows the data."""
        return self._spans.get(name) if self.following else None

    def set_theme(self, theme: Theme) -> None:
        """Take over the theme's ground, axes and type."""
        self.setBackground(QColor(theme.surface))
        for axis in (self.left, self.bottom):
            axis.set_theme(theme)
        self.canvas.update()

    def wheelEvent(self, event: Any) -> None:
        """Zoom, and keep the wheel from scrolling what is around the plot."""
        super().wheelEvent(event)
        event.accept()


def _first(span: Span, *, log: bool) -> Span:
    low, high = padded(*span)
    if log and high - low < 1.0:
        middle = (low + high) / 2
        return middle - 0.5, middle + 0.5
    return low, high


def _sparse(shown: Span, data: Span) -> bool:
    return 0.0 < data[1] - data[0] < 0.25 * (shown[1] - shown[0])
