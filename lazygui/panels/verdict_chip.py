"""A verdict as an icon and a word on the ground of its meaning."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lazygui.claims.claim import Verdict
from lazygui.panels.appearance import DEFAULT_THEME
from lazygui.panels.verdict import badge, ground, word
from lazygui.style import fonts
from lazygui.style.icons import icon
from lazygui.style.themes import Theme

HIDDEN = "?"


class VerdictChip(QWidget):
    """Always as wide as the longest verdict, so that nothing moves when it changes."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme = DEFAULT_THEME
        self._verdict: Verdict | None = None
        self._is_hidden = False
        self._describe()

    def set_verdict(self, verdict: Verdict | None, *, hidden: bool) -> None:
        """Show a verdict, or a question mark in its place."""
        if (verdict, hidden) != (self._verdict, self._is_hidden):
            self._verdict, self._is_hidden = verdict, hidden
            self._describe()
            self.update()

    def text(self) -> str:
        """The word shown."""
        return HIDDEN if self._is_hidden else word(self._verdict)

    def _describe(self) -> None:
        hidden = self.tr("The verdict is hidden: V reveals it")
        shown = self.tr("This claim: {verdict}").format(verdict=word(self._verdict))
        self.setToolTip(hidden if self._is_hidden else shown)
        self.setAccessibleName(self.toolTip())

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours and letters."""
        self._theme = theme
        self.setFont(fonts.font(theme, fonts.Size.SMALL, bold=True))
        self.setFixedSize(self.sizeHint())
        self.update()

    def _side(self) -> int:
        return round(15 * self._theme.font_scale)

    def sizeHint(self) -> QSize:
        """Room for the icon and the longest word."""
        metrics = QFontMetrics(fonts.font(self._theme, fonts.Size.SMALL, bold=True))
        longest = max(metrics.horizontalAdvance(word(verdict)) for verdict in (None, *Verdict))
        return QSize(longest + self._side() + 22, metrics.height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, icon, word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = None if self._is_hidden else self._verdict
        name, colour = badge(shown, self._theme)
        ink = colour if shown is not None else self._theme.muted
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        # On a projector the pale grounds may be lost: the outline of what is settled stays.
        settled = shown in (Verdict.HOLDS, Verdict.FAILS)
        painter.setPen(QPen(QColor(ink if settled else self._theme.border), 1.0))
        painter.setBrush(QColor(ground(shown, self._theme)))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        self._write(painter, name, ink)

    def _write(self, painter: QPainter, name: str, ink: str) -> None:
        painter.setFont(self.font())
        painter.setPen(QColor(ink))
        if self._is_hidden:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, HIDDEN)
            return
        side, text = self._side(), word(self._verdict)
        width = side + 5 + painter.fontMetrics().horizontalAdvance(text)
        left = (self.width() - width) // 2
        place = QRect(left, (self.height() - side) // 2, side, side)
        icon(name, self._theme, ink).paint(painter, place)
        rest = self.rect().adjusted(left + side + 5, 0, 0, 0)
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
