"""Do network and linearization say the same about each sample?"""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.pens import Role
from lazygui.views.frames import frame_array
from lazygui.views.layers import Rule
from lazygui.views.legend import Entry
from lazygui.views.markers import Dots
from lazygui.views.outputs import ROOM, limited
from lazygui.views.ranges import union
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.view import View
from lazygui.views.window import bounds

MOST = 2000  # markers; more can't be told apart and cost a frame


class Agreement(View):
    """αh(xᵢ) against αh̄(xᵢ): on the diagonal training is lazy. Targets lie on the diagonal."""

    name = "agreement"
    title = QT_TRANSLATE_NOOP("views", "Agreement on the samples")
    requires = frozenset({"outputs", "outputs_linearized", "targets"})

    def build(self, history: History) -> None:
        """The diagonal, the targets on it, and the samples."""
        theme = self.theme
        self.diagonal = Rule(pens.pen(theme, Role.THEORY), "diagonal")
        self.targets = Dots(QColor(theme.data), 4.5 * theme.line_scale)
        y = np.asarray(history.facts["targets"], dtype=float)[: self._most(history)]
        self.targets.set_data(y, y)
        self.samples = Dots(QColor(theme.network), 8.0 * theme.line_scale)
        self.samples.edge = QColor(theme.surface)
        self.plot.add(self.diagonal, self.samples, self.targets)

    @staticmethod
    def _most(history: History) -> int:
        return min(len(np.ravel(history.facts["targets"])), MOST)

    def draw(self, history: History) -> None:
        """Hand over the newest outputs; both axes share one range."""
        network = frame_array(history, "outputs")
        linearized = frame_array(history, "outputs_linearized")
        if network is None or linearized is None:
            return
        most = self._most(history)
        self.samples.set_data(linearized[:most], network[:most])
        data = bounds(self.targets.y, log=False)
        spans = [bounds(values, log=False) for values in (self.samples.x, self.samples.y)]
        shared = limited(union([data, *spans]), data, ROOM)
        self.plot.include(shared, shared, shrink=True)

    def legend(self, history: History) -> tuple[Entry, ...]:
        """Samples, targets and the diagonal."""
        theme = self.theme
        return (
            Entry(self.tr("samples"), symbol="o", colour=QColor(theme.network)),
            Entry(self.tr("targets"), symbol="o", colour=QColor(theme.data)),
            Entry(self.tr("equal"), self.diagonal.pen),
        )

    def labels(self, history: History) -> tuple[str, str]:
        """Linearization across, network upwards."""
        return (
            self.tr("linearization <i>αh\u0304</i>(<i>x<sub>i</sub></i>)"),
            self.tr("network <i>αh</i>(<i>x<sub>i</sub></i>)"),
        )

    def sentence(self, history: History) -> str:
        """The largest difference over the samples."""
        with np.errstate(all="ignore"):
            gaps = np.abs(self.samples.x - self.samples.y)
        size = float(np.fmax.reduce(gaps)) if len(gaps) else float("nan")
        return self.tr("Agreement on {count} samples: within {size:.2g} at step {step}").format(
            count=len(gaps), size=size, step=history.last_step
        )
