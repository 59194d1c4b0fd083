"""Every view of the registry: what its curves hold, and what it survives."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu

from lazygui.simulation.history import Frame, History
from lazygui.style import themes
from lazygui.views.registry import VIEWS, views_for
from lazygui.views.view import View
from tests.views import histories

KINDS = {
    "descent in one dimension": histories.descent,
    "descent in two dimensions": lambda: histories.descent(2),
    "least squares": histories.least_squares,
    "lazy": lambda: histories.lazy(rows=300),
}
CASES = [(kind, view) for kind, make in KINDS.items() for view in VIEWS if view.suits(make())]
IDS = [f"{view.name}-{kind}" for kind, view in CASES]
THEMES = list(themes.THEMES.values())


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


def by_name(name: str) -> type[View]:
    return next(view for view in VIEWS if view.name == name)


def paint(view: View) -> None:
    """Paint the view as the screen does."""
    view.image(1.0)


class TestRegistry:
    def test_names_are_unique_and_every_view_is_of_use(self):
        names = [view.name for view in VIEWS]
        assert len(set(names)) == len(names)
        assert {view for _, view in CASES} == set(VIEWS)

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
        colours = {picture.pixelColor(x, y).name() for x in range(420) for y in range(60, 290, 3)}
        assert len(colours) > 8

    def test_is_named_for_those_who_do_not_see_it(self, shown, kind, view):
        made = shown(view, KINDS[kind]())
        assert made.accessibleName()
        assert made.plot.accessibleName()
        assert made.objectName() == f"view-{view.name}"
        assert made.accessibleDescription() == made.summary()
        assert any(letter.isdigit() for letter in made.summary())
        assert "<" not in made.summary()

    def test_survives_a_single_row(self, shown, kind, view):
        make = {
            "descent in one dimension": lambda: histories.descent(1, 1),
            "descent in two dimensions": lambda: histories.descent(2, 1),
            "least squares": lambda: histories.least_squares(1),
            "lazy": lambda: histories.lazy(rows=1),
        }[kind]
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


class TestSeries:
    def test_curves_hold_the_columns(self, shown):
        history = histories.lazy(rows=300)
        view = shown(by_name("training_loss"), history)
        assert list(view.traces) == [
            "loss", "loss_linearized", "test_loss", "test_loss_linearized",
        ]  # fmt: skip
        for column, trace in view.traces.items():
            assert np.array_equal(trace.y, history[column])
            assert np.array_equal(trace.x, history["time"])

    def test_a_ghost_is_the_previous_run(self, shown):
        before = histories.lazy(rows=100, scale=10.0)
        view = shown(by_name("displacement"), histories.lazy(rows=300), before)
        ghost = view.ghosts["displacement"]
        assert np.array_equal(ghost.y[1:], before["displacement"][1:])
        assert any("previous" in entry.text for entry in view.header.legend.entries)

    def test_a_ghost_of_another_kind_is_left_out(self, shown):
        view = shown(by_name("training_loss"), histories.lazy(rows=30), histories.descent())
        assert view.ghosts == {}

    def test_time_or_step(self, shown):
        history = histories.lazy(rows=50)
        view = shown(by_name("training_loss"), history)
        view.set_time(False)
        assert np.array_equal(view.traces["loss"].x, history["step"])
        assert "step" in view.plot.bottom.labelText

    def test_new_rows_are_drawn_and_the_range_follows(self, shown):
        history = histories.lazy(rows=50)
        view = shown(by_name("training_loss"), history)
        later = histories.lazy_columns(np.arange(50.0, 500.0))
        histories.append(history, later, (histories.lazy_frame(499, 1.0),))
        view.refresh()
        assert len(view.traces["loss"].x) == 500
        assert view.plot.box.viewRange()[0][1] >= np.log10(history["time"][-1])

    def test_the_users_zoom_is_kept_until_asked_otherwise(self, shown):
        history = histories.lazy(rows=50)
        view = shown(by_name("training_loss"), history)
        view.plot.box.setXRange(0.0, 0.5, padding=0)
        view.plot.box.sigRangeChangedManually.emit([True, True])
        assert not view.header.reset.isHidden()
        histories.append(history, histories.lazy_columns(np.arange(50.0, 90.0)))
        view.refresh()
        assert view.plot.box.viewRange()[0] == pytest.approx([0.0, 0.5])
        view.header.reset.click()
        assert view.header.reset.isHidden()
        assert view.plot.box.viewRange()[0][1] > 1.0

    def test_the_range_fits_when_the_run_is_over(self, shown):
        history = histories.lazy(rows=50)
        view = shown(by_name("displacement"), history)
        histories.append(history, histories.lazy_columns(np.arange(50.0, 60.0)))
        history.scenario = history.scenario.replace(steps=59)
        view.refresh()
        high = np.log10(history["time"][-1])
        assert view.plot.box.viewRange()[0][1] - high < 0.2

    def test_a_log_axis_leaves_out_zeros(self, shown):
        view = shown(by_name("displacement"), histories.lazy(rows=50))
        assert view.history["displacement"][0] == 0.0
        assert view.plot.box.viewRange()[1][0] > -13.0
        view.set_log_y(False)
        assert view.traces["displacement"].y[0] == 0.0


class TestModes:
    def test_dots_are_measured_and_lines_predicted(self, shown):
        history = histories.least_squares()
        view = shown(by_name("modes"), history)
        for k, mode in enumerate(view.chosen):
            assert np.array_equal(view.measured[k].y, history["modes"][:, mode])
            assert np.array_equal(view.predicted[k].y, history["modes_predicted"][:, mode])

    def test_many_modes_are_thinned_with_the_extremes_kept(self, shown):
        view = shown(by_name("modes"), histories.least_squares(rank=60))
        assert len(view.chosen) == 8
        assert view.chosen[0] == 0
        assert view.chosen[-1] == 59

    def test_the_range_stops_at_rounding(self, shown):
        view = shown(by_name("modes"), histories.least_squares(rows=2000))
        assert view.plot.box.viewRange()[1][0] > -25.0


class TestFrames:
    def test_outputs_hold_the_newest_frame_and_the_data(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("outputs"), history)
        arrays = history.now.arrays
        assert np.array_equal(view.network.y, arrays["grid_outputs"])
        assert np.array_equal(view.linearization.y, arrays["grid_outputs_linearized"])
        assert np.array_equal(view.data.y, history.facts["targets"])
        assert np.array_equal(view.data.x, history.facts["sample_coordinates"])

    def test_a_diverging_output_leaves_the_plot_and_the_data_stay_visible(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("outputs"), history)
        arrays = {name: 1e9 * a for name, a in history.now.arrays.items()}
        histories.append(
            history, histories.lazy_columns(np.arange(100.0, 101.0)), (Frame(100, arrays),)
        )
        view.refresh()
        assert view.plot.box.viewRange()[1][1] < 100.0

    def test_the_difference_is_network_minus_linearization(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("difference"), history)
        arrays = history.now.arrays
        expected = arrays["grid_outputs"] - arrays["grid_outputs_linearized"]
        assert np.array_equal(view.curve.y, expected)
        assert f"{np.abs(expected).max():.2g}" in view.summary()

    def test_agreement_has_the_linearization_across(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("agreement"), history)
        assert np.array_equal(view.samples.x, history.now.arrays["outputs_linearized"])
        assert np.array_equal(view.samples.y, history.now.arrays["outputs"])
        assert view.plot.box.viewRange()[0] == pytest.approx(view.plot.box.viewRange()[1])

    def test_sample_differences_are_stems(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("sample_difference"), history)
        arrays = history.now.arrays
        assert np.array_equal(view.stems.y, arrays["outputs"] - arrays["outputs_linearized"])
        assert view.stems.x.tolist() == list(range(1, 13))

    def test_neurons_are_parted_by_sign_and_leave_trails(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("neurons"), history)
        places, signs = history.now.arrays["neurons"], history.now.arrays["neuron_outputs"]
        assert np.array_equal(view.positive.x, places[signs >= 0, 0])
        assert np.array_equal(view.negative.y, places[signs < 0, 1])
        breaks = np.flatnonzero(~view.trails.connect)
        assert len(breaks) == len(places)
        assert view.trails.x[breaks] == pytest.approx(history.frames[-1].arrays["neurons"][:, 0])
        assert len(view.teachers[0].tips) == 2
        assert len(view.teachers[1].tips) == 1

    def test_neurons_keep_circles_round(self, shown):
        view = shown(by_name("neurons"), histories.lazy(rows=100))
        window = view.plot.canvas.shown()
        dx, dy = window.lengths(1.0, 1.0)
        assert dx == pytest.approx(-dy, rel=1e-6)


class TestObjective:
    def test_the_path_holds_the_iterates(self, shown):
        history = histories.descent(1, 50)
        view = shown(by_name("objective_1d"), history)
        assert np.array_equal(view.path.x, history["iterate"][:, 0])
        assert np.array_equal(view.path.y, history["loss"])

    def test_the_graph_is_the_objective_over_what_is_shown(self, shown):
        history = histories.descent(1, 50)
        view = shown(by_name("objective_1d"), history)
        x0, x1 = view.plot.box.viewRange()[0]
        assert view.graph.x[0] == pytest.approx(x0)
        assert view.graph.x[-1] == pytest.approx(x1)
        assert view.graph.y == pytest.approx(0.5 * (view.graph.x - 0.4) ** 2)

    def test_the_arrow_is_the_next_step_along_the_tangent(self, shown):
        history = histories.descent(1, 2)
        view = shown(by_name("objective_1d"), history)
        w = history["iterate"][-1, 0]
        slope = w - 0.4
        assert view.step.tips[0] == pytest.approx(
            [w - 0.3 * slope, 0.5 * slope**2 - 0.3 * slope**2]
        )

    def test_the_arrow_in_the_plane_points_down_the_gradient(self, shown):
        history = histories.descent(2, 5)
        view = shown(by_name("objective_2d"), history)
        along = view.step.tips[0] - view.step.tails[0]
        slope = history.facts["objective"].gradient(history["iterate"][-1])
        cosine = along @ -slope / (np.linalg.norm(along) * np.linalg.norm(slope))
        assert cosine == pytest.approx(1.0)

    def test_level_sets_have_the_value_of_their_level(self, shown):
        history = histories.descent(2, 5)
        view = shown(by_name("objective_2d"), history)
        points = np.stack([view.contours.x, view.contours.y], axis=1)
        heights = history.facts["objective"].value(points)
        starts = np.flatnonzero(~np.append(False, view.contours.connect[:-1]))
        starts = np.append(0, np.flatnonzero(~view.contours.connect)[:-1] + 1)
        for first, last in zip(starts, np.append(starts[1:], len(heights)), strict=True):
            level = heights[first:last]
            assert np.ptp(level) <= 0.02 * heights.max()

    @pytest.mark.parametrize(("name", "dim"), [("objective_1d", 1), ("objective_2d", 2)])
    def test_dragging_the_start_asks_for_it(self, shown, qtbot, name, dim):
        view = shown(by_name(name), histories.descent(dim, 20))
        with qtbot.waitSignal(view.requested) as asked:
            view.start.drag_to(1.23456, -0.5)
        parameter, value = asked.args
        assert parameter == "start"
        assert value == (1.235, -0.5)[:dim]

    def test_a_drag_is_told_at_most_thirty_times_a_second(self, shown, qtbot):
        view = shown(by_name("objective_1d"), histories.descent(1, 20))
        asked = []
        view.requested.connect(lambda *request: asked.append(request))
        for k in range(100):
            view.start.drag_to(k / 100.0, 0.0)
        qtbot.waitUntil(lambda: bool(asked))
        assert asked == [("start", (0.99,))]

    def test_the_handle_lies_on_the_start(self, shown):
        view = shown(by_name("objective_2d"), histories.descent(2, 20))
        assert view.start.place == (2.0, 1.5)
        window = view.plot.canvas.shown()
        assert window.axis_point(view.start.x(), view.start.y()) == pytest.approx((2.0, 1.5))

    def test_a_diverging_path_leaves_the_bounds_visible(self, shown):
        view = shown(by_name("objective_1d"), histories.descent(1, 3000, rate=2.5))
        low, high = view.plot.box.viewRange()[0]
        assert low < 0.4 < high
        assert high - low < 60.0


class TestMouseAndMenu:
    def press(self, view: View, kind: QEvent.Type, place: QPoint, button=Qt.MouseButton.LeftButton):
        spot = QPointF(place)
        glob = QPointF(view.mapToGlobal(place))
        target = view.header.title
        QApplication.sendEvent(
            target, QMouseEvent(kind, spot, glob, button, button, Qt.KeyboardModifier.NoModifier)
        )

    def test_a_double_click_on_the_title_asks_for_the_stage(self, shown, qtbot):
        view = shown(by_name("gap"), histories.descent())
        with qtbot.waitSignal(view.maximize_requested) as asked:
            self.press(view, QEvent.Type.MouseButtonDblClick, QPoint(5, 5))
        assert asked.args == ["gap"]

    def menu(self, view: View) -> QMenu:
        place = view.mapToGlobal(QPoint(50, 50))
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(50, 50), place)
        QApplication.sendEvent(view, event)
        return view.findChild(QMenu, "view-menu")

    def action(self, menu: QMenu, name: str):
        return next(a for a in menu.actions() if a.objectName() == f"view-menu-{name}")

    def test_the_menu_is_our_own(self, shown):
        view = shown(by_name("gap"), histories.descent())
        menu = self.menu(view)
        texts = [action.text() for action in menu.actions() if action.text()]
        assert texts == [
            "Log x", "Log y", "Time t = ηk", "Step k", "Show all data", "Copy image", "Save image…",
        ]  # fmt: skip
        menu.close()

    def test_a_right_click_on_the_plot_opens_it(self, shown):
        view = shown(by_name("gap"), histories.descent())
        view.plot.menu_requested.emit(QPoint(10, 10))
        menu = view.findChild(QMenu, "view-menu")
        assert menu is not None
        menu.close()

    def test_the_menu_switches_axes(self, shown):
        view = shown(by_name("gap"), histories.descent())
        menu = self.menu(view)
        self.action(menu, "log-y").trigger()
        self.action(menu, "log-x").trigger()
        assert (view.log_x, view.log_y) == (True, False)
        assert (view.plot.canvas.log_x, view.plot.canvas.log_y) == (True, False)
        menu.close()

    def test_closed_menus_do_not_pile_up(self, shown, qtbot):
        view = shown(by_name("gap"), histories.descent())
        for _ in range(3):
            self.menu(view).close()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qtbot.waitUntil(lambda: view.findChildren(QMenu) == [])

    def test_save_and_copy(self, shown, qtbot):
        view = shown(by_name("gap"), histories.descent())
        menu = self.menu(view)
        with qtbot.waitSignal(view.export_requested) as asked:
            self.action(menu, "save-image").trigger()
        assert asked.args == ["gap"]
        self.action(menu, "copy-image").trigger()
        assert QGuiApplication.clipboard().image().width() == 2 * view.width()
        menu.close()


class TestImage:
    def test_twice_the_size_has_twice_the_detail(self, shown):
        view = shown(by_name("gap"), histories.descent())
        picture = view.image(2.0)
        assert (picture.width(), picture.height()) == (840, 640)

    def test_a_view_that_was_never_shown_can_be_drawn(self, qtbot):
        view = by_name("gap")(themes.LIGHT)
        qtbot.addWidget(view)
        view.resize(420, 320)
        view.begin(histories.descent())
        picture = view.image(1.0)
        network = {picture.pixelColor(x, y).name() for x in range(420) for y in range(60, 280)}
        assert themes.LIGHT.network in network

    @pytest.mark.parametrize("scale", [0.0, -1.0, 1000.0])
    def test_an_impossible_size_is_refused(self, shown, scale):
        view = shown(by_name("gap"), histories.descent())
        with pytest.raises(ValueError, match="image:"):
            view.image(scale)


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
