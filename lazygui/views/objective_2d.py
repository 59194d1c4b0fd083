"""Level sets of an objective of two variables, and gradient descent across them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.contrast import blend
from lazygui.style.themes import Theme
from lazygui.views.layers import Path
from lazygui.views.legend import Entry
from lazygui.views.level_sets import level_lines, levels, shades
from lazygui.views.markers import Picture
from lazygui.views.objective_view import ObjectiveView
from lazygui.views.ranges import Span, grown
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.window import Array, bounds

GRID = 161
LEVELS = 14
ARROW = 46.0  # pixels; the gradient's length varies over many decades, its direction is the point


class Objective2D(ObjectiveView):
    """Level sets over a pale picture of F, the path, and −∇F at the newest iterate.

    The level set through that iterate is drawn too: −∇F crosses it at a right angle.
    """

    name = "objective_2d"
    title = QT_TRANSLATE_NOOP("views", "Objective")
    dimension = 2

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.plot.box.setAspectLocked(True)
        self._mapped: tuple[Span, Span] | None = None
        self._landscape: tuple[Array, Array, Array] | None = None
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(60)
        self._wait.timeout.connect(self._map)
        self.plot.box.sigRangeChanged.connect(self._range_moved)

    def build(self, history: History) -> None:
        """Picture and level sets below the path."""
        self.build_path()
        self._mapped = self._landscape = None
        self.picture = Picture()
        line = blend(self.theme.ink, self.theme.surface, 0.34)
        self.contours = Path(pens.line(self.theme, line, 1.0))
        # One of the level sets, only bolder: a colour of its own would have to mean something.
        bold = blend(self.theme.ink, self.theme.surface, 0.8)
        self.level = Path(pens.line(self.theme, bold, 1.8))
        self.plot.add(self.picture, self.contours, self.level)
        self.plot.add(self.previous, self.path, self.dots)
        self.plot.add(self.step, self.current, self.minimizer)
        objective = history.facts["objective"]
        if objective.minimizer is not None:
            self.minimizer.set_data(objective.minimizer[:1], objective.minimizer[1:2])
        if self.ghost is not None and len(self.ghost):
            iterates, _ = self.path_points(self.ghost)
            self.previous.set_data(iterates[:, 0], iterates[:, 1])

    def _range_moved(self) -> None:
        if self.history is not None and not self._wait.isActive():
            self._wait.start()

    def _map(self) -> None:
        """Compute the landscape over what is shown."""
        history = self.history
        window = self.plot.canvas.shown()
        if history is None or self._mapped == (window.x, window.y):
            return
        self._mapped = (window.x, window.y)
        x, y = np.linspace(*window.x, GRID), np.linspace(*window.y, GRID)
        with np.errstate(all="ignore"):
            points = np.stack(np.meshgrid(x, y), axis=-1)
            heights = np.asarray(history.facts["objective"].value(points), dtype=float)
        heights = np.where(np.abs(heights) <= 1e150, heights, np.nan)
        self._fill(history, x, y, heights)
        self.plot.canvas.update()

    def _fill(self, history: History, x: Array, y: Array, heights: Array) -> None:
        self._landscape = (x, y, heights)
        self._draw_level(history)
        marks = levels(heights, history.facts["objective"].minimum, LEVELS)
        self.contours.set_data(*level_lines(x, y, heights, marks))
        image = shades(heights, marks, self.theme)
        half_x, half_y = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2
        self.picture.set_data(
            image, (x[0] - half_x, x[-1] + half_x), (y[0] - half_y, y[-1] + half_y)
        )

    def draw(self, history: History) -> None:
        """Hand over the path and the direction of the next step."""
        iterates, _ = self.path_points(history)
        self.path.set_data(iterates[:, 0], iterates[:, 1])
        self.dots.set_data(iterates[:, 0], iterates[:, 1])
        self._make_room(history)
        # In a window that has just opened, the plot has no size yet to show a landscape in.
        if self._mapped is None and (self.plot.canvas.has_size() or not self.isVisible()):
            self._map()
        self._draw_level(history)
        self._draw_step(history)
        if self.start is not None:
            self.start.set_place(float(iterates[0, 0]), float(iterates[0, 1]))

    def _draw_level(self, history: History) -> None:
        """The level set through the newest iterate."""
        here = float(history.latest("loss"))
        if self._landscape is None or not np.isfinite(here):
            self.level.set_data(np.empty(0), np.empty(0))
            return
        self.level.set_data(*level_lines(*self._landscape, np.array([here])))

    def _draw_step(self, history: History) -> None:
        point, slope, _ = self.newest(history)
        self.current.set_data(point[:1], point[1:2])
        size = float(np.hypot(*slope)) if np.isfinite(slope).all() else 0.0
        window = self.plot.canvas.shown()
        self.step.visible = size > 0.0 and bool(np.isfinite(point).all())
        if self.step.visible:
            length = ARROW * (window.x[1] - window.x[0]) / window.width
            self.step.set_data(point[None], (point - length * (slope / size))[None])

    def _make_room(self, history: History) -> None:
        spans = []
        for axis, values in ((0, self.path.x), (1, self.path.y)):
            home = self.home(history, axis)
            room = 1.5 * (home[1] - home[0])
            path = bounds(values, log=False) or home
            path = (max(path[0], home[0] - room), min(path[1], home[1] + room))
            spans.append(grown(home, *path, 0.1))
        if tuple(spans) != getattr(self, "_shown", None) or self._mapped is None:
            self._shown = (spans[0], spans[1])
            self.plot.show_range(*self._shown)

    def labels(self, history: History) -> tuple[str, str]:
        """The two weights."""
        return "<i>w</i><sub>1</sub>", "<i>w</i><sub>2</sub>"

    def legend(self, history: History) -> tuple[Entry, ...]:
        """The level set that the arrow crosses, after the arrow."""
        entries = super().legend(history)
        level = Entry(self.tr("level set through <i>w<sub>k</sub></i>"), self.level.pen)
        return (*entries[:2], level, *entries[2:])

    def step_name(self) -> str:
        """Only the direction: the length is fixed."""
        return "−∇<i>F</i>(<i>w<sub>k</sub></i>)"
