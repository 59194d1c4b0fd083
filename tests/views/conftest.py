"""How a test gets a view on the screen."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from lazygui.simulation.history import History
from lazygui.style import themes
from lazygui.views.view import View


@pytest.fixture
def shown(qtbot):
    """A function that shows a view of a history, as large as in a grid of six."""

    def show(kind: type[View], history: History | None = None, ghost: History | None = None):
        view = kind(themes.LIGHT)
        qtbot.addWidget(view)
        view.resize(420, 320)
        with qtbot.waitExposed(view):
            view.show()
        if history is not None:
            view.begin(history, ghost)
        QApplication.processEvents()
        return view

    return show
