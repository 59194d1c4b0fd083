"""One editor for each kind of parameter, with one interface for the row that holds it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QSizePolicy,
    QWidget,
)

from lazygui.panels.log_slider import ParameterSlider
from lazygui.panels.number_field import NumberField
from lazygui.panels.number_text import exact_text
from lazygui.panels.quiet_combo import QuietComboBox
from lazygui.panels.switch import Switch
from lazygui.panels.value_scale import ValueScale
from lazygui.scenarios.parameters import Parameter
from lazygui.style.themes import Theme


class Editor(QObject):
    """Shows and takes one parameter's value.

    `compact` is the widget beside the label, `wide` the one under it (None if there is none).
    Signals: `dragged(object)` while the user slides, `dropped(object)` once the slider is let go,
    `edited(object)` for a value given exactly, `refused(str)` with the reason in rich text, empty
    once a value is accepted.
    """

    dragged = Signal(object)
    dropped = Signal(object)
    edited = Signal(object)
    refused = Signal(str)

    compact: QWidget
    wide: QWidget | None = None

    def set_value(self, value: Any) -> None:
        """Show a value that came from elsewhere. It doesn't disturb the user's own edit."""
        raise NotImplementedError

    def set_help(self, text: str, title: str) -> None:
        """Tooltip and accessible name of the widgets."""
        for widget in self.widgets():
            widget.setToolTip(text)
            widget.setAccessibleName(title)

    def widgets(self) -> tuple[QWidget, ...]:
        """Every control, in tab order."""
        return (self.compact,) if self.wide is None else (self.compact, self.wide)

    def set_marks(self, marks: Sequence[tuple[float, str]]) -> None:
        """Theory marks, where there is a slider."""

    def set_theme(self, theme: Theme) -> None:
        """Colours of what is painted by hand."""

    def activate(self) -> None:
        """The label was clicked."""
        self.compact.setFocus(Qt.FocusReason.MouseFocusReason)


class NumberEditor(Editor):
    """An exact field, and a slider where there is a range."""

    def __init__(self, parameter: Parameter, value: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._integer = parameter.kind is int
        scale = ValueScale.of(parameter)
        self.field = NumberField(scale, value)
        self.field.setObjectName(f"parameter-{parameter.name}-field")
        self.field.valueEdited.connect(self._typed)
        self.field.refused.connect(self.refused)
        self.compact = self.field
        self.slider: ParameterSlider | None = None
        self._awaited: float | None = None
        self._moved = False
        if scale.has_slider:
            self.slider = self._make_slider(scale, parameter.name, value)
            self.wide = self.slider

    def _make_slider(self, scale: ValueScale, name: str, value: float) -> ParameterSlider:
        slider = ParameterSlider(scale, value)
        slider.setObjectName(f"parameter-{name}-slider")
        slider.valueChanged.connect(self._slid)
        slider.editingFinished.connect(self._released)
        return slider

    def set_value(self, value: Any) -> None:
        """Show a value; while the slider is held, only once it is let go."""
        if self.slider is not None and self.slider.is_dragging():
            self._awaited = float(value)
            return
        self._awaited = None
        if self.slider is not None:
            self.slider.set_value(float(value))
        self.field.set_value(float(value))

    def set_help(self, text: str, title: str) -> None:
        """The field keeps the text for when it isn't red."""
        super().set_help(text, title)
        self.field.set_help(text)

    def set_marks(self, marks: Sequence[tuple[float, str]]) -> None:
        """Hand the marks to the slider."""
        if self.slider is not None:
            self.slider.set_marks(marks)

    def set_theme(self, theme: Theme) -> None:
        """The slider is painted by hand; the field's width follows the type size."""
        self.field.setFixedWidth(round(88 * theme.font_scale))
        if self.slider is not None:
            self.slider.set_theme(theme)

    def _typed_kind(self, value: float) -> float | int:
        return int(value) if self._integer else value

    @Slot(float)
    def _typed(self, value: float) -> None:
        if self.slider is not None:
            self.slider.set_value(value)
        self.edited.emit(self._typed_kind(value))

    @Slot(float)
    def _slid(self, value: float) -> None:
        self._moved = True
        self.field.set_value(value)
        self.refused.emit("")
        self.dragged.emit(self._typed_kind(value))

    @Slot()
    def _released(self) -> None:
        if self.slider is None:
            return
        if self._moved:
            self._moved = False
            self.dropped.emit(self._typed_kind(self.slider.value()))
        # The scenario may have answered the drag with a neighbour (an even width for an odd one).
        if self._awaited is not None:
            self.set_value(self._awaited)


class ChoiceEditor(Editor):
    """A list of the choices by their titles."""

    def __init__(self, parameter: Parameter, value: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.combo = QuietComboBox()
        # The row gives it a share of its width, however long the titles are.
        self.combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.combo.setObjectName(f"parameter-{parameter.name}-combo")
        self._choices = parameter.choices or tuple(parameter.choice_titles)
        for choice in self._choices:
            title = parameter.choice_titles.get(choice, str(choice))
            self.combo.addItem(title, choice)
            self.combo.setItemData(self.combo.count() - 1, title, Qt.ItemDataRole.ToolTipRole)
        self.set_value(value)
        self.combo.activated.connect(self._chosen)
        self.compact = self.combo

    def set_value(self, value: Any) -> None:
        """Show a choice; one that is not in the list shows an empty box."""
        self._value = value
        index = self._choices.index(value) if value in self._choices else -1
        self.combo.setCurrentIndex(index)

    @Slot(int)
    def _chosen(self, index: int) -> None:
        value = self._choices[index]
        if value != self._value:
            self._value = value
            self.edited.emit(value)


class FlagEditor(Editor):
    """On or off."""

    def __init__(self, parameter: Parameter, value: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.box = Switch()
        self.box.setObjectName(f"parameter-{parameter.name}-check")
        self.box.setChecked(bool(value))
        self.box.clicked.connect(self._clicked)
        self.compact = self.box

    def set_value(self, value: Any) -> None:
        """Show a flag."""
        self.box.setChecked(bool(value))

    def set_theme(self, theme: Theme) -> None:
        """The switch is painted by hand."""
        self.box.set_theme(theme)

    def activate(self) -> None:
        """A click on the label is a click on the box."""
        self.box.click()

    @Slot(bool)
    def _clicked(self, checked: bool) -> None:
        self.edited.emit(checked)


def bounds_line(parameter: Parameter) -> str:
    """“above 0, up to 1e12, default 0.1”, escaped for a tooltip."""
    bounds = ValueScale.of(parameter).bounds_text()
    number = isinstance(parameter.default, (int, float)) and not isinstance(parameter.default, bool)
    default = f"default {exact_text(parameter.default)}" if number else ""
    return html.escape(", ".join(part for part in (bounds, default) if part))
