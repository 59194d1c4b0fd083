"""The window's actions as a table: text, icon, shortcut, tooltip, slot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence

from lazygui.style.icons import icon
from lazygui.style.themes import Theme

if TYPE_CHECKING:
    from lazygui.app.main_window import MainWindow


@dataclass(frozen=True)
class ActionSpec:
    """One action; `slot` is the path to a method from the window."""

    name: str
    text: str
    icon: str
    slot: str
    shortcut: str = ""
    help: str = ""


ACTIONS = (
    ActionSpec("open", "Open…", "open", "tools.desk.open_scenario",
               "Ctrl+O", "Open a scenario or a run"),
    ActionSpec("save", "Save…", "save", "tools.desk.save_scenario",
               "Ctrl+S", "Save the scenario as a file"),
    ActionSpec("save-data", "Data…", "csv", "tools.desk.save_data",
               "Ctrl+Shift+S", "Save the numbers of the run"),
    ActionSpec("figure", "Figure…", "image", "tools.figures.open",
               "Ctrl+E", "A figure of the stage or of a view"),
    ActionSpec("record", "Record", "record", "tools.recorder.toggle",
               "Ctrl+Shift+R", "Record what you do; again: stop, and make a film of it"),
    ActionSpec("film", "Film…", "film", "tools.recorder.film_run",
               "Ctrl+Shift+F", "A film of this run"),
    ActionSpec("lecture", "Lecture", "menu", "toggle_lecture",
               "F2", "Show or hide the lecture"),
    ActionSpec("parameters", "Parameters", "settings", "toggle_parameters",
               "F3", "Show or hide parameters"),
    ActionSpec("claims", "Claims", "claims", "workspace.claims.toggle_open",
               "F4", "Show or hide the claims"),
    ActionSpec("theme", "Theme", "theme", "next_theme",
               "Ctrl+T", "Light, dark, projector"),
    ActionSpec("help", "Help", "help", "show_help",
               "F1", "Keys and what the colours mean"),
)  # fmt: skip

CHECKABLE = ("record", "lecture", "parameters", "claims")

# Keys without a modifier reach the window only when no field or list wants them.
KEYS: dict[int, str] = {
    Qt.Key.Key_Space: "director.toggle_playing",
    Qt.Key.Key_Period: "director.step_once",
    Qt.Key.Key_R: "director.restart",
    Qt.Key.Key_N: "director.new_seed",
    Qt.Key.Key_Right: "faster",
    Qt.Key.Key_Left: "slower",
    Qt.Key.Key_Up: "director.choose_previous",
    Qt.Key.Key_Down: "director.choose_next",
    Qt.Key.Key_V: "workspace.claims.toggle_revealed",
    Qt.Key.Key_Backspace: "director.go_back",
    Qt.Key.Key_Escape: "stage.restore_all",
}


def translated(text: str) -> str:
    """A text of the actions in the user's language."""
    return QCoreApplication.translate("actions", text)


def make_actions(window: MainWindow, theme: Theme) -> dict[str, QAction]:
    """The actions by name; the window performs them, and finds their slots when it does."""
    made: dict[str, QAction] = {}
    for spec in ACTIONS:
        action = QAction(icon(spec.icon, theme), translated(spec.text), window)
        action.setObjectName(f"action-{spec.name}")
        keys = f" ({spec.shortcut})" if spec.shortcut else ""
        action.setCheckable(spec.name in CHECKABLE)
        action.setToolTip(translated(spec.help) + keys)
        if spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut))
        action.setData(spec.slot)
        action.triggered.connect(window.perform)
        made[spec.name] = action
    return made


def dress(actions: dict[str, QAction], theme: Theme) -> None:
    """Icons in the theme's colours."""
    for spec in ACTIONS:
        actions[spec.name].setIcon(icon(spec.icon, theme))
