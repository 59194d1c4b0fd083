"""● writes down what happens in the window, and makes films of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from lazygui.app.dialogs import Dialogs
from lazygui.app.director import Director
from lazygui.app.film_choice import FilmChoice, remembered
from lazygui.app.film_dialog import SESSION, FilmDialog
from lazygui.app.film_job import FilmJob
from lazygui.app.replay import Replay
from lazygui.app.settings import Settings
from lazygui.app.stage import Stage
from lazygui.engine.session import Session, State
from lazygui.export.atomic import ExportError, write_bytes
from lazygui.recording.film import duration_text
from lazygui.recording.looks import look_of
from lazygui.recording.script import Look, Script, written
from lazygui.recording.session_log import SessionLog
from lazygui.scenarios.files import dumps
from lazygui.simulation.history import History

if TYPE_CHECKING:
    from lazygui.app.main_window import MainWindow

LISTEN_MS = 100


class Recorder(QObject):
    """Records a session as a log of events, asks for the film, and has it made.

    Signals: told(str level, str text); status(str), a quiet line; recording_changed(bool).
    """

    told = Signal(str, str)
    status = Signal(str)
    recording_changed = Signal(bool)

    def __init__(
        self,
        session: Session,
        director: Director,
        stage: Stage,
        dialogs: Dialogs,
        settings: Settings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._director, self._stage = session, director, stage
        self._dialogs, self._settings, self._window = dialogs, settings, window
        self._log: SessionLog | None = None
        self._since = 0.0
        self._script: Script | None = None
        self.dialog: FilmDialog | None = None
        self.theme = "light"
        self.job = FilmJob(self)
        self.replay = Replay(session, director, stage, self)
        self.replay.told.connect(self.told)
        self._ear = QTimer(self)
        self._ear.setObjectName("recorder")
        self._ear.timeout.connect(self._listen)
        session.run_started.connect(self._on_run_started)
        self.job.progressed.connect(self._on_progress)
        self.job.finished.connect(self._on_finished)
        self.job.failed.connect(self._on_failed)
        self.job.cancelled.connect(self._on_cancelled)

    # Recording

    @property
    def is_recording(self) -> bool:
        """Whether ● is on."""
        return self._log is not None

    @Slot()
    def toggle(self) -> None:
        """Begin to record; a second time: stop and ask for the film."""
        if self._log is None:
            self._start()
        else:
            self._stop()
            self.ask()

    def _start(self) -> None:
        self._log, self._script = SessionLog(self.theme), None
        self._since = time.monotonic()
        history = self._session.history
        if history is not None and self._session.state is not State.LOADING:
            self._log.begin(0.0, history, None, self._demo())
        self._ear.start(LISTEN_MS)
        self._listen()
        self.recording_changed.emit(True)

    def _stop(self) -> None:
        self._listen()
        log, self._log = self._log, None
        self._ear.stop()
        if log is not None and not log.is_empty:
            self._script = log.finished(self._now())
        self.status.emit("")
        self.recording_changed.emit(False)

    def _now(self) -> float:
        return time.monotonic() - self._since

    def _demo(self) -> str:
        return self._director.entry.id if self._director.entry is not None else ""

    @Slot(object, object)
    def _on_run_started(self, history: History, ghost: History | None) -> None:
        if self._log is not None:
            self._log.begin(self._now(), history, ghost, self._demo())
            self._listen()

    @Slot()
    def _listen(self) -> None:
        """Note how far the run is and what the stage shows."""
        history = self._session.history
        if self._log is None:
            return
        if history is not None and not self._log.is_empty:
            self._log.note(self._now(), history)
        self._log.show(self._now(), self._looks())
        self.status.emit(self.tr("● {time}").format(time=_clock(self._now())))

    def _looks(self) -> tuple[Look, ...]:
        return tuple(look_of(self._stage.view(name)) for name in self._stage.visible())

    # The film

    @Slot()
    def film_run(self) -> None:
        """Ask for a film of the run on show."""
        if not self.is_recording:
            self._script = None
            self.ask()

    def ask(self) -> None:
        """Open the dialog, or bring it back where a film is being made."""
        if self._session.history is None:
            self.told.emit("info", self.tr("Nothing has run yet."))
            return
        self._close_dialog()
        views = [(name, self._title(name)) for name in self._stage.visible()]
        length = self._script.duration if self._script is not None else 0.0
        choice = remembered(self._settings.film)
        self.dialog = FilmDialog(choice, views, length, self._window)
        self.dialog.theme.setCurrentIndex(max(self.dialog.theme.findData(self.theme), 0))
        self.dialog.asked.connect(self._make)
        self.dialog.log_asked.connect(self._save_log)
        self.dialog.cancel_asked.connect(self.job.cancel)
        self.dialog.finished.connect(self._forget_dialog)
        if self.job.is_running:
            self._on_progress("", 0.0, -1.0)
        self.dialog.show()

    def _title(self, name: str) -> str:
        view = self._stage.view(name)
        return view.translated(view.title)

    @Slot(object, str)
    def _make(self, choice: FilmChoice, source: str) -> None:
        history = self._session.history
        ending = choice.kind.suffix
        pattern = f"{choice.kind.title} (*{ending})" if ending else self.tr("Folders (*)")
        name = (self._demo() or "lazygui") + (ending or "-frames")
        path = self._dialogs.save_file(self.tr("Save the film"), name, pattern)
        if path is None or history is None:
            return
        self._settings.film = choice.to_json()
        if source == SESSION and self._script is not None:
            text, extra = written(self._script), []
        else:
            text = dumps(history.scenario)
            extra = ["--demo", self._demo()] if self._demo() else []
            if not choice.view:
                for shown in self._stage.visible():
                    extra += ["--view", shown]
        self.job.start(text, [*choice.options(), *extra], path)
        self._on_progress("", 0.0, -1.0)

    @Slot()
    def _save_log(self) -> None:
        if self._script is None:
            return
        name = (self._demo() or "lazygui") + "-session.toml"
        path = self._dialogs.save_file(self.tr("Save the log"), name, self.tr("Sessions (*.toml)"))
        if path is None:
            return
        try:
            write_bytes(path, written(self._script).encode("utf-8"))
        except ExportError as error:
            self.told.emit("error", str(error))
        else:
            self.told.emit("info", self.tr("Saved: {path}").format(path=path))

    @Slot(str, float, float)
    def _on_progress(self, phase: str, share: float, left: float) -> None:
        words = {"running": self.tr("The run is made"), "drawing": self.tr("Frames are drawn")}
        text = words.get(phase, self.tr("Beginning…"))
        if left >= 0:
            text += self.tr(", {time} left").format(time=duration_text(left))
        self.status.emit(self.tr("Film: {share} %").format(share=round(100 * share)))
        if self.dialog is not None:
            self.dialog.show_progress(text, share)

    @Slot(str)
    def _on_finished(self, path: str) -> None:
        self._end("info", self.tr("Saved: {path}").format(path=Path(path)))

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._end("error", sentence)

    @Slot()
    def _on_cancelled(self) -> None:
        self._end("info", self.tr("The film was cancelled; no file is left behind."))

    def _end(self, level: str, text: str) -> None:
        self.status.emit("")
        self._close_dialog()
        self.told.emit(level, text)

    def _close_dialog(self) -> None:
        if self.dialog is not None:
            dialog, self.dialog = self.dialog, None
            dialog.close()

    @Slot(int)
    def _forget_dialog(self, result: int) -> None:
        self.dialog = None

    def close(self) -> None:
        """Stop recording, replaying and filming, as the window closes."""
        self.replay.stop()
        self._ear.stop()
        self._log = None
        self.job.close()
        self._close_dialog()


def recorder_of(window: MainWindow) -> Recorder:
    """The recorder of a window, wired to its messages."""
    recorder = Recorder(
        window.session,
        window.director,
        window.stage,
        window.tools.desk.dialogs,
        window.settings,
        window,
    )
    recorder.theme = window.theme.name
    recorder.told.connect(window.workspace.messages.show_message)
    recorder.status.connect(window.toolbar.show_status)
    recorder.recording_changed.connect(window.toolbar.check_recording)
    return recorder


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
