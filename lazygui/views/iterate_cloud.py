"""The iterates of many runs of SGD on the level sets of the risk."""

from __future__ import annotations

import numpy as np

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.contrast import blend
from lazygui.style.pens import Role
from lazygui.views.frames import frame_array
from lazygui.views.legend import Entry
from lazygui.views.markers import Dots
from lazygui.views.objective_2d import Objective2D
from lazygui.views.translation import QT_TRANSLATE_NOOP

MOST = 2000  # runs shown


class IterateCloud(Objective2D):
    """A dot per run, paler than the path of run 1, over the level sets of F."""

    name = "iterate_cloud"
    title = QT_TRANSLATE_NOOP("views", "Iterates of all runs")
    requires = Objective2D.requires | {"iterates"}

    def build_path(self) -> None:
        """The path of run 1, and the cloud beneath it."""
        super().build_path()
        shade = blend(pens.colour(self.theme, Role.ITERATE), self.theme.surface, 0.55)
        self.cloud = Dots(shade, 5.0 * self.theme.line_scale)
        # A noisy path is a thicket: one thin line, no dots of its own.
        self.path.pen = pens.pen(self.theme, Role.ITERATE, 1.0)
        self.dots.visible = False

    def build(self, history: History) -> None:
        """The cloud above level sets and path, below the newest iterate."""
        super().build(history)
        layers = self.plot.canvas.layers
        layers.insert(layers.index(self.step), self.cloud)

    def draw(self, history: History) -> None:
        """Hand over the newest iterate of every run."""
        super().draw(history)
        places = frame_array(history, "iterates")
        if places is not None and places.ndim == 2 and places.shape[1] == 2:
            self.cloud.set_data(places[:MOST, 0], places[:MOST, 1])

    def legend(self, history: History) -> tuple[Entry, ...]:
        """Run 1, all runs, minimizer."""
        path, *others = super().legend(history)
        first = Entry(self.tr("run 1"), self.path.pen, path.symbol, path.colour)
        return (first, Entry(self.tr("all runs"), None, "o", self.cloud.colour), *others)

    def sentence(self, history: History) -> str:
        """How many runs there are, and how far they spread."""
        places = frame_array(history, "iterates")
        if places is None:
            return super().sentence(history)
        with np.errstate(all="ignore"):
            spread = float(np.sqrt(places.var(axis=0).sum()))
        text = self.tr("Step {step}: {count} runs, standard deviation {spread:.2g}")
        return text.format(step=history.last_step, count=len(places), spread=spread)
