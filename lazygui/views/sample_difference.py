"""Network minus linearization, sample by sample, for any data."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.pens import Role
from lazygui.views.agreement import MOST
from lazygui.views.frames import frame_array
from lazygui.views.layers import Rule
from lazygui.views.markers import Dots, Stems
from lazygui.views.ranges import union
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.view import View
from lazygui.views.window import bounds

CROWDED = 200  # stems beyond which a marker on each only smears


class SampleDifference(View):
    """αh(xᵢ) − αh̄(xᵢ) as a stem per sample."""

    name = "sample_difference"
    title = QT_TRANSLATE_NOOP("views", "Difference on the samples")
    requires = frozenset({"outputs", "outputs_linearized"})

    def build(self, history: History) -> None:
        """Stems on a zero line, with heads."""
        theme = self.theme
        self.zero = Rule(pens.line(theme, QColor(theme.border), 1.2), "horizontal")
        self.stems = Stems(pens.pen(theme, Role.DIFFERENCE, 1.6))
        self.heads = Dots(QColor(theme.difference), 6.5 * theme.line_scale)
        self.plot.add(self.zero, self.stems, self.heads)

    def draw(self, history: History) -> None:
        """Hand over the newest outputs."""
        network = frame_array(history, "outputs")
        linearized = frame_array(history, "outputs_linearized")
        if network is None or linearized is None or len(network) == 0:
            return
        with np.errstate(all="ignore"):
            gaps = (network - linearized)[:MOST]
        index = np.arange(1.0, len(gaps) + 1.0)
        self.stems.set_data(index, gaps)
        self.heads.set_data(index, gaps)
        self.heads.visible = len(gaps) <= CROWDED
        y = union([bounds(gaps, log=False), (0.0, 0.0)])
        self.plot.include((0.5, len(gaps) + 0.5), y, shrink=True)

    def labels(self, history: History) -> tuple[str, str]:
        """Sample number, and the difference."""
        return self.tr("sample <i>i</i>"), "<i>αh</i> − <i>αh\u0304</i>"

    def sentence(self, history: History) -> str:
        """The largest difference."""
        gaps = np.abs(self.stems.y)
        size = float(np.fmax.reduce(gaps)) if len(gaps) else float("nan")
        return self.tr("Difference on {count} samples: at most {size:.2g} at step {step}").format(
            count=len(gaps), size=size, step=history.last_step
        )
