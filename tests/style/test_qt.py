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


MIRRORED = """
from lazygui.style.qt import load_qt
load_qt()
load_qt()
import pyqtgraph as pg
from PySide6 import QtCore, QtGui, QtWidgets
mirror = pg.Qt.QtWidgets
assert "QWizard" not in vars(mirror)
assert mirror.QWizard is QtWidgets.QWizard and "QWizard" in vars(mirror)
assert pg.QtGui.QPainter is QtGui.QPainter and pg.QtCore.Qt is QtCore.Qt
assert {"QWizard", "QLabel"} <= set(dir(QtWidgets)) and set(dir(QtWidgets)) <= set(dir(mirror))
assert not hasattr(mirror, "QNonsense")
application = QtWidgets.QApplication([])
from pyqtgraph.widgets.PlotWidget import PlotWidget
plot = PlotWidget()
plot.plot([1.0, 2.0], [3.0, 4.0])
print("drawn")
"""


def test_pyqtgraph_makes_only_the_types_that_it_uses():
    answer = subprocess.run(
        [sys.executable, "-c", MIRRORED], capture_output=True, text=True, check=False
    )
    assert answer.stdout.strip() == "drawn", answer.stderr
