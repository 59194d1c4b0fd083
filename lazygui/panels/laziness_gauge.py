"""κ on a logarithmic scale that reads rightwards: the lazier, the further right."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from lazygui.panels.appearance import DEFAULT_THEME
from lazygui.panels.number_text import readable
from lazygui.style import fonts
from lazygui.style.contrast import blend
from lazygui.style.themes import Theme

LEFT, RIGHT = 10.0, 1e-4
_TICKS = ((10.0, "10"), (1.0, "1"), (0.1, ""), (1e-2, "10⁻²"), (1e-3, ""), (1e-4, "10⁻⁴"))


def gauge_position(kappa: float) -> float:
    """0 at κ = 10 (not lazy), 1 at κ = 10⁻⁴ (lazy), linear in log κ and clamped to [0, 1]."""
    if math.isnan(kappa) or kappa >= LEFT:
        return 0.0
    if kappa <= RIGHT:
        return 1.0
    return math.log(kappa / LEFT) / math.log(RIGHT / LEFT)


class LazinessGauge(QWidget):
    """A bar with decades under it and a marker at κ; "not lazy" left, "lazy" right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kappa: float | None = None
        self._theme = DEFAULT_THEME
        self.setObjectName("laziness-gauge")
        self.setAccessibleName(self.tr("Laziness gauge"))
        self.setToolTip(self.tr("κ from 10 (not lazy) to 10⁻⁴ (lazy), on a logarithmic scale"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_kappa(self, kappa: float | None) -> None:
        """Move the marker; None takes it away."""
        if kappa != self._kappa:
            self._kappa = kappa
            self.setAccessibleDescription("" if kappa is None else f"κ = {readable(kappa)}")
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours and type size."""
        self._theme = theme
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def _line_height(self) -> float:
        return 1.5 * fonts.points(self._theme, fonts.Size.SMALL)

    def sizeHint(self) -> QSize:
        """Bar, decades, words."""
        return QSize(180, round(20 + 2 * self._line_height()))

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for a small window."""
        return QSize(120, self.sizeHint().height())

    def _bar(self) -> QRectF:
        return QRectF(10.0, 7.0, max(self.width() - 20.0, 1.0), 6.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bar from the border's colour to the accent, decades, words, marker."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = self._bar()
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        gradient.setColorAt(0.0, blend(self._theme.accent, self._theme.surface, 0.18))
        gradient.setColorAt(1.0, QColor(self._theme.accent))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, 3, 3)
        self._draw_scale(painter, bar)
        if self._kappa is not None:
            self._draw_marker(painter, bar, self._kappa)

    def _draw_scale(self, painter: QPainter, bar: QRectF) -> None:
        painter.setFont(fonts.font(self._theme, fonts.Size.SMALL))
        height = self._line_height()
        top = bar.bottom() + 5
        painter.setPen(QColor(self._theme.muted))
        for value, label in _TICKS:
            x = bar.left() + gauge_position(value) * bar.width()
            painter.drawLine(QPointF(x, bar.bottom() + 1), QPointF(x, bar.bottom() + 4))
            width = painter.fontMetrics().horizontalAdvance(label) + 1.0
            left = min(max(x - width / 2, 0.0), self.width() - width)
            painter.drawText(QRectF(left, top, width, height), Qt.AlignmentFlag.AlignHCenter, label)
        words = QRectF(0, top + height, self.width(), height)
        painter.setPen(QColor(self._theme.ink))
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft, self.tr("not lazy"))
        painter.drawText(words, Qt.AlignmentFlag.AlignRight, self.tr("lazy"))

    def _draw_marker(self, painter: QPainter, bar: QRectF, kappa: float) -> None:
        x = bar.left() + gauge_position(kappa) * bar.width()
        painter.setPen(QPen(QColor(self._theme.surface), 1.5))
        painter.setBrush(QColor(self._theme.ink))
        beyond = kappa > LEFT or kappa < RIGHT
        if beyond:
            side = -1.0 if kappa > LEFT else 1.0
            painter.drawPolygon(_arrow(QPointF(x, bar.center().y()), side))
        else:
            painter.drawRoundedRect(QRectF(x - 3, bar.top() - 5, 6, bar.height() + 10), 3, 3)


def _arrow(centre: QPointF, side: float) -> QPolygonF:
    x, y = centre.x(), centre.y()
    return QPolygonF([QPointF(x, y - 7), QPointF(x + side * 9, y), QPointF(x, y + 7)])
