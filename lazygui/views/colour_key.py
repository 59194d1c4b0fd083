"""What the colours of a picture mean: a strip with the values at its ends, in a corner."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from lazygui.style import fonts
from lazygui.style.contrast import blend
from lazygui.style.themes import Theme
from lazygui.views import paper
from lazygui.views.colour_strip import paint_strip
from lazygui.views.window import Array, Window

STRIP = (8.0, 70.0)
CORNERS = ((1, 1), (0, 1), (1, 0), (0, 0))  # right and top as 1; the first one is the usual one
MARGIN = 8.0
USUAL = (0.3, 0.5)  # shares of a plot's width and height that a key takes at most
SMALLEST = 150.0  # pixels of the plot below which there is no room for a key


class ColourKey:
    """A vertical strip in a corner; `ends` are the texts of its lowest and highest value."""

    def __init__(self, theme: Theme) -> None:
        self.visible = True
        self.ends = ("", "")
        self._font = fonts.font(theme, fonts.Size.SMALL)
        self._ink, self._edge = QColor(theme.ink), blend(theme.ink, theme.surface, 0.35)
        self._ground = QColor(theme.surface)
        self._ground.setAlphaF(0.85)
        self._scale = theme.font_scale
        self._image: QImage | None = None
        self._corner = (1, 1)

    def set_data(self, rgba: Array) -> None:
        """Show these colours (count, 1, 4) in [0, 1], lowest first."""
        shades = np.ascontiguousarray((255 * rgba[::-1]).round().astype(np.uint8))
        kind = QImage.Format.Format_RGBA8888
        # A copy, because QImage doesn't keep the array alive.
        self._image = QImage(shades.tobytes(), 1, len(shades), 4, kind).copy()

    def keep_off(self, points: Array, low: tuple[float, float], high: tuple[float, float]) -> None:
        """Take the corner of the range `low` to `high` that is farthest from points (k, 2)."""
        with np.errstate(all="ignore"):
            places = (points - np.array(low)) / (np.array(high) - np.array(low))
        places = places[np.isfinite(places).all(axis=1)]
        if len(places):
            free = [float(np.min(np.max(np.abs(places - c) / USUAL, axis=1))) for c in CORNERS]
            self._corner = CORNERS[0 if free[0] >= 1.0 else int(np.argmax(free))]

    def paint(self, painter: QPainter, window: Window) -> None:
        """Draw strip and texts; nothing in a plot that is too small for them."""
        if self._image is None or not self.ends[0] or min(window.width, window.height) < SMALLEST:
            return
        metrics = QFontMetricsF(self._font)
        room = max(metrics.horizontalAdvance(text) for text in self.ends)
        width, height = (self._scale * side for side in STRIP)
        card = QRectF(0, 0, width + room + 3.5 * MARGIN / 2, height + MARGIN)
        right, top = self._corner
        card.moveLeft(window.width - MARGIN - card.width() if right else MARGIN)
        card.moveTop(MARGIN if top else window.height - MARGIN - card.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(card, 4, 4)
        strip = QRectF(card.right() - width - MARGIN / 2, card.top() + MARGIN / 2, width, height)
        paint_strip(painter, strip, self._image)
        painter.setPen(self._edge)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(strip)
        self._write(painter, card, strip)

    def drawn(self, window: Window) -> tuple[paper.Item, ...]:
        """The strip and the texts at its ends."""
        if self._image is None or not self.ends[0]:
            return ()
        rgba = paper.pixels(self._image)[::-1, 0]
        return (paper.ColourKey(rgba, self.ends, self._corner),)

    def _write(self, painter: QPainter, card: QRectF, strip: QRectF) -> None:
        painter.setFont(self._font)
        painter.setPen(self._ink)
        place = QRectF(card.left(), strip.top(), strip.left() - card.left() - 5, strip.height())
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(place, right | Qt.AlignmentFlag.AlignTop, self.ends[1])
        painter.drawText(place, right | Qt.AlignmentFlag.AlignBottom, self.ends[0])
