"""The main window: layout and wiring, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QWidget,
)

from lazygui.app import files
from lazygui.app.actions import KEYS, dress, make_actions
from lazygui.app.dialogs import Dialogs, FileDialogs, scenario_pattern
from lazygui.app.director import Director
from lazygui.app.help import HelpDialog
from lazygui.app.settings import Settings
from lazygui.app.stage import Stage
from lazygui.app.workspace import Workspace
from lazygui.engine.session import Session, State
from lazygui.export.atomic import ExportError
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.catalogue import Entry
from lazygui.scenarios.faults import Fault
from lazygui.simulation.history import History
from lazygui.simulation.outcome import Outcome
from lazygui.style.icons import icon
from lazygui.style.themes import THEMES, Theme, apply
from lazygui.views.registry import VIEWS

_LEVELS = {Outcome.DIVERGED: "warn", Outcome.FAILED: "error"}


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
        self.dialogs = dialogs or FileDialogs(settings, self)
        self.director = Director(session, self)
        self.actions_by_name = make_actions(self, theme)
        self.workspace = Workspace(theme, self._choose_data_file)
        self.setCentralWidget(self.workspace)
        self._add_toolbar()
        self._wire()
        self.set_theme(theme)
        self._restore_layout()

    @property
    def stage(self) -> Stage:
        """The views."""
        return self.workspace.stage

    def _add_toolbar(self) -> None:
        bar = QToolBar(self.tr("Main"), self)
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QSize(18, 18))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        name = QLabel("LazyGUI")
        name.setObjectName("product-name")
        name.setProperty("look", "title")
        bar.addWidget(name)
        for key in ("open", "save", "save-csv", "save-image"):
            bar.addAction(self.actions_by_name[key])
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(spacer)
        self._status = QLabel("")
        self._status.setObjectName("engine-status")
        self._status.setProperty("look", "muted")
        bar.addWidget(self._status)
        bar.addWidget(self._views_button())
        for key in ("theme", "help"):
            bar.addAction(self.actions_by_name[key])
        self.addToolBar(bar)
        self._toolbar = bar

    def _views_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("views-button")
        button.setText(self.tr("Views"))
        button.setAccessibleName(self.tr("Views"))
        button.setToolTip(self.tr("Choose the views on the stage"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._views_menu = QMenu(button)
        self._views_menu.setObjectName("views-menu")
        self._views_menu.aboutToShow.connect(self._fill_views_menu)
        button.setMenu(self._views_menu)
        self._views = button
        return button

    def _wire(self) -> None:
        session, director, space = self.session, self.director, self.workspace
        session.run_started.connect(self._on_run_started)
        session.advanced.connect(self._on_advanced)
        session.diagnosed.connect(space.readout.refresh)
        session.state_changed.connect(self._on_state)
        session.run_finished.connect(self._on_finished)
        session.noticed.connect(self._on_notice)
        director.entry_chosen.connect(self._on_entry)
        director.scenario_shown.connect(space.controls.set_scenario)
        director.faulted.connect(self._on_faults)
        director.told.connect(space.messages.show_message)
        space.controls.requested.connect(director.request)
        space.catalogue.chosen.connect(self._on_chosen)
        space.stage.requested.connect(director.request)
        space.stage.export_requested.connect(self._export_view)
        bar = space.transport
        bar.play_requested.connect(director.toggle_playing)
        bar.pause_requested.connect(session.pause)
        bar.step_requested.connect(director.step_once)
        bar.restart_requested.connect(director.restart)
        bar.new_seed_requested.connect(director.new_seed)
        bar.speed_changed.connect(session.set_speed)

    # What the session reports

    @Slot(object, object)
    def _on_run_started(self, history: History, ghost: History | None) -> None:
        space = self.workspace
        space.messages.clear()
        space.stage.begin(history, ghost)
        space.readout.begin(history)
        space.controls.set_marks("learning_rate", history.facts["learning_rate_marks"])
        self._on_advanced()

    @Slot()
    def _on_advanced(self) -> None:
        history = self.session.history
        if history is not None and len(history):
            self.workspace.readout.refresh()
            self.workspace.transport.set_progress(
                history.last_step,
                history.scenario.steps,
                float(history.latest("time")),
                self.session.steps_per_second,
            )

    @Slot(object)
    def _on_state(self, state: State) -> None:
        outcome = self.session.outcome
        word = outcome.name.lower() if state is State.ENDED and outcome else state.value
        self.workspace.transport.set_state(word, self.session.sentence)

    @Slot(object, str)
    def _on_finished(self, outcome: Outcome, sentence: str) -> None:
        self._on_state(State.ENDED)
        self._on_advanced()
        if outcome in _LEVELS:
            self.workspace.messages.show_message(_LEVELS[outcome], sentence)

    @Slot(str)
    def _on_notice(self, text: str) -> None:
        self.workspace.messages.show_message("info", text)

    # What the director reports

    @Slot(object)
    def _on_entry(self, entry: Entry) -> None:
        space = self.workspace
        space.catalogue.set_current(entry.id)
        space.note.set_note(entry.title, entry.formula, entry.note, entry.slip)
        space.stage.prefer(entry.views)
        space.transport.set_speed(entry.speed or float("inf"))

    @Slot(object)
    def _on_faults(self, faults: tuple[Fault, ...]) -> None:
        controls = self.workspace.controls
        if not faults:
            controls.clear_faults()
            return
        controls.show_faults({fault.field: fault.sentence for fault in faults})

    @Slot(str)
    def _on_chosen(self, entry_id: str) -> None:
        self.director.choose(entry_id)
        self.stage.setFocus()

    # Keys

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
        getattr(self, slot)()
        event.accept()

    def toggle_playing(self) -> None:
        """Space."""
        self.director.toggle_playing()

    def step_once(self) -> None:
        """The full stop."""
        self.director.step_once()

    def restart(self) -> None:
        """R."""
        self.director.restart()

    def new_seed(self) -> None:
        """N."""
        self.director.new_seed()

    def faster(self) -> None:
        """The right arrow."""
        self.workspace.transport.change_speed(+1)

    def slower(self) -> None:
        """The left arrow."""
        self.workspace.transport.change_speed(-1)

    def previous_scenario(self) -> None:
        """The up arrow."""
        self.director.choose_neighbour(-1)

    def next_scenario(self) -> None:
        """The down arrow."""
        self.director.choose_neighbour(+1)

    def restore_stage(self) -> None:
        """Escape."""
        self.stage.restore_all()

    # Files

    @Slot()
    def open_scenario(self) -> None:
        """Ask for a scenario file and run it."""
        path = self.dialogs.open_file(self.tr("Open a scenario"), scenario_pattern())
        if path is not None:
            self.director.open(path)

    @Slot()
    def save_scenario(self) -> None:
        """Save the scenario of the run on show, with the changes made on the way."""
        scenario = self.session.scenario
        if scenario is not None:
            title, pattern = self.tr("Save the scenario"), scenario_pattern()
            self._save(title, f"{self._name()}.toml", pattern, files.save_scenario, scenario)

    @Slot()
    def save_csv(self) -> None:
        """Save the recorded rows of the run on show."""
        history = self.session.history
        if history is not None:
            title, pattern = self.tr("Save the run as CSV"), self.tr("CSV (*.csv)")
            self._save(title, f"{self._name()}.csv", pattern, files.save_history, history)

    @Slot()
    def save_image(self) -> None:
        """Save the stage as a picture."""
        self._save_picture(f"{self._name()}.png", files.picture_of(self.stage))

    @Slot(str)
    def _export_view(self, name: str) -> None:
        self._save_picture(f"{self._name()}-{name}.png", self.stage.view(name).image())

    def _save_picture(self, name: str, image: Any) -> None:
        title, pattern = self.tr("Save the picture"), self.tr("PNG (*.png)")
        self._save(title, name, pattern, files.save_image, image)

    def _save(self, title: str, name: str, pattern: str, write: Any, content: Any) -> None:
        path = self.dialogs.save_file(title, name, pattern)
        if path is None:
            return
        try:
            write(content, path)
        except ExportError as error:
            self.workspace.messages.show_message("error", str(error))
            return
        saved = self.tr("Saved: {path}").format(path=path)
        self.workspace.messages.show_message("info", saved)

    def _name(self) -> str:
        return self.director.entry.id if self.director.entry is not None else "lazygui"

    def _choose_data_file(self) -> str:
        path = self.dialogs.open_file(
            self.tr("Open a data file"), self.tr("CSV (*.csv *.tsv *.txt);;All files (*)")
        )
        return "" if path is None else str(Path(path))

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
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply(application, theme)
        dress(self.actions_by_name, theme)
        self._views.setIcon(icon("views", theme))
        self.workspace.set_theme(theme)

    @Slot()
    def _fill_views_menu(self) -> None:
        self._views_menu.clear()
        shown, available = self.stage.shown(), self.stage.available()
        for view in VIEWS:
            if view.name in available:
                action = self._views_menu.addAction(view.translated(view.title))
                action.setObjectName(f"show-{view.name}")
                action.setData(view.name)
                action.setCheckable(True)
                action.setChecked(view.name in shown)
                action.triggered.connect(self._toggle_view)

    @Slot()
    def _toggle_view(self) -> None:
        action = self.sender()
        if action is not None:
            self.stage.toggle(str(action.data()))

    def show_status(self, text: str) -> None:
        """A quiet line in the tool bar: what loads in the background."""
        self._status.setText(text)

    @Slot()
    def show_help(self) -> None:
        """Keys and colours."""
        HelpDialog(self.theme, self).show()

    # Beginning and end

    def _restore_layout(self) -> None:
        geometry = self.settings.layout("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1440, 900)
        state = self.settings.layout("splitter")
        if state is not None:
            self.workspace.splitter.restoreState(state)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop everything that moves, remember the layout, let go."""
        self.stage.stop()
        self.settings.remember_layout("geometry", self.saveGeometry())
        self.settings.remember_layout("splitter", self.workspace.splitter.saveState())
        self.settings.save()
        self.session.close()
        event.accept()
        self.closed.emit()
