"""The tangent kernel on the samples: now, at the start, and at infinite width."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from lazygui.simulation.history import Array, History
from lazygui.style import fonts, pens
from lazygui.style.themes import Theme
from lazygui.views import paper
from lazygui.views.frames import frame_array
from lazygui.views.markers import Picture
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.view import View
from lazygui.views.window import LARGEST, Window

PIXELS = 384  # side of an enlarged matrix: cells stay crisp however large the view
# Left, bottom and side of the three squares; left and right of the colour bar.
LARGE, UPPER, LOWER = (0.0, 0.0, 2.0), (2.12, 1.12, 0.88), (2.12, 0.0, 0.88)
LIMIT = "m → ∞"  # where there is no room for words
STRETCH = 0.1  # of the range: what it grows by when the newest kernel leaves it
BAR = (3.1, 3.17)
BESIDE, ABOVE, SLACK = 6.0, 4.0, 2.0  # pixels: of words from their place, of words from an edge


@dataclass
class Words:
    """A line of text above a place of the plane, or to the right of it."""

    text: str
    x: float
    y: float
    font: QFont
    colour: QColor
    beside: bool = False
    visible: bool = True

    def paint(self, painter: QPainter, window: Window) -> None:
        """Write in the theme's type, never scaled with the plot."""
        px, py = window.pixels(np.array([self.x]), np.array([self.y]))
        if np.isfinite(px).all() and np.isfinite(py).all():
            ascent = QFontMetricsF(self.font).ascent()
            shift = QPointF(BESIDE, 0.4 * ascent) if self.beside else QPointF(0.0, -ABOVE)
            painter.setFont(self.font)
            painter.setPen(self.colour)
            painter.drawText(QPointF(px[0], py[0]) + shift, self.text)

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The same words."""
        if not self.text:
            return ()
        size, colour = self.font.pointSizeF(), self.colour.name()
        return (paper.Text(self.x, self.y, self.text, colour, size, self.beside),)


class KernelMatrix(View):
    """Θ_t large, Θ₀ and Θ_∞ beside it, all in the same colours."""

    name = "kernel_matrix"
    title = QT_TRANSLATE_NOOP("views", "Tangent kernel on the samples")
    requires = frozenset({"kernel", "targets"})

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        self._key: tuple[float, float, bool] | None = None
        super().__init__(theme, parent)
        self.plot.box.setAspectLocked(True)
        for axis in (self.plot.left, self.plot.bottom):
            axis.hide()
        self.plot.box.sigResized.connect(self._resized)

    def build(self, history: History) -> None:
        """Three pictures with their names."""
        theme = self.theme
        self._key = None
        self._limit = self.tr("infinite width")
        self.pictures = (Picture(), Picture(), Picture())
        self.bar = Picture()
        font, ink = fonts.font(theme, fonts.Size.SMALL), QColor(theme.ink)
        names = self.tr("now"), self.tr("start"), self._limit
        named = zip(names, (LARGE, UPPER, LOWER), strict=True)
        self.words = tuple(Words(text, s[0], s[1] + s[2], font, ink) for text, s in named)
        muted = QColor(theme.muted)
        self.numbers = tuple(
            Words("", BAR[1], LARGE[2] * share, font, muted, beside=True) for share in (0, 0.5, 1)
        )
        self.plot.add(*self.pictures, self.bar, *self.words, *self.numbers)
        self._order = sample_order(history)

    def draw(self, history: History) -> None:
        """Paint the newest kernel; the others once, or again when the colours change."""
        now, start = frame_array(history, "kernel"), self._start(history)
        if now is None or start is None or not drawable(now, start):
            return
        limit = history.facts.get("infinite_width_kernel")
        known = [matrix for matrix in (start, limit) if matrix is not None]
        low, high = self._range(now, known)
        self._show(0, now, low, high)
        if self._key != (low, high, limit is not None):
            self._key = (low, high, limit is not None)
            self._show(1, start, low, high)
            if limit is not None:
                self._show(2, limit, low, high)
            self._show_bar(low, high)
        self.words[2].visible = self.pictures[2].visible = limit is not None
        self._frame()

    @Slot()
    def _resized(self) -> None:
        if self._key is not None:
            self._frame()

    def _frame(self) -> None:
        """Show squares and bar as large as the words about them leave room for.

        The words keep their size in pixels, so that their room in units depends on the plot's.
        """
        shown, metrics = self.plot.canvas.shown(), QFontMetricsF(self.numbers[0].font)
        right = BESIDE + SLACK + max(metrics.horizontalAdvance(word.text) for word in self.numbers)
        above, below = ABOVE + metrics.ascent() + SLACK, 0.4 * metrics.ascent() + SLACK
        unit = max(
            min((shown.width - right) / BAR[1], (shown.height - above - below) / LARGE[2]), 1.0
        )
        self.plot.show_range((0.0, BAR[1] + right / unit), (-below / unit, LARGE[2] + above / unit))
        fits = metrics.horizontalAdvance(self._limit) + BESIDE < unit * (BAR[0] - LOWER[0])
        self.words[2].text = self._limit if fits else LIMIT

    @staticmethod
    def _start(history: History) -> Array | None:
        frames = history.frames
        return np.asarray(frames[0].arrays["kernel"]) if frames else None

    def _range(self, now: Array, known: list[Array]) -> tuple[float, float]:
        """The colours of start and limit, stretched in steps when the newest kernel leaves them."""
        low = min(float(matrix.min()) for matrix in known)
        high = max(float(matrix.max()) for matrix in known)
        size = max(high - low, 1e-12)
        steps_up = max(np.ceil((float(now.max()) - high) / (STRETCH * size)), 0.0)
        steps_down = max(np.ceil((low - float(now.min())) / (STRETCH * size)), 0.0)
        return low - STRETCH * size * steps_down, high + STRETCH * size * steps_up

    def _show(self, which: int, matrix: Array, low: float, high: float) -> None:
        left, bottom, side = (LARGE, UPPER, LOWER)[which]
        sorted_matrix = matrix[np.ix_(self._order, self._order)]
        shades = pens.viridis((sorted_matrix - low) / max(high - low, 1e-300))
        times = max(PIXELS // len(matrix), 1)
        # The first sample at the top left, as in a printed matrix.
        enlarged = shades[::-1].repeat(times, axis=0).repeat(times, axis=1)
        self.pictures[which].set_data(enlarged, (left, left + side), (bottom, bottom + side))

    def _show_bar(self, low: float, high: float) -> None:
        shades = pens.viridis(np.linspace(0.0, 1.0, 256))[:, None].repeat(2, axis=1)
        self.bar.set_data(shades, BAR, (0.0, LARGE[2]))
        for number, share in zip(self.numbers, (0.0, 0.5, 1.0), strict=True):
            number.text = f"{low + share * (high - low):.2g}".replace("-", "−")

    def sentence(self, history: History) -> str:
        """How far the kernel is from its start, and the start from the limit."""
        drift = float(history.latest("kernel_drift")) if "kernel_drift" in history else np.nan
        text = self.tr("Tangent kernel: {drift:.2g} from its start").format(drift=drift)
        error = history.facts.get("kernel_error")
        if error is None:
            return text
        return text + self.tr("; the start is {error:.2g} from infinite width").format(error=error)


def drawable(*matrices: Array) -> bool:
    """Whether these are numbers that colours can be computed from."""
    with np.errstate(invalid="ignore"):
        return all(bool((np.abs(matrix) < LARGEST).all()) for matrix in matrices)


def sample_order(history: History) -> np.ndarray:
    """Samples along the line or the circle; elsewhere by their targets."""
    keys = history.facts.get("sample_coordinates")
    keys = history.facts["targets"] if keys is None else keys
    return np.argsort(np.asarray(keys), kind="stable")
