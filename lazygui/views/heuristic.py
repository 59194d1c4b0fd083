"""The heuristic of lazy training (slides "Heuristic computations"): two relative changes."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from lazygui.simulation.history import Array, History
from lazygui.style import pens
from lazygui.style.pens import Role
from lazygui.style.themes import Theme
from lazygui.views.layers import Rule, Trace
from lazygui.views.legend import Entry
from lazygui.views.markers import Dots
from lazygui.views.ranges import Span, union
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.view import View
from lazygui.views.window import bounds

ROLES = (Role.NETWORK, Role.DIFFERENCE, Role.THEORY)
DECADES = 12.0  # below the top: a ratio that is 0 up to rounding doesn't stretch the axis


class Heuristic(View):
    """|ΔF|/F, ‖ΔDh‖/‖Dh‖ and the slide's ratio in the first step, against the step size."""

    name = "heuristic"
    title = QT_TRANSLATE_NOOP("views", "First step: F against Dh")
    requires = frozenset({"loss_linearized", "stability_limit"})

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.log_x = self.log_y = True
        self.plot.set_log(x=True, y=True)

    @classmethod
    def suits(cls, history: History) -> bool:
        """κ belongs to the square loss."""
        return super().suits(history) and getattr(history.scenario, "loss", "") == "square"

    def build(self, history: History) -> None:
        """Three curves, the learning rate in force, and a dot where it meets each curve."""
        theme = self.theme
        self.curves = [Trace(pens.pen(theme, role, 2.2)) for role in ROLES]
        self.rate = Rule(pens.line(theme, QColor(theme.muted), 1.2), "vertical", np.nan)
        self.dots = []
        for role, symbol in zip(ROLES, ("o", "s", "t"), strict=True):
            dots = Dots(pens.colour(theme, role), 9.0 * theme.line_scale, symbol)
            dots.edge = QColor(theme.surface)
            self.dots.append(dots)
        self.plot.add(self.rate, *reversed(self.curves), *self.dots)

    def draw(self, history: History) -> None:
        """Curves of the diagnosis; the dots follow the learning rate in force."""
        rates, changes = self._known(history)
        if len(rates) == 0:
            return
        rate = history.scenario.value_at("learning_rate", history.last_step)
        self.rate.value = rate
        for k, (curve, dots) in enumerate(zip(self.curves, self.dots, strict=True)):
            curve.set_data(rates, changes[:, k])
            dots.set_data(np.array([rate]), np.array([at(rate, rates, changes[:, k])]))
        y = union([bounds(changes[:, k], log=True) for k in range(2)])
        self.plot.include(union([bounds(rates, log=True), bounds(np.array([rate]), log=True)]),
                          self._with_ratio(y, changes[:, 2]))  # fmt: skip

    def _with_ratio(self, y: Span | None, ratio: Array) -> Span | None:
        third = bounds(ratio, log=True)
        if y is None or third is None or third[0] < y[1] - DECADES:
            return y
        return union([y, third])

    @staticmethod
    def _known(history: History) -> tuple[Array, Array]:
        facts = history.facts
        return facts.get("heuristic_rates", np.empty(0)), facts.get(
            "heuristic_changes", np.empty(0)
        )

    def legend(self, history: History) -> tuple[Entry, ...]:
        """The three relative changes."""
        texts = (
            "|Δ<i>F</i>|/<i>F</i>",
            "‖Δ<i>Dh</i>‖/‖<i>Dh</i>‖",
            self.tr("slide: ‖<i>D</i>²<i>h</i>[Δ,Δ]‖/‖<i>Dh</i>[Δ]‖"),
        )
        marked = zip(texts, self.curves, self.dots, strict=True)
        return tuple(
            Entry(text, curve.pen, dots.symbol, dots.colour) for text, curve, dots in marked
        )

    def labels(self, history: History) -> tuple[str, str]:
        """Learning rate and relative change."""
        return self.tr("step size <i>η</i>"), self.tr("relative change")

    def sentence(self, history: History) -> str:
        """Both changes at the learning rate in force, and their ratio."""
        rates, changes = self._known(history)
        if len(rates) == 0:
            return self.tr("First step: not measured yet at step {}").format(history.last_step)
        rate = history.scenario.value_at("learning_rate", history.last_step)
        loss, differential = (at(rate, rates, changes[:, k]) for k in range(2))
        return self.tr("First step: F changes by {loss:.2g}, Dh by {differential:.2g}").format(
            loss=loss, differential=differential
        )


def at(rate: float, rates: Array, values: Array) -> float:
    """The curve at `rate`, straight in log-log; beyond its ends in proportion to the rate."""
    if rate <= rates[0]:
        return float(values[0] * rate / rates[0])
    if rate >= rates[-1]:
        return float(values[-1] * rate / rates[-1])
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.exp(np.interp(np.log(rate), np.log(rates), np.log(values))))
