"""An objective of one variable and gradient descent on it (slide "Gradient descent")."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtWidgets import QWidget

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.pens import Role
from lazygui.style.themes import Theme
from lazygui.views.layers import Trace
from lazygui.views.objective_view import ObjectiveView
from lazygui.views.ranges import Span, padded, union
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.window import Array, bounds

SAMPLES = 481


class Objective1D(ObjectiveView):
    """The graph of F, the iterates on it, and the next step along the tangent."""

    name = "objective_1d"
    title = QT_TRANSLATE_NOOP("views", "Objective")
    dimension = 1

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._sampled: Span | None = None
        self.plot.box.sigXRangeChanged.connect(self._resample)

    def build(self, history: History) -> None:
        """The graph below the path."""
        self.build_path()
        self._sampled = None
        self.graph = Trace(pens.line(self.theme, pens.colour(self.theme, Role.DATA), 1.8))
        self.tangent = Trace(pens.pen(self.theme, Role.LINEARIZATION, 1.4))
        self.plot.add(self.graph, self.previous, self.tangent, self.path, self.dots)
        self.plot.add(self.step, self.current, self.minimizer)
        self._fill_ghost()
        objective = history.facts["objective"]
        if objective.minimizer is not None:
            w = np.ravel(objective.minimizer)[:1]
            self.minimizer.set_data(w, self._values(history, w))

    def _fill_ghost(self) -> None:
        if self.ghost is not None and len(self.ghost):
            iterates, losses = self.path_points(self.ghost)
            self.previous.set_data(iterates[:, 0], losses)

    @staticmethod
    def _values(history: History, w: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.asarray(history.facts["objective"].value(w[:, None]), dtype=float)

    def _resample(self) -> None:
        history = self.history
        shown = self.plot.canvas.shown().x
        if history is None or shown == self._sampled or not hasattr(self, "graph"):
            return
        self._sampled = shown
        w = np.linspace(*shown, SAMPLES)
        # A kink at the minimizer must not be cut off between two samples.
        w = np.sort(np.concatenate([w, self.minimizer.x]))
        self.graph.set_data(w, self._values(history, w))

    def draw(self, history: History) -> None:
        """Hand over the path, the tangent and the next step."""
        iterates, losses = self.path_points(history)
        self.path.set_data(iterates[:, 0], losses)
        self.dots.set_data(iterates[:, 0], losses)
        self._draw_step(history)
        self._make_room(history)
        self._resample()
        if self.start is not None:
            self.start.set_place(float(iterates[0, 0]), float(losses[0]))

    def _draw_step(self, history: History) -> None:
        point, slope, rate = self.newest(history)
        value = float(history.latest("loss"))
        w, g = float(point[0]), float(slope[0])
        self.current.set_data(np.array([w]), np.array([value]))
        finite = all(math.isfinite(number) for number in (w, g, value))
        self.step.visible = self.tangent.visible = finite
        if finite:
            tip = (w - rate * g, value - rate * g * g)
            self.step.set_data(np.array([[w, value]]), np.array([tip]))
            reach = 0.3 * (self.home(history, 0)[1] - self.home(history, 0)[0])
            ends = np.array([w - reach, w + reach])
            self.tangent.set_data(ends, value + g * (ends - w))

    def _make_room(self, history: History) -> None:
        home = self.home(history, 0)
        w = np.linspace(*home, 65)
        values = self._values(history, np.concatenate([w, self.minimizer.x]))
        high = bounds(values, log=False) or (0.0, 1.0)
        room = 4.0 * (home[1] - home[0])
        path = bounds(self.path.x, log=False)
        if path is not None:
            # A diverging path is followed for a while; then it leaves the picture.
            path = (max(path[0], home[0] - room), min(path[1], home[1] + room))
        losses = bounds(self.path.y, log=False)
        if losses is not None:
            losses = (losses[0], min(losses[1], high[0] + 8.0 * (high[1] - high[0])))
        y = union([padded(*high, 0.05), losses])
        self.plot.include(union([home, path]), y)

    def labels(self, history: History) -> tuple[str, str]:
        """The weight, and the objective."""
        return "<i>w</i>", "<i>F</i>(<i>w</i>)"

    def step_name(self) -> str:
        """The arrow lies on the tangent."""
        return self.tr("next step")
