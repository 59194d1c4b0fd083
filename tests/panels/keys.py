"""Events as the user makes them, by key code, so that no keyboard layout matters."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press and release one key."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, modifiers))


def type_text(field: QLineEdit, text: str) -> None:
    """Replace the content of a field by what is typed, letter by letter."""
    field.selectAll()
    for letter in text:
        event = QKeyEvent(QEvent.Type.KeyPress, 0, NONE, letter)
        QApplication.sendEvent(field, event)


def enter(field: QLineEdit, text: str) -> None:
    """Type and press Enter."""
    type_text(field, text)
    press(field, Qt.Key.Key_Return)


def leave(widget: QWidget) -> None:
    """Take the focus away."""
    QApplication.sendEvent(widget, QFocusEvent(QEvent.Type.FocusOut))


def mouse(widget: QWidget, kind: QEvent.Type, x: float, y: float) -> None:
    """One mouse event at a place of the widget."""
    place = QPointF(x, y)
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else LEFT
    event = QMouseEvent(kind, place, widget.mapToGlobal(place), button, held, NONE)
    QApplication.sendEvent(widget, event)


def drag(widget: QWidget, xs: list[float], y: float, *, release: bool = True) -> None:
    """Press at the first place, move over the others, let go at the last."""
    mouse(widget, QEvent.Type.MouseButtonPress, xs[0], y)
    for x in xs[1:]:
        mouse(widget, QEvent.Type.MouseMove, x, y)
    if release:
        mouse(widget, QEvent.Type.MouseButtonRelease, xs[-1], y)
