"""Qt without a screen, the same on every machine: for commands that draw."""

from __future__ import annotations

import os
import sys
from typing import Any

from lazygui.startup import StartupError, library_problem, missing_libraries, refuse_known_bad_pair
from lazygui.style.qt import load_qt


def prepare_qt() -> None:
    """Ask for no screen, 96 dots per inch and no scaling. Raises StartupError without libraries."""
    refuse_known_bad_pair()
    os.environ |= {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_FONT_DPI": "96",
        "QT_SCALE_FACTOR": "1",
        # Else the order of the fonts in a PDF is another one in each process.
        "QT_HASH_SEED": "0",
    }
    problem = library_problem(missing_libraries())
    if problem:
        raise StartupError(problem)


def application() -> Any:
    """The application that views need; the one there is, if there is one."""
    load_qt()
    from PySide6.QtCore import QLocale, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    known = QApplication.instance()
    if known is not None:
        return known
    qInstallMessageHandler(_say_no_more)
    QLocale.setDefault(QLocale.c())
    return QApplication(["lazygui"])


def _say_no_more(kind: Any, context: Any, text: str) -> None:
    """The platform without a screen says of each window what it can't do for it."""
    if not text.startswith("This plugin does not support"):
        sys.stderr.write(f"{text}\n")
