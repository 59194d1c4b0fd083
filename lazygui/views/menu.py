"""The context menu of a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from lazygui.views.view import View


def _text(source: str) -> str:
    return QCoreApplication.translate("ViewMenu", source)


def view_menu(view: View) -> QMenu:
    """A menu with the choices `view` has; it deletes itself when it closes."""
    menu = QMenu(view)
    menu.setObjectName("view-menu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if view.can_log:
        _toggle(menu, "log-x", _text("Log x"), view.log_x).toggled.connect(view.set_log_x)
        _toggle(menu, "log-y", _text("Log y"), view.log_y).toggled.connect(view.set_log_y)
    if view.has_time:
        _abscissae(menu, view)
    _action(menu, "follow", _text("Show all data")).triggered.connect(view.follow)
    menu.addSeparator()
    _action(menu, "copy", _text("Copy")).triggered.connect(view.ask_copy)
    _action(menu, "export", _text("Save figure…")).triggered.connect(view.ask_export)
    return menu


def _abscissae(menu: QMenu, view: View) -> None:
    menu.addSeparator()
    group = QActionGroup(menu)
    time = _toggle(menu, "time", _text("Time t = ηk"), view.abscissa == "time")
    step = _toggle(menu, "step", _text("Step k"), view.abscissa == "step")
    group.addAction(time)
    group.addAction(step)
    time.toggled.connect(view.set_time)
    menu.addSeparator()


def _action(menu: QMenu, name: str, text: str) -> QAction:
    action = menu.addAction(text)
    action.setObjectName(f"view-menu-{name}")
    return action


def _toggle(menu: QMenu, name: str, text: str, checked: bool) -> QAction:
    action = _action(menu, name, text)
    action.setCheckable(True)
    action.setChecked(checked)
    return action
