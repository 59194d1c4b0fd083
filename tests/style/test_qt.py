"""Loading Qt."""

from __future__ import annotations

import subprocess
import sys

READ = """
import inspect
read = []
source = inspect.getsource
inspect.getsource = lambda thing: read.append(thing.__name__) or source(thing)
from lazygui.style.qt import load_qt
load_qt()
import tomllib
from PySide6.QtWidgets import QLabel
assert QLabel.setText and "tomllib" not in read, read
print("unread")
"""


def test_what_is_imported_after_qt_is_not_read_again():
    answer = subprocess.run(
        [sys.executable, "-c", READ], capture_output=True, text=True, check=False
    )
    assert answer.stdout.strip() == "unread", answer.stderr
