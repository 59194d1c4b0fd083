"""The functions learnt, over the line or the circle the data live on."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.pens import Role
from lazygui.views.frames import frame_array
from lazygui.views.layers import Trace
from lazygui.views.legend import Entry
from lazygui.views.markers import Dots
from lazygui.views.ranges import Span, union
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.view import View
from lazygui.views.window import Array, bounds

ROOM = 20.0  # spans of the data beyond which a diverging output is let leave the plot
BESIDE = 1.0  # the same for the linearization, in spans of network and data: it may go alone


class Outputs(View):
    """αh(w, ·) against αh̄(w̄, ·) and the data."""

    name = "outputs"
    title = QT_TRANSLATE_NOOP("views", "Outputs")
    requires = frozenset({"grid", "grid_outputs", "grid_outputs_linearized", "targets"})

    def build(self, history: History) -> None:
        """The ghost below, then linearization, network, and the data on top."""
        theme = self.theme
        self.network = Trace(pens.pen(theme, Role.NETWORK, 2.4))
        self.linearization = Trace(pens.pen(theme, Role.LINEARIZATION, 2.2))
        self.data = Dots(QColor(theme.data), 7.5 * theme.line_scale)
        self.data.edge = QColor(theme.surface)
        self.data.set_data(history.facts["sample_coordinates"], history.facts["targets"])
        self.previous = Trace(pens.pen(theme, Role.GHOST))
        self._fill_ghost()
        self.plot.add(self.previous, self.network, self.linearization, self.data)

    def _fill_ghost(self) -> None:
        values = frame_array(self.ghost, "grid_outputs") if self.ghost is not None else None
        self.previous.visible = values is not None
        if self.ghost is not None and values is not None:
            self.previous.set_data(self.ghost.facts["grid"], values)

    def draw(self, history: History) -> None:
        """Hand over the newest frame."""
        grid = np.asarray(history.facts["grid"], dtype=float)
        data = self._data_span()
        network = limited(union([data, self._show(history, self.network)]), data, ROOM)
        linearization = self._show(history, self.linearization, "_linearized")
        y = limited(union([network, linearization]), network, BESIDE)
        self.plot.include(bounds(grid, log=False), limited(y, data, ROOM))

    def _show(self, history: History, trace: Trace, kind: str = "") -> Span | None:
        values = frame_array(history, f"grid_outputs{kind}")
        if values is None:
            return None
        trace.set_data(np.asarray(history.facts["grid"], dtype=float), values)
        return bounds(trace.y, log=False)

    def _data_span(self) -> Span | None:
        return bounds(self.data.y, log=False)

    def legend(self, history: History) -> tuple[Entry, ...]:
        """Network, linearization, data."""
        entries = [
            Entry(self.tr("network <i>αh</i>"), self.network.pen),
            Entry(self.tr("linearization <i>αh\u0304</i>"), self.linearization.pen),
            Entry(self.tr("data"), symbol="o", colour=QColor(self.theme.data)),
        ]
        if self.previous.visible:
            entries.append(Entry(self.tr("previous run"), self.previous.pen))
        return tuple(entries)

    def labels(self, history: History) -> tuple[str, str]:
        """The grid's own name, and output."""
        return f"<i>{history.facts.get('grid_label', 'x')}</i>", self.tr("output")

    def sentence(self, history: History) -> str:
        """The largest difference of the two functions."""
        size = largest_difference(history)
        return self.tr(
            "Outputs at step {step}: network and linearization differ by at most {size:.2g}"
        ).format(step=history.last_step, size=size)


def limited(span: Span | None, data: Span | None, spans: float) -> Span | None:
    """`span`, but not farther from the data than so many times their own span."""
    if span is None or data is None:
        return span
    room = spans * max(data[1] - data[0], 1e-3 * max(abs(data[0]), abs(data[1])), 1e-12)
    return max(span[0], data[0] - room), min(span[1], data[1] + room)


def largest_difference(history: History) -> float:
    """max |αh − αh̄| over the grid, NaN where nothing is finite."""
    first = frame_array(history, "grid_outputs")
    second = frame_array(history, "grid_outputs_linearized")
    if first is None or second is None:
        return float("nan")
    with np.errstate(all="ignore"):
        gaps: Array = np.abs(first - second)
    return float(np.fmax.reduce(gaps)) if len(gaps) else float("nan")
