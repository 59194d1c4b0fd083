"""Editors of values that are typed as text: vectors, names, files."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QToolButton, QWidget

from lazygui.panels.appearance import set_look
from lazygui.panels.editors import Editor
from lazygui.panels.number_text import parse_vector, vector_text
from lazygui.panels.rich_text import plain, tooltip
from lazygui.scenarios.parameters import Parameter
from lazygui.style.icons import icon
from lazygui.style.themes import Theme

ChooseFile = Callable[[], str]


class TextField(QLineEdit):
    """A line edit that hands over its text on Enter or when it is left, and only if it changed.

    Signal: `committed(str)`.
    """

    committed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.returnPressed.connect(self._commit)

    @Slot()
    def _commit(self) -> None:
        if self.isModified():
            self.setModified(False)
            self.committed.emit(self.text())

    def is_being_edited(self) -> bool:
        """Whether there is text of the user's that was not handed over."""
        return self.hasFocus() and self.isModified()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape takes the user's text back."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.undo()
            self.setModified(False)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the field hands its text over."""
        self._commit()
        super().focusOutEvent(event)


class VectorEditor(Editor):
    """A point: numbers with a comma, a semicolon or a space between."""

    def __init__(
        self, parameter: Parameter, value: tuple[float, ...], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._symbol = parameter.symbol
        self._value = tuple(value)
        self.field = TextField()
        self.field.setObjectName(f"parameter-{parameter.name}-field")
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setPlaceholderText(plain(parameter.symbol))
        self.field.setText(vector_text(self._value))
        self.field.committed.connect(self._typed)
        self.field.textEdited.connect(self._forget_fault)
        self.compact = self.field

    def set_value(self, value: Any) -> None:
        """Show a point; what the user is typing stays."""
        self._value = tuple(value)
        if not self.field.is_being_edited():
            self.field.setText(vector_text(self._value))
            set_look(self.field, "fault", "false")

    def set_theme(self, theme: Theme) -> None:
        """Room for two coordinates at the theme's type size."""
        self.field.setFixedWidth(round(128 * theme.font_scale))

    @Slot(str)
    def _typed(self, text: str) -> None:
        try:
            value = parse_vector(text, len(self._value))
        except ValueError as fault:
            self._refuse(html.escape(str(fault)))
            return
        self._forget_fault()
        self.field.setText(vector_text(value))
        if value != self._value:
            self._value = value
            self.edited.emit(value)

    def _refuse(self, sentence: str) -> None:
        if self.field.hasFocus():
            set_look(self.field, "fault", "true")
        else:
            self.field.setText(vector_text(self._value))
        self.refused.emit(sentence)

    @Slot()
    def _forget_fault(self) -> None:
        set_look(self.field, "fault", "false")
        self.refused.emit("")


class TextEditor(Editor):
    """A name, such as that of a column."""

    def __init__(self, parameter: Parameter, value: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.field = TextField()
        self.field.setObjectName(f"parameter-{parameter.name}-field")
        self.field.setText(str(value))
        self.field.committed.connect(self._typed)
        self.compact = self.field

    def set_value(self, value: Any) -> None:
        """Show a text; what the user is typing stays."""
        if not self.field.is_being_edited():
            self.field.setText(str(value))

    def set_theme(self, theme: Theme) -> None:
        """Half of a narrow panel."""
        self.field.setMinimumWidth(round(96 * theme.font_scale))

    @Slot(str)
    def _typed(self, text: str) -> None:
        self.edited.emit(text)


class FileEditor(TextEditor):
    """A path, typed or chosen; `choose_file` returns the path, or nothing if it was cancelled."""

    def __init__(
        self,
        parameter: Parameter,
        value: str,
        choose_file: ChooseFile | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parameter, value, parent)
        self._choose_file = choose_file or _ask_for_file
        self.button = QToolButton()
        self.button.setObjectName(f"parameter-{parameter.name}-browse")
        self.button.clicked.connect(self._browse)
        self.wide = QWidget()
        line = QHBoxLayout(self.wide)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.field, 1)
        line.addWidget(self.button)
        self.compact = QWidget()

    def widgets(self) -> tuple[QWidget, ...]:
        """The field and the button."""
        return (self.field, self.button)

    def activate(self) -> None:
        """A click on the label goes to the field."""
        self.field.setFocus(Qt.FocusReason.MouseFocusReason)

    def set_help(self, text: str, title: str) -> None:
        """The button says what it does."""
        super().set_help(text, title)
        self.button.setAccessibleName(self.tr("Choose the {title}").format(title=title))
        self.button.setToolTip(tooltip(self.tr("Choose a CSV file…")))

    def set_theme(self, theme: Theme) -> None:
        """The icon takes the theme's ink."""
        self.button.setIcon(icon("open", theme))
        side = round(18 * theme.font_scale)
        self.button.setIconSize(QSize(side, side))

    @Slot()
    def _browse(self) -> None:
        path = self._choose_file()
        if path and path != self.field.text():
            self.field.setText(path)
            self.edited.emit(path)


def _ask_for_file() -> str:
    path, _ = QFileDialog.getOpenFileName(None, "", "", "CSV (*.csv *.txt *.tsv);;* (*)")
    return path
