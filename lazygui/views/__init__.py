"""Pyqtgraph views of a history, one per file; they read and never write."""

from __future__ import annotations

from lazygui.style.qt import load_qt

# Before any of them imports pyqtgraph.
load_qt()
