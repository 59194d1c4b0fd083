"""What each view of the registry draws, says and survives."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from lazygui.simulation.history import Frame, History
from lazygui.style import themes
from lazygui.views.paper import pixels
from lazygui.views.registry import every_view, views_for
from tests.views import histories
from tests.views.showing import CASES, IDS, KINDS, MAKERS, by_name, paint

THEMES = list(themes.THEMES.values())


class TestRegistry:
    def test_names_are_unique_and_every_view_is_of_use(self):
        names = [view.name for view in every_view()]
        assert len(set(names)) == len(names)
        assert {view for _, view in CASES} == set(every_view())

    def test_each_kind_of_run_gets_its_views(self):
        offered = {kind: {view.name for view in views_for(make())} for kind, make in KINDS.items()}
        assert offered["descent in one dimension"] == {
            "objective_1d", "loss_curve", "gap", "distance",
        }  # fmt: skip
        assert "objective_2d" in offered["descent in two dimensions"]
        assert "objective_1d" not in offered["descent in two dimensions"]
        assert offered["least squares"] == {"modes", "loss_curve", "gap", "distance", "off_image"}
        assert "loss_curve" not in offered["lazy"]
        assert {"outputs", "training_loss", "neurons"} <= offered["lazy"]

    def test_names_alone_will_do(self):
        names = histories.lazy(rows=10).provides
        assert by_name("training_loss") in views_for(names)
        assert by_name("modes") not in views_for(names)


@pytest.mark.parametrize(("kind", "view"), CASES, ids=IDS)
class TestEveryView:
    @pytest.mark.parametrize("theme", THEMES, ids=[theme.name for theme in THEMES])
    def test_draws_in_every_theme(self, shown, kind, view, theme):
        made = shown(view, KINDS[kind](), KINDS[kind]())
        made.set_theme(theme)
        QApplication.processEvents()
        picture = made.image(1.0)
        ground = picture.pixelColor(20, 316).name()
        assert ground == theme.surface
        colours = pixels(picture)[60:290:3, :420].reshape(-1, 4)
        assert len(np.unique(colours, axis=0)) > 8

    def test_is_named_for_those_who_do_not_see_it(self, shown, kind, view):
        made = shown(view, KINDS[kind]())
        assert made.accessibleName()
        assert made.plot.accessibleName()
        assert made.objectName() == f"view-{view.name}"
        assert made.accessibleDescription() == made.summary()
        assert any(letter.isdigit() for letter in made.summary())
        assert "<" not in made.summary()

    def test_survives_a_single_row(self, shown, kind, view):
        make = MAKERS[kind][1]
        paint(shown(view, make()))

    def test_survives_a_history_without_rows(self, shown, kind, view):
        full = KINDS[kind]()
        empty = History(full.scenario, full.columns, full.facts)
        paint(shown(view, empty))

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308, -1e308, 0.0, 5e-324])
    def test_survives_values_that_cannot_be_drawn(self, shown, kind, view, value):
        history = KINDS[kind]()
        made = shown(view, history)
        step = np.arange(1000.0, 1010.0)
        rows = {c.name: np.full((10, *c.shape), value) for c in history.columns}
        rows |= {"step": step, "time": 0.1 * step}
        frames = ()
        if history.now is not None:
            arrays = {name: np.full_like(a, value) for name, a in history.now.arrays.items()}
            frames = (Frame(1009, arrays),)
        histories.append(history, rows, frames)
        for log in (False, True):
            if made.can_log:
                made.set_log_x(log)
                made.set_log_y(log)
            made.redraw()
            paint(made)
        (x0, x1), (y0, y1) = made.plot.box.viewRange()
        assert np.isfinite([x0, x1, y0, y1, x1 - x0, y1 - y0]).all()
        made.summary()

    @pytest.mark.parametrize("size", [(1, 1), (3, 400), (400, 2), (2000, 30)])
    def test_survives_any_size(self, shown, kind, view, size):
        made = shown(view, KINDS[kind]())
        made.setMinimumSize(0, 0)
        made.resize(*size)
        QApplication.processEvents()
        made.redraw()
        paint(made)

    def test_does_no_work_for_an_old_revision(self, shown, kind, view, monkeypatch):
        made = shown(view, KINDS[kind]())
        calls = []
        monkeypatch.setattr(made, "draw", calls.append)
        for _ in range(5):
            made.refresh()
        assert calls == []
        made.history.record_facts({"kappa": 1.0})
        made.refresh()
        assert len(calls) == 1

    def test_does_no_work_while_hidden_and_catches_up(self, shown, kind, view, monkeypatch):
        made = shown(view, KINDS[kind]())
        calls = []
        monkeypatch.setattr(made, "draw", calls.append)
        made.hide()
        made.history.record_facts({"kappa": 1.0})
        made.refresh()
        assert calls == []
        made.show()
        assert len(calls) == 1

    def test_takes_another_run_of_another_kind(self, shown, kind, view):
        first = KINDS[kind]()
        made = shown(view, first)
        others = [make() for make in KINDS.values()]
        for other in others:
            if view.suits(other):
                made.begin(other, first)
                paint(made)

    def test_the_summary_before_a_run_says_so(self, shown, kind, view):
        assert "no run" in shown(view).summary()


def test_hundreds_of_frames_of_six_views_raise_no_warning(shown):
    history = histories.lazy(rows=50)
    names = ("training_loss", "displacement", "output_gap", "outputs", "difference", "neurons")
    views = [shown(by_name(name), history) for name in names]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for k in range(50, 150):
            frame = histories.lazy_frame(k, 1 - np.exp(-k / 60))
            histories.append(history, histories.lazy_columns(np.array([float(k)])), (frame,))
            for view in views:
                view.refresh()
            QApplication.processEvents()
    assert len(views[0].traces["loss"].x) == 150
