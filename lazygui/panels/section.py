"""A group of rows under a small heading, which may fold away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from lazygui.panels.appearance import describe
from lazygui.style.icons import icon
from lazygui.style.themes import Theme


class Section(QWidget):
    """A heading in small capitals and a column of widgets; hidden while none of them is shown."""

    def __init__(
        self, name: str, title: str, *, folding: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"section-{name}")
        self.setAccessibleName(title)
        self._theme: Theme | None = None
        self._members: list[QWidget] = []
        self._heading = self._folding_heading(name, title) if folding else _heading(title)
        self._body = QWidget()
        self._rows = QVBoxLayout(self._body)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._heading)
        column.addWidget(self._body)
        self._body.setVisible(not folding)

    def _folding_heading(self, name: str, title: str) -> QToolButton:
        button = QToolButton()
        button.setText(title.upper())
        button.setCheckable(True)
        button.setProperty("look", "section")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        tip = self.tr("Show or hide {title}").format(title=title)
        describe(button, f"section-{name}-fold", tip, tip)
        button.toggled.connect(self.set_open)
        return button

    def add(self, row: QWidget) -> None:
        """A further widget at the end."""
        self._rows.addWidget(row)
        self._members.append(row)

    def update_visibility(self) -> None:
        """Show the section if any of its rows is to be shown."""
        self.setVisible(any(not row.isHidden() for row in self._members))

    def is_open(self) -> bool:
        """Whether the rows are unfolded."""
        return not self._body.isHidden()

    @Slot(bool)
    def set_open(self, open_: bool) -> None:
        """Fold or unfold."""
        self._body.setVisible(open_)
        if isinstance(self._heading, QToolButton):
            self._heading.setChecked(open_)
            if self._theme is not None:
                self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        """The chevron takes the theme's colour."""
        self._theme = theme
        if isinstance(self._heading, QToolButton):
            name = "expand" if self.is_open() else "collapse"
            side = round(16 * theme.font_scale)
            self._heading.setIconSize(QSize(side, side))
            self._heading.setIcon(icon(name, theme, theme.muted))


def _heading(title: str) -> QLabel:
    label = QLabel(title.upper())
    label.setProperty("look", "heading")
    return label
