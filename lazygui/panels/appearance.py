"""What the panels add to the application's style sheet, and how a widget takes a new look."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from lazygui.style import fonts
from lazygui.style.contrast import blend
from lazygui.style.themes import THEMES, Theme

DEFAULT_THEME = THEMES["light"]

_SHEET = Template("""
QWidget#panel-body { background: $surface; }
QScrollArea { border: none; background: $surface; }
QScrollBar:vertical { width: 8px; background: transparent; margin: 0; }
QScrollBar::handle:vertical { background: $thumb; border-radius: 4px; min-height: 32px; }
QScrollBar[idle="true"]::handle:vertical { background: transparent; }
QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical { height: 0; }
QScrollBar::add-page:vertical, QScrollBar::sub-page:vertical { background: transparent; }
QLabel { background: transparent; color: $ink; }
QLabel[look="heading"] { color: $muted; font-size: ${small}pt; font-weight: 600; }
QLabel[look="title"] { font-size: ${title}pt; font-weight: 600; }
QLabel[look="muted"] { color: $muted; }
QLabel[look="small"] { color: $muted; font-size: ${small}pt; }
QLabel[look="number"] { font-size: ${number}pt; font-weight: 700; }
QLabel[look="good"] { color: $good; }
QLabel[look="bad"] { color: $bad; }
QLabel[look="warn"] { color: $warn; }
QLabel[look="note"] { color: $muted; font-size: ${small}pt; }
QLabel[look="fault"] { color: $bad; font-size: ${small}pt; }
QLabel[box="good"] { background: $good_soft; border-radius: 6px; padding: 6px 8px; }
QLabel[box="warn"] { background: $warn_soft; border-radius: 6px; padding: 6px 8px; }
QLabel[box="bad"] { background: $bad_soft; border-radius: 6px; padding: 6px 8px; }
QLabel[box="plain"] { background: $window; border-radius: 6px; padding: 6px 8px; }
QFrame[card="true"] { background: $window; border: 1px solid $border; border-radius: 8px; }
QLineEdit, QComboBox { background: $surface; color: $ink; border: 1px solid $frame;
  border-radius: 4px; padding: 2px 6px; selection-background-color: $accent; }
QLineEdit:focus, QComboBox:focus { border: 1px solid $accent; }
QLineEdit:disabled, QComboBox:disabled { color: $muted; background: $window; }
QLineEdit[fault="true"] { border: 2px solid $bad; background: $bad_soft; padding: 1px 5px; }
QComboBox::drop-down { border: none; width: ${arrow}px; }
QComboBox::down-arrow { image: none; width: 0; }
QToolButton { border: 1px solid transparent; border-radius: 4px; background: transparent;
  color: $ink; padding: 3px; }
QToolButton:hover { background: $accent_soft; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton[look="section"] { color: $muted; font-size: ${small}pt; font-weight: 600;
  text-align: left; padding: 2px 4px 2px 0; }
QToolButton[look="section"]:hover { background: transparent; color: $ink; }
""")


def panel_sheet(theme: Theme) -> str:
    """The style sheet of a panel under a theme."""
    sizes = {size.name.lower(): f"{fonts.points(theme, size):.1f}" for size in fonts.Size}
    colours = {name: str(value) for name, value in vars(theme).items()}
    frame = frame_colour(theme).name()
    # "title" is a colour-less field of Theme and a type size here: the size is meant.
    return _SHEET.substitute(
        {**colours, **sizes},
        frame=frame,
        thumb=blend(theme.ink, theme.surface, 0.25).name(),
        arrow=round(20 * theme.font_scale),
    )


def narrowest(base: int, theme: Theme) -> int:
    """The smallest width of a panel that is `base` wide at font scale 1.

    Margins and sliders don't grow with the letters, so three quarters of the growth are enough.
    """
    return round(base * (1.0 + 0.75 * (theme.font_scale - 1.0)))


def frame_colour(theme: Theme) -> QColor:
    """The colour of outlines that must be seen: fields, handles, round buttons."""
    return blend(theme.ink, theme.surface, 0.35)


def set_look(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet asks for, and restyle if it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # the style sheet sees it first when the widget is shown
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def describe(widget: QWidget, object_name: str, accessible_name: str, tooltip: str) -> None:
    """Name a control for tests, for screen readers and for the mouse."""
    widget.setObjectName(object_name)
    widget.setAccessibleName(accessible_name)
    widget.setToolTip(tooltip)
