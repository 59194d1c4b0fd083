"""The start of the program: from nothing to the first frame that moves, against a bare Qt window.

    python -m tests.benchmarks --only start

Each contender is a process of its own that leaves as soon as its goal is painted, so that the time
is that of the whole start: the interpreter, imports, the window, the first steps of the first demo.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks.measure import Case, Contender

ROOT = Path(__file__).resolve().parents[2]
BARE = """
import os
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget

class Window(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, leave)

def leave():
    os._exit(0)

application = QApplication([])
window = Window()
window.resize(1440, 900)
QLabel("LazyGUI", window)
window.show()
application.exec()
"""
LIBRARIES = BARE.replace("import os\n", "import os, numpy, pyqtgraph\n", 1)


def cases() -> Iterator[Case]:
    """The program against a bare window; then against one that loads numpy and pyqtgraph too."""
    ours = _process("ours", ["-m", "tests.benchmarks.first_frame"])
    yield Case("first moving frame", ours, _process("bare Qt window", ["-c", BARE]), 0.25)
    yield Case("  the same", ours, _process("Qt and pyqtgraph", ["-c", LIBRARIES]))


def _process(name: str, arguments: list[str]) -> Contender:
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    # A program that is installed has its bytecode: only the first start compiles it.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, *arguments]
    run = partial(subprocess.run, command, cwd=ROOT, env=environment, check=True)
    return Contender(name, partial(run, stderr=subprocess.DEVNULL))
