"""Network minus linearization, over the line or the circle the data live on."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.contrast import blend
from lazygui.style.pens import Role
from lazygui.views.frames import frame_array
from lazygui.views.layers import Band, Rule, Trace
from lazygui.views.outputs import largest_difference
from lazygui.views.ranges import union
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.view import View
from lazygui.views.window import bounds


class Difference(View):
    """αh(w, ·) − αh̄(w̄, ·), with the zero line."""

    name = "difference"
    title = QT_TRANSLATE_NOOP("views", "Network minus linearization")
    requires = frozenset({"grid", "grid_outputs", "grid_outputs_linearized"})

    def build(self, history: History) -> None:
        """A pale band below the curve shows its sign at a glance."""
        theme = self.theme
        self.zero = Rule(pens.line(theme, QColor(theme.border), 1.2), "horizontal")
        self.band = Band(blend(theme.difference, theme.surface, 0.13))
        self.curve = Trace(pens.pen(theme, Role.DIFFERENCE))
        self.plot.add(self.band, self.zero, self.curve)

    def draw(self, history: History) -> None:
        """Hand over the newest frame."""
        grid = np.asarray(history.facts["grid"], dtype=float)
        network = frame_array(history, "grid_outputs")
        linearized = frame_array(history, "grid_outputs_linearized")
        if network is None or linearized is None:
            return
        with np.errstate(all="ignore"):
            gap = network - linearized
        self.curve.set_data(grid, gap)
        self.band.set_data(grid, gap)
        y = union([bounds(self.curve.y, log=False), (0.0, 0.0)])
        self.plot.include(bounds(grid, log=False), y, shrink=True)

    def labels(self, history: History) -> tuple[str, str]:
        """The grid's own name, and the difference."""
        label = history.facts.get("grid_label", "x")
        return f"<i>{label}</i>", "<i>αh</i> − <i>αh\u0304</i>"

    def sentence(self, history: History) -> str:
        """The largest difference."""
        return self.tr("Network minus linearization: at most {size:.2g} at step {step}").format(
            size=largest_difference(history), step=history.last_step
        )
