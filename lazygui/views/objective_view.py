"""What the views of an objective in one and in two dimensions share."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.pens import Role
from lazygui.style.themes import Theme
from lazygui.views.handle import Handle
from lazygui.views.layers import Path
from lazygui.views.legend import Entry
from lazygui.views.markers import Arrows, Dots
from lazygui.views.path_selection import path_indices
from lazygui.views.phrases import value_text
from lazygui.views.ranges import Span, padded
from lazygui.views.view import View
from lazygui.views.window import Array


class ObjectiveView(View):
    """The path of gradient descent, its newest iterate, the minimizer, a start to drag."""

    dimension: ClassVar[int] = 1
    requires = frozenset({"objective", "iterate", "loss"})

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        self.start: Handle | None = None
        super().__init__(theme, parent)
        tip = self.tr("Drag the start w₀")
        self.start = Handle(self.plot.box, self.plot.canvas, tip)
        self.start.setObjectName(f"view-{self.name}-start")
        self.start.set_theme(self.theme)
        self.start.dragged.connect(self._ask_start)

    @classmethod
    def suits(cls, history: History) -> bool:
        """Whether there is an objective of this view's dimension."""
        if not super().suits(history):
            return False
        return int(history.facts["objective"].dim) == cls.dimension

    def set_theme(self, theme: Theme) -> None:
        """Take over another theme."""
        super().set_theme(theme)
        if self.start is not None:
            self.start.set_theme(theme)

    @Slot(float, float)
    def _ask_start(self, x: float, y: float) -> None:
        point = (x, y)[: self.dimension]
        if all(math.isfinite(value) for value in point):
            self.requested.emit("start", tuple(float(f"{value:.4g}") for value in point))

    def build_path(self) -> None:
        """Layers of the path, in the order they lie: ghost, path, dots, step, minimizer."""
        theme = self.theme
        self.previous = Path(pens.pen(theme, Role.GHOST, 1.4))
        self.path = Path(pens.pen(theme, Role.ITERATE, 1.5))
        self.dots = Dots(pens.colour(theme, Role.ITERATE), 5.0 * theme.line_scale)
        self.current = Dots(pens.colour(theme, Role.ITERATE), 11.0 * theme.line_scale)
        self.current.edge = QColor(theme.surface)
        self.step = Arrows(pens.pen(theme, Role.GRADIENT, 2.0))
        # An arrow's shaft is solid: dashes on a short one look like dots.
        self.step.pen.setStyle(pens.line(theme, QColor(theme.ink), 1.0).style())
        self.minimizer = Dots(pens.colour(theme, Role.MINIMIZER), 11.0 * theme.line_scale, "star")
        self.minimizer.edge = QColor(theme.surface)

    def path_points(self, history: History) -> tuple[Array, Array]:
        """The selected iterates (k, dim) and their objective values (k,)."""
        iterates, losses = history["iterate"], history["loss"]
        where = path_indices(len(iterates))
        return iterates[where], losses[where]

    def newest(self, history: History) -> tuple[Array, Array, float]:
        """The newest iterate, its gradient, and the learning rate in force."""
        objective = history.facts["objective"]
        point = np.ravel(np.asarray(history.latest("iterate"), dtype=float))
        with np.errstate(all="ignore"):
            slope = np.ravel(np.asarray(objective.gradient(point), dtype=float))
        rate = history.scenario.value_at("learning_rate", history.last_step)
        return point, slope, rate

    def home(self, history: History, axis: int) -> Span:
        """The range of one coordinate that shows the objective's bounds and the start."""
        objective = history.facts["objective"]
        low, high = (float(value) for value in objective.bounds[axis])
        known = [low, high, float(np.ravel(history["iterate"][0])[axis])]
        if objective.minimizer is not None:
            known.append(float(np.ravel(objective.minimizer)[axis]))
        known = [value for value in known if math.isfinite(value)]
        return padded(min(known), max(known), 0.04)

    def legend(self, history: History) -> tuple[Entry, ...]:
        """Iterates, minimizer, step, start."""
        theme = self.theme
        colour = pens.colour(theme, Role.ITERATE)
        entries = [
            Entry(self.tr("iterates <i>w<sub>k</sub></i>"), self.path.pen, "o", colour),
            Entry(self.step_name(), self.step.pen),
        ]
        if history.facts["objective"].minimizer is not None:
            green = pens.colour(theme, Role.MINIMIZER)
            entries.append(Entry(self.tr("minimizer <i>w</i>*"), symbol="star", colour=green))
        if self.ghost is not None:
            entries.append(Entry(self.tr("previous run"), self.previous.pen))
        return tuple(entries)

    def step_name(self) -> str:
        """The name of the arrow at the newest iterate."""
        return self.tr("next step")

    def sentence(self, history: History) -> str:
        """Where the newest iterate is."""
        point = ", ".join(f"{value:.3g}" for value in np.ravel(history.latest("iterate")))
        return self.tr("Step {step}: w = ({point}), objective {value}").format(
            step=history.last_step, point=point, value=value_text(float(history.latest("loss")))
        )
