"""One curve of a sweep: its dots, band, straight fit, theory and ghost."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from lazygui.numerics.fits import Fit
from lazygui.style import pens
from lazygui.style.contrast import blend
from lazygui.style.pens import Role
from lazygui.style.themes import Theme
from lazygui.views.layers import Trace
from lazygui.views.markers import Dots
from lazygui.views.ranges import Span
from lazygui.views.sweep_fits import fit_line, line_through
from lazygui.views.sweep_layers import SpreadBand
from lazygui.views.sweep_runs import Groups, grouped
from lazygui.views.window import Array, bounds

SYMBOLS = ("o", "s", "t", "star")
DASHES: tuple[tuple[float, ...], ...] = ((), (7.0, 2.5), (2.5, 1.8), (10.0, 2.5, 2.5, 2.5))
NOTHING = np.empty(0)


class Curve:
    """The layers of one quantity, or of one value of the second axis, and what is known of it.

    `place` is the number of that value; None where the curve stands for a quantity. `number`
    chooses marker and dashes, so that no curve is told by its colour alone. From the abscissa
    `lower` on its power of theory holds.
    """

    def __init__(
        self, theme: Theme, metric: str, place: int | None, colour: QColor, number: int
    ) -> None:
        self.metric, self.place, self.colour = metric, place, colour
        self.symbol = SYMBOLS[number % len(SYMBOLS)]
        self.pen = pens.dashed(pens.line(theme, colour, 1.8), DASHES[number % len(DASHES)])
        self.line = Trace(self.pen)
        self.dots = Dots(colour, 8.0 * theme.line_scale, self.symbol)
        self.dots.edge = QColor(theme.surface)
        faint = QColor(colour)
        faint.setAlphaF(0.24 if theme.dark else 0.16)
        self.band = SpreadBand(faint)
        self.fit_line = Trace(pens.line(theme, colour, 0.9))
        self.theory_line = Trace(pens.pen(theme, Role.THEORY, 1.5))
        pale = blend(colour, theme.surface, theme.ghost_share)
        self.ghost = Trace(pens.dashed(pens.line(theme, pale, 1.6), pens.DOTTED))
        self.theory: float | None = None
        self.lower = 0.0
        self.fit: Fit | None = None
        self.groups = grouped(NOTHING, np.empty(0, dtype=np.intp), log=False)

    def show(self, x: Array, groups: Groups) -> None:
        """Show means and bands at these abscissas."""
        self.groups = groups
        self.line.set_data(x, groups.mean)
        self.dots.set_data(x, groups.mean)
        self.band.visible = bool((groups.count > 1).any())
        self.band.set_data(x, groups.low, groups.high)

    def show_slopes(self, fit: Fit | None, *, theory: bool) -> None:
        """Show the straight fit and the line of theory's slope, both from `lower` on."""
        x, y, slope = self.dots.x, self.dots.y, self.theory if theory else None
        self.fit = fit
        self.fit_line.set_data(*fit_line(fit, x, self.lower))
        self.theory_line.set_data(*line_through(x, y, slope, self.lower))

    def spans(self, *, log_x: bool, log_y: bool) -> list[Span | None]:
        """The ranges of y that band and ghost want."""
        return [
            bounds(self.groups.low, log=log_y),
            bounds(self.groups.high, log=log_y),
            self.ghost.bounds(log_x=log_x, log_y=log_y)[1],
        ]
