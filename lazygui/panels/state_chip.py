"""The state of a run as a small coloured label."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from lazygui.panels.appearance import DEFAULT_THEME
from lazygui.panels.rich_text import tooltip
from lazygui.style.themes import Theme

# An outcome whose name is not what a reader would call it.
_WORDS = {"step_limit": "finished"}
_LEVELS = {
    "running": "accent",
    "converged": "good",
    "step_limit": "good",
    "diverged": "bad",
    "failed": "bad",
    "cancelled": "warn",
}


class StateChip(QLabel):
    """One word on the ground of its meaning; the sentence is in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DEFAULT_THEME
        self._state = ""
        self.setObjectName("transport-state")
        self.setAccessibleName(self.tr("State of the run"))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.hide()

    def set_state(self, state: str, message: str) -> None:
        """Show a state and, on hovering, its sentence."""
        self._state = state
        words = _WORDS.get(state, state.replace("_", " ").replace("-", " "))
        self.setText(self.tr(words))
        self.setToolTip(tooltip(html.escape(message or words)))
        self.setAccessibleDescription(message or words)
        self.setVisible(bool(state))
        self._dress()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self._dress()

    def _dress(self) -> None:
        theme = self._theme
        level = _LEVELS.get(self._state)
        if level is None:
            ground, ink = theme.window, theme.muted
        else:
            ground, ink = getattr(theme, f"{level}_soft"), getattr(theme, level)
        self.setMinimumWidth(round(92 * theme.font_scale))
        self.setStyleSheet(
            f"QLabel {{ background: {ground}; color: {ink}; border: 1px solid {ink};"
            " border-radius: 10px; padding: 2px 10px; font-weight: 600; }"
        )
