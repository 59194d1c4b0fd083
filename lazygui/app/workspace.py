"""The body of the window: what stands where."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from lazygui.app.stage import Stage
from lazygui.panels.appearance import narrowest
from lazygui.panels.claims_bar import ClaimsBar
from lazygui.panels.message_bar import MessageBar
from lazygui.panels.transport_bar import TransportBar
from lazygui.style.themes import Theme

SIDE_WIDTHS = (260, 880, 300)
NARROWEST_LEFT, NARROWEST_RIGHT = 200, 276
# A stage narrower than this, times the theme's font scale, shows nothing that can be read.
NARROWEST_STAGE = 560


class Workspace(QWidget):
    """Messages, stage and claims between two columns (see `Sides`), and the transport below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("workspace")
        # What the columns are as wide as, and what they should be once there is a width to share.
        self._scaled, self._font_scale = 1.0, theme.font_scale
        self.stage = Stage(theme)
        self.claims = ClaimsBar(theme=theme)
        self.messages = MessageBar(theme=theme)
        self.transport = TransportBar(theme=theme)
        self.left, self.right = _column("left-column"), _column("right-column")
        self.splitter = self._splitter()
        self._limit_columns(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.transport)

    def _splitter(self) -> QSplitter:
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setObjectName("columns")
        columns.setHandleWidth(1)
        columns.addWidget(self.left)
        columns.addWidget(self._middle())
        columns.addWidget(self.right)
        columns.setStretchFactor(0, 0)
        columns.setStretchFactor(1, 1)
        columns.setStretchFactor(2, 0)
        columns.setSizes(list(SIDE_WIDTHS))
        columns.setChildrenCollapsible(False)
        return columns

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A low window shows fewer claims at a time."""
        super().resizeEvent(event)
        self.claims.fit_into(self.height())
        self._scale_columns()

    def leave_room(self, width: int, font_scale: float) -> bool:
        """Whether both columns can stand beside a stage of readable width."""
        columns = self.left.minimumWidth() + self.right.minimumWidth()
        return width - columns >= NARROWEST_STAGE * font_scale

    def restore_columns(self, state: QByteArray) -> None:
        """Columns as the user left them, under the same theme."""
        self.splitter.restoreState(state)
        self._scaled = self._font_scale

    def _scale_columns(self) -> None:
        """The lecture as many letters wide as before, while the stage keeps room to be read.

        The controls grow by themselves: their smallest width follows the type.
        """
        if self._scaled == self._font_scale or not self.isVisible():
            return
        left, middle, right = self.splitter.sizes()
        ratio, self._scaled = self._font_scale / self._scaled, self._font_scale
        room = left + middle - round(NARROWEST_STAGE * self._font_scale)
        wider = min(round(left * ratio), max(left, room))
        self.splitter.setSizes([wider, left + middle - wider, right])

    def _middle(self) -> QWidget:
        middle = QWidget()
        middle.setObjectName("middle-column")
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self.stage, 1)
        column.addWidget(self.claims)
        return middle

    def set_theme(self, theme: Theme) -> None:
        """Dress every part anew."""
        for part in (self.messages, self.transport, self.stage, self.claims):
            part.set_theme(theme)
        self._limit_columns(theme)
        self._font_scale = theme.font_scale
        self._scale_columns()

    def _limit_columns(self, theme: Theme) -> None:
        self.left.setMinimumWidth(narrowest(NARROWEST_LEFT, theme))
        self.right.setMinimumWidth(narrowest(NARROWEST_RIGHT, theme))


def _column(name: str) -> QSplitter:
    rows = QSplitter(Qt.Orientation.Vertical)
    rows.setObjectName(name)
    rows.setHandleWidth(1)
    rows.setChildrenCollapsible(False)
    empty = QWidget()
    empty.setAutoFillBackground(True)
    empty.setBackgroundRole(QPalette.ColorRole.Base)
    rows.addWidget(empty)
    return rows


def fill(column: QSplitter, *parts: tuple[QWidget, int]) -> None:
    """Stack widgets in a column that was empty, their heights in these proportions."""
    empty = column.widget(0)
    if empty is not None:
        empty.hide()
        empty.deleteLater()
    for index, (widget, height) in enumerate(parts):
        column.insertWidget(index, widget)
        column.setStretchFactor(index, height)
    column.setSizes([height for _, height in parts])
