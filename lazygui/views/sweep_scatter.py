"""One quantity of a sweep against another: does the small one go with the small one?"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtGui import QColor

from lazygui.simulation.history import History
from lazygui.views.sweep_colours import line_colours, scale_of
from lazygui.views.sweep_layers import ColouredDots
from lazygui.views.sweep_names import axis_symbol, metric_symbol, metric_title
from lazygui.views.sweep_pointer import Marks
from lazygui.views.sweep_runs import SweepTable, rank_correlation
from lazygui.views.sweep_view import SweepView
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.window import bounds, drawable


class SweepScatter(SweepView):
    """A dot per run, in the colour of its value on the first axis, with the rank correlation."""

    name = "sweep_scatter"
    title = QT_TRANSLATE_NOOP("views", "Sweep scatter")
    can_log = True

    @classmethod
    def suits(cls, history: History) -> bool:
        """Whether the abscissa is a quantity and not an axis."""
        if not super().suits(history):
            return False
        abscissa = getattr(history.scenario, "abscissa", "")
        return abscissa in history and abscissa not in {axis[0] for axis in history.facts["axes"]}

    def usual_log(self, history: History) -> tuple[bool, bool]:
        """As the two quantities are usually drawn."""
        return history.column(self._abscissa(history)).log, history.column(self.quantity).log

    @staticmethod
    def _abscissa(history: History) -> str:
        return str(getattr(history.scenario, "abscissa", ""))

    def listed(self) -> tuple[str, ...]:
        """The quantities told of a run, the abscissa among them."""
        history = self.history
        names = self.metrics if history is None else (self._abscissa(history), *self.metrics)
        return tuple(dict.fromkeys(names))

    def build(self, history: History) -> None:
        """The dots, their colours explained by the bar."""
        super().build(history)
        axis, colours = self.axes[0], line_colours(self.theme)
        self.scale = scale_of(axis.values, log=axis.log)
        size = 8.0 * self.theme.line_scale
        self.dots = ColouredDots(colours, size, QColor(self.theme.surface))
        self.bar.set_scale(axis_symbol(history, axis), self.scale, colours)
        self.bar.setVisible(True)
        self.correlation = math.nan
        self.plot.add(self.dots, self.selection)

    def draw_table(self, history: History, table: SweepTable) -> Marks:
        """Hand over the dots of the runs that converged to numbers."""
        x = history[self._abscissa(history)][table.rows]
        y = history[self.quantity][table.rows]
        known = ~table.diverged
        with np.errstate(all="ignore"):
            known &= np.isfinite(drawable(x, log=self.log_x) + drawable(y, log=self.log_y))
        x, y, run = x[known], y[known], table.run[known]
        colour = self.scale.indices(self.axes[0].values[table.place(self.axes[0])[known]])
        self.dots.set_data(x, y, colour)
        self.correlation = rank_correlation(x, y)
        self.plot.include(bounds(x, log=self.log_x), bounds(y, log=self.log_y))
        alone = np.zeros(len(run), dtype=np.intp)
        return Marks(x, y, run, run, alone, alone)

    def labels(self, history: History) -> tuple[str, str]:
        """The two quantities."""
        abscissa = self._abscissa(history)
        return metric_symbol(history, abscissa), metric_symbol(history, self.quantity)

    def subtitle(self, history: History) -> str:
        """The rank correlation before the number of runs."""
        text = super().subtitle(history)
        return f"{self._correlation()}; {text}" if math.isfinite(self.correlation) else text

    def _correlation(self) -> str:
        value = f"{self.correlation:.2f}".replace("-", "−")
        return self.tr("rank correlation {}").format(value)

    def sentence(self, history: History) -> str:
        """Which quantities, how they go together, how many runs."""
        x = metric_title(history, self._abscissa(history))
        y = metric_title(history, self.quantity)
        return self.tr("{y} over {x}: {text}").format(y=y, x=x, text=self.subtitle(history))
