"""Objectives in one and two dimensions."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui import headless
from lazygui.scenarios.catalogue import entry
from lazygui.simulation.build import build_simulation
from tests.views import histories
from tests.views.showing import by_name


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

    def test_the_level_set_through_the_iterate_has_its_value(self, shown):
        history = histories.descent(2, 5)
        view = shown(by_name("objective_2d"), history)
        points = np.stack([view.level.x, view.level.y], axis=1)
        heights = history.facts["objective"].value(points)
        assert len(points) > 10
        assert heights == pytest.approx(float(history["loss"][-1]), rel=0.02)
        nearest = np.linalg.norm(points - history["iterate"][-1], axis=1).min()
        assert nearest < 0.1

    def test_a_lost_iterate_has_no_level_set(self, shown):
        history = histories.descent(2, 3000, rate=2.5)
        assert not np.isfinite(history["loss"][-1]) or history["loss"][-1] > 1e100
        view = shown(by_name("objective_2d"), history)
        assert len(view.level.x) == 0

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
        assert high - low < 100.0

    def test_a_cycle_far_from_the_minimum_is_in_the_picture(self, shown):
        history, _ = headless.run(build_simulation(entry("accuracy-slide").scenario))
        view = shown(by_name("objective_1d"), history)
        assert view.plot.box.viewRange()[0][0] < float(history["iterate"].min()) < -30.0
