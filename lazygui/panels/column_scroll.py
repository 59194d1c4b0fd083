"""The scroll area of a side column."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QScrollArea, QWidget

from lazygui.panels.appearance import set_look


class ColumnScroll(QScrollArea):
    """Scrolls up and down only, and always keeps the room of its bar.

    A bar that comes and goes would change the width of the column, and with it the layout of its
    rows: here it only turns invisible when there is nothing to scroll.
    """

    def __init__(self, name: str, body: QWidget | None = None) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        # Tab goes to the controls inside; the wheel and Page keys reach the bar from there.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(self._on_range)
        # The panel's style sheet comes later, and finds it so.
        self.verticalScrollBar().setProperty("idle", "true")
        if body is not None:
            self.setWidget(body)

    @Slot(int, int)
    def _on_range(self, low: int, high: int) -> None:
        set_look(self.verticalScrollBar(), "idle", "false" if high > low else "true")
