"""Every control can be found by name, read aloud, and says what it does."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QScrollBar

from lazygui.panels.log_slider import ParameterSlider
from lazygui.views.registry import every_view
from lazygui.views.view import View
from tests.app.conftest import Bench

KINDS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSlider, ParameterSlider, View)


@pytest.mark.parametrize("name", ["lazy-scale", "eigenmodes", "steepest-descent", "quadratic"])
def test_every_control_has_a_name_a_voice_and_a_tip(bench: Bench, name: str):
    bench.choose(name)
    for view in every_view():
        if view.name in bench.window.stage.available():
            bench.window.stage.view(view.name)
    found = {w for kind in KINDS for w in bench.window.findChildren(kind)}
    own = [
        widget
        for widget in found
        if not isinstance(widget, QScrollBar) and not widget.objectName().startswith("qt_")
    ]
    assert len(own) > 20
    wanting = [
        f"{type(w).__name__} '{w.objectName()}' in '{w.parent().objectName()}': {what}"
        for w in own
        for what in ("objectName", "accessibleName", "toolTip")
        # The tip of a view would cover its plot: its heading has one instead.
        if not getattr(w.header.title if isinstance(w, View) and what == "toolTip" else w, what)()
    ]
    assert not wanting, "\n".join(wanting)


def test_names_of_controls_are_unique(bench: Bench):
    bench.choose("lazy-scale")
    names = [
        w.objectName()
        for kind in (QAbstractButton, QLineEdit, QComboBox, ParameterSlider, View)
        for w in bench.window.findChildren(kind)
        if w.objectName().startswith(("parameter-", "button-", "transport-"))
    ]
    assert len(names) > 20
    assert sorted(names) == sorted(set(names))
