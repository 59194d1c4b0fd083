"""A combo box for a column that scrolls."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyleOptionComboBox, QWidget


class QuietComboBox(QComboBox):
    """A combo box that leaves the wheel to the scroll area unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(9)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling past must not change the scenario."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _chevron(self) -> tuple[float, float, float]:
        """Its half width, and where its tip is."""
        size = self.fontMetrics().height() * 0.22
        return size, self.width() - 5.0 - 2.0 * size, self.height() / 2.0 - size / 2.0

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """The title cut to its room."""
        super().initStyleOption(option)
        size, x, _ = self._chevron()
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, round(x - size) - 16
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style sheet's flat box with its title, and a chevron."""
        super().paintEvent(event)
        size, x, y = self._chevron()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 1.5))
        painter.drawPolyline([QPointF(x - size, y), QPointF(x, y + size), QPointF(x + size, y)])

    def showPopup(self) -> None:
        """The list is as wide as its longest title."""
        longest = max((self.fontMetrics().horizontalAdvance(self.itemText(i))
                       for i in range(self.count())), default=0)  # fmt: skip
        self.view().setMinimumWidth(longest + 40)
        super().showPopup()
