"""The main window: layout and wiring, nothing else."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from lazygui.app.actions import KEYS, make_actions
from lazygui.app.announcer import Announcer
from lazygui.app.checker import Checker
from lazygui.app.director import Director
from lazygui.app.dropping import DropTarget
from lazygui.app.results import PaperResults
from lazygui.app.settings import Settings
from lazygui.app.sides import Sides
from lazygui.app.stage import Stage
from lazygui.app.toolbar import ToolBar
from lazygui.app.tools import Tools
from lazygui.app.workspace import Workspace
from lazygui.engine.session import Session
from lazygui.scenarios.catalogue import Entry
from lazygui.style.themes import THEMES, Theme, apply

if TYPE_CHECKING:
    from lazygui.app.dialogs import Dialogs


class MainWindow(QMainWindow):
    """Catalogue and note on the left, the stage in the middle, controls on the right.

    Signal: closed(), after the engine has stopped.
    """

    closed = Signal()

    def __init__(
        self, session: Session, settings: Settings, theme: Theme, dialogs: Dialogs | None = None
    ) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setWindowTitle("LazyGUI")
        self.session, self.settings, self.theme = session, settings, theme
        self._lecture_by_hand = False
        self.director = Director(session, self)
        self.tools = Tools(self, dialogs)
        self.workspace = Workspace(theme)
        self.setCentralWidget(self.workspace)
        self.workspace.stage.take_turns(session.turns.drawing)
        self.toolbar = ToolBar(make_actions(self, theme), self.workspace.stage, self)
        self.addToolBar(self.toolbar)
        self.toolbar.check("parameters", True)
        self.results = PaperResults(session, self.director)
        self._drops = DropTarget(self)
        self._wire()
        self.announcer = Announcer(session, self.director, self.workspace)
        self.checker = Checker(session, self.director, self.workspace.claims)
        self.sides = Sides(self)
        self.toolbar.set_theme(theme)
        _dress_application(theme)
        self._fit_columns()
        self._restore_layout()

    @property
    def stage(self) -> Stage:
        """The views."""
        return self.workspace.stage

    def _wire(self) -> None:
        session, director, space = self.session, self.director, self.workspace
        director.entry_chosen.connect(self._on_entry)
        director.told.connect(space.messages.show_message)
        self._drops.dropped.connect(self.tools.open_files)
        space.stage.requested.connect(director.request)
        space.stage.open_requested.connect(director.open_run)
        space.stage.export_requested.connect(self.tools.ask_for_figure)
        space.stage.copy_requested.connect(self.tools.copy_view)
        space.claims.opened.connect(self._on_claims_opened)
        bar = space.transport
        bar.play_requested.connect(director.play)
        bar.pause_requested.connect(session.pause)
        bar.step_requested.connect(director.step_once)
        bar.restart_requested.connect(director.restart)
        bar.new_seed_requested.connect(director.new_seed)
        bar.speed_changed.connect(session.set_speed)

    @Slot(object)
    def _on_entry(self, entry: Entry) -> None:
        self.stage.prefer(entry.views)
        self.workspace.transport.set_speed(entry.speed or float("inf"))

    @Slot(str)
    def choose_demo(self, entry_id: str) -> None:
        """Run a demo; the keys of the stage are at hand then."""
        self.director.choose(entry_id)
        self.stage.setFocus()

    # Actions and keys

    @Slot()
    def perform(self) -> None:
        """The action that was chosen."""
        action = self.sender()
        if isinstance(action, QAction):
            attrgetter(str(action.data()))(self)()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys that no field or list has taken."""
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        slot = KEYS.get(event.key()) if plain else None
        if slot is None:
            super().keyPressEvent(event)
            return
        attrgetter(slot)(self)()
        event.accept()

    def faster(self) -> None:
        """The right arrow."""
        self.workspace.transport.change_speed(+1)

    def slower(self) -> None:
        """The left arrow."""
        self.workspace.transport.change_speed(-1)

    # Look

    @Slot()
    def next_theme(self) -> None:
        """The next of light, dark and projector."""
        names = list(THEMES)
        following = names[(names.index(self.theme.name) + 1) % len(names)]
        self.settings.theme = following
        self.set_theme(THEMES[following])

    def set_theme(self, theme: Theme) -> None:
        """Dress the whole window anew."""
        self.theme = theme
        _dress_application(theme)
        self.toolbar.set_theme(theme)
        self.tools.set_theme(theme)
        self.workspace.set_theme(theme)
        self.sides.set_theme(theme)
        self._fit_columns()

    @Slot()
    def toggle_lecture(self) -> None:
        """Show or hide the catalogue and the note; from then on the user decides."""
        self._lecture_by_hand = True
        self._show_column("lecture", self.workspace.left.isHidden())

    @Slot()
    def toggle_parameters(self) -> None:
        """Show or hide the controls and the readout."""
        self._show_column("parameters", self.workspace.right.isHidden())

    @Slot(bool)
    def _on_claims_opened(self, open_: bool) -> None:
        self.settings.claims_open = open_
        self.toolbar.check("claims", open_)

    def _show_column(self, name: str, on: bool) -> None:
        column = self.workspace.left if name == "lecture" else self.workspace.right
        column.setVisible(on)
        self.toolbar.check(name, on)

    def _fit_columns(self) -> None:
        """On a narrow screen the lecture gives way to the stage."""
        if not self._lecture_by_hand:
            roomy = self.workspace.leave_room(self.width(), self.theme.font_scale)
            self._show_column("lecture", roomy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the width."""
        super().resizeEvent(event)
        self._fit_columns()

    def show_status(self, text: str) -> None:
        """A quiet line in the tool bar: what loads in the background."""
        self.toolbar.show_status(text)

    @Slot()
    def show_help(self) -> None:
        """Keys and colours."""
        from lazygui.app.help import HelpDialog

        HelpDialog(self.theme, self).show()

    # Beginning and end

    def _restore_layout(self) -> None:
        self.workspace.claims.set_open(self.settings.claims_open)
        self.toolbar.check("claims", self.settings.claims_open)
        geometry = self.settings.layout("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1440, 900)
        state = self.settings.layout("splitter")
        if state is not None:
            self.workspace.restore_columns(state)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop everything that moves, remember the layout, let go."""
        self.stage.stop()
        self.sides.stop()
        self.announcer.stop()
        self.checker.stop()
        self.tools.close()
        self.settings.remember_layout("geometry", self.saveGeometry())
        self.settings.remember_layout("splitter", self.workspace.splitter.saveState())
        self.settings.save()
        self.session.close()
        event.accept()
        self.closed.emit()


def _dress_application(theme: Theme) -> None:
    application = QApplication.instance()
    if isinstance(application, QApplication):
        apply(application, theme)
