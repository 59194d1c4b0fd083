"""A card of labelled values that only touches the text that changed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from lazygui.panels.number_text import UNKNOWN
from lazygui.panels.readout_lines import Line
from lazygui.panels.rich_text import plain, tooltip
from lazygui.simulation.history import History

WIDEST = "−0.00 × 10⁻¹⁵"


class ValueLabel(QLabel):
    """Room for the widest number, so that one that jumps between two sizes is never cut."""

    def sizeHint(self) -> QSize:
        """That of the text, or of the widest number."""
        known = super().sizeHint()
        return known.expandedTo(QSize(self.fontMetrics().horizontalAdvance(WIDEST), 0))

    def minimumSizeHint(self) -> QSize:
        """No smaller than what is asked for."""
        return self.sizeHint()


class ReadoutCard(QFrame):
    """A heading above a frame with one line per value."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"readout-{name}")
        self.setAccessibleName(title)
        self._lines: tuple[Line, ...] = ()
        self._values: dict[str, QLabel] = {}
        heading = QLabel(title.upper())
        heading.setProperty("look", "heading")
        self._frame = QFrame()
        self._frame.setProperty("card", True)
        self._inside = QVBoxLayout(self._frame)
        self._inside.setContentsMargins(12, 8, 12, 10)
        self._inside.setSpacing(6)
        self._table: QWidget | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading)
        column.addWidget(self._frame)

    def add(self, widget: QWidget) -> None:
        """A widget inside the frame: above the lines if it comes before them."""
        self._inside.addWidget(widget)

    def set_lines(self, lines: tuple[Line, ...]) -> None:
        """Show these lines; nothing is made anew when they are those shown already."""
        if lines == self._lines and self._table is not None:
            return
        self._lines, self._values = lines, {}
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        for row, line in enumerate(lines):
            self._add_line(grid, row, line)
        self._replace_table(table)

    def _replace_table(self, table: QWidget) -> None:
        if self._table is None:
            self._inside.addWidget(table)
        else:
            self._inside.replaceWidget(self._table, table)
            self._table.deleteLater()
        self._table = table

    def _add_line(self, grid: QGridLayout, row: int, line: Line) -> None:
        label = QLabel(line.label)
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setToolTip(tooltip(line.help))
        value = ValueLabel(UNKNOWN)
        value.setObjectName(f"readout-{line.key}")
        value.setAccessibleName(plain(line.label))
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(label, row, 0)
        grid.addWidget(value, row, 1)
        self._values[line.key] = value

    def refresh(self, history: History) -> None:
        """Read every value again."""
        for line in self._lines:
            text = line.read(history)
            show(self._values[line.key], text, line.help, self.tr("being computed"))

    def text(self, key: str) -> str:
        """The text shown for a line."""
        return self._values[key].text()


def show(label: QLabel, text: str | None, help_: str, waiting: str) -> None:
    """Put a value into its label; "…" while it is unknown, with a tooltip that says so."""
    shown = UNKNOWN if text is None else text
    tip = tooltip(waiting if text is None else help_)
    if label.text() != shown:
        label.setText(shown)
    if label.toolTip() != tip:
        label.setToolTip(tip)
