"""A one-line banner above the stage."""

from __future__ import annotations

import html

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from lazygui.panels.appearance import DEFAULT_THEME, describe
from lazygui.panels.rich_text import tooltip
from lazygui.style.icons import icon
from lazygui.style.themes import Theme

_COLOURS = {"info": "accent", "warn": "warn", "error": "bad"}
_ICONS = {"info": "info", "warn": "warning", "error": "error"}


class MessageBar(QFrame):
    """Says one thing until it is closed or replaced; too long a text is cut, not wrapped."""

    def __init__(self, parent: QWidget | None = None, theme: Theme = DEFAULT_THEME) -> None:
        super().__init__(parent)
        self._theme = DEFAULT_THEME
        self._level, self._text = "info", ""
        self.setObjectName("message-bar")
        self._icon = QLabel()
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setObjectName("message-bar-text")
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._close = QToolButton()
        describe(self._close, "message-bar-close", self.tr("Close"), self.tr("Close this message"))
        self._close.clicked.connect(self.clear)
        line = self._line = QHBoxLayout(self)
        line.setContentsMargins(12, 4, 8, 4)
        line.addWidget(self._icon)
        line.addWidget(self._label, 1)
        line.addWidget(self._close)
        self.set_theme(theme)
        self.hide()

    def show_message(self, level: str, text: str) -> None:
        """Show a sentence (plain text). `level` is "info", "warn" or "error".

        Raises ValueError for another level.
        """
        if level not in _COLOURS:
            raise ValueError(f"level: '{level}' is unknown; use one of {', '.join(_COLOURS)}")
        self._level, self._text = level, text
        self.setToolTip(tooltip(html.escape(text)))
        self.setAccessibleName(text)
        self._dress()
        self.show()
        self._elide()

    @Slot()
    def clear(self) -> None:
        """Take the message away."""
        self._text = ""
        self._label.clear()
        self.hide()

    def message(self) -> str:
        """The full text shown, empty if there is none."""
        return self._text

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self._dress()
        self._elide()

    def _dress(self) -> None:
        colour = _COLOURS[self._level]
        ink, ground = getattr(self._theme, colour), getattr(self._theme, f"{colour}_soft")
        side = round(18 * self._theme.font_scale)
        self._icon.setPixmap(icon(_ICONS[self._level], self._theme, ink).pixmap(side, side))
        self._close.setIcon(icon("close", self._theme, ink))
        self._close.setIconSize(QSize(side, side))
        self.setStyleSheet(
            f"QFrame#message-bar {{ background: {ground}; border: 1px solid {ink};"
            " border-radius: 6px; }"
            f"QLabel {{ background: transparent; color: {ink}; border: none; }}"
            "QToolButton { border: 1px solid transparent; border-radius: 4px; background: none; }"
            f"QToolButton:focus, QToolButton:hover {{ border: 1px solid {ink}; }}"
        )

    def _elide(self) -> None:
        metrics = self._label.fontMetrics()
        shown = metrics.elidedText(
            self._text, Qt.TextElideMode.ElideRight, max(self._label.width() - 4, 0)
        )
        self._label.setText(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text to the new width."""
        super().resizeEvent(event)
        self._line.activate()
        self._elide()
