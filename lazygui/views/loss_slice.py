"""Level sets of the loss on a plane of weight space, and the training path in it."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.contrast import blend
from lazygui.style.pens import Role, viridis
from lazygui.style.themes import Theme
from lazygui.views.colour_key import ColourKey
from lazygui.views.frames import frame_array
from lazygui.views.layers import EMPTY, Path
from lazygui.views.legend import Entry
from lazygui.views.level_sets import level_lines
from lazygui.views.markers import Dots, Picture
from lazygui.views.phrases import value_text
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.view import View
from lazygui.views.window import Array

LINES = 12
SHARE = 0.62  # of viridis over the surface: path and markers must stand out
DECADES = 6.0  # below the highest level; lower losses share the deepest colour


class LossSlice(View):
    """log₁₀ of the loss around the weights: through permuted copies, at random, along the path."""

    name = "loss_slice"
    title = QT_TRANSLATE_NOOP("views", "Slice of the loss")
    requires = frozenset({"slice_loss", "slice_x", "slice_y", "slice_path", "slice_axes"})

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        self._said = ("", "")
        super().__init__(theme, parent)

    def build(self, history: History) -> None:
        """Picture, level sets, the segment between the copies, path, markers."""
        theme = self.theme
        self._grid: Array | None = None
        self._said = ("", "")
        self.picture, self.key = Picture(), ColourKey(theme)
        self.contours = Path(pens.line(theme, blend(theme.ink, theme.surface, 0.42), 1.0))
        self.segment = Path(pens.dashed(pens.line(theme, QColor(theme.ink), 1.4), (4.0, 3.0)))
        self.halo = Path(pens.line(theme, QColor(theme.surface), 4.5))
        self.path = Path(pens.pen(theme, Role.ITERATE, 2.2))
        self.start = self._dots("o", 8.0, QColor(theme.surface), QColor(theme.network))
        self.copies = self._dots("t", 11.0, QColor(theme.network))
        self.middle = self._dots("s", 8.0, QColor(theme.ink))
        self.weights = self._dots("o", 12.0, QColor(theme.network))
        self.plot.add(self.picture, self.contours, self.segment, self.halo, self.path)
        self.plot.add(self.start, self.copies, self.middle, self.weights, self.key)

    def _dots(self, symbol: str, size: float, fill: QColor, edge: QColor | None = None) -> Dots:
        dots = Dots(fill, size * self.theme.line_scale, symbol)
        dots.edge = edge or QColor(self.theme.surface)
        return dots

    def draw(self, history: History) -> None:
        """Hand over the newest slice, unless it is the one that is shown."""
        arrays = [frame_array(history, f"slice_{name}") for name in ("loss", "x", "y", "path")]
        loss, x, y, course = arrays
        if loss is None or x is None or y is None or course is None or len(course) == 0:
            return
        self._place_markers(history, course)
        self._name_axes(history)
        if loss is self._grid or not increasing(x) or not increasing(y):
            return
        self._grid = loss
        self._fill(loss, x, y)
        self.key.keep_off(course, (x[0], y[0]), (x[-1], y[-1]))
        self.plot.show_range((float(x[0]), float(x[-1])), (float(y[0]), float(y[-1])))

    def _fill(self, loss: Array, x: Array, y: Array) -> None:
        heights = logarithm(loss)
        low, high = shown_heights(heights)
        marks = np.linspace(low, high, LINES + 2)[1:-1] if high > low else EMPTY
        self.contours.set_data(*level_lines(x, y, heights, marks))
        half_x, half_y = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2
        self.picture.set_data(
            shades(heights, low, high, self.theme),
            (x[0] - half_x, x[-1] + half_x),
            (y[0] - half_y, y[-1] + half_y),
        )
        self.key.set_data(shades(np.linspace(low, high, 64)[:, None], low, high, self.theme))
        self.key.ends = (f"{10.0**low:.2g}", f"{10.0**high:.2g}") if high > low else ("", "")

    def _place_markers(self, history: History, course: Array) -> None:
        for line in (self.halo, self.path):
            line.set_data(course[:, 0], course[:, 1])
        self.start.set_data(course[:1, 0], course[:1, 1])
        self.weights.set_data(course[-1:, 0], course[-1:, 1])
        marks = frame_array(history, "slice_points")
        if marks is None or not self._through_copies(history):
            return
        self.copies.set_data(marks[1:, 0], marks[1:, 1])
        self.segment.set_data(marks[:2, 0], marks[:2, 1])
        middle = 0.5 * marks[0] + 0.5 * marks[1]
        self.middle.set_data(middle[:1], middle[1:])

    @staticmethod
    def _through_copies(history: History) -> bool:
        return bool(history.facts.get("slice_plane") == "permuted")

    def _name_axes(self, history: History) -> None:
        said = self.labels(history)
        if said != self._said:
            self._said = said
            self.plot.bottom.set_label(said[0])
            self.plot.left.set_label(said[1])

    def labels(self, history: History) -> tuple[str, str]:
        """What the two directions are; of principal components, the variance explained."""
        first, second = (self.translated(text) for text in history.facts["slice_axes"])
        shares = frame_array(history, "slice_variance")
        if shares is None or not ((shares >= 0.0) & (shares <= 1.001)).all():
            return first, second
        told = self.tr("{} ({} % of variance)").format(first, _percent(shares[0]))
        return told, self.tr("{} ({} %)").format(second, _percent(shares[1]))

    def legend(self, history: History) -> tuple[Entry, ...]:
        """Weights, path, and the permuted copies where they are in the plane."""
        blue, ink = QColor(self.theme.network), QColor(self.theme.ink)
        entries = [
            Entry(self.tr("weights <i>w</i>"), symbol="o", colour=blue),
            Entry(self.tr("path"), self.path.pen),
        ]
        if self._through_copies(history):
            entries.append(Entry(self.tr("permuted copies"), symbol="t", colour=blue))
            entries.append(Entry(self.tr("midpoint"), symbol="s", colour=ink))
        return tuple(entries)

    def sentence(self, history: History) -> str:
        """The lowest and the highest loss of the slice, and the barrier."""
        loss = frame_array(history, "slice_loss")
        finite = EMPTY if loss is None else loss[np.isfinite(loss)]
        if finite.size == 0:
            return self.tr("Slice of the loss at step {}: nothing finite").format(history.last_step)
        return self.tr("Loss from {low} to {high} on the slice at step {step}").format(
            low=value_text(float(finite.min())),
            high=value_text(float(finite.max())),
            step=history.last_step,
        )


def increasing(values: Array) -> bool:
    """Whether these are coordinates of a grid that can be drawn."""
    if len(values) < 2 or not (np.abs(values) < 1e100).all():
        return False
    return bool((np.diff(values) > 0.0).all())


def _percent(share: float) -> str:
    return f"{100 * share:.1f}" if share < 0.9995 else f"{100 * share:.3f}"


def logarithm(loss: Array) -> Array:
    """log₁₀ of losses; NaN for what has none. A loss of 0 counts as the smallest number."""
    with np.errstate(all="ignore"):
        heights = np.log10(np.maximum(np.where(loss >= 0.0, loss, np.nan), 1e-300))
    return np.where(np.isfinite(heights), heights, np.nan)


def shown_heights(heights: Array) -> tuple[float, float]:
    """The lowest and the highest level that get a colour of their own; (0, 0) without any."""
    finite = heights[np.isfinite(heights)]
    if finite.size == 0:
        return 0.0, 0.0
    # A steep corner would otherwise take most of the colours.
    high = float(np.quantile(finite, 0.99))
    return max(float(finite.min()), high - DECADES), high


def shades(heights: Array, low: float, high: float, theme: Theme) -> Array:
    """Colours (rows, columns, 4): low is deep, high is pale; what has no height is the surface."""
    surface = np.array(QColor(theme.surface).getRgbF())
    with np.errstate(all="ignore"):
        place = np.clip((heights - low) / (high - low), 0.0, 1.0) if high > low else heights * 0.0
    share = np.where(np.isfinite(place), SHARE, 0.0)[..., None]
    return share * viridis(0.1 + 0.85 * place) + (1.0 - share) * surface
