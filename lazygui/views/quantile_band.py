"""Median and 10–90 % band of the gap over many runs (slide "SGD")."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.pens import Role
from lazygui.views import paper
from lazygui.views.decimation import decimate, ordered
from lazygui.views.layers import EMPTY, polygon
from lazygui.views.legend import Entry
from lazygui.views.phrases import value_text
from lazygui.views.ranges import union
from lazygui.views.series_view import Series, SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.window import Array, Window, bounds


class Ribbon:
    """Filling between two curves over the same increasing x, very pale."""

    def __init__(self, colour: QColor) -> None:
        self.colour = colour
        self.visible = True
        self.x = self.low = self.high = EMPTY

    def set_data(self, x: Array, low: Array, high: Array) -> None:
        """Fill between (x, low) and (x, high)."""
        self.x, self.low = ordered(np.ravel(x), np.ravel(low))
        self.high = np.ravel(high)[: len(self.low)]

    def paint(self, painter: QPainter, window: Window) -> None:
        """Fill the area; nothing where either curve has fewer than two drawable points."""
        below, above = (self._edge(values, window) for values in (self.low, self.high))
        if min(len(below[0]), len(above[0])) < 2:
            return
        x = np.concatenate([above[0], below[0][::-1]])
        y = np.concatenate([above[1], below[1][::-1]])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(self.colour))
        painter.drawPolygon(polygon(x, y))

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The area between the thinned edges, over the abscissas of either."""
        if len(self.x) < 2:
            return ()
        edges = window.edges(paper.columns(window))
        (x_low, low), (x_high, high) = (
            decimate(self.x, values, edges) for values in (self.low, self.high)
        )
        x = np.union1d(x_low, x_high)
        low, high = np.interp(x, x_low, low), np.interp(x, x_high, high)
        return (paper.Area(x, low, high, self.colour.name(), self.colour.alphaF()),)

    def _edge(self, values: Array, window: Window) -> tuple[Array, Array]:
        if len(values) == 0:
            return EMPTY, EMPTY
        x, y = decimate(self.x, values, window.edges(max(int(window.width / 2.0), 2)))
        px, py = window.pixels(x, y)
        good = np.isfinite(px) & np.isfinite(py)
        return px[good], py[good]


class QuantileBand(SeriesView):
    """Where the middle 80 % of the runs are; their mean beside its exact expectation."""

    name = "quantile_band"
    title = QT_TRANSLATE_NOOP("views", "Gap of many runs")
    requires = frozenset({"gap_median", "gap_low", "gap_high", "objective"})
    series = (
        Series("gap_median", Role.ITERATE, QT_TRANSLATE_NOOP("views", "median"), 2.4),
        Series("mean_gap", Role.ITERATE, QT_TRANSLATE_NOOP("views", "mean"), 1.4, dotted=True),
        Series("expected_gap", Role.THEORY, QT_TRANSLATE_NOOP("views", "expected mean")),
    )
    ghosted = frozenset({"gap_median"})
    y_label = "<i>F</i>(<i>w<sub>k</sub></i>) − <i>F</i>*"

    def build(self, history: History) -> None:
        """The band below every line."""
        self.band = Ribbon(pens.brush(self.theme, Role.ITERATE, 0.22).color())
        self.plot.add(self.band)
        super().build(history)

    def draw(self, history: History) -> None:
        """Hand over the quantiles and the lines."""
        low, high = (self._above_rounding(history[name]) for name in ("gap_low", "gap_high"))
        self.band.set_data(history[self.abscissa], low, high)
        super().draw(history)

    def make_room(self) -> None:
        """Let the range include the band, too."""
        super().make_room()
        spans = [bounds(v, log=self.log_y) for v in (self.band.low, self.band.high)]
        y = union(spans)
        if y is not None and self.log_y:
            y = (max(y[0], self.lowest), y[1]) if y[1] > self.lowest else None
        self.plot.include(None, y)

    def legend(self, history: History) -> tuple[Entry, ...]:
        """The lines, then a broad sample of the band."""
        lines = super().legend(history)
        sample = QPen(self.band.colour, 9.0)
        sample.setCapStyle(Qt.PenCapStyle.FlatCap)
        entry = Entry(self.tr("10 % to 90 % of the runs"), sample)
        return (*lines[:1], entry, *lines[1:])

    def sentence(self, history: History) -> str:
        """The quantiles of the newest step."""
        values = [
            value_text(float(history.latest(n))) for n in ("gap_median", "gap_low", "gap_high")
        ]
        text = self.tr("Step {step}: median gap {0}, 10 % of the runs below {1}, 10 % above {2}")
        return text.format(*values, step=history.last_step)
