"""When the stage draws, and what the window puts off until something moves."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QTimer

from lazygui.app import stage as module
from lazygui.engine.session import State
from lazygui.views.view import View
from tests.app.conftest import Bench

VIEWS = ("training_loss", "displacement", "difference", "output_gap")


@pytest.fixture
def drawn(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the views as they are drawn; the run stands, and only `refresh` draws."""
    bench.choose("lazy-scale")
    bench.window.stage.choose(VIEWS)
    bench.session.pause()
    bench.until(lambda: bench.session.state is State.PAUSED)
    bench.rest()
    stage = bench.window.stage
    stage.stop()
    while stage._due or stage._drawn != bench.history.revision:
        stage.refresh()
    names: list[str] = []
    draw = View._draw_now
    monkeypatch.setattr(View, "_draw_now", lambda self, h: (names.append(self.name), draw(self, h)))
    return names


def stepped(bench: Bench) -> int:
    """Make a step without a frame: the revision after it."""
    before = bench.history.revision
    bench.session.step()
    bench.until(lambda: bench.history.revision > before)
    return bench.history.revision


def test_all_views_are_drawn_in_one_frame_where_there_is_time(
    bench: Bench, drawn: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "BUDGET_SECONDS", 60.0)
    stepped(bench)
    bench.window.stage.refresh()
    assert drawn == list(VIEWS)
    bench.window.stage.refresh()
    assert drawn == list(VIEWS)


def test_where_there_is_none_the_views_take_turns(
    bench: Bench, drawn: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "BUDGET_SECONDS", 1e-9)
    stepped(bench)
    for count in range(1, len(VIEWS) + 1):
        bench.window.stage.refresh()
        assert drawn == list(VIEWS[:count])
    bench.window.stage.refresh()
    assert drawn == list(VIEWS)


def test_no_view_is_left_behind_by_a_run_that_goes_on(
    bench: Bench, drawn: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "BUDGET_SECONDS", 1e-9)
    for _ in range(2 * len(VIEWS)):
        revision = stepped(bench)
        bench.window.stage.refresh()
    assert drawn == 2 * list(VIEWS)
    for _ in VIEWS:
        bench.window.stage.refresh()
    views = [bench.window.stage.view(name) for name in VIEWS]
    assert [view._drawn_revision for view in views] == [revision] * len(VIEWS)


def test_a_frame_is_painted_at_once_and_after_its_turn(
    bench: Bench, drawn: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "BUDGET_SECONDS", 60.0)
    happened: list[str] = []
    view = bench.window.stage.view(VIEWS[0])
    draw, paint = view.draw, view.plot.canvas.paint

    class Turn:
        def __enter__(self) -> None:
            happened.append("turn")

        def __exit__(self, *error: object) -> None:
            happened.append("over")

    monkeypatch.setattr(view, "draw", lambda history: (happened.append("drawn"), draw(history)))
    view.plot.canvas.paint = lambda *given: (happened.append("painted"), paint(*given))
    bench.window.stage.take_turns(Turn)
    stepped(bench)
    happened.clear()
    bench.window.stage.refresh()
    assert happened == ["turn", "drawn", "over", "painted"]


def test_how_many_views_fit_is_learnt(bench: Bench, drawn: list[str], monkeypatch):
    stage = bench.window.stage
    sleep = {"seconds": 0.004}
    for name in VIEWS:
        canvas = stage.view(name).plot.canvas
        paint = canvas.paint
        canvas.paint = lambda *given, p=paint: (time.sleep(sleep["seconds"]), p(*given))
    monkeypatch.setattr(module, "BUDGET_SECONDS", 0.012)
    for _ in range(40):
        stepped(bench)
        stage.refresh()
    assert stage._seconds_per_view > 0.004
    drawn.clear()
    stage._due.clear()
    stepped(bench)
    stage.refresh()
    assert 1 <= len(drawn) < len(VIEWS)


def test_the_tools_are_made_at_their_first_use(bench: Bench):
    bench.choose("quadratic")
    made = vars(bench.window.tools)
    assert not {"desk", "figures", "recorder"} & set(made)
    bench.window.findChild(QTimer, "stage-frames")
    bench.window.toolbar._actions["figure"].trigger()
    assert "figures" in made
    assert "recorder" not in made
    bench.window.tools.figures.dialog.close()
    bench.window.toolbar._actions["record"].trigger()
    assert bench.window.tools.recorder.is_recording
