"""Starting the window: checks, theme, first demo, and torch behind it."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import Any

from lazygui.startup import StartupError, require_window
from lazygui.style.qt import load_qt


def run_window(scenario: str | None = None) -> int:
    """Open the window and return the exit code; 2 with a sentence when there can be none."""
    # All that loads now stays; `GarbageCollector` takes over once the window is there.
    gc.disable()
    try:
        require_window()
    except StartupError as error:
        sys.stderr.write(f"lazygui: {error}\n")
        return 2
    # Else a figure as seen has its fonts in another order in each session.
    os.environ.setdefault("QT_HASH_SEED", "0")
    load_qt()
    from lazygui.app.program import Program

    program = Program(sys.argv[:1])
    _close_on_signals(program)
    code = program.run(scenario)
    if program.is_unfinished:
        # A thread in the middle of a long computation or import: nothing of it is worth
        # waiting for, and destroying it under its feet would abort.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _close_on_signals(program: Any) -> None:
    """Ctrl-C and SIGTERM close the window as a click on its cross does."""
    from PySide6.QtCore import QTimer

    def close(number: int, frame: Any) -> None:
        # From the event loop: a signal may come in the middle of a frame.
        QTimer.singleShot(0, program.close)

    signal.signal(signal.SIGINT, close)
    signal.signal(signal.SIGTERM, close)
