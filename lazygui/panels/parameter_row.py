"""One parameter in the control panel: its label, its editor, and what is wrong with it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from lazygui.panels.editors import ChoiceEditor, Editor, FlagEditor, NumberEditor, bounds_line
from lazygui.panels.rich_text import label_html, tooltip
from lazygui.panels.text_editors import ChooseFile, FileEditor, TextEditor, VectorEditor
from lazygui.scenarios.parameters import Parameter
from lazygui.style.themes import Theme

_COMBO_SHARE = 0.58


def editor_for(
    parameter: Parameter, value: Any, choose_file: ChooseFile | None, parent: QObject
) -> Editor:
    """The editor that suits the parameter's kind and choices."""
    if parameter.choices or parameter.choice_titles:
        return ChoiceEditor(parameter, value, parent)
    if parameter.kind is bool:
        return FlagEditor(parameter, value, parent)
    if parameter.kind in (int, float):
        return NumberEditor(parameter, value, parent)
    if parameter.kind is tuple:
        return VectorEditor(parameter, value, parent)
    if parameter.name.endswith("_file"):
        return FileEditor(parameter, value, choose_file, parent)
    return TextEditor(parameter, value, parent)


class ParameterRow(QWidget):
    """Label and editor side by side, the slider under them, a red sentence when there is a fault.

    Signals: `dragged(str, object)` while a slider moves, `dropped(str, object)` once it is let go,
    `edited(str, object)` for a value given exactly; the first argument is the parameter's name.
    """

    dragged = Signal(str, object)
    dropped = Signal(str, object)
    edited = Signal(str, object)

    def __init__(
        self,
        parameter: Parameter,
        value: Any,
        choose_file: ChooseFile | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self.setObjectName(f"parameter-{parameter.name}")
        self.editor = editor_for(parameter, value, choose_file, self)
        self.editor.dragged.connect(self._on_dragged)
        self.editor.dropped.connect(self._on_dropped)
        self.editor.edited.connect(self._on_edited)
        self.editor.refused.connect(self._on_refused)
        self._label = self._make_label()
        self._fault = self._make_fault()
        self._lay_out()
        self._add_help()

    def _make_label(self) -> QLabel:
        unit = html.escape(f" ({self.parameter.unit})") if self.parameter.unit else ""
        label = QLabel(label_html(_translated(self.parameter.title), self.parameter.symbol) + unit)
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setObjectName(f"parameter-{self.parameter.name}-label")
        label.installEventFilter(self)
        return label

    def _make_fault(self) -> QLabel:
        fault = QLabel()
        fault.setObjectName(f"parameter-{self.parameter.name}-fault")
        fault.setTextFormat(Qt.TextFormat.RichText)
        fault.setWordWrap(True)
        fault.setProperty("look", "fault")
        fault.hide()
        return fault

    def _lay_out(self) -> None:
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(8)
        self._head.addWidget(self._label)
        self._place_compact()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._head)
        if self.editor.wide is not None:
            column.addWidget(self.editor.wide)
        column.addWidget(self._fault)

    def _place_compact(self) -> None:
        """Lists share one left edge, numbers and flags stand at the right end."""
        if isinstance(self.editor, ChoiceEditor):
            share = round(100 * _COMBO_SHARE)
            self._head.setStretch(0, 100 - share)
            self._head.addWidget(self.editor.combo, share)
        elif isinstance(self.editor, TextEditor):
            self._head.addWidget(self.editor.compact, 1)
        else:
            self._head.addStretch(1)
            self._head.addWidget(self.editor.compact)

    def _add_help(self) -> None:
        parameter = self.parameter
        effect = self.tr("When changed: {effect}.").format(
            effect=_translated(parameter.effect.value)
        )
        marks = self.tr("Ctrl+→ jumps to the next mark.") if self._has_slider() else ""
        text = tooltip(
            _translated(parameter.help), bounds_line(parameter), html.escape(effect), marks
        )
        title = _translated(parameter.title)
        self.editor.set_help(text, title)
        self._label.setToolTip(text)
        self.setAccessibleName(title)
        self.setToolTip(text)

    def _has_slider(self) -> bool:
        return isinstance(self.editor, NumberEditor) and self.editor.slider is not None

    def set_value(self, value: Any) -> None:
        """Show a value that came from elsewhere."""
        self.editor.set_value(value)

    def set_marks(self, marks: Sequence[tuple[float, str]]) -> None:
        """Theory marks on the slider, where there is one."""
        self.editor.set_marks(marks)

    def set_theme(self, theme: Theme) -> None:
        """Colours and sizes of the editor."""
        self.editor.set_theme(theme)
        self._choose_direction()

    def is_dragging(self) -> bool:
        """Whether the user holds the slider."""
        editor = self.editor
        slider = editor.slider if isinstance(editor, NumberEditor) else None
        return slider is not None and slider.is_dragging()

    def show_fault(self, sentence: str) -> None:
        """A red sentence (rich text) under the editor; an empty one goes away."""
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))

    def fault(self) -> str:
        """The sentence shown, empty if there is none."""
        return self._fault.text() if not self._fault.isHidden() else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A combo box that has no room beside its label goes under it."""
        super().resizeEvent(event)
        self._choose_direction()

    def _choose_direction(self) -> None:
        if not isinstance(self.editor, ChoiceEditor) or self.width() < 40:
            return
        beside = self._label.sizeHint().width() + 8 <= (1.0 - _COMBO_SHARE) * self.width()
        direction = QBoxLayout.Direction
        self._head.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
        self._head.setSpacing(8 if beside else 2)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on the label goes to the editor."""
        if event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            inside = self._label.rect().contains(event.position().toPoint())
            if inside and event.button() == Qt.MouseButton.LeftButton:
                self.editor.activate()
                return True
        return super().eventFilter(watched, event)

    @Slot(object)
    def _on_dragged(self, value: object) -> None:
        self.dragged.emit(self.parameter.name, value)

    @Slot(object)
    def _on_dropped(self, value: object) -> None:
        self.dropped.emit(self.parameter.name, value)

    @Slot(object)
    def _on_edited(self, value: object) -> None:
        self.show_fault("")
        self.edited.emit(self.parameter.name, value)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self.show_fault(sentence)


def _translated(text: str) -> str:
    """Titles and helps are declared with the scenario, and translated where they are shown."""
    return QCoreApplication.translate("Parameter", text)
