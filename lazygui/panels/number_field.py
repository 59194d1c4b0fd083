"""A line edit for one exact number."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from lazygui.panels.appearance import set_look
from lazygui.panels.number_text import exact_text, parse_number
from lazygui.panels.rich_text import tooltip
from lazygui.panels.value_scale import PAGE, ValueScale

_STEPS = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: PAGE,
    Qt.Key.Key_PageDown: -PAGE,
}


class NumberField(QLineEdit):
    """Shows and takes the exact value, with either decimal sign; arrows and Page keys step.

    A refused text keeps its red frame until it is mended; leaving the field brings the old value
    back. Signals: `valueEdited(float)` once for each new value of the user; `refused(str)` with
    the reason in rich text, empty once a value is accepted.
    """

    valueEdited = Signal(float)  # noqa: N815 - Qt's way of naming signals
    refused = Signal(str)

    def __init__(
        self, scale: ValueScale | None = None, value: float = 0.0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._scale = scale or ValueScale()
        self._value = float(value)
        self._help = ""
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setText(exact_text(self._value))
        self.setCursorPosition(0)
        self.returnPressed.connect(self._commit)
        self.textEdited.connect(self._forget_fault)

    def value(self) -> float:
        """The last accepted value."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a value that came from elsewhere; what the user is typing stays."""
        self._value = float(value)
        if not (self.hasFocus() and self.isModified()):
            self._show_value()

    def set_help(self, text: str) -> None:
        """The tooltip (rich text) while nothing is wrong."""
        self._help = text
        self.setToolTip(text)

    def _show_value(self) -> None:
        text = exact_text(self._value)
        if text != self.text():
            self.setText(text)
        if not self.hasFocus():
            # Of a number that is too long its beginning is to be seen.
            self.setCursorPosition(0)
        self.setModified(False)
        self._clear_red()

    @Slot()
    def _commit(self) -> None:
        """Take what is typed, or say why not."""
        if not self.isModified() and self.property("fault") != "true":
            return
        sentence = self._take(self.text())
        if sentence:
            self._turn_red(sentence)

    def _take(self, text: str) -> str | None:
        try:
            value = parse_number(text)
        except ValueError as fault:
            return html.escape(str(fault))
        sentence = self._scale.fault(value)
        if sentence is None:
            self._accept(value)
        return sentence

    def _accept(self, value: float) -> None:
        changed = value != self._value
        self._value = value
        self.setModified(False)
        self._show_value()
        self.selectAll()
        self.refused.emit("")
        if changed:
            self.valueEdited.emit(value)

    def _turn_red(self, sentence: str) -> None:
        set_look(self, "fault", "true")
        self.setToolTip(tooltip(sentence))
        self.refused.emit(sentence)

    def _clear_red(self) -> None:
        set_look(self, "fault", "false")
        self.setToolTip(self._help)

    @Slot()
    def _forget_fault(self) -> None:
        if self.property("fault") == "true":
            self._clear_red()
            self.refused.emit("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrow and Page keys; Escape brings the old value back."""
        steps = _STEPS.get(Qt.Key(event.key()))
        if steps is not None:
            self._step(steps)
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self._show_value()
            self.refused.emit("")
        else:
            super().keyPressEvent(event)

    def _step(self, count: int) -> None:
        value = self._scale.stepped(self._value, count)
        if value != self._value:
            self._accept(value)
            return
        # Nothing moves at a bound: say which one.
        below = self._value - 1.0 if count < 0 else self._value + 1.0
        sentence = self._scale.fault(below)
        if sentence:
            self.refused.emit(sentence)
            QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), tooltip(sentence), self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take a good text; drop a bad one, and leave the reason with whoever shows it."""
        self._commit()
        if self.isModified() or self.property("fault") == "true":
            self._show_value()
        super().focusOutEvent(event)
