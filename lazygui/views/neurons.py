"""The hidden neurons in the plane of their inputs (Chizat, Oyallon, Bach 2019, figure 1)."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from lazygui.simulation.history import Frame, History
from lazygui.style import pens
from lazygui.style.contrast import blend
from lazygui.style.themes import Theme
from lazygui.views.frames import frame_array
from lazygui.views.layers import Path, Rule
from lazygui.views.legend import Entry
from lazygui.views.markers import Arrows, Dots
from lazygui.views.ranges import Span, grown, padded
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.view import View
from lazygui.views.window import LARGEST, Array

TRAILS = 250  # neurons with a trail
FRAMES = 24  # checkpoints per trail
MOST = 2000  # neurons shown
FRAMED = 0.95  # share of the neurons that the range has room for


class Neurons(View):
    """|c_j| a_j by the sign of c_j, and where they came from; lazy neurons stay put."""

    name = "neurons"
    title = QT_TRANSLATE_NOOP("views", "Neurons")
    requires = frozenset({"neurons", "neuron_outputs"})

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.plot.box.setAspectLocked(True)

    def build(self, history: History) -> None:
        """Unit circle, trails, neurons, and the teacher's arrows on top."""
        theme = self.theme
        self._reach: Span = (0.0, 0.0)
        self._trail_key: tuple[int, int] = (-1, -1)
        positive, negative = self._colours()
        axis = pens.line(theme, QColor(theme.border), 1.0)
        self.axes = (Rule(axis, "horizontal"), Rule(axis, "vertical"))
        self.circle = Path(pens.dashed(pens.line(theme, QColor(theme.theory), 1.2), (1.5, 3.0)))
        angle = np.linspace(0.0, 2 * np.pi, 129)
        self.circle.set_data(np.cos(angle), np.sin(angle))
        self.trails = tuple(
            Path(pens.line(theme, blend(shade, theme.surface, 0.5), 1.3))
            for shade in (positive, negative)
        )
        self.positive = Dots(positive, 8.0 * theme.line_scale)
        self.negative = Dots(negative, 8.0 * theme.line_scale, "t")
        for dots in (self.positive, self.negative):
            dots.edge = QColor(theme.surface)
        self.teachers = self._teachers(history)
        self.plot.add(*self.axes, self.circle, *self.trails)
        self.plot.add(self.negative, self.positive, *self.teachers)

    def _colours(self) -> tuple[QColor, QColor]:
        """Of c > 0 and c < 0: the theme's warm and cold hue, apart in lightness and shape too."""
        return QColor(self.theme.linearization), QColor(self.theme.network)

    def _teachers(self, history: History) -> tuple[Arrows, ...]:
        """In ink, which no neuron has: full arrows for sign +1, dashed ones for −1."""
        rows = np.asarray(history.facts.get("teacher_rows", np.empty((0, 2))), dtype=float)
        if rows.ndim != 2 or rows.shape[1] < 2 or len(rows) == 0:
            return ()
        signs = np.asarray(history.facts.get("teacher_signs", np.ones(len(rows))), dtype=float)
        full = pens.line(self.theme, QColor(self.theme.ink), 2.0)
        dashed = pens.dashed(pens.line(self.theme, QColor(self.theme.ink), 2.0), (3.0, 2.0))
        arrows = []
        for chosen, pen in ((signs >= 0, full), (signs < 0, dashed)):
            arrow = Arrows(pen, head=11.0)
            tips = rows[chosen, :2]
            arrow.set_data(np.zeros_like(tips), tips)
            arrows.append(arrow)
        return tuple(arrows)

    def draw(self, history: History) -> None:
        """Hand over the newest frame, and the trails when a checkpoint came."""
        places, signs = frame_array(history, "neurons"), frame_array(history, "neuron_outputs")
        if places is None or signs is None or places.ndim != 2 or places.shape[1] < 2:
            return
        places, signs = places[:MOST], signs[:MOST]
        self._draw_trails(history)
        for dots, chosen in ((self.positive, signs >= 0), (self.negative, signs < 0)):
            dots.set_data(places[chosen, 0], places[chosen, 1])
        self._make_room(places)

    def _draw_trails(self, history: History) -> None:
        """A trail in the colour of the sign that its neuron has now, at the end the final one."""
        frames = [frame for frame in history.frames if "neurons" in frame.arrays]
        key = (len(frames), frames[-1].step if frames else -1)
        if key == self._trail_key or len(frames) < 2:
            return
        self._trail_key = key
        signs = np.asarray(frames[-1].arrays["neuron_outputs"])
        for path, chosen in zip(self.trails, (signs >= 0, signs < 0), strict=True):
            path.set_data(*trails(frames, np.flatnonzero(chosen[:TRAILS])))

    def _make_room(self, places: Array) -> None:
        sizes = np.abs(places[:, :2]).max(axis=1, initial=0.0)
        sizes = sizes[sizes <= LARGEST]
        # A neuron that runs away leaves the picture instead of shrinking the others to a dot.
        most = float(np.quantile(sizes, FRAMED, method="higher")) if sizes.size else 1.0
        reach = min(most, 20.0 * max(float(np.median(sizes)), 1.0)) if sizes.size else 1.0
        reach = max(reach, 1.0)
        shown = self._reach if self._reach[1] > 0.0 else padded(-1.06 * reach, 1.06 * reach, 0.0)
        self._reach = grown(shown, -reach, reach, 0.1)
        self.plot.show_range(self._reach, self._reach)

    def legend(self, history: History) -> tuple[Entry, ...]:
        """Signs, trail, teacher."""
        positive, negative = self._colours()
        entries = [
            Entry("<i>c<sub>j</sub></i> &gt; 0", symbol="o", colour=positive),
            Entry("<i>c<sub>j</sub></i> &lt; 0", symbol="t", colour=negative),
            Entry(self.tr("path"), self.trails[0].pen),
            Entry(self.tr("unit circle"), self.circle.pen),
        ]
        if self.teachers:
            entries.append(Entry(self.tr("teacher, + and −"), self.teachers[0].pen))
        return tuple(entries)

    def labels(self, history: History) -> tuple[str, str]:
        """The first two input weights."""
        return (
            "<i>a</i><sub><i>j</i>,1</sub>|<i>c<sub>j</sub></i>|",
            "<i>a</i><sub><i>j</i>,2</sub>|<i>c<sub>j</sub></i>|",
        )

    def sentence(self, history: History) -> str:
        """How far the neuron that moved most has moved."""
        first = history.frames[0].arrays.get("neurons") if history.frames else None
        now = frame_array(history, "neurons")
        if first is None or now is None or np.shape(first) != now.shape:
            return self.tr("Neurons in the plane of their inputs")
        with np.errstate(all="ignore"):
            moved = float(np.fmax.reduce(np.linalg.norm(now - first, axis=1)))
        return self.tr("{count} neurons; the one that moved most moved by {size:.2g}").format(
            count=len(now), size=moved
        )


def trails(frames: list[Frame], neurons: np.ndarray) -> tuple[Array, Array, np.ndarray]:
    """The trails of these neurons as one polyline: x, y, whether a point is joined to the next."""
    chosen = sorted({*np.linspace(0, len(frames) - 1, FRAMES).round().astype(int).tolist()})
    shape = np.shape(frames[0].arrays["neurons"])
    stack = [
        np.asarray(frames[k].arrays["neurons"])[neurons, :2]
        for k in chosen
        if np.shape(frames[k].arrays["neurons"]) == shape
    ]
    points = np.stack(stack, axis=1)
    connect = np.ones(points.shape[:2], dtype=bool)
    connect[:, -1] = False
    return points[..., 0].ravel(), points[..., 1].ravel(), connect.ravel()
