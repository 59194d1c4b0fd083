"""The eigenvalues of the tangent kernel over time."""

from __future__ import annotations

import numpy as np

from lazygui.simulation.history import Array, History
from lazygui.style import pens
from lazygui.style.pens import Role
from lazygui.views.layers import Rule, Trace
from lazygui.views.legend import Entry
from lazygui.views.ranges import union
from lazygui.views.series_view import SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP

SHOWN = 12
FLOOR = 1e-10  # relative to the largest one; below that is rounding


class KernelSpectrum(SeriesView):
    """λᵢ(Θ_t/n), the largest in the darkest colour, and the level 2/η that λ₁ must not pass."""

    name = "kernel_spectrum"
    title = QT_TRANSLATE_NOOP("views", "Spectrum of the tangent kernel")
    requires = frozenset({"kernel_eigenvalues"})
    y_label = "<i>λ<sub>i</sub></i>(Θ/<i>n</i>)"
    start_log = (True, True)
    start_abscissa = "time"

    def build(self, history: History) -> None:
        """A line per eigenvalue; the level of stability on top."""
        count = min(history.column("kernel_eigenvalues").shape[0], SHOWN)
        self.colours = pens.sequence(self.theme, count)
        self.ghosts = {}
        self.traces = {
            str(k): Trace(pens.line(self.theme, self.colours[k], 1.8)) for k in range(count)
        }
        self.level = Rule(pens.pen(self.theme, Role.THEORY, 1.6), "horizontal", np.nan)
        self.plot.add(*reversed(self.traces.values()), self.level)

    def draw(self, history: History) -> None:
        """Hand over the eigenvalues that are more than rounding."""
        x, values = history[self.abscissa], shown_eigenvalues(history)
        for k, trace in enumerate(self.traces.values()):
            trace.set_data(x, values[:, k])
        self.level.value = 2.0 / history.scenario.value_at("learning_rate", history.last_step)
        self.make_room()

    def make_room(self) -> None:
        """Include the level where it is near: far above, it would press the rest together."""
        spans = [t.bounds(log_x=self.log_x, log_y=self.log_y) for t in self.traces.values()]
        x, y = (union([span[i] for span in spans]) for i in range(2))
        if y is not None:
            level = float(np.log10(self.level.value)) if self.log_y else self.level.value
            near = y[1] + (1.0 if self.log_y else y[1] - y[0])
            y = (min(y[0], level), max(y[1], level)) if y[0] < level < near else y
        self.plot.include(x, y)

    def legend(self, history: History) -> tuple[Entry, ...]:
        """The first and the last eigenvalue, and the level."""
        ends = sorted({0, len(self.colours) - 1})
        entries = [Entry(f"<i>λ</i><sub>{k + 1}</sub>", self.traces[str(k)].pen) for k in ends]
        return (
            *entries,
            Entry(self.tr("2/<i>η</i>, limit for <i>λ</i><sub>1</sub>"), self.level.pen),
        )

    def sentence(self, history: History) -> str:
        """The largest eigenvalue now and at the start."""
        values = history["kernel_eigenvalues"][:, 0]
        return self.tr("Largest eigenvalue {now:.3g}, {start:.3g} at the start").format(
            now=float(values[-1]), start=float(values[0])
        )


def shown_eigenvalues(history: History) -> Array:
    """The recorded eigenvalues, NaN where only rounding is left of them."""
    values = history["kernel_eigenvalues"]
    return np.where(values > FLOOR * values[:, :1], values, np.nan)
