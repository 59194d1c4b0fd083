"""The head of a view's card: title, legend, what run this is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QWidget

from lazygui.style import fonts
from lazygui.style.themes import Theme
from lazygui.views.legend import Legend


class Elided(QLabel):
    """A label that shortens its text with "…" and tells the whole in its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_text(self, text: str) -> None:
        """Show this text, as much as there is room for."""
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self._elide()

    def _elide(self) -> None:
        room = max(self.width(), 0)
        metrics = QFontMetrics(self.font())
        self.setText(metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide anew."""
        super().resizeEvent(event)
        self._elide()


class Header(QWidget):
    """Title on the left, subtitle on the right, legend below.

    Signals: `maximize_requested()` on a double click; `reset_requested()` from the button that
    shows while the user's own zoom is in force.
    """

    maximize_requested = Signal()
    reset_requested = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(title, self)
        self.title.setObjectName("view-title")
        self.subtitle = Elided(self)
        self.subtitle.setObjectName("view-subtitle")
        self.subtitle.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.legend = Legend(self)
        self.reset = self._reset_button()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 4, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.subtitle, 0, 1)
        grid.addWidget(self.reset, 0, 2)
        grid.addWidget(self.legend, 1, 0, 1, 3)
        grid.setColumnStretch(1, 1)
        self.title.installEventFilter(self)
        self.title.setToolTip(self.tr("Double-click to fill the stage with this view"))

    def _reset_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("view-reset")
        button.setText(self.tr("A", "follow the data automatically"))
        button.setAccessibleName(self.tr("Follow the data"))
        button.setToolTip(self.tr("Show all data again and follow them (double-click the plot)"))
        button.setAutoRaise(True)
        button.setVisible(False)
        button.clicked.connect(self.reset_requested)
        return button

    def set_theme(self, theme: Theme) -> None:
        """Take over type and colours."""
        self.title.setFont(fonts.font(theme, fonts.Size.TITLE, bold=True))
        self.title.setStyleSheet(f"color: {theme.ink};")
        self.subtitle.setFont(fonts.font(theme, fonts.Size.SMALL))
        self.subtitle.setStyleSheet(f"color: {theme.muted};")
        self.reset.setFont(fonts.font(theme, fonts.Size.SMALL, bold=True))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A double click on the title asks for the whole stage."""
        if watched is self.title and event.type() == QEvent.Type.MouseButtonDblClick:
            self.maximize_requested.emit()
            return True
        return super().eventFilter(watched, event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click beside the title does the same."""
        event.accept()
        self.maximize_requested.emit()
