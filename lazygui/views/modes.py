"""Each eigenmode of least squares decays on its own (slide "Gradient descent, eigenbasis")."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.views.layers import Trace
from lazygui.views.legend import Entry
from lazygui.views.markers import Beads
from lazygui.views.ranges import union
from lazygui.views.series_view import SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP

SHOWN = 8


class Modes(SeriesView):
    """|uᵢ·(w_t − w_∞)| relative to its start, measured (dots) and (1 − ηλᵢ)^t (lines)."""

    name = "modes"
    title = QT_TRANSLATE_NOOP("views", "Decay of the modes")
    requires = frozenset({"modes", "modes_predicted", "eigenvalues"})
    y_label = "|<i>u<sub>i</sub></i> · (<i>w<sub>k</sub></i> − <i>w</i><sub>∞</sub>)|"
    # Relative to the start; below that is rounding, which no prediction covers.
    lowest = -17.0

    def build(self, history: History) -> None:
        """A line and a row of dots per chosen mode, the fastest in the darkest colour."""
        values = np.asarray(history.facts["eigenvalues"], dtype=float)
        columns = history.column("modes").shape[0]
        self.chosen = chosen_modes(min(len(values), columns))
        self.colours = pens.sequence(self.theme, len(self.chosen))
        self.predicted, self.measured = [], []
        for shade in self.colours:
            line = pens.line(self.theme, shade, 1.4)
            self.predicted.append(Trace(pens.dashed(line, (6.0, 2.5, 1.0, 2.5))))
            self.measured.append(Beads(shade, 6.0 * self.theme.line_scale))
        self.plot.add(*self.predicted, *self.measured)

    def draw(self, history: History) -> None:
        """Hand over the columns of the chosen modes."""
        x, measured = history[self.abscissa], history["modes"]
        predicted = history["modes_predicted"]
        for k, mode in enumerate(self.chosen):
            self.predicted[k].set_data(x, predicted[:, mode])
            self.measured[k].set_data(x, measured[:, mode])
        self.make_room()

    def make_room(self) -> None:
        """Let the ranges include the measured values; predictions go on to 10⁻³⁰⁰."""
        spans = [t.bounds(log_x=self.log_x, log_y=self.log_y) for t in self.predicted]
        y = union([span[1] for span in spans])
        if y is not None and self.log_y:
            y = (max(y[0], self.lowest), max(y[1], self.lowest))
        self.plot.include(union([span[0] for span in spans]), y)

    def legend(self, history: History) -> tuple[Entry, ...]:
        """What dots and lines are, and the colours of the first and the last mode."""
        ink = QColor(self.theme.muted)
        line = pens.dashed(pens.line(self.theme, ink, 1.4), (6.0, 2.5, 1.0, 2.5))
        entries = [
            Entry(self.tr("measured"), symbol="o", colour=ink),
            Entry(self.tr("(1 − <i>ηλ<sub>i</sub></i>)<sup><i>k</i></sup>"), line),
        ]
        values = history.facts["eigenvalues"]
        ends = sorted({0, len(self.chosen) - 1} if len(self.chosen) else set())
        for k in ends:
            text = f"<i>λ</i><sub>{self.chosen[k] + 1}</sub> = {float(values[self.chosen[k]]):.3g}"
            entries.append(Entry(text, symbol="o", colour=self.colours[k]))
        return tuple(entries)

    def sentence(self, history: History) -> str:
        """How many modes there are, and the slowest one's size."""
        newest = np.asarray(history.latest("modes"))
        slowest = float(np.nanmax(newest)) if np.isfinite(newest).any() else float("nan")
        return self.tr("{count} modes; the largest is at {value:.2g} of its start").format(
            count=len(newest), value=slowest
        )


def chosen_modes(count: int) -> list[int]:
    """At most eight indices, evenly spread, the first and the last among them."""
    places = np.linspace(0, max(count - 1, 0), min(count, SHOWN)).round().astype(int)
    return sorted({int(place) for place in places})
