"""Makes a film in a process of its own, so that the window goes on at its own pace."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal, Slot

import lazygui
from lazygui.recording.staging import prefix_of

PATIENCE_MS = 4000
CLOSE_MS = 1500


class FilmJob(QObject):
    """One film. Signals: progressed(str phase, float share, float seconds left, negative while
    unknown); finished(str path); failed(str sentence); cancelled().
    """

    progressed = Signal(str, float, float)
    finished = Signal(str)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process = QProcess(self)
        self._process.setObjectName("film-process")
        self._process.setProcessEnvironment(_environment())
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        self._kill = QTimer(self)
        self._kill.setObjectName("film-patience")
        self._kill.setSingleShot(True)
        self._kill.timeout.connect(self._process.kill)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._target = Path()
        self._number = 0
        self._is_cancelled = False
        self._begun: dict[str, float] = {}

    @property
    def is_running(self) -> bool:
        """Whether a film is being made."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def start(self, source: str, options: Sequence[str], target: Path) -> None:
        """Film the scenario or session in the TOML text `source`."""
        self._folder = tempfile.TemporaryDirectory(prefix="lazygui-")
        file = Path(self._folder.name) / "film.toml"
        file.write_text(source, encoding="utf-8")
        self._target, self._is_cancelled = target, False
        self._begun.clear()
        arguments = ["record", str(file), "-o", str(target), *options]
        module = [] if getattr(sys, "frozen", False) else ["-m", "lazygui"]
        self._process.start(sys.executable, [*module, *arguments, "--progress", "--background"])
        self._number = int(self._process.processId())

    @Slot()
    def cancel(self) -> None:
        """Ask the process to stop, which removes what it wrote; kill it when it doesn't."""
        if self.is_running:
            self._is_cancelled = True
            self._process.closeWriteChannel()
            self._kill.start(PATIENCE_MS)

    def close(self) -> None:
        """Stop at once, as when the window closes."""
        if self.is_running:
            self.cancel()
            if not self._process.waitForFinished(CLOSE_MS):
                self._process.kill()
                self._process.waitForFinished(CLOSE_MS)
        self._kill.stop()

    @Slot()
    def _read(self) -> None:
        while self._process.canReadLine():
            words = bytes(self._process.readLine().data()).decode("utf-8", "replace").split()
            if len(words) == 3 and words[1].isdigit() and words[2].isdigit():
                self._tell(words[0], int(words[1]), int(words[2]))

    def _tell(self, phase: str, done: int, total: int) -> None:
        now = time.monotonic()
        begun = self._begun.setdefault(phase, now)
        left = (now - begun) * (total - done) / done if done and now > begun else -1.0
        self.progressed.emit(phase, done / max(total, 1), left)

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._kill.stop()
        self._tidy(crashed=status is QProcess.ExitStatus.CrashExit)
        if status is QProcess.ExitStatus.NormalExit and code == 0:
            self.finished.emit(str(self._target))
        elif self._is_cancelled:
            self.cancelled.emit()
        else:
            self.failed.emit(self._reason(code))

    def _reason(self, code: int) -> str:
        said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        lines = [line for line in said.splitlines() if line.strip()]
        told = [line for line in lines if line.startswith("lazygui: ")]
        if told:
            return told[-1].removeprefix("lazygui: ")
        text = self.tr("The film was not made: the program that draws it ended with status {code}.")
        return text.format(code=code)

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._tidy(crashed=False)
            self.failed.emit(self.tr("The film was not made: its process can't be started."))

    def _tidy(self, *, crashed: bool) -> None:
        """Remove the scenario, and what a process that was killed left beside the target."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        if crashed:
            for file in self._target.absolute().parent.glob(f"{prefix_of(self._number)}*"):
                with contextlib.suppress(OSError):
                    file.unlink()


def _environment() -> QProcessEnvironment:
    """That of this program, in which the same package is found."""
    environment = QProcessEnvironment.systemEnvironment()
    package = str(Path(lazygui.__file__).resolve().parent.parent)
    known = environment.value("PYTHONPATH", "")
    environment.insert("PYTHONPATH", os.pathsep.join(filter(None, (package, known))))
    return environment
