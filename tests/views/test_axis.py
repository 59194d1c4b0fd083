"""A label stands along its axis, whole, however short the axis."""

from __future__ import annotations

from typing import Any

import pytest

from lazygui.style.themes import THEMES
from lazygui.views.axis import SMALLEST_LABEL, Axis
from lazygui.views.plot import Plot

LONG = "displacement of the weights"


@pytest.fixture
def plot(qtbot: Any) -> Plot:
    made = Plot()
    qtbot.addWidget(made)
    for axis in (made.left, made.bottom):
        axis.set_theme(THEMES["light"])
        axis.set_label(LONG)
    made.show()
    return made


def length(axis: Axis) -> float:
    return axis.label.scale() * axis.label.boundingRect().width()


def resized(qtbot: Any, plot: Plot, width: int, height: int) -> None:
    plot.resize(width, height)
    qtbot.wait(30)


def test_a_label_with_room_has_its_own_size(qtbot: Any, plot: Plot):
    resized(qtbot, plot, 500, 500)
    assert plot.left.label.scale() == plot.bottom.label.scale() == 1.0


def test_a_label_shrinks_with_its_axis_and_grows_again(qtbot: Any, plot: Plot):
    resized(qtbot, plot, 180, 160)
    assert SMALLEST_LABEL < plot.left.label.scale() < 1.0
    assert length(plot.left) <= plot.left.size().height() + 20.1
    assert length(plot.bottom) <= plot.bottom.size().width() + 40.1
    middle = plot.left.label.pos().y() - length(plot.left) / 2
    assert middle == pytest.approx(plot.left.size().height() / 2)
    resized(qtbot, plot, 500, 500)
    assert plot.left.label.scale() == 1.0


def test_it_stays_to_be_read(qtbot: Any, plot: Plot):
    resized(qtbot, plot, 120, 60)
    assert plot.left.label.scale() == SMALLEST_LABEL


def test_the_label_is_typeset_only_when_it_changes(plot: Plot, monkeypatch):
    written: list[str] = []
    monkeypatch.setattr(plot.left.label, "setHtml", written.append)
    plot.left.set_theme(THEMES["light"])
    assert written == []
    plot.left.set_label("other")
    plot.left.set_theme(THEMES["dark"])
    assert len(written) == 2
