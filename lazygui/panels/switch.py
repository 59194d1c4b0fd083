"""A check box drawn as a switch: Fusion's own box almost vanishes on a dark ground."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from lazygui.panels.appearance import DEFAULT_THEME, frame_colour
from lazygui.style.themes import Theme


class Switch(QCheckBox):
    """Knob right and filled: on; knob left and hollow: off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DEFAULT_THEME

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours and size."""
        self._theme = theme
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """Twice as wide as high."""
        height = round(20 * self._theme.font_scale)
        return QSize(round(1.8 * height), height)

    def hitButton(self, pos: QPoint) -> bool:
        """The whole switch can be clicked."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Pill and knob."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, on = self._theme, self.isChecked()
        pill = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        radius = pill.height() / 2
        edge = QColor(theme.accent) if on or self.hasFocus() else frame_colour(theme)
        painter.setPen(QPen(edge, 2.0 if self.hasFocus() else 1.5))
        painter.setBrush(QColor(theme.accent if on else theme.surface))
        painter.drawRoundedRect(pill, radius, radius)
        x = pill.right() - radius if on else pill.left() + radius
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.surface if on else theme.muted))
        painter.drawEllipse(QPointF(x, pill.center().y()), radius - 3.0, radius - 3.0)
