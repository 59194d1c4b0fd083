"""The last resort: whatever escapes is written to a log and said in one sentence."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from platformdirs import user_log_path
from PySide6.QtCore import QObject, Qt, QtMsgType, Signal, qInstallMessageHandler

log = logging.getLogger("lazygui")


class ErrorReporter(QObject):
    """Catches exceptions of every thread. Signal, on the main thread: reported(str)."""

    reported = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._crash_file: IO[str] | None = None

    def install(self) -> None:
        """Take over Python's hooks and Qt's messages; crashes of C code go to crash.log."""
        folder = _log_folder()
        if folder is not None:
            self._log_into(folder)
        # Handlers that a library gives the root logger would say everything again on stderr.
        log.propagate = False
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(_log_qt)

    def uninstall(self) -> None:
        """Give the hooks back."""
        log.propagate = True
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        if self._crash_file is not None:
            faulthandler.disable()
            self._crash_file.close()
            self._crash_file = None

    def connect_to(self, slot: Any) -> None:
        """Queue the sentences to a slot of the main thread."""
        self.reported.connect(slot, Qt.ConnectionType.QueuedConnection)

    def _log_into(self, folder: Path) -> None:
        handler = RotatingFileHandler(
            folder / "lazygui.log", maxBytes=1_000_000, backupCount=2, delay=True, encoding="utf-8"
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
        self._crash_file = (folder / "crash.log").open("w", encoding="utf-8")
        faulthandler.enable(self._crash_file)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("".join(traceback.format_exception(kind, error, trace)))
        self.reported.emit(f"Something went wrong: {error or kind.__name__}. The run is kept.")

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        error = arguments.exc_value or arguments.exc_type()
        self._on_exception(arguments.exc_type, error, arguments.exc_traceback)


def _log_folder() -> Path | None:
    folder = user_log_path("LazyGUI", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "crash.log").touch()
    except OSError:
        return None
    return folder


def _log_qt(kind: QtMsgType, context: Any, message: str) -> None:
    level = logging.INFO if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) else logging.WARNING
    log.log(level, "Qt: %s", message)
    if level >= logging.WARNING and sys.stderr is not None:
        sys.stderr.write(f"{message}\n")
