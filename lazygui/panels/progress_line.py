"""A thin line that fills."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lazygui.panels.appearance import DEFAULT_THEME, describe
from lazygui.style.themes import Theme


class ProgressLine(QWidget):
    """The done part of a run; repaints only when it is a pixel longer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DEFAULT_THEME
        self._fraction = 0.0
        describe(self, "transport-progress", self.tr("Progress"), self.tr("Done part of the run"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(6)
        self.setMinimumWidth(60)

    def fraction(self) -> float:
        """The done part, between 0 and 1."""
        return self._fraction

    def set_fraction(self, fraction: float) -> None:
        """Show a done part; what is beyond [0, 1] is cut."""
        value = min(max(fraction, 0.0), 1.0) if math.isfinite(fraction) else 0.0
        moved = int(value * self.width()) != int(self._fraction * self.width())
        self._fraction = value
        if moved:
            self.setAccessibleDescription(f"{value:.0%}")
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Groove and done part."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(0, 1, self.width(), 4)
        painter.setBrush(QColor(self._theme.border))
        painter.drawRoundedRect(bar, 2, 2)
        bar.setWidth(bar.width() * self._fraction)
        painter.setBrush(QColor(self._theme.accent))
        painter.drawRoundedRect(bar, 2, 2)
