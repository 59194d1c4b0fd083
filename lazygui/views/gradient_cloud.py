"""The gradients of all samples around their mean (slide "SGD")."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.contrast import blend
from lazygui.style.pens import Role
from lazygui.style.themes import Theme
from lazygui.views.frames import frame_array
from lazygui.views.layers import Rule
from lazygui.views.legend import Entry
from lazygui.views.markers import Arrows, Dots
from lazygui.views.ranges import Span, padded
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.view import View
from lazygui.views.window import LARGEST, Array

ROOM = 1.5  # how far the range may be too wide before it follows a shrinking cloud


class GradientCloud(View):
    """What g_t may be at run 1's iterate: one dot per sample, their mean, and the arrow ∇F."""

    name = "gradient_cloud"
    title = QT_TRANSLATE_NOOP("views", "Gradients of the samples")
    requires = frozenset({"sample_gradients", "objective", "iterate"})

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.plot.box.setAspectLocked(True)

    def build(self, history: History) -> None:
        """Axes, dots, their mean, and the gradient on top."""
        theme = self.theme
        self._reach = 0.0
        axis = pens.line(theme, QColor(theme.border), 1.0)
        self.axes = (Rule(axis, "horizontal"), Rule(axis, "vertical"))
        data = pens.colour(theme, Role.DATA)
        self.samples = Dots(blend(data, theme.surface, 0.7), 6.0 * theme.line_scale)
        self.samples.edge = QColor(theme.surface)
        self.mean = Dots(data, 11.0 * theme.line_scale, "s")
        self.mean.edge = QColor(theme.surface)
        self.gradient = Arrows(pens.pen(theme, Role.GRADIENT, 2.2))
        # An arrow's shaft is solid: dashes on a short one look like dots.
        self.gradient.pen.setStyle(axis.style())
        self.plot.add(*self.axes, self.samples, self.mean, self.gradient)

    def draw(self, history: History) -> None:
        """Hand over the cloud at the newest iterate."""
        cloud = frame_array(history, "sample_gradients")
        if cloud is None or cloud.ndim != 2 or cloud.shape[1] != 2:
            return
        with np.errstate(all="ignore"):
            mean, gradient = cloud.mean(axis=0), self._gradient(history)
        self.samples.set_data(cloud[:, 0], cloud[:, 1])
        self.mean.set_data(mean[:1], mean[1:])
        self.gradient.set_data(np.zeros((1, 2)), gradient[None])
        self._make_room(np.vstack([cloud, gradient[None]]))

    def _gradient(self, history: History) -> Array:
        point = np.ravel(np.asarray(history.latest("iterate"), dtype=float))
        return np.asarray(history.facts["objective"].gradient(point), dtype=float)

    def _make_room(self, points: Array) -> None:
        sizes = np.abs(points)
        sizes = sizes[sizes <= LARGEST]
        reach = float(sizes.max()) if sizes.size else 1.0
        if not reach <= self._reach <= ROOM * reach:
            self._reach = 1.15 * reach if reach > 0.0 else 1.0
            span: Span = padded(-self._reach, self._reach, 0.02)
            self.plot.show_range(span, span)

    def legend(self, history: History) -> tuple[Entry, ...]:
        """One sample, the mean, the gradient."""
        return (
            Entry("∇<i>ℓ<sub>i</sub></i>(<i>w<sub>k</sub></i>)", None, "o", self.samples.colour),
            Entry(self.tr("their mean, E <i>g<sub>k</sub></i>"), None, "s", self.mean.colour),
            Entry("∇<i>F</i>(<i>w<sub>k</sub></i>)", self.gradient.pen),
        )

    def labels(self, history: History) -> tuple[str, str]:
        """The two components of a gradient."""
        return "∂/∂<i>w</i><sub>1</sub>", "∂/∂<i>w</i><sub>2</sub>"

    def sentence(self, history: History) -> str:
        """How far the mean of the cloud is from the gradient, and how wide the cloud is."""
        cloud = frame_array(history, "sample_gradients")
        if cloud is None:
            return self.translated(self.title) + ": 0"
        with np.errstate(all="ignore"):
            off = float(np.linalg.norm(cloud.mean(axis=0) - self._gradient(history)))
            width = float(np.sqrt(cloud.var(axis=0).sum()))
        text = self.tr(
            "{count} gradients, standard deviation {width:.2g}; "
            "their mean is within {off:.1g} of the gradient of F"
        )
        return text.format(count=len(cloud), width=width, off=off)
