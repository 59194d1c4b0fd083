"""Pyqtgraph views of a history, one per file; they read and never write."""
