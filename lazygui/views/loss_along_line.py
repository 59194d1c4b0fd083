"""The loss along the segment between the weights and a permuted copy: not convex."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.pens import Role
from lazygui.views.frames import frame_array
from lazygui.views.layers import EMPTY, Path, Trace
from lazygui.views.legend import Entry
from lazygui.views.loss_slice import increasing
from lazygui.views.markers import Arrows, Dots
from lazygui.views.phrases import value_text
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.view import View
from lazygui.views.window import Array, bounds

ROOM = 1.6  # the linearization may rise to that many times the network's highest loss


class LossAlongLine(View):
    """R at (1−t)w + tPw for network and linearization, with the chord and the barrier above it."""

    name = "loss_along_line"
    title = QT_TRANSLATE_NOOP("views", "Loss between permuted copies")
    requires = frozenset({"line_position", "line_loss", "line_loss_linearized"})
    can_log = True

    def build(self, history: History) -> None:
        """Chord below, then linearization, network, ends, and the barrier on top."""
        theme = self.theme
        self.chord = Path(pens.pen(theme, Role.THEORY))
        self.linearization = Trace(pens.pen(theme, Role.LINEARIZATION))
        self.network = Trace(pens.pen(theme, Role.NETWORK, 2.4))
        self.ends = Dots(QColor(theme.network), 11.0 * theme.line_scale)
        self.copy = Dots(QColor(theme.network), 11.0 * theme.line_scale, "t")
        for dots in (self.ends, self.copy):
            dots.edge = QColor(theme.surface)
        self.barrier = Arrows(pens.line(theme, QColor(theme.difference), 2.0))
        self.plot.add(self.linearization, self.chord, self.network, self.barrier)
        self.plot.add(self.ends, self.copy)

    def draw(self, history: History) -> None:
        """Hand over the newest line."""
        names = ("line_position", "line_loss", "line_loss_linearized")
        t, loss, linear = (frame_array(history, name) for name in names)
        if t is None or loss is None or linear is None or not increasing(t):
            return
        self.network.set_data(t, loss)
        self.linearization.set_data(t, linear)
        first, last = _at(t, loss, 0.0), _at(t, loss, 1.0)
        self.ends.set_data(np.zeros(1), np.array([first]))
        self.copy.set_data(np.ones(1), np.array([last]))
        # In a few pieces, so that it bends as a chord does on a log axis.
        along = np.linspace(0.0, 1.0, 41)
        self.chord.set_data(along, first + along * (last - first))
        self._mark_barrier(t, loss, max(first, last))
        self._make_room(t, loss, linear)

    def _mark_barrier(self, t: Array, loss: Array, ends: float) -> None:
        inside = np.where((t >= 0.0) & (t <= 1.0) & np.isfinite(loss), loss, -np.inf)
        top = int(np.argmax(inside)) if len(inside) else 0
        self.barrier.visible = bool(len(inside) and np.isfinite(ends) and inside[top] > ends)
        if self.barrier.visible:
            self.barrier.set_data(np.array([t[top], ends]), np.array([t[top], loss[top]]))

    def _make_room(self, t: Array, loss: Array, linear: Array) -> None:
        own = bounds(loss, log=self.log_y)
        if own is None:
            return
        other = bounds(linear, log=self.log_y) or own
        ceiling = own[1] + np.log10(ROOM) if self.log_y else ROOM * own[1]
        high = min(max(own[1], other[1]), ceiling)
        low = min(own[0], other[0]) if self.log_y else 0.0
        self.plot.include(bounds(t, log=self.log_x), (low, high), shrink=True)

    def legend(self, history: History) -> tuple[Entry, ...]:
        """Network, linearization, chord, barrier."""
        return (
            Entry(self.tr("network"), self.network.pen),
            Entry(self.tr("linearization"), self.linearization.pen),
            Entry(self.tr("chord"), self.chord.pen),
            Entry(self.tr("barrier"), self.barrier.pen),
        )

    def labels(self, history: History) -> tuple[str, str]:
        """Position and loss."""
        return (
            self.tr("position <i>t</i> on (1 − <i>t</i>)<i>w</i> + <i>t Pw</i>"),
            self.tr("loss"),
        )

    def sentence(self, history: History) -> str:
        """The loss at the ends and in the middle."""
        t, loss = frame_array(history, "line_position"), frame_array(history, "line_loss")
        t, loss = (EMPTY if values is None else values for values in (t, loss))
        return self.tr("Loss {end} at both copies, {middle} half-way, at step {step}").format(
            end=value_text(_at(t, loss, 0.0)),
            middle=value_text(_at(t, loss, 0.5)),
            step=history.last_step,
        )


def _at(t: Array, values: Array, place: float) -> float:
    """The value at the position nearest to `place`."""
    return float(values[np.argmin(np.abs(t - place))]) if len(t) else float("nan")
