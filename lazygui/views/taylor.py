"""How the error of the linearization grows with the distance from w₀ (slide "Linearization")."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from lazygui.numerics.fits import loglog_fit
from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.pens import Role
from lazygui.style.themes import Theme
from lazygui.views.layers import Rule, Trace
from lazygui.views.legend import Entry
from lazygui.views.markers import Dots
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.view import View
from lazygui.views.window import bounds


class Taylor(View):
    """‖h − h̄‖ along a random direction, the line of slope 2, and where training stands."""

    name = "taylor"
    title = QT_TRANSLATE_NOOP("views", "Error of the linearization")
    requires = frozenset({"displacement", "loss_linearized"})

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.log_x = self.log_y = True
        self.plot.set_log(x=True, y=True)

    def build(self, history: History) -> None:
        """The line of slope 2 below, the measured points on it, the place of the weights."""
        theme = self.theme
        self.guide = Trace(pens.pen(theme, Role.THEORY))
        self.errors = Trace(pens.pen(theme, Role.DIFFERENCE))
        self.dots = Dots(QColor(theme.difference), 6.0 * theme.line_scale)
        self.dots.edge = QColor(theme.surface)
        self.place = Rule(pens.pen(theme, Role.NETWORK, 1.6), "vertical", math.nan)
        kink = pens.dashed(pens.line(theme, QColor(theme.muted), 1.4), pens.DOTTED)
        self.kink = Rule(kink, "vertical", math.nan)
        self.plot.add(self.kink, self.place, self.guide, self.errors, self.dots)

    def draw(self, history: History) -> None:
        """Take over the diagnosis once it is known, and the present distance."""
        self.place.value = float(history.latest("displacement"))
        facts = history.facts
        if "taylor_errors" not in facts:
            return
        distances, errors = facts["taylor_distances"], facts["taylor_errors"]
        for layer in (self.errors, self.dots):
            layer.set_data(distances, errors)
        square = 0.5 * facts["taylor_curvature"] * distances**2
        if not facts["taylor_curvature"] > 0:
            square = errors[0] * (distances / distances[0]) ** 2
        self.guide.set_data(distances, square)
        self.kink.value = facts["taylor_kink"] if np.isfinite(facts["taylor_kink"]) else math.nan
        self.plot.include(bounds(distances, log=True), bounds(errors, log=True))

    def legend(self, history: History) -> tuple[Entry, ...]:
        """Error, slope, training, kink."""
        entries = [
            Entry(self.tr("error along a random <i>u</i>"), self.errors.pen),
            Entry(self.tr("½‖<i>D</i>²<i>h</i>[<i>u</i>, <i>u</i>]‖ <i>s</i>²"), self.guide.pen),
            Entry(self.tr("‖<i>w</i> − <i>w</i><sub>0</sub>‖ of training"), self.place.pen),
        ]
        if getattr(history.scenario, "activation", "") == "relu":
            entries.append(Entry(self.tr("first gate flips"), self.kink.pen))
        return tuple(entries)

    def labels(self, history: History) -> tuple[str, str]:
        """Distance and error."""
        return (
            self.tr("distance <i>s</i> = ‖<i>w</i> − <i>w</i><sub>0</sub>‖"),
            "‖<i>h</i>(<i>w</i>) − <i>h\u0304</i>(<i>w</i>)‖",
        )

    def sentence(self, history: History) -> str:
        """The slope near w₀."""
        half = len(self.errors.x) // 2
        if half < 2:
            return self.tr("Training is {size:.2g} away from w₀").format(size=self.place.value)
        slope = loglog_fit(self.errors.x[:half], self.errors.y[:half]).slope
        return self.tr(
            "Error of the linearization: slope {slope:.3f} near w₀; training is {size:.2g} away"
        ).format(slope=slope, size=self.place.value)
